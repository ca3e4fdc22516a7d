// Definition and references between the schemas of one database: from a Drizzle table or column to the Prisma model or
// field, and back, where the two schemas are a pair. Inside one language its own extension knows the way.
import { compare } from "../compare/compare";
import type { ModelPair } from "../compare/pairs";
import type { QualifiedName, SchemaModel, SourceRange, Table } from "../model/schema";
import { sameTable, tableKey } from "../model/table-key";
import { tableOf } from "../rules/pair";
import type { Located } from "./located";

/** Where the other schema of a pair defines what is at the cursor. */
export function definitions(located: Located, pairs: readonly ModelPair[]): readonly SourceRange[] {
  if (located.kind === "index" || located.kind === "unique") return [];
  const name = located.kind === "foreign-key" ? located.foreignKey.references.table : located.table.name;
  return distinct(counterparts(name, columnOf(located), located.model, pairs).flatMap(({ table, column }) => placeOf(table, column)));
}

/** The keys, indexes and relations that name the table or column at the cursor, in this schema and those that it is a pair with. */
export function references(located: Located, pairs: readonly ModelPair[], includeDeclaration: boolean): readonly SourceRange[] {
  if (located.kind !== "table" && located.kind !== "column") return [];
  const own = { model: located.model, table: located.table, column: columnOf(located) };
  const places: SourceRange[] = [];
  for (const { model, table, column } of [own, ...counterparts(located.table.name, own.column, located.model, pairs)]) {
    if (includeDeclaration || table !== located.table) places.push(...placeOf(table, column));
    const key = tableKey(table.name);
    for (const other of model.tables)
      for (const foreignKey of other.foreignKeys) {
        const names = tableKey(foreignKey.references.table) === key && (column === undefined || foreignKey.references.columns.includes(column));
        const uses = other === table && column !== undefined && foreignKey.columns.includes(column);
        if ((names || uses) && foreignKey.at) places.push(foreignKey.at);
      }
    if (column === undefined) continue;
    for (const index of table.indexes) if (index.at && index.keys.some((one) => one.column === column || one.expression?.columns.includes(column))) places.push(index.at);
    for (const unique of table.uniques) if (unique.at && unique.columns.includes(column)) places.push(unique.at);
  }
  return distinct(places);
}

interface Counterpart {
  readonly model: SchemaModel;
  readonly table: Table;
  /** Database name of the column that was asked for; undefined where none was. */
  readonly column: string | undefined;
}

/** The table of that name, in each schema that `own` is a pair with; where a column is asked for, only if it has that too. */
function counterparts(name: QualifiedName, column: string | undefined, own: SchemaModel, pairs: readonly ModelPair[]): readonly Counterpart[] {
  return pairs.flatMap((pair): readonly Counterpart[] => {
    const [left, right] = pair;
    if (left !== own && right !== own) return [];
    const model = left === own ? right : left;
    const renamed = renamedIn(name, own, pair);
    const table = tableOf(model, renamed);
    if (!table) return [];
    if (column === undefined) return [{ model, table, column }];
    const other = columnIn(table, left === own ? name : renamed, column, own, pair);
    return other === undefined ? [] : [{ model, table, column: other }];
  });
}

/** The table's name in the other schema of the pair, where it may have been renamed. */
function renamedIn(name: QualifiedName, own: SchemaModel, [left, right]: ModelPair): QualifiedName {
  for (const change of compare(left, right)) {
    if (change.kind !== "rename-table") continue;
    if (own === left && sameTable(change.from, name)) return change.to;
    if (own === right && sameTable(change.to, name)) return change.from;
  }
  return name;
}

/** The column's name in the other schema of the pair, where it may have been renamed. `name` is the table's in the left one. */
function columnIn(table: Table, name: QualifiedName, column: string, own: SchemaModel, [left, right]: ModelPair): string | undefined {
  if (table.columns.some((one) => one.name === column)) return column;
  for (const change of compare(left, right)) {
    if (change.kind !== "rename-column" || !sameTable(change.table, name)) continue;
    if (own === left && change.from === column) return change.to;
    if (own === right && change.to === column) return change.from;
  }
  return undefined;
}

const columnOf = (located: Located): string | undefined => (located.kind === "column" ? located.column.name : undefined);

/** The table's place, or that of its column. */
function placeOf(table: Table, column: string | undefined): readonly SourceRange[] {
  const found = column === undefined ? table : table.columns.find((one) => one.name === column);
  const at = found?.nameAt ?? found?.at;
  return at ? [at] : [];
}

function distinct(places: readonly SourceRange[]): readonly SourceRange[] {
  const seen = new Set<string>();
  return places.filter(({ file, start, end }) => {
    const key = `${file} ${start} ${end}`;
    return !seen.has(key) && seen.add(key);
  });
}
