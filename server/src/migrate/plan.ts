// What a run would do, statement by statement: plain data for the preview document, the terminal and the editor.
import type { LockMode, Migration, MigrationStatement } from "../model/migration";

export interface PlannedStatement {
  readonly statement: MigrationStatement;
  /** The strongest lock and its table; absent where it takes none that anybody could notice. */
  readonly lock?: { readonly table: string; readonly mode: LockMode };
  /** "readers and writers", "writers", "other DDL": whom the lock stalls. */
  readonly blocks: "nobody" | "other DDL" | "writers" | "readers and writers";
  /** Of the locked table, in bytes and rows, where the database knows. */
  readonly size?: number;
  readonly rows?: number;
  /** Estimates in milliseconds; the plan says from which constants. */
  readonly duration?: number;
  readonly blocking?: number;
}

export interface PlannedMigration {
  readonly migration: Migration;
  readonly transaction: "one" | "none";
  readonly statements: readonly PlannedStatement[];
  /** Whether `down` takes it back: "yes", or why not. */
  readonly undo: "yes" | string;
  readonly losses: readonly string[];
}

export interface Plan {
  readonly direction: "up" | "down";
  readonly migrations: readonly PlannedMigration[];
  /** Locks that one transaction needs at most, beside what the server grants (max_locks_per_transaction × (max_connections + max_prepared_transactions)). */
  readonly lockBudget: { readonly needed: number; readonly granted?: number };
  /** Full sentences: what stops the run before it begins. */
  readonly obstacles: readonly string[];
}
