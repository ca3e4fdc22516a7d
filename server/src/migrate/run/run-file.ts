// Runs a SQL file that belongs to no folder: under the runner's lock, with bounded waits for locks, statement by statement or
// in one transaction. Nothing is recorded, so running it again does everything again.
import { basename, dirname } from "node:path/posix";
import { DatabaseError } from "../../databases/database";
import { PoolerError } from "../../databases/postgres/session";
import { SessionError } from "../../databases/session";
import type { Migration, MigrationFolder, MigrationPart } from "../../model/migration";
import type { ParsedStatement } from "../../sql/parser";
import { journalOf } from "../journal";
import { hashOf } from "../journal/marker";
import { LockHeldError, takeLock } from "./advisory-lock";
import { StepError, type RunContext, type RunOptions, type Work } from "./context";
import { adviceFor, placeOf, sentence } from "./failure";
import { fileUnits } from "./file-units";
import { runOutside } from "./outside";
import { RunError, UnconfirmedError } from "./progress";
import { unlikeShown } from "./shown";
import { PartError, transactionsOf } from "./steps";
import { runTransaction } from "./transaction";
import { verifyMigration, verifyPieces } from "./verify";

export interface FileRun {
  readonly file: MigrationPart;
  readonly transaction: boolean;
  /** The SELECT of `--expect`. */
  readonly expect?: string;
}

/** The folder that the file would be, for places and plans. */
export function folderOfFile(part: MigrationPart): MigrationFolder & { readonly migrations: readonly [Migration] } {
  const migration: Migration = { id: basename(part.file), version: "", up: part, irreversible: "It is run by hand and recorded nowhere, so nothing takes it back.", checksums: [] };
  return { folder: dirname(part.file), format: "sql", dialect: "postgresql", migrations: [migration], journal: { schema: "public", name: "schema_migrations" }, problems: [] };
}

