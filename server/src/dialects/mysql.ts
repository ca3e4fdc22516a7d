// MySQL and what speaks its dialect.
import type { Change } from "../model/change";
import type { Column, Index, IndexKey, QualifiedName } from "../model/schema";
import type { Dialect } from "./dialect";
import type { Words } from "./statements";
import { constraint, createTable, defaultText, foreignKeyText, indexKeys, primaryKeyText, readable, tableName, uniqueText } from "./statements";

export const mysql: Dialect = { comparableType, quote, sql };

/** https://dev.mysql.com/doc/refman/8.4/en/other-vendor-data-types.html and numeric-type-syntax.html. */
const aliases: Readonly<Record<string, string>> = {
  integer: "int", boolean: "tinyint(1)", bool: "tinyint(1)", numeric: "decimal", dec: "decimal", fixed: "decimal", real: "double", "double precision": "double",
  "character varying": "varchar", int4: "int", int8: "bigint", int2: "smallint", character: "char", serial: "bigint unsigned", long: "mediumtext", float4: "float", float8: "double",
};

function comparableType(name: string): string {
  const text = name.trim().replace(/\s+/g, " ");
  const match = /^([a-z][a-z0-9 ]*?)\s*(?:\(\s*([^)]*?)\s*\))?(\s+unsigned)?(?:\s+zerofill)?$/i.exec(text);
  if (!match || /^(enum|set)\b/i.test(text)) return text.replace(/^\w+/, (word) => word.toLowerCase());
  const unsigned = match[3] ? " unsigned" : "";
  const lower = match[1]!.toLowerCase();
  const base = aliases[lower] ?? lower;
  let precision = match[2]?.replace(/\s+/g, "");
  // A display width is no part of an integer's type; tinyint(1) is MySQL's way to say boolean.
  if (/^(tiny|small|medium|big)?int$/.test(base) && !(base === "tinyint" && precision === "1")) precision = undefined;
  if (base === "decimal") precision = (precision ?? "10").replace(/,0$/, "");
  if (/^(datetime|timestamp|time)$/.test(base) && precision === "0") precision = undefined;
  if (/^(char|binary|bit)$/.test(base)) precision ??= "1";
  if (base === "year") precision = undefined;
  return `${base}${precision === undefined || precision === "" ? "" : `(${precision})`}${unsigned}`;
}

function quote(identifier: string): string {
  return `\`${identifier.replaceAll("`", "``")}\``;
}

const words: Words = { quote, key, column };

function key(part: IndexKey): string {
  const base = part.column === undefined ? `(${part.expression?.sql ?? ""})` : part.collation !== undefined ? `(${quote(part.column)} COLLATE ${part.collation})` : `${quote(part.column)}${part.length === undefined ? "" : `(${part.length})`}`;
  return `${base}${part.order === "desc" ? " DESC" : ""}`;
}

function column(part: Column): string {
  const counter = part.generated === "identity" || part.generated === "serial" ? " AUTO_INCREMENT" : "";
  const value = part.generated === "stored" || part.generated === "virtual" ? ` GENERATED ALWAYS AS (${part.default?.sql ?? ""}) ${part.generated.toUpperCase()}` : defaultText(part.default);
  return `${quote(part.name)} ${part.type.name}${part.nullable ? "" : " NOT NULL"}${value}${counter}`;
}

function createIndex(index: Index, table: QualifiedName): string | undefined {
  if (index.where || index.include.length > 0) return undefined;
  const kind = index.method === "fulltext" || index.method === "spatial" ? `${index.method.toUpperCase()} ` : index.unique ? "UNIQUE " : "";
  const using = index.method === "hash" ? " USING HASH" : "";
  return `CREATE ${kind}INDEX ${quote(index.name ?? `${table.name}_${index.keys.map(({ column: name }) => name ?? "expression").join("_")}_idx`)} ON ${tableName(table, words)} (${indexKeys(index, words)})${using};`;
}

function sql(change: Change): readonly string[] | undefined {
  if (!readable(change)) return undefined;
  const alter = (action: string): string[] => ("table" in change && "schema" in change.table ? [`ALTER TABLE ${tableName(change.table, words)} ${action};`] : []);
  const made = (...statements: (string | undefined)[]): string[] | undefined => (statements.every((statement) => statement !== undefined) ? statements : undefined);
  switch (change.kind) {
    case "add-table": return made(createTable(change.table, words, "without foreign keys"), ...change.table.foreignKeys.filter(({ enforced }) => enforced).map((foreignKey) => `ALTER TABLE ${tableName(change.table.name, words)} ADD ${foreignKeyText(foreignKey, words)};`), ...change.table.indexes.map((index) => createIndex(index, change.table.name)));
    case "drop-table": return [`DROP TABLE ${tableName(change.table.name, words)};`];
    case "rename-table": return [`RENAME TABLE ${tableName(change.from, words)} TO ${tableName(change.to, words)};`];
    case "add-column": return alter(`ADD COLUMN ${column(change.column)}`);
    case "drop-column": return alter(`DROP COLUMN ${quote(change.column.name)}`);
    case "rename-column": return alter(`RENAME COLUMN ${quote(change.from)} TO ${quote(change.to)}`);
    // MODIFY repeats the whole column, of which these changes hold a part.
    case "alter-column-type":
    case "alter-column-nullability":
    case "alter-column-generation": return undefined;
    case "alter-column-default": return alter(`ALTER COLUMN ${quote(change.column)} ${change.to ? `SET${defaultText(change.to)}` : "DROP DEFAULT"}`);
    case "add-primary-key": return alter(`ADD ${primaryKeyText(change.primaryKey, words)}`);
    case "drop-primary-key": return alter("DROP PRIMARY KEY");
    case "add-unique": return alter(`ADD ${uniqueText(change.unique, words)}`);
    case "drop-unique": return change.unique.name === undefined ? undefined : alter(`DROP INDEX ${quote(change.unique.name)}`);
    case "add-check": return alter(`ADD ${constraint(change.check.name, words)}CHECK (${change.check.expression.sql})`);
    case "drop-check": return change.check.name === undefined ? undefined : alter(`DROP CHECK ${quote(change.check.name)}`);
    case "add-foreign-key": return alter(`ADD ${foreignKeyText(change.foreignKey, words)}`);
    case "drop-foreign-key": return change.foreignKey.name === undefined ? undefined : alter(`DROP FOREIGN KEY ${quote(change.foreignKey.name)}`);
    case "add-index": return made(createIndex(change.index, change.table));
    case "drop-index": return change.index.name === undefined ? undefined : alter(`DROP INDEX ${quote(change.index.name)}`);
    case "rename-index": return change.index.name === undefined ? undefined : alter(`RENAME INDEX ${quote(change.index.name)} TO ${quote(change.to)}`);
    case "alter-index": return change.from.name === undefined ? undefined : made(...alter(`DROP INDEX ${quote(change.from.name)}`), createIndex(change.to, change.table));
    case "add-enum":
    case "drop-enum":
    case "alter-enum": case "rename-enum-value": case "enable-row-security": case "disable-row-security": case "add-policy": case "drop-policy": case "alter-policy": case "rename-policy": case "add-sequence": case "drop-sequence": case "alter-sequence": case "rename-enum": case "rename-sequence": case "rename-schema": case "add-schema": case "drop-schema": case "add-role": case "drop-role": case "alter-role": case "rename-role": case "add-view": case "drop-view": case "rename-view": case "alter-view": case "rebuild-index": case "analyze-table": case "validate-constraint": return undefined;
  }
}
