// Runs the rules that compare two schemas of one database. A pair is compared once, and again only when either of its models has changed.
import type { ActiveRule, OnFailure } from "./checking";
import { toFinding } from "./checking";
import { compare } from "./compare/compare";
import type { ModelPair } from "./compare/pairs";
import type { Finding } from "./model/finding";

/** A checker of all pairs; `check` gives their findings in the pairs' order. */
export interface PairChecker {
  check(pairs: readonly ModelPair[]): readonly Finding[];
}

export function createPairChecker(rules: readonly ActiveRule[], onFailure: OnFailure): PairChecker {
  const pairRules = rules.filter((active) => active.rule.checkPair);
  let known: readonly { readonly pair: ModelPair; readonly findings: readonly Finding[] }[] = [];

  function checkOne([left, right]: ModelPair): readonly Finding[] {
    const findings: Finding[] = [];
    try {
      const changes = compare(left, right);
      for (const active of pairRules) {
        try {
          for (const detection of active.rule.checkPair!({ left, right, changes }, active.options)) findings.push(toFinding(active, detection, detection.schema));
        } catch (error) {
          onFailure(active.id, undefined, error);
        }
      }
    } catch (error) {
      onFailure("compare", undefined, error);
    }
    return findings;
  }

  return {
    check(pairs) {
      if (pairRules.length === 0) return [];
      known = pairs.map((pair) => known.find((one) => one.pair[0] === pair[0] && one.pair[1] === pair[1]) ?? { pair, findings: checkOne(pair) });
      return known.flatMap(({ findings }) => findings);
    },
  };
}
