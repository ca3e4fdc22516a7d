// Which schemas and roles a server has, beside the schema of one database: code of Drizzle declares them. One SELECT.
import type { Role } from "../model/schema";
import { DatabaseError, type Database } from "./database";

export interface StandingNames {
  readonly schemas: readonly string[];
  /** Of the whole server. */
  readonly roles: readonly Role[];
}

/** Undefined where the server does not tell. Rejects with a `DatabaseError` where the connection is lost or the reading was cancelled. */
export async function readNames(database: Pick<Database, "query">, signal?: AbortSignal): Promise<StandingNames | undefined> {
  try {
    const [[text] = []] = await database.query(namesSql, [], signal);
    const [schemas, roles] = JSON.parse(String(text)) as [readonly string[] | null, readonly (readonly [string, boolean, boolean, boolean])[] | null];
    return { schemas: schemas ?? [], roles: (roles ?? []).map(([name, createDatabase, createRole, inherit]) => ({ name, createDatabase, createRole, inherit })) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || (error.kind !== "permission" && error.kind !== "failed")) throw error;
    return undefined;
  }
}

const namesSql = `select pg_catalog.json_build_array((select pg_catalog.json_agg(n.nspname::text) from pg_catalog.pg_namespace n),
  (select pg_catalog.json_agg(pg_catalog.json_build_array(r.rolname::text, r.rolcreatedb, r.rolcreaterole, r.rolinherit)) from pg_catalog.pg_roles r))::text`;
