// Restores a dump into a database, all in one transaction: what fails or is interrupted leaves the database as it was. It
// asks nobody; what was confirmed comes in.
import type { BulkSession } from "../databases/bulk";
import { openBulkSession } from "../databases/postgres/bulk";
import { BackupError, type Restored, type RestoreRequest } from "./backup";
import { contentsOf } from "./contents";
import { load } from "./load";
import { scriptParts } from "./script-reader";
import { scriptSource } from "./script-source";

export interface RestoreOptions {
  readonly programs?: readonly string[];
  /** Dumps what is there; gives a full sentence that says where it went. */
  dumpFirst(): Promise<string>;
}

/** Rejects with a `BackupError` or `DatabaseError`. */
export async function restoreDump({ settings, file, confirmed, replace, noOwner, onProgress, signal }: RestoreRequest, { programs, dumpFirst }: RestoreOptions): Promise<Restored> {
  if (confirmed !== settings.name && (settings.production || confirmed !== settings.database)) {
    throw new BackupError(settings.production
      ? `"${settings.name}" is marked as production: its name must be typed to restore there (--confirm ${settings.name}). Nothing was done.`
      : `Restoring writes into the database ${settings.database}, so its name must be typed (--confirm ${settings.database}). Nothing was done.`, "not confirmed");
  }
  const { title, bytes } = scriptSource(file, { ...(programs && { programs }), ...(signal && { signal }) });
  onProgress?.(`Connecting to ${settings.name}`);
  const session = await openBulkSession(settings, { purpose: "Restoring", ...(signal && { signal }) });
  try {
    const present = await objectsOf(session);
    if (present.length > 0 && replace === undefined) throw new BackupError(`The database ${settings.database} is not empty: it holds ${present.length > 5 ? `${present.slice(0, 5).join(", ")} and ${present.length - 5} more` : present.join(", ")}. Restore into a new database (createdb), or let go of what is there (--replace). Nothing was done.`, "refused");
    const kept = present.length > 0 && replace === "with a dump" ? [await dumpFirst()] : [];
    const { notes } = await load(scriptParts(bytes), session, { title, roles: noOwner === true ? "left out" : "refused", before: present.length > 0 ? await clearing(session) : [], onProgress });
    onProgress?.("Counting rows");
    const { rows } = await contentsOf(session);
    await session.run("commit");
    onProgress?.("Collecting statistics");
    await session.run("analyze").catch(() => undefined);
    const counts = Object.values(rows);
    return { tables: counts.length, rows: counts.reduce((sum, count) => sum + count, 0), notes: [...kept, ...notes] };
  } catch (error) {
    if (signal?.aborted) throw new BackupError("It was cancelled. The database is as it was before.", "cancelled");
    throw error instanceof BackupError && error.kind === "failed" ? new BackupError(`${error.message} The database ${settings.database} is as it was before.`, "failed") : error;
  } finally {
    await session.close();
  }
}

const own = (column: string): string => `${column} in (select oid from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')`;
const notOfExtension = (catalogue: string, oid: string): string => `not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

/** Titles of what a user has made: tables first. */
async function objectsOf(session: BulkSession): Promise<readonly string[]> {
  const kinds = [
    `select case when c.relkind in ('r', 'p') then 0 else 1 end, format('%s %I.%I', case c.relkind when 'v' then 'the view' when 'm' then 'the view' when 'S' then 'the sequence' else 'the table' end, n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${own("n.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
    `select 2, 'the type ' || t.oid::regtype from pg_catalog.pg_type t where t.typtype in ('e', 'd', 'r') and ${own("t.typnamespace")} and ${notOfExtension("pg_type", "t.oid")}`,
    `select 3, 'the function ' || p.oid::regproc from pg_catalog.pg_proc p where ${own("p.pronamespace")} and ${notOfExtension("pg_proc", "p.oid")}`,
    `select 4, format('the schema %I', nspname) from pg_catalog.pg_namespace n where nspname <> 'public' and ${own("n.oid")} and ${notOfExtension("pg_namespace", "n.oid")}`,
  ];
  return (await session.run(`${kinds.join(" union all ")} order by 1, 2`)).at(-1)!.map(([, title]) => title!);
}

/** Statements after which the database is as a new one. The schema `public` gets the owner and privileges that a new one has: https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PUBLIC */
async function clearing(session: BulkSession): Promise<readonly string[]> {
  const sql = (await session.run(`select format('drop event trigger %I', evtname) from pg_catalog.pg_event_trigger
    union all select format('drop publication %I', pubname) from pg_catalog.pg_publication
    union all select format('drop extension if exists %I cascade', extname) from pg_catalog.pg_extension where extname <> 'plpgsql'
    union all select format('drop foreign data wrapper if exists %I cascade', fdwname) from pg_catalog.pg_foreign_data_wrapper
    union all select format('drop schema if exists %I cascade', nspname) from pg_catalog.pg_namespace n where ${own("n.oid")}
    union all select format('select pg_catalog.lo_unlink(%s)', oid) from pg_catalog.pg_largeobject_metadata`)).at(-1)!.map(([statement]) => statement!);
  const modern = session.version.major >= 15;
  return [...sql, `create schema public${modern ? " authorization pg_database_owner" : ""}`, `grant ${modern ? "usage" : "all"} on schema public to public`, "comment on schema public is 'standard public schema'"];
}
