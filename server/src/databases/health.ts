// Reads how a database is doing, for the terminal's report and the editor's page. It judges nothing: the rules do that.
import type { Health, StatementFacts } from "../model/health";
import { DatabaseError, type Database } from "./database";
import { redact } from "./connections/redact";

/** How many of the slowest statements are read. */
const slowest = 20;

/** Facts and slowest statements; rejects with a `DatabaseError` where the facts cannot be read. Two round trips, a third one for pg_stat_statements. */
export async function readHealth(database: Database, signal?: AbortSignal): Promise<Health> {
  const { reading, facts } = await database.readAll(signal);
  const { statements, problem } = await readStatements(database, signal);
  return {
    name: database.name,
    server: reading.server.title,
    facts,
    ...(statements && { statements }),
    problems: [...reading.problems, ...(problem === undefined ? [] : [problem])],
  };
}

/** https://www.postgresql.org/docs/current/pgstatstatements.html */
async function readStatements(database: Database, signal?: AbortSignal): Promise<{ readonly statements?: readonly StatementFacts[]; readonly problem?: string }> {
  // Version 1.7 of the extension, which an upgraded server may still have, says total_time.
  const [found] = await database.query(`
    select quote_ident(n.nspname) || '.pg_stat_statements', exists (
      select from pg_attribute a where a.attrelid = c.oid and a.attname = 'total_exec_time')
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      join pg_class c on c.relnamespace = n.oid and c.relname = 'pg_stat_statements'
    where e.extname = 'pg_stat_statements'`, [], signal);
  if (!found) return {};
  const time = found[1] === true ? "total_exec_time" : "total_time";
  try {
    // Statements that define things may hold passwords, which the server does not replace by placeholders.
    const rows = await database.query(`
      select s.queryid::text, left(s.query, 2000), s.calls::float8, s.${time}::float8, s.rows::float8 from ${String(found[0])} s
      where s.dbid = (select d.oid from pg_database d where d.datname = current_database()) and s.queryid is not null
        and s.query ~* '^\\s*(select|insert|update|delete|merge|with)\\M'
      order by s.${time} desc limit ${slowest}`, [], signal);
    return { statements: rows.map(([id, text, calls, total, count]) => ({ id: String(id), text: redact(String(text).replace(/\s+/g, " ").trim()), calls: Number(calls), time: Number(total), rows: Number(count) })) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "cancelled" || error.kind === "lost") throw error;
    return { problem: `The slowest statements could not be read. ${error.message}` };
  }
}
