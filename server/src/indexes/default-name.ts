// The names that indexes and constraints bear in the database where the code gives them none: drizzle-kit's, Prisma's
// and PostgreSQL's own. It does not choose names for new indexes: naming.ts does.
import type { Check, Column, DialectName, ForeignKey, Index, PrimaryKey, SourceName, Table, Unique } from "../model/schema";
import { hashedName, postgresName, prismaName } from "./name-length";

/*
 * drizzle-kit 0.31 (`generatePgSnapshot` and its like, with the names of drizzle-orm 0.45's `getName()`) and drizzle-kit
 * 1.0.0-rc.5 (`defaultNameFor…`, `createTableConvertor`) were read for these rules; test/oracles/drizzle-names.test.ts
 * holds them against what both write. A name over the database's limit is cut by the database, see `storedName`.
 */

/** Name of an index: its own, or the one that the ORM's tool makes up; without `source`, PostgreSQL's. Uncut where the tool leaves it so. */
export function indexNameOf(index: Index, table: Table, source?: SourceName, dialect: DialectName = "postgresql"): string {
  if (index.name !== undefined) return index.name;
  const columns = columnsOf(index);
  if (source === "drizzle") return joined(table.name.name, columns, index.unique && dialect === "cockroachdb" ? "key" : "index");
  if (source === "prisma") return prismaName(index.unique ? "unique" : "index", table.name.name, columns, dialect);
  return postgresName(table.name.name, columns.join("_"), index.unique ? "key" : "idx");
}

/** As `indexNameOf`, for a unique constraint. */
export function uniqueNameOf(unique: Unique, table: Table, source?: SourceName, dialect: DialectName = "postgresql"): string {
  if (unique.name !== undefined) return unique.name;
  if (source === "prisma") return prismaName("unique", table.name.name, unique.columns, dialect);
  if (source !== "drizzle" || isMadeByDatabase(unique, table, source, dialect)) return postgresName(table.name.name, unique.columns.join("_"), "key");
  if (!table.ormVersion) return joined(table.name.name, propertiesOf(unique.columns, table), "unique");
  if (dialect === "sqlserver") return hashedName(table.name.name, joined(table.name.name, unique.columns, "key"), "_key", 128, 110);
  return dialect === "mysql" ? `${unique.columns.join("_")}_unique` : joined(table.name.name, unique.columns, dialect === "cockroachdb" ? "key" : "unique");
}

/**
 * The name by which drizzle-kit 1.0 records a constraint that the code leaves unnamed, adds it to a table that stands, and drops it. Apart from its column drizzle-orm makes it up (`uniqueKeyName`),
 * at its column drizzle-kit (`defaultNameForUnique`); within CREATE TABLE it leaves either to PostgreSQL, which has the second.
 */
export function recordedUniqueName(unique: Unique, table: Table): string {
  const [column, ...others] = unique.columns;
  if (unique.at && !unique.atColumn && others.length === 0) return joined(table.name.name, [column!], "unique");
  return uniqueNameOf({ ...unique, name: undefined }, table, "drizzle");
}

/** As `indexNameOf`, for a primary key; undefined where the database keeps no name for it (SQLite). MySQL calls every one PRIMARY, whatever the code says. */
export function primaryKeyNameOf(key: PrimaryKey, table: Table, source?: SourceName, dialect: DialectName = "postgresql"): string | undefined {
  if (dialect === "mysql") return "PRIMARY";
  if (key.name !== undefined) return key.name;
  const name = table.name.name;
  if (dialect === "sqlite") return source === "drizzle" && table.ormVersion && key.columns.length > 1 ? `${name}_pk` : undefined;
  if (source === "prisma") return prismaName("primary key", name, [], dialect);
  if (source !== "drizzle" || isMadeByDatabase(key, table, source, dialect)) return postgresName(name, undefined, "pkey");
  if (table.ormVersion) return dialect === "sqlserver" ? hashedName("", `${name}_pkey`, "_pkey", 128, 0) : `${name}_pkey`;
  return recased(joined(name, propertiesOf(key.columns, table), "pk"), key.columns, table);
}

