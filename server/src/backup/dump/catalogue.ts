// What all of the dump's questions to the catalogue share: which objects are a user's own, and rows as text.
import type { BulkRows, BulkSession } from "../../databases/bulk";
import type { DumpObject } from "./objects";

export interface Catalogue {
  /** Rows of one SELECT, values as text. */
  ask(sql: string): Promise<BulkRows>;
  /** 15. */
  readonly major: number;
}

/** The session must have an empty search_path, so that every name is printed with its schema. */
export function catalogueOf(session: BulkSession): Catalogue {
  return { major: session.version.major, ask: async (sql) => (await session.run(sql)).at(-1)! };
}

/** A condition: the namespace `column` is a user's. */
export const ownSchema = (column: string): string => `${column} in (select oid from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')`;

/** A condition: the object is no member of an extension. */
export const notOfExtension = (catalogue: string, oid: string): string => `not exists (select from pg_catalog.pg_depend membership where membership.classid = 'pg_catalog.${catalogue}'::regclass and membership.objid = ${oid} and membership.deptype = 'e')`;

/** "class:oid" in SQL. */
export const idOf = (catalogue: string, oid: string): string => `'pg_catalog.${catalogue}'::regclass::oid || ':' || ${oid}`;

/** Rows of (id, title, statement). */
export async function simpleObjects(catalogue: Catalogue, rank: number, sql: string): Promise<readonly DumpObject[]> {
  return (await catalogue.ask(sql)).map(([id, title, statement]) => ({ id: id!, rank, title: title!, sql: [statement!] }));
}

/** A storage parameter list, from text[] such as {fillfactor=70}: ` WITH (fillfactor='70')`, in SQL; empty for null. */
export const reloptions = (column: string): string => `coalesce((select ' WITH (' || string_agg(quote_ident(split_part(o, '=', 1)) || '=' || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' order by n) || ')' from unnest(${column}) with ordinality t(o, n)), '')`;

/** ` OPTIONS (name 'value')` of a foreign-data wrapper's things, in SQL; empty for null. */
export const foreignOptions = (column: string): string => `coalesce((select ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ') || ')' from pg_options_to_table(${column})), '')`;
