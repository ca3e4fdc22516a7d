// What an owner's table of applied migrations takes, as SQL and as rows: texts and readings alone, so that the runner
// can put a record into the transaction of the statements that it stands for. It runs nothing.
import type { AppliedMigration, Migration, MigrationFolder } from "../../model/migration";

export interface RunRecord {
  /** Who ran it: user and host. */
  readonly by: string;
  /** ISO 8601. Owners' tables take the server's clock, from which `milliseconds` are counted back. */
  readonly startedAt: string;
  readonly milliseconds: number;
}

/** A table that records what was applied. */
export interface AppliedTable {
  /** One row, one value: "t" where the table exists. */
  readonly existsSql: string;
  /** Reads the whole table, oldest row first, whichever columns it has; only where it exists. */
  readonly selectSql: string;
  /** The rows of `selectSql`, values as text, matched with the folder's migrations: one for each row, those that were rolled back included. */
  applied(rows: readonly (readonly (string | null)[])[]): readonly AppliedMigration[];
}

/** The owner's table of one folder. Every name in the SQL is quoted, every statement ends without a semicolon. `readRecord` reads it. */
export interface Journal extends AppliedTable {
  /** Makes the table as its owner would, or brings an older one into that shape; says and locks nothing where it stands so already. To be run before the first record, also where the table exists. */
  readonly createSql: readonly string[];
  /** The table that counts as long as this one is missing or empty, and whose rows `createSql` takes over. */
  readonly older?: AppliedTable;
  /** Records success, in the transaction of the migration's own statements. */
  recordSql(migration: Migration, record: RunRecord): readonly string[];
  /** Records as applied what was not run. */
  baselineSql(migration: Migration, record: RunRecord): readonly string[];
  /** Before statements that no transaction can hold: the owner sees a begun migration (Prisma, plain SQL). Empty where the owner knows no such state (Drizzle). */
  startedSql(migration: Migration, record: Pick<RunRecord, "by" | "startedAt">): readonly string[];
  /** An attempt that came to no end is history from here on, and the migration pending. */
  abandonedSql(migration: Migration): readonly string[];
  /** Ends what `startedSql` began. */
  finishedSql(migration: Migration, record: RunRecord): readonly string[];
  /** What `startedSql` began has failed, and may have left something behind. */
  failedSql(migration: Migration, failure: string): readonly string[];
  /** After its down part has run, in the same transaction. */
  removedSql(migration: Migration, record: RunRecord): readonly string[];
}

export type JournalOf = (folder: MigrationFolder) => Journal;
