// What an owner's table of applied migrations takes, as SQL and as rows: texts and readings alone, so that the runner
// can put a record into the transaction of the statements that it stands for. It runs nothing.
import type { AppliedMigration, Migration, MigrationFolder } from "../../model/migration";

export interface RunRecord {
  /** Who ran it: user and host. */
  readonly by: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
}

/** The owner's table of one folder. Every name in the SQL is quoted, every statement ends without a semicolon. */
export interface Journal {
  /** One row, one value: "t" where the table exists. */
  readonly existsSql: string;
  /** Makes the table as its owner would, adopting an older one; nothing where it stands already. */
  readonly createSql: readonly string[];
  /** Reads the whole table; only where it exists. */
  readonly selectSql: string;
  /** The rows of `selectSql`, values as text, matched with the folder's migrations. */
  applied(rows: readonly (readonly (string | null)[])[]): readonly AppliedMigration[];
  /** Records success, in the transaction of the migration's own statements. */
  recordSql(migration: Migration, record: RunRecord): readonly string[];
  /** Before statements that no transaction can hold: the owner sees a begun migration (Prisma, plain SQL). Empty where the owner knows no such state (Drizzle). */
  startedSql(migration: Migration, record: Pick<RunRecord, "by" | "startedAt">): readonly string[];
  /** Ends what `startedSql` began. */
  finishedSql(migration: Migration, record: RunRecord): readonly string[];
  failedSql(migration: Migration, failure: string): readonly string[];
  /** After its down part has run, in the same transaction. */
  removedSql(migration: Migration): readonly string[];
}

export type JournalOf = (folder: MigrationFolder) => Journal;
