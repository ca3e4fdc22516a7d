// PostgreSQL, and CockroachDB which speaks it.
import { nullOrder } from "../indexes/null-order";
import type { Change } from "../model/change";
import type { Column, ColumnType, Index, IndexKey, QualifiedName, Sequence } from "../model/schema";
import { knownOptions, sequenceClauses, sequenceOptions, type SequenceOptions } from "../model/sequence";
import type { Dialect, SqlOptions } from "./dialect";
import { policySql, rowSecuritySql } from "./postgres-policies";
import { roleSql } from "./postgres-roles";
import { viewSql, type ViewNoun } from "./postgres-views";
import type { Words } from "./statements";
import { columnList, constraint, createTable, defaultText, foreignKeyText, indexKeys, primaryKeyText, readable, tableName, uniqueText } from "./statements";

export const postgres: Dialect = { comparableType, quote, sql };

/** https://www.postgresql.org/docs/current/datatype.html, table 8.1, the column "Aliases". */
const aliases: Readonly<Record<string, string>> = {
  int: "integer", int4: "integer", int8: "bigint", int2: "smallint", serial: "integer", serial4: "integer", bigserial: "bigint", serial8: "bigint", smallserial: "smallint", serial2: "smallint",
  bool: "boolean", float8: "double precision", float4: "real", decimal: "numeric", varchar: "character varying", char: "character", bpchar: "character", varbit: "bit varying",
  timestamptz: "timestamp with time zone", timestamp: "timestamp without time zone", timetz: "time with time zone", time: "time without time zone", string: "text",
};

/** Lengths and precisions that mean the same as none. */
const defaultArguments: Readonly<Record<string, string>> = {
  "timestamp with time zone": "6", "timestamp without time zone": "6", "time with time zone": "6", "time without time zone": "6", interval: "6",
};

