// A whole database from a schema, as the ORM's own tool would make it: the same names, constraints or indexes, and the same
// order of NULLs. Views and row level security are left out, and partitions become tables of their own, because the model has no partition key.
import { foreignKeyNameOf, indexNameOf, isMadeByDatabase, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../indexes/default-name";
import type { Column, Index, IndexKey, PrimaryKey, QualifiedName, SchemaModel, SourceName, Table, Unique } from "../model/schema";
import { tableKey } from "../model/table-key";
import { postgres } from "./postgres";
import { tableName } from "./statements";

/** What could not be read is left out: a default, a check, an index. A type that could not be read becomes text. */
export function postgresSchemaSql(model: SchemaModel): readonly string[] {
  const { source } = model;
  const targets = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const tables = model.tables.map((table) => readableTable(table, source, targets));
  const name = (of: QualifiedName): string => tableName(of, postgres);
  return [
    ...schemasOf(model).map((schema) => `CREATE SCHEMA IF NOT EXISTS ${postgres.quote(schema)};`),
    ...model.enums.flatMap((type) => postgres.sql({ kind: "add-enum", enum: type }) ?? []),
    ...(model.domains ?? []).map((domain) => `CREATE DOMAIN ${name(domain.name)} AS ${domain.baseType}${domain.default === undefined ? "" : ` DEFAULT ${domain.default}`}${domain.nullable ? "" : " NOT NULL"}${domain.checks.map((check) => ` ${check}`).join("")};`),
    ...(model.sequences ?? []).flatMap((sequence) => postgres.sql({ kind: "add-sequence", sequence }) ?? []),
    ...tables.flatMap((table) => postgres.sql({ kind: "add-table", table: { ...withoutRowSecurity(table), foreignKeys: [], indexes: [] } }) ?? []),
    // A foreign key needs the unique index that it refers to.
    ...tables.flatMap((table) => table.indexes.flatMap((index) => postgres.sql({ kind: "add-index", table: table.name, index }) ?? [])),
    ...tables.flatMap((table) => table.foreignKeys.flatMap((foreignKey) => postgres.sql({ kind: "add-foreign-key", table: table.name, foreignKey }) ?? [])),
  ];
}

/** Policies name roles and functions that stand on a server alone. */
function withoutRowSecurity({ rowSecurity: _, ...table }: Table): Table {
  return table;
}

function schemasOf(model: SchemaModel): readonly string[] {
  const names = [model.tables, model.enums, model.domains ?? [], model.sequences ?? []].flatMap((list) => list.map(({ name }) => name.schema));
  return [...new Set(names)].filter((schema): schema is string => schema !== null && schema !== "public");
}

/** The table with the ORM's names for what the code does not name, and without what could not be read. */
export function readableTable(table: Table, source: SourceName, targets: ReadonlyMap<string, Table>): Table {
  const named = <Part extends PrimaryKey | Unique | Index>(part: Part, name: string | undefined): Part => ({ ...part, name: isMadeByDatabase(part, table, source, "postgresql") ? undefined : name });
  const uniques = table.uniques.map((unique) => named(unique, uniqueNameOf(unique, table, source)));
  return {
    ...table,
    // Whatever is left can be read.
    complete: true,
    columns: table.columns.map((column) => readableColumn(column, table, source)),
    primaryKey: table.primaryKey && named(table.primaryKey, primaryKeyNameOf(table.primaryKey, table, source)),
    uniques: source === "prisma" ? [] : distinct(uniques),
    checks: table.checks.filter(({ expression }) => expression.complete),
    indexes: [
      // Prisma makes unique indexes, not constraints.
      ...(source === "prisma" ? distinct(uniques).map(({ name, columns }): Index => ({ name, method: "btree", unique: true, keys: columns.map((column) => ({ column, order: "asc" })), include: [] })) : []),
      ...distinct(table.indexes.filter(({ constraint }) => constraint === undefined).map((index) => named(readableIndex(index, source), indexNameOf(index, table, source)))),
    ],
    foreignKeys: distinct(table.foreignKeys.filter(({ enforced }) => enforced).map((key) => ({ ...key, name: foreignKeyNameOf(key, table, source, "postgresql", targets.get(tableKey(key.references.table))) }))),
  };
}

/** The first of each name: of two definitions by one name the tools keep one. Those without a name are named by PostgreSQL. */
function distinct<Named extends { readonly name?: string }>(list: readonly Named[]): readonly Named[] {
  const names = new Set<string | undefined>();
  return list.filter(({ name }) => name === undefined || (!names.has(name) && names.add(name)));
}

/** The column as the ORM's tool writes it: a type that could not be read is text, a generated column without its expression an ordinary one. */
export function readableColumn(column: Column, table: Table, source: SourceName): Column {
  return {
    ...column,
    sequence: source === "drizzle" && column.generated === "identity" ? sequenceNameOf(column, table, source) : column.sequence,
    type: column.type.name === "unknown" ? { name: "text" } : column.type,
    // Prisma's lists are never NULL for Prisma, and may be in its DDL.
    nullable: column.nullable || (source === "prisma" && column.type.name.endsWith("]")),
    generated: (column.generated === "stored" || column.generated === "virtual") && !column.default?.complete ? undefined : column.generated,
  };
}

/** The index with the order of NULLs that the ORM's tool writes. */
export function readableIndex(index: Index, source: SourceName): Index {
  return source === "drizzle" ? { ...index, keys: index.keys.map(drizzleKey) } : index;
}

/** drizzle-kit 0.x puts NULLs last, in whatever order. */
function drizzleKey(key: IndexKey): IndexKey {
  return { ...key, nulls: key.nulls ?? (key.order === "desc" ? "last" : undefined) };
}