/** How many statements were carried out. Rejects with a `RunError`. */
export async function runFile({ file, transaction, expect }: FileRun, context: Omit<RunContext, "folder">, options: RunOptions): Promise<number> {
  const folder = folderOfFile(file);
  const [migration] = folder.migrations;
  const fail = (message: string, kind: RunError["kind"], cause?: unknown): RunError => new RunError(message, kind, { done: [], status: [] }, cause);
  const place = (offset: number): string => placeOf({ folder }, file, offset);
  const expected: MigrationPart | undefined = expect === undefined ? undefined : { sql: expect, file: "--expect", start: 0, end: expect.length };
  let units: ReturnType<typeof fileUnits>;
  try {
    units = fileUnits(file.sql, transaction, context.parser);
  } catch (error) {
    if (error instanceof PartError) throw fail(`Nothing was run. ${place(error.offset)}: ${error.message}`, "stopped before", error);
    throw error;
  }
  try {
    if (expected && verifyPieces(expected, context.parser).length === 0) throw new PartError("It is empty.", 0);
  } catch (error) {
    if (error instanceof PartError) throw fail(`Nothing was run. --expect takes a SELECT whose first value is true: ${error.message}`, "stopped before", error);
    throw error;
  }
  const statements = transactionsOf(units).flat();
  const losses = statements.flatMap(({ effect, start }) => (effect.loss === undefined ? [] : [{ at: start, loss: effect.loss }]));
  const session = await context.connect(options.signal).catch((error: unknown) => {
    throw fail((error as Error).message, error instanceof PoolerError ? "pooler" : error instanceof DatabaseError && error.kind === "cancelled" ? "cancelled" : "stopped before", error);
  });
  let done = 0;
  let current: ParsedStatement | undefined;
  try {
    if (session.production && options.confirmed !== session.name) throw fail(`"${session.name}" is marked as production: its name must be typed to change it (--confirm ${session.name}).`, "not confirmed");
    if (session.server.readOnly) throw fail(`"${session.name}" is read only (a standby, or default_transaction_read_only), so nothing can be changed there. Use the primary's address, or another user.`, "read only");
    const shown = [{ id: migration.id, hash: hashOf(file) }];
    const unseen = options.shown && unlikeShown(shown, options.shown);
    if (unseen !== undefined) throw fail(`Nothing was run. ${unseen}`, "not confirmed", new UnconfirmedError(unseen, shown));
    if (losses.length > 0 && !options.lossesConfirmed) throw fail(`Nothing was run: what is lost for good must be confirmed. ${losses.map(({ at, loss }) => `${place(at)}: ${loss}`).join(" ")}`, "not confirmed");
    session.onNotice((message) => options.onEvent?.({ kind: "notice", message }));
    await takeLock(session, "sql", { patience: options.runnerPatience ?? 10_000, signal: options.signal, onEvent: options.onEvent });
    const work: Work = {
      session, parser: context.parser, folder, journal: journalOf(folder), by: context.by, signal: options.signal,
      lockTimeout: options.lockTimeout ?? 300, lockPatience: options.lockPatience ?? 60_000, emit: (event) => options.onEvent?.(event),
    };
    await options.before?.([{ migration, losses: losses.map(({ loss }) => loss) }]);
    for (const unit of units) {
      const first = done + 1;
      if (unit.kind === "transaction") {
        [current] = unit.statements;
        await runTransaction(work, { statements: unit.statements, record: () => [], fresh: false, first, of: statements.length, ...(transaction && expected && { verify: expected }) });
        done += unit.statements.length;
        continue;
      }
      current = unit.statement;
      const start = Date.now();
      work.emit({ kind: "statement started", statement: unit.statement, number: first, of: statements.length });
      if (unit.kind === "outside") await runOutside(work, unit.statement, false);
      else await session.run(unit.statement.sql, options.signal);
      work.emit({ kind: "statement ended", statement: unit.statement, milliseconds: Date.now() - start });
      done++;
    }
    current = undefined;
    const problems = expected && (!transaction || units.length === 0) ? await verifyMigration(session, { ...migration, verify: expected }, context.parser, options.signal) : [];
    if (problems.length > 0) throw fail(`${problems.map(sentence).join(" ")} What was run is done and stays.`, "verify failed");
    return done;
  } catch (error) {
    throw runError(error);
  } finally {
    await session.close();
  }

  function runError(error: unknown): unknown {
    if (error instanceof LockHeldError) return fail(`Nothing was run. ${error.message} Wait for it to end, then run this again.`, "locked", error);
    if (error instanceof StepError) return fail(failure(error.cause, error.statement, error.offset, error.remarks, error.kind), error.kind, error);
    if (!(error instanceof SessionError)) return error;
    if (error.kind !== "lost") return fail(failure(error, current, error.offset, [], error.kind === "cancelled" ? "cancelled" : "failed"), error.kind === "cancelled" ? "cancelled" : "failed", error);
    const known = done === 0 ? "Nothing before it was run." : `The ${done} before it are done.`;
    const what = transaction ? "the transaction with all of them" : `statement ${done + 1} of ${statements.length}${current ? ` (${place(current.start)})` : ""}`;
    return fail(`${error.message} Whether ${what} was carried out is not known: look at the database before you run the file again. ${transaction ? "" : known}`.trim(), "lost", error);
  }

  /** What happened, in which state the database is, and what to do. */
  function failure(cause: SessionError | Error, statement: ParsedStatement | undefined, offset: number | undefined, remarks: readonly string[], kind: StepError["kind"]): string {
    if (kind === "verify failed") return `${sentence(cause.message).replace(/^The verify query/, "What --expect asks")} Everything was rolled back: the database is as it was before.`;
    const { code, detail, hint } = cause instanceof SessionError ? cause : { code: undefined, detail: undefined, hint: undefined };
    const number = statement ? statements.indexOf(statement) + 1 : done;
    const what = statement ? `${place(statement.start + (offset ?? 0))}: statement ${number} of ${statements.length}, ${statement.effect.title},` : "It";
    const said = kind === "cancelled" ? `${what} was cancelled.` : `${what} failed: ${sentence(cause.message)}${code === undefined ? "" : ` (${code})`}`;
    const state = transaction || done === 0
      ? "Everything was rolled back: the database is as it was before."
      : `The ${done === 1 ? "statement" : `${done} statements`} before ${unitSize() > 1 ? "its transaction" : "it"} ${done === 1 ? "is" : "are"} done and ${done === 1 ? "stays" : "stay"}; this was taken back. Correct it, and run what is left in a file of its own.`;
    const more = [detail, hint].filter((one): one is string => one !== undefined && !remarks.includes(one)).map(sentence);
    return [said, ...more, ...remarks.map(sentence), ...adviceFor(code), state].join(" ");
  }

  function unitSize(): number {
    const unit = units.find((one) => one.kind === "transaction" && current !== undefined && one.statements.includes(current));
    return unit?.kind === "transaction" ? unit.statements.length : 1;
  }
}
