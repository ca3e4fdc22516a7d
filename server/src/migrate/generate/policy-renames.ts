// Policies that may have been renamed: asked, never guessed, as tables and columns are.
import type { Change } from "../../model/change";
import type { Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { RenameQuestion } from "../generated";
import { rowSecurityOf } from "./policies";

type Answers = Readonly<Record<string, string | null>>;

/** What was answered for the policies of `table`, which is to be like `target`; `label` is its name in answers. */
export function answeredPolicies(table: Table, target: Table, label: string, answers: Answers): readonly Change[] {
  const [had, has] = [table, target].map((one) => new Set(rowSecurityOf(one).policies.map(({ name }) => name)));
  return [...had!].flatMap((from): readonly Change[] => {
    const to = answers[`${label}.${from}`];
    return to === undefined || to === null || has!.has(from) || had!.has(to) || !has!.has(to) ? [] : [{ kind: "rename-policy", table: target.name, from, to }];
  });
}

/** For a dropped policy beside new ones of its table that it could have become. */
export function policyQuestion({ table, policy }: Extract<Change, { readonly kind: "drop-policy" }>, label: string, changes: readonly Change[], answers: Answers): readonly RenameQuestion[] {
  const from = `${label}.${policy.name}`;
  const chosen = new Set(Object.entries(answers).flatMap(([one, to]) => (one.startsWith(`${label}.`) ? [to] : [])));
  const candidates = changes.flatMap((other) => (other.kind === "add-policy" && tableKey(other.table) === tableKey(table) && !chosen.has(other.policy.name) ? [other.policy] : []));
  if (candidates.length === 0 || answers[from] !== undefined) return [];
  // One for the same command is the likeliest.
  return [{ what: "policy", from, candidates: [...candidates].sort((a, b) => Number(b.for === policy.for) - Number(a.for === policy.for)).map(({ name }) => name) }];
}