/** As `indexNameOf`, for a foreign key; undefined where the database keeps no name for it. `target`, the referenced table, is asked for the names of its columns in the code. */
export function foreignKeyNameOf(key: ForeignKey, table: Table, source?: SourceName, dialect: DialectName = "postgresql", target?: Table): string | undefined {
  if (key.name !== undefined && (source !== "drizzle" || table.ormVersion || dialect !== "sqlite")) return key.name;
  const name = table.name.name;
  if (source === "prisma") return prismaName("foreign key", name, key.columns, dialect);
  if (source !== "drizzle") return dialect === "sqlite" ? undefined : postgresName(name, key.columns.join("_"), "fkey");
  const { columns, references } = key;
  const parts = [...columns, references.table.name, ...references.columns];
  if (table.ormVersion) {
    if (dialect === "sqlite") return `fk_${joined(name, parts, "fk")}`;
    if (dialect === "sqlserver") return hashedName(name, joined(name, parts, "fk"), "_fk", 128, 110);
    return hashedName(name, joined(name, parts, "fkey"), "_fkey", 63, 45);
  }
  if (dialect === "sqlite") return undefined;
  const properties = [...propertiesOf(columns, table), references.table.name, ...(target ? propertiesOf(references.columns, target) : references.columns)];
  const written = recased(joined(name, properties, "fk"), columns, table);
  return target ? recased(written, references.columns, target) : written;
}

/** As `indexNameOf`, for a check: PostgreSQL takes the column into the name where it is the only one that the condition mentions. */
export function checkNameOf(check: Check, table: Table): string {
  if (check.name !== undefined) return check.name;
  const [column, ...others] = new Set(check.expression.columns);
  return postgresName(table.name.name, others.length === 0 ? column : undefined, "check");
}

/** Name of the sequence behind a serial or identity column in PostgreSQL; undefined for other columns. */
export function sequenceNameOf(column: Column, table: Table, source?: SourceName): string | undefined {
  if (column.sequence !== undefined) return column.sequence;
  if (column.generated === "identity" && source === "drizzle") return `${table.name.name}_${column.name}_seq`;
  return column.generated === "serial" || column.generated === "identity" ? postgresName(table.name.name, column.name, "seq") : undefined;
}

/**
 * True where the tool leaves the name to PostgreSQL, which then takes a free one: `{table}_{columns}_key1` where
 * `{table}_{columns}_key` is taken. Every other name is written out, and a second one of it refused.
 */
export function isMadeByDatabase(part: PrimaryKey | Unique | Index, table: Table, source: SourceName | undefined, dialect: DialectName): boolean {
  if (part.name !== undefined || source === "prisma") return false;
  if (source !== "drizzle") return true;
  if (dialect !== "postgresql" || "keys" in part) return false;
  // 1.0 writes PRIMARY KEY and UNIQUE without a name behind a single column, 0.x PRIMARY KEY where it was declared there.
  return table.ormVersion ? part.columns.length === 1 : "inline" in part && part.inline === true;
}

/** PostgreSQL's `ChooseIndexColumnNames`: expressions are `expr`, `expr1`, … */
function columnsOf(index: Index): readonly string[] {
  let expressions = 0;
  return index.keys.map((key) => key.column ?? (expressions++ === 0 ? "expr" : `expr${expressions - 1}`));
}

/** drizzle-kit 0.31 makes names from the code's, before the config's casing is applied … */
function propertiesOf(columns: readonly string[], table: Table): readonly string[] {
  if (!table.columns.some(({ cased }) => cased)) return columns;
  return columns.map((name) => table.columns.find((column) => column.name === name && column.cased)?.property ?? name);
}

/** … and then replaces each property by its column, the first time that it occurs. */
function recased(name: string, columns: readonly string[], table: Table): string {
  const properties = propertiesOf(columns, table);
  return columns.reduce((text, column, at) => text.replace(properties[at]!, () => column), name);
}

function joined(table: string, parts: readonly string[], suffix: string): string {
  return parts.length === 1 ? `${table}_${parts[0]}_${suffix}` : [table, ...parts, suffix].join("_");
}
