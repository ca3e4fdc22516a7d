// The indexes that findings ask for, each once: the same index of both schemas of a pair, or asked for by two rules, is
// one. What is chosen, counted and previewed are these.
import type { ModelPair } from "../compare/pairs";
import type { Change } from "../model/change";
import type { Finding, Fix } from "../model/finding";
import { tableKey } from "../model/table-key";
import type { Folder } from "./workspace";

/** A finding with the fix of it that is wanted. */
export interface Wanted {
  readonly folder: Folder;
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface MissingIndex {
  /** The same as long as the finding stays. */
  readonly id: string;
  /** `orders.client_id`, or `orders (client_id, placed_at)`. */
  readonly label: string;
  /** Why it is missed: a finding's message. */
  readonly reason: string;
  /** All that ask for it, in the order given. */
  readonly wanted: readonly Wanted[];
}

/** The fix that "fix all" takes of a finding. */
export function preferredFix(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.preferred);
}

/** True for a finding that an index mends, whatever the rule. */
export function missesIndex(finding: Finding): boolean {
  const fix = preferredFix(finding);
  return fix !== undefined && addition(fix) !== undefined;
}

/** The indexes that `wanted` adds, in that order; fixes that add none are left out. */
export function missingIndexes(wanted: readonly Wanted[]): readonly MissingIndex[] {
  const found = new Map<string, { readonly label: string; readonly wanted: Wanted[] }>();
  for (const one of wanted) {
    const added = addition(one.fix);
    if (!added) continue;
    const id = JSON.stringify([one.folder.root, databaseOf(one.fix.schema ?? one.finding.schema, one.folder.report().pairs), tableKey(added.table), columnsOf(added)]);
    const known = found.get(id);
    if (known) known.wanted.push(one);
    else found.set(id, { label: labelOf(added), wanted: [one] });
  }
  return [...found].map(([id, { label, wanted }]) => ({ id, label, wanted, reason: reasonOf(wanted) }));
}

type Addition = Extract<Change, { readonly kind: "add-index" }>;

const addition = (fix: Fix): Addition | undefined => fix.changes.find((change) => change.kind === "add-index");

const columnsOf = ({ index }: Addition): readonly string[] => index.keys.map((key) => key.column ?? key.expression?.sql ?? "");

function labelOf(added: Addition): string {
  const columns = columnsOf(added);
  return columns.length === 1 ? `${added.table.name}.${columns[0]}` : `${added.table.name} (${columns.join(", ")})`;
}

/** The schema that stands for all that describe the same database. */
function databaseOf(schema: string, pairs: readonly ModelPair[]): string {
  return pairs.find(([, right]) => right.id === schema)?.[0].id ?? schema;
}

/** That a foreign key has no index says more than that the other schema has one. */
function reasonOf(wanted: readonly Wanted[]): string {
  return (wanted.find(({ finding }) => !finding.rule.startsWith("drift/")) ?? wanted[0]!).finding.message;
}
