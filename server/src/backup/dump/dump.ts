// A database as one script of SQL, read over the connection: for servers that no installed pg_dump is new enough for. The
// script has pg_dump's own form, so that psql restores it too. It only reads, in the transaction that it is called in.
import type { BulkSession } from "../../databases/bulk";
import { DatabaseError } from "../../databases/database";
import { additions } from "./additions";
import { attachedObjects } from "./attached";
import { catalogueOf, type Catalogue } from "./catalogue";
import { definitions } from "./definitions";
import { ordered, type DumpObject } from "./objects";
import { tables } from "./tables";
import { unsupportedObjects } from "./unsupported";

/** pg_dump's last words, by which a truncated dump is known. */
export const complete = "PostgreSQL database dump complete";

/**
 * What makes the database, in an order in which it can be made. The session is in a REPEATABLE READ transaction. Rejects with a
 * `DatabaseError` ("unsupported") that names what cannot be dumped.
 */
export async function dumpObjects(session: BulkSession): Promise<readonly DumpObject[]> {
  await session.run("set local search_path = ''; set local quote_all_identifiers = off; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3; set local row_security = off; set local bytea_output = hex; set local timezone = 'UTC'; set local synchronize_seqscans = off");
  const catalogue = catalogueOf(session);
  const lost = await unsupportedObjects(catalogue);
  if (lost.length > 0) throw new DatabaseError(`The dump would lose ${lost.length > 5 ? `${lost.slice(0, 5).join(", ")} and ${lost.length - 5} more` : lost.join(", ")}: Plumbline's own way cannot dump these. Install pg_dump ${session.version.major} or later, which can.`, "unsupported");
  const objects = [...(await definitions(catalogue)), ...(await tables(catalogue)), ...(await attachedObjects(catalogue))];
  const ids = new Set(objects.flatMap(({ id, also = [] }) => [id, ...also]));
  const edges = await dependencies(catalogue);
  try {
    return [...ordered(objects, edges), ...ordered(await additions(catalogue, ids), [])];
  } catch (error) {
    throw new DatabaseError(`The dump cannot be put in order, because these depend on each other: ${(error as Error).message}. Install pg_dump ${session.version.major} or later, which can take them apart.`, "unsupported");
  }
}

/** The script in pieces. `onTable` hears of each table before its rows are read. */
export async function* dumpScript(session: BulkSession, objects: readonly DumpObject[], title: string, onTable: (title: string) => void): AsyncGenerator<Uint8Array, void, undefined> {
  yield text(`--\n-- PostgreSQL database dump\n--\n\n-- Dumped from ${session.version.title}\n-- Dumped by ${title}\n\n${settings}\n`);
  for (const object of objects) {
    yield text(`\n--\n-- ${object.title.replace(/\s*\n\s*/g, " ")}\n--\n\n${object.sql.map((sql) => `${sql}\n`).join("")}`);
    if (object.copy === undefined) continue;
    onTable(object.title);
    yield text(`${object.copy.in}\n`);
    yield* session.copyOut(object.copy.out);
    yield text("\\.\n");
  }
  yield text(`\n--\n-- ${complete}\n--\n\n`);
}

/** As in pg_dump's own scripts: nothing depends on who restores it. */
const settings = `SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
`;

function text(sql: string): Uint8Array {
  return Buffer.from(sql);
}

/**
 * Who needs whom, from pg_depend. An array's dependency is its element's, a multirange's its range's, and an extension stands
 * for its members. That a sequence belongs to a column does not count: the column's default needs the sequence.
 */
async function dependencies(catalogue: Catalogue): Promise<readonly (readonly [string, string])[]> {
  const multirange = catalogue.major < 14 ? "" : "union all select 'pg_type'::regclass, rngmultitypid, 'pg_type'::regclass, rngtypid from pg_range union all select 'pg_type'::regclass, m.typarray, 'pg_type'::regclass, rngtypid from pg_range join pg_type m on m.oid = rngmultitypid where m.typarray <> 0";
  const rows = await catalogue.ask(`with alias(class, oid, forclass, foroid) as (
      select 'pg_type'::regclass::oid, typarray, 'pg_type'::regclass::oid, oid from pg_type where typarray <> 0 ${multirange}
      union all select classid, objid, refclassid, refobjid from pg_depend where deptype = 'e')
    select d.classid || ':' || d.objid, coalesce(a.forclass, d.refclassid) || ':' || coalesce(a.foroid, d.refobjid)
    from pg_depend d left join alias a on a.class = d.refclassid and a.oid = d.refobjid
    where d.deptype in ('n', 'a', 'i', 'P', 'S') and d.refobjid >= 16384
    and not (d.deptype in ('a', 'i') and d.classid = 'pg_class'::regclass and exists (select from pg_class where oid = d.objid and relkind = 'S') and d.refclassid = 'pg_class'::regclass)
    and not (d.deptype = 'i' and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_constraint'::regclass)`);
  return rows.map(([from, to]) => [from!, to!] as const);
}
