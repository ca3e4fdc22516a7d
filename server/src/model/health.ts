// How a database is doing beside its schema: its facts, and the statements that cost it most. Plain data.
import type { DatabaseFacts } from "./facts";

export interface Health {
  /** Name of the connection. */
  readonly name: string;
  /** "PostgreSQL 15.13". */
  readonly server: string;
  readonly facts: DatabaseFacts;
  /** Those with the most time in all, the first one the slowest; undefined where the server keeps no account of them. */
  readonly statements?: readonly StatementFacts[];
  /** What could not be read, in full sentences. */
  readonly problems: readonly string[];
}

/** All runs of one statement since the statistics' last reset, as pg_stat_statements counts them. */
export interface StatementFacts {
  /** The server's hash of the statement, a decimal number too large for JavaScript's. */
  readonly id: string;
  /** With placeholders where constants stood. */
  readonly text: string;
  readonly calls: number;
  /** Milliseconds of execution, all calls together. */
  readonly time: number;
  readonly rows: number;
}

/** The sizes of one look at a database, in bytes; `readAt` in milliseconds since 1970. */
export interface HealthSnapshot {
  readonly readAt: number;
  readonly size: number;
  /** By qualified name, with indexes. */
  readonly tables: Readonly<Record<string, number>>;
}
