// The columns of one table on both sides: what differs, and which missing and extra column are one under two names.
import { sameType } from "../dialects/dialect";
import type { Change } from "../model/change";
import type { Column, Table } from "../model/schema";
import { tableKey } from "../model/table-key";
import { sameDefault } from "./defaults";
import type { Sides } from "./expressible";
import { sameInDialect } from "./expressions/same-meaning";
import { sameGeneration } from "./generation";

/** `renamed` maps names of `from` to names of `to`. */
export function compareColumns(from: Table, to: Table, renamed: ReadonlyMap<string, string>, sides: Sides): Change[] {
  const table = from.name;
  const after = new Map(to.columns.map((column) => [column.name, column]));
  const before = new Set(from.columns.map((column) => column.name));
  const taken = new Set(renamed.values());
  const changes: Change[] = [];
  const keyColumns = new Set([...(from.primaryKey?.columns ?? []), ...(to.primaryKey?.columns ?? [])]);
  for (const column of from.columns) {
    const name = renamed.get(column.name);
    const other = after.get(name ?? column.name);
    if (name !== undefined) changes.push({ kind: "rename-column", table, from: column.name, to: name });
    if (!other) {
      if (to.complete) changes.push({ kind: "drop-column", table, column });
      continue;
    }
    if (!sameType(column.type, other.type, sides.from.dialect)) changes.push({ kind: "alter-column-type", table, column: column.name, from: column.type, to: other.type });
    if (column.nullable !== other.nullable && !keyColumns.has(column.name) && !keyColumns.has(other.name) && comparesNull(column, sides)) changes.push({ kind: "alter-column-nullability", table, column: column.name, nullable: other.nullable });
    if (sides.fromSays.default(column) && sides.toSays.default(other) && !sameDefaults(column, other, from, sides)) changes.push({ kind: "alter-column-default", table, column: column.name, from: column.default, to: other.default });
    if (comparesGeneration(from, to, sides) && !sameGeneration(column, other, (a, b) => sameInDialect(a, b, from, sides.from.dialect) || sameInDialect(b, a, to, sides.from.dialect))) changes.push({ kind: "alter-column-generation", table, from: column, to: other });
  }
  if (from.complete) for (const column of to.columns) if (!before.has(column.name) && !taken.has(column.name)) changes.push({ kind: "add-column", table, column });
  return changes;
}

const found = new WeakMap<Table, WeakMap<Table, ReadonlyMap<string, string>>>();

/** The columns that have another name in `to`, by their names in `from`. What was found of two tables is kept as long as both live. */
export function renamesBetween(from: Table, to: Table, sides: Sides): ReadonlyMap<string, string> {
  let known = found.get(from);
  if (!known) found.set(from, (known = new WeakMap()));
  let renamed = known.get(to);
  if (!renamed) {
    const [before, after] = [new Set(from.columns.map(({ name }) => name)), new Set(to.columns.map(({ name }) => name))];
    known.set(to, (renamed = findRenames(from.columns.filter(({ name }) => !after.has(name)), to.columns.filter(({ name }) => !before.has(name)), from, to, sides)));
  }
  return renamed;
}

/** As values; else, where a database has printed one of them, as expressions. */
function sameDefaults(column: Column, other: Column, table: Table, { from, to }: Sides): boolean {
  if (sameDefault(column, other)) return true;
  return to.source === "database" && column.default !== undefined && other.default !== undefined && sameInDialect(column.default, other.default, table, from.dialect);
}

/** A partition counts as its parent does. */
function comparesGeneration(from: Table, to: Table, { from: { dialect }, to: { dialect: other }, fromSays, toSays }: Sides): boolean {
  return dialect === "postgresql" && other === "postgresql" && fromSays.generation && toSays.generation && !from.partitionOf && !to.partitionOf;
}

