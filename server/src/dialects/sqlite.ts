// SQLite and Turso. It alters little in place: what needs a new table and a copy of the rows has no statement here.
import type { Change } from "../model/change";
import type { Column, Index, IndexKey, QualifiedName } from "../model/schema";
import type { Dialect } from "./dialect";
import type { Words } from "./statements";
import { createTable, defaultText, indexKeys, readable, tableName } from "./statements";

export const sqlite: Dialect = { comparableType, quote, sql };

/**
 * The affinity of a declared type, by the five rules of https://www.sqlite.org/datatype3.html#determination_of_column_affinity.
 * INTEGER and NUMERIC store the same values alike, and JSON is text or a blob as the writer likes.
 */
function comparableType(name: string): string {
  const text = name.toUpperCase();
  if (/^JSONB?$/.test(text)) return "text";
  if (text.includes("INT")) return "numeric";
  if (/CHAR|CLOB|TEXT/.test(text)) return "text";
  if (text.includes("BLOB") || text.trim() === "") return "blob";
  if (/REAL|FLOA|DOUB/.test(text)) return "real";
  return "numeric";
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

const words: Words = { quote, key, column };

function key(part: IndexKey): string {
  const base = part.column === undefined ? `(${part.expression?.sql ?? ""})` : quote(part.column);
  return `${base}${part.collation ? ` COLLATE ${part.collation}` : ""}${part.order === "desc" ? " DESC" : ""}`;
}

function column(part: Column): string {
  const value = part.generated === "stored" || part.generated === "virtual" ? ` GENERATED ALWAYS AS (${part.default?.sql ?? ""}) ${part.generated.toUpperCase()}` : defaultText(part.default);
  return `${quote(part.name)} ${part.type.name}${part.nullable ? "" : " NOT NULL"}${value}`;
}

function createIndex(index: Index, table: QualifiedName): string {
  const name = index.name ?? `${table.name}_${index.keys.map(({ column: each }) => each ?? "expression").join("_")}_idx`;
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quote(name)} ON ${tableName(table, words)} (${indexKeys(index, words)})${index.where ? ` WHERE ${index.where.sql}` : ""};`;
}

function sql(change: Change): readonly string[] | undefined {
  if (!readable(change)) return undefined;
  const table = "table" in change && "schema" in change.table ? tableName(change.table, words) : "";
  switch (change.kind) {
    case "add-table": return [createTable(change.table, words, "with foreign keys"), ...change.table.indexes.map((index) => createIndex(index, change.table.name))];
    case "drop-table": return [`DROP TABLE ${tableName(change.table.name, words)};`];
    case "rename-table": return [`ALTER TABLE ${tableName(change.from, words)} RENAME TO ${quote(change.to.name)};`];
    case "add-column": return [`ALTER TABLE ${table} ADD COLUMN ${column(change.column)};`];
    case "drop-column": return [`ALTER TABLE ${table} DROP COLUMN ${quote(change.column.name)};`];
    case "rename-column": return [`ALTER TABLE ${table} RENAME COLUMN ${quote(change.from)} TO ${quote(change.to)};`];
    case "add-unique": return [createIndex({ name: change.unique.name, method: "btree", unique: true, include: [], keys: change.unique.columns.map((name) => ({ column: name, order: "asc" })) }, change.table)];
    case "add-index": return [createIndex(change.index, change.table)];
    case "drop-index": return change.index.name === undefined ? undefined : [`DROP INDEX ${quote(change.index.name)};`];
    case "rename-index": return change.index.name === undefined ? undefined : [`DROP INDEX ${quote(change.index.name)};`, createIndex({ ...change.index, name: change.to }, change.table)];
    case "alter-index": return change.from.name === undefined ? undefined : [`DROP INDEX ${quote(change.from.name)};`, createIndex(change.to, change.table)];
    case "alter-column-type": case "alter-column-nullability": case "alter-column-default": case "alter-column-generation": case "add-primary-key": case "drop-primary-key":
    case "drop-unique": case "add-check": case "drop-check": case "add-foreign-key": case "drop-foreign-key": case "add-enum": case "drop-enum": case "alter-enum": case "rename-enum-value": case "enable-row-security": case "disable-row-security": case "add-policy": case "drop-policy": case "alter-policy": case "rename-policy": case "add-sequence": case "drop-sequence": case "alter-sequence": case "rename-enum": case "rename-sequence": case "rename-schema": case "add-schema": case "drop-schema": case "add-role": case "drop-role": case "alter-role": case "rename-role": case "add-view": case "drop-view": case "rename-view": case "alter-view": case "rebuild-index": case "analyze-table": case "validate-constraint":
      return undefined;
  }
}
