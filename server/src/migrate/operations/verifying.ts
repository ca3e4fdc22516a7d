// What a target is in truth, beside what its record says: whether what was made is there, INVALID indexes, and the
// migrations' own verify queries. It changes nothing.
import type { Session } from "../../databases/session";
import type { MigrationFolder } from "../../model/migration";
import type { SqlParser } from "../../sql/parser";
import { readState } from "../run/runner";
import { verifyMigration } from "../run/verify";
import { missingObjects } from "./existing";
import type { Verification } from "./operations";
import type { ScratchPlace } from "./reading";

const pooled = "This was read through a transaction pooler, in several transactions: what another run changed meanwhile may show in some of it alone, and whether one is at work cannot be told. To run migrations the direct address is needed.";

/** Rejects with a `SessionError`, or a `DatabaseError` where the embedded database cannot run. */
export async function verification(session: Session, folder: MigrationFolder, parser: SqlParser, scratch: ScratchPlace, signal?: AbortSignal): Promise<Verification> {
  const { status, invalidIndexes } = await readState(session, { folder });
  const problems = folder.problems.map(({ message }) => message);
  for (const { message } of status) if (message !== undefined) problems.push(message);
  problems.push(...invalidIndexes);
  for (const { state, migration } of status) if (state === "applied" && migration) problems.push(...(await verifyMigration(session, migration, parser, signal)));
  const missing = await missingObjects(session, folder, status, parser, scratch, signal);
  return { status, problems: [...problems, ...missing.problems], notes: [...missing.notes, ...(session.server.transactionPooler ? [pooled] : [])] };
}
