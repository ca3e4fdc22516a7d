// Which missing and which extra table are one under two names: those that are alike in their columns, their key and what they
// reference. Where two could be meant it says nothing.
import { sameType } from "../dialects/dialect";
import type { DialectName, QualifiedName, Table } from "../model/schema";
import { sameTable, tableKey } from "../model/table-key";
import { nameLikeness } from "./columns";

/** Of the larger table's columns, those that both must have. */
const commonColumns = 0.8;

/** Columns that say what a table is about, and what is unique in it: so many in common are no coincidence. None is needed where the names are alike. */
const enough = 3;

/** Columns that tables of any kind have. */
const ordinary = /^(id|uuid|name|title|label|code|slug|key|value|type|status|state|description|position|(is_?)?active|(created|updated|deleted)_?(at|on|by)|version)$/i;

/** A column that more of the tables have tells them apart no better than none: it finds no candidates, which keeps the time linear. */
const frequent = 32;

interface Pair {
  readonly from: Table;
  readonly to: Table;
  readonly points: number;
}

/** The tables of `fresh` by those of `gone` that they are under another name; each is in one pair at the most. `standing`: those that both sides have. */
export function renamedTables(gone: readonly Table[], fresh: readonly Table[], standing: readonly Table[], dialect: DialectName): ReadonlyMap<Table, Table> {
  const renamed = new Map<Table, Table>();
  const pairs = pairsOf(gone, fresh, dialect);
  if (pairs.length === 0) return renamed;
  // Of several tables of one shape (a table and its archive) one goes and another comes without being renamed.
  const shapes = new Set(standing.map(shape));
  const certain = pairs.filter(({ from, to }) => areCalledAlike(from, to) || !(shapes.has(shape(from)) || shapes.has(shape(to))));
  const ofTable = new Map<Table, Pair[]>();
  for (const pair of certain) for (const table of [pair.from, pair.to]) ofTable.set(table, [...(ofTable.get(table) ?? []), pair]);
  for (const pair of certain) {
    const rivals = [pair.from, pair.to].flatMap((table) => ofTable.get(table)!).filter((other) => other !== pair);
    if (rivals.every(({ points }) => points < pair.points)) renamed.set(pair.from, pair.to);
  }
  return renamed;
}

function pairsOf(gone: readonly Table[], fresh: readonly Table[], dialect: DialectName): readonly Pair[] {
  const [mayGo, mayCome] = [gone.filter(mayBeRenamed), fresh.filter(mayBeRenamed)];
  if (mayGo.length === 0 || mayCome.length === 0) return [];
  const byColumn = new Map<string, Table[]>();
  for (const table of mayCome) for (const { name } of table.columns) (byColumn.get(name) ?? byColumn.set(name, []).get(name)!).push(table);
  const [left, right] = [gone, fresh].map((tables) => new Set(tables.map(({ name }) => tableKey(name))));
  const bothMoved = (a: QualifiedName, b: QualifiedName): boolean => left!.has(tableKey(a)) && right!.has(tableKey(b));
  return mayGo.flatMap((from) => {
    const candidates = new Set(from.columns.flatMap(({ name }) => {
      const having = byColumn.get(name) ?? [];
      return having.length > frequent ? [] : having;
    }));
    return [...candidates].flatMap((to): readonly Pair[] => {
      const points = likeness(from, to, dialect, bothMoved);
      return points === undefined ? [] : [{ from, to, points }];
    });
  });
}

function mayBeRenamed({ complete, implicit, kind, partitionOf }: Table): boolean {
  return complete && !implicit && partitionOf === undefined && (kind === undefined || kind === "partitioned table");
}

/** The more, the more alike; undefined: not the same table. `bothMoved` says of two references whether they may be one table under two names as well. */
function likeness(from: Table, to: Table, dialect: DialectName, bothMoved: (from: QualifiedName, to: QualifiedName) => boolean): number | undefined {
  if ((from.name.schema ?? "public") !== (to.name.schema ?? "public")) return undefined;
  // One year's table goes and the next one's comes.
  if (from.name.name.replaceAll(/\d+/g, "") === to.name.name.replaceAll(/\d+/g, "")) return undefined;
  const larger = Math.max(from.columns.length, to.columns.length);
  const others = new Map(to.columns.map((column) => [column.name, column]));
  const same = from.columns.filter((column) => { const other = others.get(column.name); return other && sameType(column.type, other.type, dialect); });
  if (same.length < 2 || same.length < larger * commonColumns) return undefined;
  if ([...(from.primaryKey?.columns ?? [])].sort().join("\0") !== [...(to.primaryKey?.columns ?? [])].sort().join("\0")) return undefined;
  const targets = new Map(to.foreignKeys.map(({ columns, references }) => [columns.join("\0"), references.table]));
  for (const { columns, references: { table } } of from.foreignKeys) {
    const other = targets.get(columns.join("\0"));
    if (other && !sameTable(table, other) && !bothMoved(table, other)) return undefined;
  }
  const unique = uniqueColumns(to);
  const telling = same.filter(({ name }) => !ordinary.test(name)).length + [...uniqueColumns(from)].filter((columns) => unique.has(columns)).length;
  return telling >= enough || areCalledAlike(from, to) ? (same.length / larger) * 10 + telling + namesLikeness(from, to) : undefined;
}

/** Of uniqueness, what references alone do not explain: tables between two others are unique in the same way, whatever they are for. */
function uniqueColumns({ uniques, indexes, foreignKeys }: Table): ReadonlySet<string> {
  const referencing = new Set(foreignKeys.flatMap(({ columns }) => columns));
  const lists = [...uniques.map(({ columns }) => columns), ...indexes.filter(({ unique, where, constraint }) => unique && !where && constraint === undefined).map(({ keys }) => keys.map(({ column }) => column ?? ""))];
  return new Set(lists.filter((columns) => !columns.every((column) => referencing.has(column))).map((columns) => [...columns].sort().join("\0")));
}

function areCalledAlike(from: Table, to: Table): boolean {
  return namesLikeness(from, to) >= 3;
}

function namesLikeness(from: Table, to: Table): number {
  return nameLikeness({ name: from.name.name, property: from.property }, { name: to.name.name, property: to.property });
}

function shape({ columns }: Table): string {
  return columns.map(({ name }) => name).sort().join("\0");
}

/** The right table's name of a left one's, where it has another. */
export function nameIn(renamed: ReadonlyMap<string, Table>, name: QualifiedName): QualifiedName {
  return renamed.get(tableKey(name))?.name ?? name;
}
