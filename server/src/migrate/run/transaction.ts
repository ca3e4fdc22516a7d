// Statements and their record in one transaction. A lock that is not granted in time ends the attempt and not the run:
// everything is taken back, so that those who queue behind go on, and tried again after a while.
import { setTimeout as pause } from "node:timers/promises";
import { SessionError, type StatementResult } from "../../databases/session";
import type { MigrationPart } from "../../model/migration";
import { tableKey } from "../../model/table-key";
import type { ParsedStatement } from "../../sql/parser";
import { StepError, type Work } from "./context";
import { composed, culprit, own, type Piece } from "./message";
import { holdersSql, processTitles } from "./processes";
import { changesSettings } from "./steps";
import { checkVerifyResults, verifyPieces } from "./verify";

export interface Transaction {
  readonly statements: readonly ParsedStatement[];
  /** What records it: in the same transaction. Milliseconds since it began; undefined: all is one message, so that the server alone can tell. */
  readonly record: (milliseconds: number | undefined) => readonly string[];
  /** Checked before it is committed. */
  readonly verify?: MigrationPart;
  /** Role and settings are those of the session's beginning. */
  readonly fresh: boolean;
  /** Sent behind its COMMIT in the same message, so that it costs no round trip. */
  readonly after?: readonly Piece[];
  /** For the events: the number of its first statement, and of how many. */
  readonly first: number;
  readonly of: number;
}

/** Gives what the last message gave. Rejects with a `StepError` when everything is taken back, or with a "lost" `SessionError` when nobody knows. */
export async function runTransaction(work: Work, transaction: Transaction): Promise<readonly StatementResult[]> {
  const { emit, signal, session } = work;
  const start = Date.now();
  for (let attempt = 1; ; attempt++) {
    const pieces: Piece[] = [];
    try {
      return await attemptTransaction(work, transaction, pieces);
    } catch (error) {
      if (!(error instanceof SessionError) || error.kind === "lost") throw error;
      const found = culprit(pieces, error);
      const statement = found?.statement ?? transaction.statements[0];
      const retry = error.kind === "refused" && isContention(error) && statement !== undefined;
      const blockers = await takeBack(work, retry ? statement : undefined);
      if (!retry) throw new StepError(error, found?.statement, found?.offset, [], error.kind === "cancelled" ? "cancelled" : "failed");
      const wait = pauseBefore(attempt + 1);
      if (Date.now() + wait - start > work.lockPatience) throw new StepError(error, statement, undefined, gaveUp(attempt, Date.now() - start, blockers, work));
      emit({ kind: "lock not granted", statement, attempt, pause: wait, blockers });
      await pause(wait, undefined, { signal }).catch(() => {
        throw new StepError(new SessionError("It was cancelled.", "cancelled"), statement, undefined, [], "cancelled");
      });
      if (!session.open) throw new SessionError("The connection was lost while the runner waited.", "lost");
    }
  }
}

/** Milliseconds: a fifth of a second, doubled each time, three seconds at most, so that those who were stalled come through in between. */
function pauseBefore(attempt: number): number {
  return Math.round(Math.min(200 * 2 ** (attempt - 2), 3_000) * (0.75 + Math.random() / 2));
}

/** lock_not_available, deadlock_detected, serialization_failure: others were in the way, and the next attempt may come through. */
function isContention({ code }: SessionError): boolean {
  return code === "55P03" || code === "40P01" || code === "40001";
}

/** Sends it in as few messages as possible; `sent` holds the pieces of the last one. */
async function attemptTransaction(work: Work, { statements, record, verify, after = [], fresh, first, of }: Transaction, sent: Piece[]): Promise<readonly StatementResult[]> {
  const { session, emit, signal, lockTimeout } = work;
  const bound = `set local lock_timeout = ${lockTimeout}`;
  const send = async (pieces: readonly Piece[]) => {
    sent.splice(0, sent.length, ...pieces);
    return session.run(composed(pieces), signal);
  };
  const head = own(...(fresh ? session.reset : []), "begin", bound);
  const tail = (milliseconds: number | undefined): readonly Piece[] => own(...(fresh && statements.some(changesSettings) ? [...session.reset, bound] : []), ...record(milliseconds), "commit").concat(after);
  const batches = batchesOf(statements);
  const start = Date.now();
  let number = first;
  for (const [at, batch] of batches.entries()) {
    const pieces = batch.flatMap((statement): readonly Piece[] => [{ sql: statement.sql, statement }, ...(changesSettings(statement) ? own(capSql(lockTimeout)) : [])]);
    const last = at === batches.length - 1 && !verify && !batch.some(isHeavy);
    batch.forEach((statement, position) => emit({ kind: "statement started", statement, number: number + position, of }));
    const began = Date.now();
    const results = await send([...(at === 0 ? head : []), ...pieces, ...(last ? tail(batches.length === 1 ? undefined : Date.now() - start) : [])]);
    number += batch.length;
    for (const statement of batch) emit({ kind: "statement ended", statement, milliseconds: Math.round((Date.now() - began) / batch.length) });
    if (last) return results;
  }
  if (batches.length === 0 && !verify) return send([...head, ...tail(undefined)]);
  if (batches.length === 0) await send(head);
  if (verify) {
    const pieces = verifyPieces(verify, work.parser);
    checkVerifyResults(pieces, await send(pieces));
  }
  return send(tail(Date.now() - start));
}

/** A file's own lock_timeout is meant for runners that do not try again: the smaller bound counts. */
function capSql(lockTimeout: number): string {
  return `select pg_catalog.set_config('lock_timeout', '${lockTimeout}', true) from pg_catalog.pg_settings where name = 'lock_timeout' and (setting::bigint = 0 or setting::bigint > ${lockTimeout})`;
}

/** A heavy statement goes alone, so that its beginning and end can be told; the others together, so that locks are held for no round trip more than needed. */
function batchesOf(statements: readonly ParsedStatement[]): readonly (readonly ParsedStatement[])[] {
  const made = new Set<string>();
  const batches: ParsedStatement[][] = [];
  let size = Infinity;
  for (const statement of statements) {
    const alone = isHeavy(statement) && !statement.effect.locks.every(({ table }) => made.has(tableKey(table)));
    for (const table of statement.effect.creates) made.add(tableKey(table));
    if (alone || size + statement.sql.length > 1_000_000) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)!.push(statement);
    size = alone ? Infinity : size + statement.sql.length;
  }
  return batches;
}

function isHeavy({ effect }: ParsedStatement): boolean {
  return effect.work !== "nothing" && effect.work !== "unknown";
}

/** Rolls back and, in the same round trip, asks who holds the statement's tables. */
async function takeBack({ session }: Work, statement: ParsedStatement | undefined): Promise<readonly string[]> {
  if (!statement) {
    await session.run("rollback");
    return [];
  }
  const results = await session.run(`rollback; ${holdersSql(statement.effect.locks)}`);
  return processTitles(results.at(-1)!.rows);
}

function gaveUp(attempts: number, milliseconds: number, blockers: readonly string[], { lockTimeout }: Work): readonly string[] {
  const who = blockers.length === 0 ? "Who held them could not be told; pg_locks shows it." : `They are held by ${blockers.join("; ")}.`;
  return [`The locks that it needs were not granted within ${lockTimeout} ms in ${attempts} attempts over ${Math.round(milliseconds / 1000)} s.`, who, "Run it again when those have ended, or end them (select pg_terminate_backend(…))."];
}
