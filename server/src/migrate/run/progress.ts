// What a run tells while it goes on, and how it ended: for the terminal, the editor and an application that migrates at
// its start.
import type { Migration, MigrationStatement, MigrationStatus } from "../../model/migration";
import type { ShownMigration } from "../plan";

export type RunEvent =
  /** Another runner holds the advisory lock; `holder` names it as pg_stat_activity does. */
  | { readonly kind: "waiting for the runner's lock"; readonly holder?: string }
  | { readonly kind: "migration started"; readonly migration: Migration; readonly direction: "up" | "down" }
  | { readonly kind: "statement started"; readonly migration?: Migration; readonly statement: MigrationStatement; readonly number: number; readonly of: number }
  /** lock_timeout struck: tried again after `pause` milliseconds. */
  | { readonly kind: "lock not granted"; readonly statement: MigrationStatement; readonly attempt: number; readonly pause: number; readonly blockers: readonly string[] }
  /** From pg_stat_progress_create_index: phase as the server has it, `done` from 0 to 1 where it can be told. */
  | { readonly kind: "progress"; readonly phase: string; readonly done?: number; readonly waitsFor?: readonly string[] }
  /** An INVALID index of an interrupted run was dropped, or a finished one recorded. */
  | { readonly kind: "recovered"; readonly message: string }
  | { readonly kind: "notice"; readonly message: string }
  | { readonly kind: "statement ended"; readonly statement: MigrationStatement; readonly milliseconds: number }
  | { readonly kind: "migration ended"; readonly migration: Migration; readonly milliseconds: number };

export interface RunResult {
  /** In the order in which they were applied or taken back, by this run. */
  readonly done: readonly { readonly migration: Migration; readonly milliseconds: number }[];
  /** After the run, whether it came to its end or stopped; where the connection is lost for good, what was read last. */
  readonly status: readonly MigrationStatus[];
}

/** Another tool began these migrations, or their text is another one by now: a person has to say how far they came. The cause of a `RunError` of "stopped before". */
export class UndecidedError extends Error {
  constructor(message: string, readonly migrations: readonly string[]) {
    super(message);
    this.name = "UndecidedError";
  }
}

/** What would run loses data, or is not what was shown: a person has to see it, and confirm `shown`. The cause of a `RunError` of "not confirmed". */
export class UnconfirmedError extends Error {
  override readonly name = "UnconfirmedError";
  constructor(message: string, readonly shown: readonly ShownMigration[]) {
    super(message);
  }
}

/** The run stopped. The message names the migration, file and line, says in which state the database is and what to do; no secret in it. */
export class RunError extends Error {
  constructor(
    message: string,
    readonly kind:
      /** Nothing was done: folder and journal do not fit, or another runner is at work, or a confirmation lacks. */
      | "stopped before" | "locked" | "not confirmed" | "read only" | "pooler"
      /** A statement failed; what that means stands in the message. */
      | "failed" | "verify failed" | "cancelled" | "lost",
    readonly result: RunResult,
    override readonly cause?: unknown,
  ) {
    super(message);
    this.name = "RunError";
  }
}
