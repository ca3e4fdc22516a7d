// One index instead of two: suggestions that others contain are dropped, and plain indexes that a new one makes
// superfluous go in the same change. It judges only what a change adds; index/redundant judges what stands already.
import type { Change } from "../model/change";
import type { Index, IndexKey, SchemaModel } from "../model/schema";
import { sameTable, tableKey } from "../model/table-key";
import { nullOrder } from "./null-order";

type AddIndex = Extract<Change, { kind: "add-index" }>;

/**
 * The same changes with each index added once: an addition is left out where its keys are the front of another
 * addition to the same table, and an existing plain index that an addition makes superfluous is dropped.
 */
export function mergeIndexes(changes: readonly Change[], model: Pick<SchemaModel, "tables">): readonly Change[] {
  const additions = changes.filter((change) => change.kind === "add-index");
  if (additions.length === 0) return changes;
  const kept = additions.filter((one, position) => !additions.some((other, otherPosition) =>
    one !== other && sameTable(one.table, other.table) && makesSuperfluous(other.index, one.index)
    && !(otherPosition > position && makesSuperfluous(one.index, other.index))));
  const tables = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const drops = new Map<Index, Change>();
  for (const change of kept)
    for (const existing of tables.get(tableKey(change.table))?.indexes ?? [])
      if (makesSuperfluous(change.index, existing)) drops.set(existing, { kind: "drop-index", table: change.table, index: existing });
  const dropped = changes.filter((change) => change.kind === "drop-index").map((change) => change.index);
  const missing = [...drops].filter(([index]) => !dropped.some((other) => other === index || sameIndex(other, index))).map(([, change]) => change);
  return [...missing, ...changes.filter((change) => change.kind !== "add-index" || kept.includes(change as AddIndex))];
}

/**
 * True where a new index `wider` serves everything that the plain index `narrower` serves: the keys of `narrower`
 * (column, direction) are its first ones. Never for an index that does more than serve lookups: unique, partial,
 * covering, with an operator class, a collation or storage parameters of its own, or owned by a constraint.
 */
export function makesSuperfluous(wider: Index, narrower: Index): boolean {
  return isPlain(wider) && isPlain(narrower) && narrower.keys.length <= wider.keys.length
    && narrower.keys.every((key, position) => sameKey(key, wider.keys[position]!));
}

function isPlain(index: Index): boolean {
  return index.method === "btree" && !index.unique && index.where === undefined && index.include.length === 0 && index.constraint === undefined
    && index.valid !== false && Object.keys(index.with ?? {}).length === 0
    && index.keys.every((key) => key.column !== undefined && key.operatorClass === undefined && key.collation === undefined && key.length === undefined);
}

// Only PostgreSQL lets an index say where NULLs stand.
const sameKey = (a: IndexKey, b: IndexKey) => a.column === b.column && a.order === b.order && nullOrder(a, "postgresql") === nullOrder(b, "postgresql");
const sameIndex = (a: Index, b: Index) => a.name === b.name && a.at?.start === b.at?.start && a.at?.file === b.at?.file && a.keys.length === b.keys.length && makesSuperfluous(a, b);