function comparableType(name: string): string {
  const text = name.trim().replace(/\s+/g, " ");
  // An array's number of dimensions and their sizes are not kept by PostgreSQL.
  const array = /^(.*?)\s*(?:\[\d*\]\s*)+$/.exec(text);
  if (array) return `${comparableType(array[1]!)}[]`;
  const match = /^("?[^"(]+"?)\s*(?:\(\s*([^)]*?)\s*\))?\s*(with(?:out)? time zone)?$/i.exec(text);
  if (!match) return text.toLowerCase();
  const bare = match[1]!.trim().replace(/^"?public"?\./i, "");
  if (bare.startsWith('"')) return bare.slice(1, -1);
  const zone = match[3]?.toLowerCase();
  const base = zone ? `${bare.toLowerCase()} ${zone}` : (aliases[bare.toLowerCase()] ?? bare.toLowerCase());
  let precision = match[2]?.replace(/\s+/g, "").toLowerCase();
  if (precision === defaultArguments[base]) precision = undefined;
  if (base === "numeric") precision = precision?.replace(/,0$/, "");
  if (base === "character" || base === "bit") precision ??= "1";
  return precision === undefined || precision === "" ? base : `${base}(${precision})`;
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

const words: Words = { quote, key, column };

function key(part: IndexKey): string {
  const base = part.column === undefined ? `(${part.expression?.sql ?? ""})` : quote(part.column);
  return `${base}${part.collation ? ` COLLATE ${quote(part.collation)}` : ""}${part.operatorClass ? ` ${dotted(part.operatorClass)}` : ""}${part.order === "desc" ? " DESC" : ""}${part.nulls ? ` NULLS ${part.nulls.toUpperCase()}` : ""}`;
}

function column(part: Column): string {
  const identity = part.generated === "identity" ? ` ${identityText(part, part.sequence === undefined ? undefined : quote(part.sequence))}` : "";
  const type = part.generated === "serial" ? ({ integer: "serial", bigint: "bigserial", smallint: "smallserial" }[part.type.name] ?? part.type.name) : typeText(part.type);
  const computed = part.generated === "stored" || part.generated === "virtual";
  // The default of a counting column is the sequence that comes with it.
  const value = computed ? ` GENERATED ALWAYS AS (${part.default?.sql ?? ""}) ${part.generated!.toUpperCase()}` : identity || part.generated === "serial" ? "" : defaultText(part.default);
  return `${quote(part.name)} ${type}${part.collation ? ` COLLATE ${quote(part.collation)}` : ""}${identity}${value}${part.nullable ? "" : " NOT NULL"}`;
}

/** `GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "orders_id_seq" START WITH 100)`. `sequence` is quoted. */
export function identityText({ identity, sequenceOptions }: Column, sequence: string | undefined): string {
  const options = [...(sequence === undefined ? [] : [`SEQUENCE NAME ${sequence}`]), ...sequenceClauses(knownOptions(sequenceOptions))];
  return `GENERATED ${(identity ?? "by default").toUpperCase()} AS IDENTITY${options.length > 0 ? ` (${options.join(" ")})` : ""}`;
}

/** An enum by its quoted name: the type's own spelling may have none. */
export function typeText(type: ColumnType): string {
  return type.enum ? `${tableName(type.enum, words)}${type.name.endsWith("]") ? "[]" : ""}` : type.name;
}

/** A method, operator class or storage parameter, whose name may have its schema before it. */
function dotted(name: string): string {
  return /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/.test(name) ? name : quote(name);
}

/** A storage parameter's value: https://www.postgresql.org/docs/current/sql-createindex.html */
export function parameter(value: string): string {
  return /^[A-Za-z0-9_.+-]+$/.test(value) ? value : literal(value);
}

/** Only a B-tree has an order: any other refuses even the place of NULLs that an ORM says by habit, as `.asc().nullsLast()`. */
function withoutIdleNulls(index: Index): Index {
  return index.method === "btree" ? index : { ...index, keys: index.keys.map(({ nulls, ...key }) => (nulls === nullOrder(key, "postgresql") ? key : { ...key, ...(nulls && { nulls }) })) };
}

function createIndex(index: Index, table: string, { concurrently, repeatable, only }: SqlOptions = {}): string {
  const options = index.with && Object.keys(index.with).length > 0 ? ` WITH (${Object.entries(index.with).map(([name, value]) => `${dotted(name)} = ${parameter(value)}`).join(", ")})` : "";
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${concurrently ? "CONCURRENTLY " : ""}${index.name === undefined ? "" : `${repeatable ? "IF NOT EXISTS " : ""}${quote(index.name)} `}ON ${only ? "ONLY " : ""}${table}`,
    index.method === "btree" ? "" : ` USING ${dotted(index.method)}`,
    ` (${indexKeys(withoutIdleNulls(index), words)})`,
    index.include.length > 0 ? ` INCLUDE (${columnList(index.include, words)})` : "",
    index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "",
    options,
    index.where ? ` WHERE ${index.where.sql}` : "",
    ";",
  ].join("");
}

function sql(change: Change, options: SqlOptions = {}): readonly string[] | undefined {
  if (!readable(change)) return undefined;
  const concurrently = options.concurrently ? "CONCURRENTLY " : "";
  const alter = (action: string): string[] => ("table" in change && "schema" in change.table ? [`ALTER TABLE ${tableName(change.table, words)} ${action};`] : []);
  const index = (name: string, table: { readonly schema: string | null }): string => tableName({ schema: table.schema, name }, words);
  switch (change.kind) {
    case "add-table": return [...counting(change.table.name, change.table.columns, (columns) => createTable({ ...change.table, columns }, words, "without foreign keys")), ...change.table.foreignKeys.filter(({ enforced }) => enforced).map((foreignKey) => `ALTER TABLE ${tableName(change.table.name, words)} ADD ${foreignKeyText(foreignKey, words)};`), ...change.table.indexes.map((each) => createIndex(each, tableName(change.table.name, words))), ...rowSecuritySql(change.table)];
    case "drop-table": return [`DROP TABLE ${tableName(change.table.name, words)};`];
    case "rename-table": return renamed("TABLE", change);
    case "add-column": return counting(change.table, [change.column], ([one]) => alter(`ADD COLUMN ${column(one!)}`)[0]!);
    case "drop-column": return alter(`DROP COLUMN ${quote(change.column.name)}`);
    case "rename-column": return alter(`RENAME COLUMN ${quote(change.from)} TO ${quote(change.to)}`);
    case "alter-column-type": return alter(`ALTER COLUMN ${quote(change.column)} SET DATA TYPE ${typeText(change.to)}`);
    case "alter-column-nullability": return alter(`ALTER COLUMN ${quote(change.column)} ${change.nullable ? "DROP" : "SET"} NOT NULL`);
    case "alter-column-default": return alter(`ALTER COLUMN ${quote(change.column)} ${change.to ? `SET${defaultText(change.to)}` : "DROP DEFAULT"}`);
    // The way depends on what else stands on the column: migrate/generate/generation.ts.
    case "alter-column-generation": return undefined;
    case "add-primary-key": return alter(`ADD ${primaryKeyText(change.primaryKey, words)}`);
    case "drop-primary-key": return alter(`DROP CONSTRAINT ${quote(change.primaryKey.name ?? `${change.table.name}_pkey`)}`);
    case "add-unique": return alter(`ADD ${uniqueText(change.unique, words)}`);
    case "drop-unique": return change.unique.name === undefined ? undefined : alter(`DROP CONSTRAINT ${quote(change.unique.name)}`);
    case "rename-constraint": return alter(`RENAME CONSTRAINT ${quote(change.from)} TO ${quote(change.to)}`);
    case "add-check": return alter(`ADD ${constraint(change.check.name, words)}CHECK (${change.check.expression.sql})`);
    case "drop-check": return change.check.name === undefined ? undefined : alter(`DROP CONSTRAINT ${quote(change.check.name)}`);
    case "add-foreign-key": return alter(`ADD ${foreignKeyText(change.foreignKey, words)}`);
    case "drop-foreign-key": return change.foreignKey.name === undefined ? undefined : alter(`DROP CONSTRAINT ${quote(change.foreignKey.name)}`);
    case "add-index": return [createIndex(change.index, tableName(change.table, words), options)];
    case "drop-index": return change.index.name === undefined ? undefined : [`DROP INDEX ${concurrently}${options.repeatable ? "IF EXISTS " : ""}${index(change.index.name, change.table)};`];
    case "rename-index": return change.index.name === undefined ? undefined : [`ALTER INDEX ${index(change.index.name, change.table)} RENAME TO ${quote(change.to)};`];
    case "alter-index": return change.from.name === undefined ? undefined : [`DROP INDEX ${concurrently}${index(change.from.name, change.table)};`, createIndex(change.to, tableName(change.table, words), options)];
    case "enable-row-security":
    case "disable-row-security":
    case "add-policy":
    case "drop-policy":
    case "alter-policy":
    case "rename-policy": return policySql(change);
    case "add-enum": return [`CREATE TYPE ${tableName(change.enum.name, words)} AS ENUM (${change.enum.values.map(literal).join(", ")});`];
    case "drop-enum": return [`DROP TYPE ${tableName(change.enum.name, words)};`];
    case "rename-enum-value": return [`ALTER TYPE ${tableName(change.name, words)} RENAME VALUE ${literal(change.from)} TO ${literal(change.to)};`];
    case "add-sequence": return [`CREATE SEQUENCE ${tableName(change.sequence.name, words)}${clauses([`AS ${change.sequence.type}`, ...sequenceClauses(knownOptions(change.sequence.options))])};`];
    case "drop-sequence": return [`DROP SEQUENCE ${tableName(change.sequence.name, words)};`];
    case "alter-sequence": return alterSequence(change.from, change.to);
    case "rename-enum": return renamed("TYPE", change);
    case "rename-sequence": return renamed("SEQUENCE", change);
    case "rename-schema": return [`ALTER SCHEMA ${quote(change.from)} RENAME TO ${quote(change.to)};`];
    case "add-schema": return [`CREATE SCHEMA IF NOT EXISTS ${quote(change.schema)};`];
    case "drop-schema": return [`DROP SCHEMA ${quote(change.schema)};`];
    case "add-role": case "drop-role": case "alter-role": case "rename-role": return roleSql(change);
    case "add-view": case "drop-view": case "rename-view": case "alter-view": return viewSql(change);
    case "rebuild-index": return change.index.name === undefined ? undefined : [`REINDEX INDEX ${concurrently}${index(change.index.name, change.table)};`];
    case "analyze-table": return [`ANALYZE ${tableName(change.table, words)};`];
    case "validate-constraint": return alter(`VALIDATE CONSTRAINT ${quote(change.name)}`);
    case "alter-enum": {
      // PostgreSQL can add values to an enum and cannot take any away.
      if (change.from.some((value) => !change.to.includes(value))) return undefined;
      return change.to.flatMap((value, position) => {
        if (change.from.includes(value)) return [];
        const before = change.to[position - 1];
        const place = before !== undefined ? ` AFTER ${literal(before)}` : change.from[0] !== undefined ? ` BEFORE ${literal(change.from[0])}` : "";
        return [`ALTER TYPE ${tableName(change.name, words)} ADD VALUE ${literal(value)}${place};`];
      });
    }
  }
}

/** Under another name, in another schema, or both. What belongs to a table goes along with it: https://www.postgresql.org/docs/current/sql-altertable.html, SET SCHEMA. */
export function renamed(noun: "TABLE" | "TYPE" | "SEQUENCE" | ViewNoun, { from, to }: { readonly from: QualifiedName; readonly to: QualifiedName }): readonly string[] {
  const moves = (from.schema ?? "public") !== (to.schema ?? "public");
  const there = moves ? { schema: to.schema, name: from.name } : from;
  return [
    ...(moves ? [`ALTER ${noun} ${tableName(from, words)} SET SCHEMA ${quote(to.schemaInDatabase ?? to.schema ?? "public")};`] : []),
    ...(from.name === to.name ? [] : [`ALTER ${noun} ${tableName(there, words)} RENAME TO ${quote(to.name)};`]),
  ];
}

/** Every option that becomes another one, the default ones too: ALTER SEQUENCE leaves alone what it does not name (https://www.postgresql.org/docs/current/sql-altersequence.html). */
function alterSequence(from: Sequence, to: Sequence): readonly string[] | undefined {
  const [had, has] = [sequenceOptions(from.type, knownOptions(from.options)), sequenceOptions(to.type, knownOptions(to.options))];
  const others = Object.fromEntries(Object.entries(has).filter(([name, value]) => had[name as keyof SequenceOptions] !== value));
  const changed = [...(from.type === to.type ? [] : [`AS ${to.type}`]), ...sequenceClauses(others)];
  return changed.length === 0 ? undefined : [`ALTER SEQUENCE ${tableName(to.name, words)}${clauses(changed)};`];
}

function clauses(list: readonly string[]): string {
  return list.map((one) => ` ${one}`).join("");
}

/** What `serial` stands for is written out where the sequence has another name than `serial` gives it: https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-SERIAL */
function counting(table: QualifiedName, columns: readonly Column[], make: (columns: readonly Column[]) => string): readonly string[] {
  const named = columns.filter(({ generated, sequence }) => generated === "serial" && sequence !== undefined);
  const sequence = (one: Column): string => tableName({ schema: table.schema, name: one.sequence! }, words);
  const written = columns.map((one): Column => (named.includes(one) ? { ...one, generated: undefined, default: { sql: `nextval(${literal(sequence(one))}::regclass)`, columns: [], complete: true } } : one));
  return [
    ...named.map((one) => `CREATE SEQUENCE ${sequence(one)} AS ${one.type.name};`),
    make(written),
    ...named.map((one) => `ALTER SEQUENCE ${sequence(one)} OWNED BY ${tableName(table, words)}.${quote(one.name)};`),
  ];
}

/** A text in dollar quotes, which end where none of its own characters do. */
export function dollarQuoted(text: string): string {
  let tag = "$$";
  for (let number = 1; text.includes(tag); number++) tag = `$body${number}$`;
  return `${tag}${text}${tag}`;
}

/** A text as SQL, whatever the server makes of backslashes: https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
