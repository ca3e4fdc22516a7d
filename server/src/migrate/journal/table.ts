// How a journal names its table, asks whether it is there, and reads rows whose columns differ from version to version.
import { literal, postgres } from "../../dialects/postgres";
import type { QualifiedName } from "../../model/schema";

export const quote = postgres.quote;
export { literal };

export function quoted({ schema, name }: QualifiedName): string {
  return schema === null ? quote(name) : `${quote(schema)}.${quote(name)}`;
}

/** One row, one value: whether the table exists. */
export function existsSql(table: QualifiedName): string {
  return `SELECT ${regclass(table)} IS NOT NULL`;
}

/** The table's oid, null where it does not exist. */
export function regclass(table: QualifiedName): string {
  return `pg_catalog.to_regclass(${literal(quoted(table))})`;
}

/** True where the table has the column. */
export function hasColumn(table: QualifiedName, column: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table)} AND attname = ${literal(column)} AND NOT attisdropped)`;
}

/** Selects columns as text, null where the table has none of that name. */
export function selectSql(table: QualifiedName, columns: readonly string[], order: string): string {
  return `SELECT ${columns.map((column) => `one ->> ${literal(column)}`).join(", ")} FROM ${rowsOf(table)} ORDER BY ${order}`;
}

/** The table's rows as documents called `one`. */
export function rowsOf(table: QualifiedName): string {
  return `(SELECT pg_catalog.to_jsonb(plumbline_row) AS one FROM ${quoted(table)} AS plumbline_row) AS plumbline_rows`;
}

/** A block of PL/pgSQL: unlike CREATE … IF NOT EXISTS it needs no right to create, takes no lock and says nothing where there is nothing to do. */
export function block(lines: readonly string[]): string {
  return `DO ${literal(["BEGIN", ...lines, "END"].join("\n"))}`;
}

/** In a block: makes the table's schema where it is missing. */
export function createSchema({ schema }: QualifiedName): readonly string[] {
  return schema === null ? [] : [`IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${literal(schema)}) THEN CREATE SCHEMA ${quote(schema)}; END IF;`];
}

/** ISO 8601 of a time as JSON has it; a time without a zone counts as UTC. Undefined for infinity, by which an unknown time is recorded. */
export function isoTime(text: string | null | undefined): string | undefined {
  if (text === null || text === undefined) return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text) && text.includes(":") ? text : `${text}${text.includes(":") ? "" : "T00:00:00"}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The server's time. */
export const now = "pg_catalog.clock_timestamp()";

/** When a run began that has taken `milliseconds` up to the message that this stands in, or that is no more than this message. */
export function started(milliseconds: number): string {
  return `pg_catalog.statement_timestamp() - ${Math.max(0, Math.round(milliseconds))} * interval '1 millisecond'`;
}

/** How long that run took, in milliseconds. */
export function duration(milliseconds: number): string {
  return `pg_catalog.round(${Math.max(0, Math.round(milliseconds))} + 1000 * extract(epoch from ${now} - pg_catalog.statement_timestamp()))::bigint`;
}
