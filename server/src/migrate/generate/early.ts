// What has to go before a column gets another type: indexes and keys on it that are not wanted as they are. PostgreSQL
// would carry them over to the new type, and may not be able to.
import { isComputed } from "../../compare/generation";
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import type { QualifiedName } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { dropPrimaryKey, dropUnique } from "./constraints";
import { computedFrom, mentions } from "./generation";
import { bare, type Context, type Step } from "./step";

type Columns = ReadonlyMap<string, ReadonlySet<string>>;
type EarlyDrop = Extract<Change, { kind: "drop-index" | "drop-unique" | "drop-primary-key" }>;

/** Names of the indexes and constraints that go early. */
export function earlyNames(changes: readonly Change[], context: Pick<Context, "standing">): ReadonlySet<string> {
  const columns = retyped(changes, context);
  return new Set(changes.filter((change) => goesEarly(change, columns)).flatMap((change) => (change.kind === "drop-index" ? change.index.name : change.kind === "alter-index" ? change.from.name : change.kind === "drop-unique" ? change.unique.name : change.kind === "drop-primary-key" ? change.primaryKey.name : undefined) ?? []));
}

/** The drops that go early, and all other changes. An index that is replaced is dropped early and made at its time. */
export function dropsByTime(changes: readonly Change[], context: Context): { readonly early: readonly EarlyDrop[]; readonly late: readonly Change[] } {
  const columns = retyped(changes, context);
  const early: EarlyDrop[] = [];
  const late: Change[] = [];
  for (const change of changes) {
    if (!goesEarly(change, columns)) late.push(change);
    else if (change.kind !== "alter-index") early.push(change as EarlyDrop);
    else {
      const { table, from, to } = change;
      const unique = context.standing(table)?.uniques.find(({ name }) => name === from.name);
      early.push(unique ? { kind: "drop-unique", table, unique } : { kind: "drop-index", table, index: from });
      const wanted = context.wanted(table)?.uniques.find((one) => one.name === to.name && one.name !== undefined);
      late.push(wanted ? { kind: "add-unique", table, unique: wanted } : { kind: "add-index", table, index: { ...to, name: to.name ?? from.name! } });
    }
  }
  return { early, late };
}

/** In a moment, in the transaction before the one that rewrites. */
export function dropEarly(change: EarlyDrop, context: Context): readonly Step[] {
  switch (change.kind) {
    case "drop-index": return [{ phase: "structure", up: bare(postgres.sql(change)), down: bare(postgres.sql({ ...change, kind: "add-index" })), changes: [change], title: `drop index ${change.index.name}` }];
    case "drop-unique": return dropUnique(change.table, change.unique).map((step) => ({ ...step, phase: "structure" }));
    case "drop-primary-key": return dropPrimaryKey(change.table, change.primaryKey, context).map((step, at) => (at === 0 ? { ...step, phase: "structure" } : step));
  }
}

/** Columns that get another type, or are made anew, by their table's key. */
function retyped(changes: readonly Change[], context: Pick<Context, "standing">): Columns {
  const found = new Map<string, Set<string>>();
  const add = (table: QualifiedName, column: string): void => void found.set(tableKey(table), (found.get(tableKey(table)) ?? new Set()).add(column));
  for (const change of changes) {
    if (change.kind === "alter-column-generation" && (isComputed(change.from) || isComputed(change.to))) add(change.table, change.to.name);
    if (change.kind !== "alter-column-type") continue;
    add(change.table, change.column);
    const table = context.standing(change.table);
    for (const { name } of table ? computedFrom(table, change.column) : []) add(change.table, name);
  }
  return found;
}

function goesEarly(change: Change, columns: Columns): boolean {
  const own = "table" in change && "schema" in change.table ? columns.get(tableKey(change.table)) : undefined;
  if (!own) return false;
  const some = (names: readonly string[]): boolean => names.some((name) => own.has(name));
  switch (change.kind) {
    case "drop-index": return [...own].some((column) => mentions(change.index, column));
    case "alter-index": return [...own].some((column) => mentions(change.from, column));
    case "drop-unique": return some(change.unique.columns);
    case "drop-primary-key": return some(change.primaryKey.columns);
    default: return false;
  }
}
