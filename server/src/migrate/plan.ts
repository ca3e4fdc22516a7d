// What a run would do, statement by statement: plain data for the preview document, the terminal and the editor.
import type { Migration, LockMode, MigrationStatement } from "../model/migration";
import type { Blocks } from "./estimate";

export interface PlannedStatement {
  readonly statement: MigrationStatement;
  /** Which of its migration's transactions holds it, from 1; absent: none does. */
  readonly transaction?: number;
  /** The strongest lock and its table; absent where it takes none that anybody could notice. */
  readonly lock?: { readonly table: string; readonly mode: LockMode };
  /** Whom the lock stalls: "readers and writers", "writers", "other DDL". */
  readonly blocks: Blocks;
  /** Of the locked table, in bytes and rows, where the database knows. */
  readonly size?: number;
  readonly rows?: number;
  /** Estimates in milliseconds from the constants in estimate.ts. `blocking`: from the lock to the end of its transaction; 0 where nobody who reads or writes is stalled. */
  readonly duration?: number;
  readonly blocking?: number;
}

export interface PlannedMigration {
  readonly migration: Migration;
  /** Of the text that would run: a run that was agreed to on seeing this runs nothing else. */
  readonly hash: string;
  /** "none": not all of it can be in one transaction, so it runs step by step, and how far it came is marked. */
  readonly transaction: "one" | "none";
  readonly statements: readonly PlannedStatement[];
  /** Whether `down` takes it back: "yes", or a full sentence why not. */
  readonly undo: "yes" | string;
  /** It was begun, and the run goes on with it: full sentences on how. */
  readonly begun?: string;
  /** Full sentences: what is lost for good. */
  readonly losses: readonly string[];
}

/** A migration as somebody was shown it. */
export type ShownMigration = Pick<PlannedMigration, "hash"> & { readonly id: string };

/** What a plan shows, for the run that it was agreed to for. */
export function shownIn({ migrations }: Pick<Plan, "migrations">): readonly ShownMigration[] {
  return migrations.map(({ migration: { id }, hash }) => ({ id, hash }));
}

export interface Plan {
  readonly direction: "up" | "down";
  /** Name of the database that it is for. */
  readonly database: string;
  /** Runs only after its name was typed. */
  readonly production: boolean;
  readonly migrations: readonly PlannedMigration[];
  /** Locks that one transaction needs at most, beside what the server grants (max_locks_per_transaction × (max_connections + max_prepared_transactions)). */
  readonly lockBudget: { readonly needed: number; readonly granted?: number };
  /** Full sentences: what stops the run before it begins. */
  readonly obstacles: readonly string[];
}
