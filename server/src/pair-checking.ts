// Runs the rules that compare two schemas of one database, in the code or in a database. A pair is compared once, and again only when either of its models has changed.
import type { ActiveRule, OnFailure } from "./checking";
import { toFinding } from "./checking";
import { compare } from "./compare/compare";
import type { Change } from "./model/change";
import type { Finding } from "./model/finding";
import type { SchemaModel } from "./model/schema";
import type { SchemaPair } from "./rules/rule";

/** Two models to compare. */
export type ComparedPair = Pick<SchemaPair, "left" | "right" | "against">;

/** A checker of all pairs; `check` gives their findings in the pairs' order. */
export interface PairChecker {
  check(pairs: readonly ComparedPair[]): readonly Finding[];
}

export function createPairChecker(rules: readonly ActiveRule[], onFailure: OnFailure): PairChecker {
  const pairRules = rules.filter((active) => active.rule.checkPair);
  let known: readonly { readonly pair: ComparedPair; readonly findings: readonly Finding[] }[] = [];

  function checkOne({ left, right, against }: ComparedPair): readonly Finding[] {
    const findings: Finding[] = [];
    try {
      const changes = compare(left, right).filter((change) => !standsElsewhere(change, left, right));
      for (const active of pairRules) {
        try {
          const asked = against === "database" && active.rule.severityAgainstDatabase && !active.configured ? { ...active, severity: active.rule.severityAgainstDatabase } : active;
          // Findings belong to the code: a database's model is no schema that could be edited.
          for (const detection of active.rule.checkPair!({ left, right, against, changes }, active.options)) findings.push(toFinding(asked, detection, against === "database" ? left.id : detection.schema));
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
      known = pairs.map((pair) => known.find((one) => one.pair.left === pair.left && one.pair.right === pair.right) ?? { pair, findings: checkOne(pair) });
      return known.flatMap(({ findings }) => findings);
    },
  };
}

/** Whether what only one side has may stand in a file that was not read. */
function standsElsewhere({ kind }: Change, left: SchemaModel, right: SchemaModel): boolean {
  return (left.part === true && /^add-(table|enum|sequence)$/.test(kind)) || (right.part === true && /^drop-(table|enum|sequence)$/.test(kind));
}
