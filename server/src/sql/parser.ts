// PostgreSQL's own parser, as WebAssembly: it is loaded once, by the doors, and parses synchronously from then on.
import type { MigrationStatement } from "../model/migration";

/** The comment before a plain CREATE INDEX or DROP INDEX that Plumbline's runner runs concurrently: Drizzle's migrator runs every file in one transaction, where CONCURRENTLY fails. */
export const concurrentlyDirective = "plumbline: concurrently";

/** The comment before a generated statement that loses data, with what is lost behind it: the statement alone does not tell what the values were before. */
export const lossDirective = "plumbline: loses";

export interface SqlError {
  readonly message: string;
  /** UTF-16 offset in the script. */
  readonly offset: number;
}

export interface ParsedScript {
  readonly statements: readonly ParsedStatement[];
  /** Where the script is no SQL: then the statements are those before the error, as far as they can be told. */
  readonly error?: SqlError;
}

export interface ParsedStatement extends MigrationStatement {
  /** libpg-query's tree: `{ IndexStmt: { … } }`; offsets in it (`location`) are UTF-16 in the script. */
  readonly node: Readonly<Record<string, unknown>>;
}

export interface SqlParser {
  /** Drizzle's `--> statement-breakpoint` is a comment like any other. Never throws for bad SQL. */
  parse(script: string): ParsedScript;
}