function comparesNull(column: Column, sides: Sides): boolean {
  return !column.type.name.endsWith("]") || (sides.fromSays.nullableLists && sides.toSays.nullableLists);
}

// Candidates that one column is held against: those of its own type nearest in order. A table rarely has more differences than that.
const candidates = 12;

// A pair is the same column from this many points on; measured on the shop examples: `password` and `password_hash` reach 7, `first_name` and `last_name` 4.
const enough = 5;

/**
 * Pairs of a missing and an extra column that are the same one: the type must agree, then the target of a foreign key, the names, the property in the code and the place speak for it.
 * Each column is in one pair at the most; the best pairs are taken first.
 */
function findRenames(gone: readonly Column[], fresh: readonly Column[], from: Table, to: Table, sides: Sides): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  if (gone.length === 0 || fresh.length === 0) return renamed;
  const place = { from: positions(from), to: positions(to) };
  const target = { from: targets(from), to: targets(to) };
  const scored: { from: Column; to: Column; points: number }[] = [];
  for (const [index, column] of gone.entries()) {
    const first = Math.max(0, Math.min(index - candidates / 2, fresh.length - candidates));
    for (const other of fresh.slice(first, first + candidates)) {
      if (!sameType(column.type, other.type, sides.from.dialect)) continue;
      const [own, theirs] = [target.from.get(column.name), target.to.get(other.name)];
      if (own !== theirs) continue;
      const points = nameLikeness(column, other)
        + (own === undefined ? 0 : 3)
        + (place.from.get(column.name) === place.to.get(other.name) ? 1 : 0)
        + (neighbours(place.from, column.name, from) === neighbours(place.to, other.name, to) ? 1 : 0)
        + (column.nullable === other.nullable ? 1 : 0);
      if (points >= enough) scored.push({ from: column, to: other, points });
    }
  }
  const taken = new Set<string>();
  for (const pair of scored.sort((a, b) => b.points - a.points)) {
    if (renamed.has(pair.from.name) || taken.has(pair.to.name)) continue;
    renamed.set(pair.from.name, pair.to.name);
    taken.add(pair.to.name);
  }
  return renamed;
}

/** From 0 to 5: the same words in another spelling, one name within the other, or common words. */
export function nameLikeness(a: Pick<Column, "name" | "property">, b: Pick<Column, "name" | "property">): number {
  if (a.property === b.property && a.property !== a.name) return 5;
  const [left, right] = [wordsOf(a.name), wordsOf(b.name)];
  const [one, two] = [left.join(""), right.join("")];
  if (one === two) return 5;
  if (beginsWith(left, right) || beginsWith(right, left)) return 4;
  if (one.startsWith(two) || two.startsWith(one)) return 3;
  const common = left.filter((word) => right.includes(word)).length;
  if (common === 0) return distance(one, two) <= Math.max(one.length, two.length) / 4 ? 3 : 0;
  if (common === Math.min(left.length, right.length)) return 3;
  // `first_name` and `last_name` share a word and are two columns, `external_id` and `external_ref` rather one; `is_active` and `is_deleted` begin alike by custom.
  return left[0] === right[0] && !/^(is|has|can)$/.test(left[0]!) ? 2 : 1;
}

function beginsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => words[index] === word);
}

function wordsOf(name: string): readonly string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}

function positions(table: Table): ReadonlyMap<string, number> {
  return new Map(table.columns.map((column, index) => [column.name, index]));
}

function neighbours(place: ReadonlyMap<string, number>, column: string, table: Table): string {
  const at = place.get(column)!;
  return `${table.columns[at - 1]?.name} ${table.columns[at + 1]?.name}`;
}

/** The table that a column's own foreign key references. */
function targets(table: Table): ReadonlyMap<string, string> {
  return new Map(table.foreignKeys.flatMap(({ columns, references }) => (columns.length === 1 ? [[columns[0]!, tableKey(references.table)] as const] : [])));
}

/** Levenshtein's distance, in letters. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}
