// What a running database knows besides its schema: rows, sizes, scans, statistics. Beside the model, never in it, so that
// a model can be compared. Plain data; sizes in bytes, times in milliseconds since 1970 by the server's clock.
import type { QualifiedName } from "./schema";

export interface DatabaseFacts {
  /** When they were read. */
  readonly readAt: number;
  /** Since when scans are counted (pg_stat_database.stats_reset, else the server's start); undefined where the server does not say. */
  readonly countedSince?: number;
  readonly database: ServerFacts;
  readonly tables: readonly TableFacts[];
  readonly indexes: readonly IndexFacts[];
  readonly sequences: readonly SequenceFacts[];
}

export interface ServerFacts {
  /** As server_version_num has it: 150013. */
  readonly version: number;
  readonly size: number;
  readonly connections: number;
  readonly maximumConnections: number;
  /** Locks that all transactions together may hold. */
  readonly lockEntries: number;
}

export interface TableFacts {
  readonly table: QualifiedName;
  /** Estimate (reltuples); undefined where the table was never analysed. */
  readonly rows?: number;
  /** The table without its indexes, TOAST included. */
  readonly size: number;
  readonly indexSize: number;
  readonly sequentialScans: number;
  /** Rows that those scans have read. */
  readonly sequentialRows: number;
  readonly indexScans: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows changed since the last ANALYZE. */
  readonly changedSinceAnalyze: number;
  /** By hand or by autovacuum, the later one. */
  readonly lastAnalyzed?: number;
  readonly deadRows: number;
}

export interface IndexFacts {
  readonly table: QualifiedName;
  readonly name: string;
  readonly size: number;
  readonly scans: number;
  /** Being built now (pg_stat_progress_create_index). */
  readonly building: boolean;
  /** Estimate of the bytes that a fresh build would save; undefined where it cannot be told (no statistics, not a btree). */
  readonly bloat?: number;
}

/** A sequence, of an identity or serial column or on its own. */
export interface SequenceFacts {
  readonly sequence: QualifiedName;
  readonly column?: { readonly table: QualifiedName; readonly name: string; /** As format_type spells it. */ readonly type: string };
  /** Undefined before the first use, or without the right to read it. */
  readonly lastValue?: number;
  /** The last value that it may hand out: the smaller one of its own bound and its column's type. */
  readonly maximum: number;
}
