// What a run is given, what it carries along, and how its steps fail: between runner.ts and the files that carry steps out.
import type { Session, SessionError } from "../../databases/session";
import type { Migration, MigrationFolder, MigrationStatus } from "../../model/migration";
import type { ParsedStatement, SqlParser } from "../../sql/parser";
import type { Journal } from "../journal/journal";
import type { ShownMigration } from "../plan";
import type { DatabaseRecord } from "../record";
import type { RunEvent } from "./progress";
import type { Steps } from "./steps";

export interface RunContext {
  readonly folder: MigrationFolder;
  readonly parser: SqlParser;
  /** Who runs, as the journal records it: "anna@laptop". */
  readonly by: string;
  /** Opens a session (`openSession`, `openScratch`); once more where a connection was lost. */
  connect(signal?: AbortSignal): Promise<Session>;
}

export interface RunOptions {
  readonly lossesConfirmed: boolean;
  /** What was confirmed: nothing else is carried out. Undefined: whatever is pending when the run begins. */
  readonly shown?: readonly ShownMigration[];
  /** The name that was typed; must be the session's where that is marked production. */
  readonly confirmed?: string;
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
  /** Called when the lock is held and nothing stands in the way, before anything is changed: for a backup. What it rejects with ends the run. */
  readonly before?: (work: readonly { readonly migration: Migration; readonly losses: readonly string[] }[]) => Promise<void>;
  /** Milliseconds. How long a statement waits for a lock, and so stalls those behind it: 300 by default. */
  readonly lockTimeout?: number;
  /** How long a migration is tried again for whose locks others stand in the way: a minute by default. */
  readonly lockPatience?: number;
  /** How long another runner is waited for: ten seconds by default. */
  readonly runnerPatience?: number;
}

/** One migration in one direction. */
export interface Task {
  readonly migration: Migration;
  readonly direction: "up" | "down";
  readonly steps: Steps;
  /** Its owner's table says that it was begun. */
  readonly begun: boolean;
  /** What was begun is not run: it is recorded as this. */
  readonly resolved?: "applied" | "rolled back";
  /** What another tool began has left nothing behind: it is run from its beginning. */
  readonly untouched?: boolean;
}

/** What folder and database say of each other. */
export interface State extends Omit<DatabaseRecord, "applied"> {
  readonly status: readonly MigrationStatus[];
  /** Entries of the server's lock table. */
  readonly grantedLocks: number;
}

/** What carrying out a step needs. */
export interface Work {
  readonly session: Session;
  readonly parser: SqlParser;
  readonly folder: MigrationFolder;
  readonly journal: Journal;
  readonly by: string;
  readonly signal?: AbortSignal;
  readonly lockTimeout: number;
  readonly lockPatience: number;
  emit(event: RunEvent): void;
}

/** A step could not be carried out, and what it did was taken back. */
export class StepError extends Error {
  override readonly name = "StepError";
  constructor(
    override readonly cause: SessionError | Error,
    /** Undefined: it was none of the migration's, but recording it, or COMMIT. */
    readonly statement: ParsedStatement | undefined,
    /** UTF-16 offset in the statement. */
    readonly offset?: number,
    /** Full sentences: who stood in the way, what was left behind, what to do. */
    readonly remarks: readonly string[] = [],
    readonly kind: "failed" | "cancelled" | "verify failed" = "failed",
  ) {
    super(cause.message);
  }
}
