// The index that a key without one deserves: one that serves as many keys as it can, and that takes the place of a
// plain index which it makes superfluous. Names come later, in naming.ts, when the change is written.
import type { Change } from "../model/change";
import type { Fix } from "../model/finding";
import type { DialectName, Index, IndexKey, Table } from "../model/schema";
import { verdictOf, type Verdict } from "./coverage";
import { makesSuperfluous } from "./merge";

/**
 * The fix that gives `columns` of `table` an index: a plain btree, led by the columns of another uncovered key or of
 * an existing plain index where that saves an index ("one index instead of two").
 */
export function indexFix(columns: readonly string[], table: Table, dialect: DialectName): Fix {
  const index = suggestedIndex(columns, table, dialect);
  const replaced = table.indexes.filter((existing) => makesSuperfluous(index, existing));
  const changes: Change[] = [
    ...replaced.map((existing): Change => ({ kind: "drop-index", table: table.name, index: existing })),
    { kind: "add-index", table: table.name, index },
  ];
  const title = `Add an index on ${table.name.name}${index.keys.length === 1 ? "." : ""}${columnList(keyColumns(index))}`;
  const names = replaced.map((existing) => existing.name ?? `the one on ${columnList(keyColumns(existing))}`);
  return { title: names.length > 0 ? `${title} in place of ${names.join(", ")}` : title, changes, preferred: true };
}

/** The plain btree index, without a name, that serves an equality lookup by `columns`, and one by a wider uncovered key where there is one that they lead. */
export function suggestedIndex(columns: readonly string[], table: Table, dialect: DialectName): Index {
  const uncovered = table.foreignKeys.filter((key) => withoutIndex.has(verdictOf(key, table, dialect))).map((key) => key.columns);
  const wider = uncovered
    .filter((key) => containsAll(key, columns) && key.length > columns.length)
    .map((key) => keysFor(key, table, uncovered))
    .filter((keys) => keys.slice(0, columns.length).every((key) => columns.includes(key.column!)))
    .sort((a, b) => b.length - a.length)[0];
  return { method: "btree", unique: false, keys: wider ?? keysFor(columns, table, uncovered), include: [] };
}

const withoutIndex: ReadonlySet<Verdict> = new Set<Verdict>(["missing", "unusable", "partial"]);

/** The order of a key's columns is free: a plain index that stands already, or else a narrower uncovered key, goes first. */
function keysFor(columns: readonly string[], table: Table, uncovered: readonly (readonly string[])[]): readonly IndexKey[] {
  const standing = table.indexes
    .filter((existing) => existing.keys.length < columns.length && existing.keys.every((key) => key.column !== undefined && columns.includes(key.column)))
    .filter((existing) => makesSuperfluous({ method: "btree", unique: false, include: [], keys: completed(existing.keys, columns) }, existing))
    .sort((a, b) => b.keys.length - a.keys.length || columns.indexOf(a.keys[0]!.column!) - columns.indexOf(b.keys[0]!.column!))[0];
  if (standing) return completed(standing.keys, columns);
  const narrower = uncovered.filter((key) => key.length < columns.length && containsAll(columns, key)).sort((a, b) => b.length - a.length || columns.indexOf(a[0]!) - columns.indexOf(b[0]!))[0];
  return completed(narrower ? keysFor(narrower, table, uncovered) : [], columns);
}

const containsAll = (all: readonly string[], some: readonly string[]) => some.every((column) => all.includes(column));

function completed(front: readonly IndexKey[], columns: readonly string[]): readonly IndexKey[] {
  const rest = columns.filter((column) => !front.some((key) => key.column === column));
  return [...front, ...rest.map((column): IndexKey => ({ column, order: "asc" }))];
}

const keyColumns = (index: Index) => index.keys.map((key) => key.column ?? key.expression?.sql ?? "");
const columnList = (columns: readonly string[]) => (columns.length === 1 ? columns[0]! : `(${columns.join(", ")})`);
