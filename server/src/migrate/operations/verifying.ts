// What a target is in truth, beside what its record says: whether what was made is there, INVALID indexes, and the
// migrations' own verify queries. It changes nothing.
import type { Session } from "../../databases/session";
import type { MigrationFolder } from "../../model/migration";
import type { SqlParser } from "../../sql/parser";
import { leftoverAdvice, reindexLeftover } from "../reindex-leftover";
import { readState } from "../run/runner";
import { verifyMigration } from "../run/verify";
import { missingObjects } from "./existing";
import type { Verification } from "./operations";
import type { ScratchPlace } from "./reading";

const invalidIndexes = `select format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), c.relname, (select pg_catalog.json_agg(other.relname) from pg_catalog.pg_index o join pg_catalog.pg_class other on other.oid = o.indexrelid where o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid)
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace where not i.indisvalid and n.nspname !~ '^pg_' order by 1`;

function invalidProblem([index, table, name, others]: readonly (string | null)[]): string {
  const leftover = reindexLeftover(name!, JSON.parse(others ?? "[]") as string[]);
  if (leftover) return leftoverAdvice(`The index ${index} of ${table}`, leftover.original, leftover);
  return `The index ${index} of ${table} is INVALID: it serves no query, and is kept up to date all the same. Rebuild it (REINDEX INDEX CONCURRENTLY), or drop it and run its migration again.`;
}

/** Rejects with a `SessionError`, or a `DatabaseError` where the embedded database cannot run. */
export async function verification(session: Session, folder: MigrationFolder, parser: SqlParser, scratch: ScratchPlace, signal?: AbortSignal): Promise<Verification> {
  const { status } = await readState(session, { folder });
  const problems = folder.problems.map(({ message }) => message);
  for (const { message } of status) if (message !== undefined) problems.push(message);
  problems.push(...(await session.run(invalidIndexes, signal)).at(-1)!.rows.map(invalidProblem));
  for (const { state, migration } of status) if (state === "applied" && migration) problems.push(...(await verifyMigration(session, migration, parser, signal)));
  const missing = await missingObjects(session, folder, status, parser, scratch, signal);
  return { status, problems: [...problems, ...missing.problems], notes: missing.notes };
}
