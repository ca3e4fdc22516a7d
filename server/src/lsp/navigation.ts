// Definition and references between the schemas of one database: from a Drizzle table or column to the Prisma model or
// field of the same database name, and back. Inside one language its own extension knows the way.
import { nameKey } from "../checking";
import type { QualifiedName, SchemaModel, SourceRange, Table } from "../model/schema";
import type { Located } from "./located";

/** Where the other ORM defines what is at the cursor. */
export function definitions(located: Located, models: readonly SchemaModel[]): readonly SourceRange[] {
  const { model } = located;
  const name = located.kind === "foreign-key" ? located.foreignKey.references.table : located.table.name;
  const column = located.kind === "column" ? located.column.name : undefined;
  if (located.kind === "index" || located.kind === "unique") return [];
  return distinct(counterparts(name, model, models).flatMap(({ table }) => placeOf(table, column)));
}

/** The keys, indexes and relations that name the table or column at the cursor, in this schema and its counterpart. */
export function references(located: Located, models: readonly SchemaModel[], includeDeclaration: boolean): readonly SourceRange[] {
  if (located.kind !== "table" && located.kind !== "column") return [];
  const column = located.kind === "column" ? located.column.name : undefined;
  const own = { model: located.model, table: located.table };
  const places: SourceRange[] = [];
  for (const { model, table } of [own, ...counterparts(located.table.name, located.model, models)]) {
    if (includeDeclaration || table !== located.table) places.push(...placeOf(table, column));
    const key = nameKey(table.name);
    for (const other of model.tables)
      for (const foreignKey of other.foreignKeys) {
        const names = nameKey(foreignKey.references.table) === key && (column === undefined || foreignKey.references.columns.includes(column));
        const uses = other === table && column !== undefined && foreignKey.columns.includes(column);
        if ((names || uses) && foreignKey.at) places.push(foreignKey.at);
      }
    if (column === undefined) continue;
    for (const index of table.indexes) if (index.at && index.keys.some((one) => one.column === column || one.expression?.columns.includes(column))) places.push(index.at);
    for (const unique of table.uniques) if (unique.at && unique.columns.includes(column)) places.push(unique.at);
  }
  return distinct(places);
}

/** The tables of that name in schemas of another ORM. A schema without schemas of its own (MySQL, SQLite) matches by the bare name. */
function counterparts(name: QualifiedName, own: SchemaModel, models: readonly SchemaModel[]): readonly { readonly model: SchemaModel; readonly table: Table }[] {
  return models.filter((model) => model.source !== own.source).flatMap((model) =>
    model.tables.filter((table) => table.name.name === name.name && (table.name.schema === name.schema || table.name.schema === null || name.schema === null)).map((table) => ({ model, table })));
}

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
