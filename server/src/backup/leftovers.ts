// Temporary databases of verifications: each carries a mark that names the session that keeps it, so that what a killed one
// has left is known from what another one is at work with. Nothing without that mark is ever dropped.
import type { BulkSession } from "../databases/bulk";
import { literal, postgres } from "../dialects/postgres";

/** As verifications name them. */
const named = "^plumbline_verify_[0-9a-f]{12}$";
const mark = "Made by plumbline backup verify, and dropped by it; kept by session ";
/** Of pg_stat_activity as `a`: no other session ever has the same. */
const identity = "a.pid || ' of ' || extract(epoch from a.backend_start)";

/** To be called by the session that stays connected as long as the database is in use. */
export async function markTemporary(keeper: BulkSession, database: string): Promise<void> {
  const [rows] = await keeper.run(`select ${identity} from pg_catalog.pg_stat_activity a where a.pid = pg_catalog.pg_backend_pid()`);
  await keeper.run(`comment on database ${postgres.quote(database)} is ${literal(mark + rows![0]![0]!)}`);
}

/** Drops what killed verifications have left on this server. Gives full sentences: what was dropped, and what was found and left. */
export async function dropLeftovers(keeper: BulkSession): Promise<readonly string[]> {
  // Of other users' sessions only the process number is shown: then that decides.
  const [rows] = await keeper.run(`select d.datname, pg_catalog.shobj_description(d.oid, 'pg_database') like ${literal(`${mark}%`)} from pg_catalog.pg_database d
    where d.datname ~ ${literal(named)} and pg_catalog.pg_has_role(d.datdba, 'usage') and not exists (select from pg_catalog.pg_stat_activity a where a.datid = d.oid
      or pg_catalog.shobj_description(d.oid, 'pg_database') = ${literal(mark)} || ${identity} or (a.backend_start is null and pg_catalog.shobj_description(d.oid, 'pg_database') like ${literal(mark)} || a.pid || ' of %')) order by 1`);
  const notes: string[] = [];
  for (const [database, marked] of rows ?? []) {
    if (marked !== "t") {
      notes.push(`The server has a database ${database} that nothing marks as Plumbline's: it was left alone. If a verification was killed there and nobody needs it, drop it by hand.`);
      continue;
    }
    // Without FORCE: whoever has connected meanwhile keeps it.
    const failure = await keeper.run(`drop database if exists ${postgres.quote(database!)}`).then(() => undefined, (error: Error) => error.message);
    notes.push(failure === undefined ? `The database ${database}, which a killed verification had left, was dropped.` : `The database ${database}, which a killed verification had left, could not be dropped: ${failure}`);
  }
  return notes;
}
