// One runner at a time for one database: a session advisory lock, which the server frees when its session ends, however
// that comes about. It is asked for again and again: a session that waits in pg_advisory_lock() holds a snapshot, for
// which the other runner's CREATE INDEX CONCURRENTLY would wait in turn.
import { setTimeout as pause } from "node:timers/promises";
import { SessionError, type Session } from "../../databases/session";
import type { MigrationFormat } from "../../model/migration";
import { processesSql, processTitles } from "./processes";
import type { RunEvent } from "./progress";

/** The same for all versions of Plumbline, so that they exclude each other; and Prisma's own, which its engine takes: schema-engine, `acquire_lock`. */
const plumblineKey = 7_075_862_547;
const prismaKey = 72_707_369;

export interface LockOptions {
  /** Milliseconds that another runner is waited for. */
  readonly patience: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Another runner kept the lock for longer than that. */
export class LockHeldError extends Error {
  override readonly name = "LockHeldError";
  constructor(
    /** "process 4711 (user app, application plumbline, …)". */
    readonly holder: string | undefined,
  ) {
    super(`Another runner is at work on this database: ${holder ?? "it has just ended, or another user's session hides it"}.`);
  }
}

/** Takes the locks for as long as the session lasts. Rejects with a `LockHeldError` or a `SessionError`. */
export async function takeLock(session: Session, format: MigrationFormat, { patience, signal, onEvent }: LockOptions): Promise<void> {
  for (const key of format === "prisma" ? [plumblineKey, prismaKey] : [plumblineKey]) {
    let told: string | undefined;
    for (const start = Date.now(); ; ) {
      const holders = `${processesSql("holder.pid", "held_for")} from pg_catalog.pg_locks holder join pg_catalog.pg_stat_activity a on a.pid = holder.pid where ${isHeld(key)}`;
      const [taken, others] = await session.run(`select pg_catalog.pg_try_advisory_lock(${key}); ${holders}`, signal);
      if (taken!.rows[0]![0] === "t") break;
      const holder = processTitles(others!.rows)[0];
      if (Date.now() - start >= patience) throw new LockHeldError(holder ?? told);
      if (told === undefined || (holder !== undefined && holder.split(",")[0] !== told.split(",")[0])) onEvent?.({ kind: "waiting for the runner's lock", ...(holder !== undefined && { holder }) });
      told = holder ?? told ?? "";
      await pause(Math.min(200, patience), undefined, { signal }).catch(() => {
        throw new SessionError("It was cancelled while it waited for another runner.", "cancelled");
      });
    }
  }
}

/**
 * Ends what is left of a session whose connection broke: it may be at work still, and would commit after the journal was
 * read. Nothing happens to other runners: theirs is another process number.
 */
export async function endSession(session: Session, backend: number): Promise<void> {
  await session.run(`select pg_catalog.pg_terminate_backend(holder.pid) from pg_catalog.pg_locks holder where ${isHeld(plumblineKey)} and holder.pid = ${backend}`);
}

/** pg_locks shows a key of 64 bits in halves: https://www.postgresql.org/docs/current/view-pg-locks.html */
function isHeld(key: number): string {
  const [high, low] = [Math.floor(key / 2 ** 32), key % 2 ** 32];
  return `holder.locktype = 'advisory' and holder.granted and holder.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) and holder.classid = ${high} and holder.objid = ${low} and holder.objsubid = 1`;
}
