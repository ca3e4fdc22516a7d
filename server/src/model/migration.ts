// Migrations as plain data: what a folder holds, what a database says was applied, and what one statement does to those
// who use the database meanwhile. Which tool owns the folder shows in `format` alone.
import type { DialectName, QualifiedName, SourceRange } from "./schema";

export type MigrationFormat = "drizzle v0" | "drizzle v1" | "prisma" | "sql";

/** SQL with the place where it stands: a file, or the part of one behind `-- migrate:down`. */
export interface MigrationPart extends SourceRange {
  readonly sql: string;
}

export interface Migration {
  /** Unique in the folder, as its owner and people call it: "0003_add_index", "20260101000000_init". */
  readonly id: string;
  /** What `to` takes and what orders the folder: the digits that `id` begins with. */
  readonly version: string;
  readonly up: MigrationPart;
  /** Beside the owner's file, which the owner ignores: NNNN_name.down.sql, or down.sql in the migration's folder. */
  readonly down?: MigrationPart;
  /** Why there is no way back: the text behind `-- irreversible:` in the place of a down part. */
  readonly irreversible?: string;
  /** SELECTs that must all give rows whose first value is true: NNNN_name.verify.sql, verify.sql, or behind `-- migrate:verify`. */
  readonly verify?: MigrationPart;
  /** Hashes that the owner may have recorded for this text (SHA-256, lower-case hex), its own first; Prisma tolerates other line ends. */
  readonly checksums: readonly string[];
  /** Drizzle alone: the time by which it is recorded, in milliseconds since 1970. */
  readonly when?: number;
}

export interface MigrationFolder {
  /** Absolute, with `/`. */
  readonly folder: string;
  readonly format: MigrationFormat;
  readonly dialect: DialectName;
  /** In the order in which its owner applies them. */
  readonly migrations: readonly Migration[];
  /** Where the owner records what it has applied: drizzle.__drizzle_migrations (or as drizzle.config says), _prisma_migrations, schema_migrations. */
  readonly journal: QualifiedName;
  /** The record lies in the schema that the connection searches (Prisma's `?schema=`); that of `journal` is the one where it says none. */
  readonly journalIsSearched?: true;
  /** Other folders of the workspace that record in the same table of the same database: their rows are none of this one's. */
  readonly beside?: readonly MigrationFolder[];
  /** What is wrong with the folder itself: a file that the journal names and that is not there, two migrations of one version. */
  readonly problems: readonly FolderProblem[];
}

export interface FolderProblem {
  /** What rules/journal/ make of it. */
  readonly kind: "missing-file" | "duplicate" | "out-of-order" | "unreadable";
  /** A full sentence: the file, what was expected, what to do. */
  readonly message: string;
  readonly at?: SourceRange;
  readonly migration?: string;
  /** Milliseconds since 1970, as `Migration.when`. */
  readonly when?: number;
}

/** Where a table of the code differs from what the folder's newest migration leaves, by the folder's own record of that. */
export interface UnrecordedTable {
  /** Id of the schema of the code. */
  readonly schema: string;
  readonly name: QualifiedName;
  /** Where it stands in the code; of a table that the record alone has, the beginning of the schema's first file. */
  readonly at?: SourceRange;
  /** "the table", or "column note", "index orders_note_idx" in the record's order. */
  readonly parts: readonly { readonly kind: "added" | "changed" | "gone"; readonly what: string }[];
}

/** A row of the owner's table. */
export interface AppliedMigration {
  /** Undefined where the owner records only a hash and a time (Drizzle v0) and no file of the folder has them. */
  readonly id?: string;
  readonly checksum?: string;
  /** ISO 8601. */
  readonly appliedAt?: string;
  readonly by?: string;
  readonly milliseconds?: number;
  readonly state: "applied" | "half-applied" | "rolled-back" | "baseline";
  /** What the owner wrote down of a failure. */
  readonly failure?: string;
  /** Drizzle's created_at. */
  readonly when?: number;
}

/** One line of `migrate status`. */
export interface MigrationStatus {
  readonly id: string;
  readonly state: "applied" | "pending" | "edited" | "missing" | "out-of-order" | "half-applied";
  /** Absent where it is missing. */
  readonly migration?: Migration;
  /** Absent where it is pending. */
  readonly applied?: AppliedMigration;
  /** Of every state but applied and pending: a full sentence with the file, both hashes where they differ, and what to do. */
  readonly message?: string;
}

/** PostgreSQL's table-level locks, weakest first: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
export const lockModes = ["access share", "row share", "row exclusive", "share update exclusive", "share", "share row exclusive", "exclusive", "access exclusive"] as const;
export type LockMode = (typeof lockModes)[number];

/** What running a statement means for the database and for those who use it. */
export interface StatementEffect {
  /** "create index", "alter table … add foreign key": lower case, for people. */
  readonly title: string;
  readonly locks: readonly { readonly table: QualifiedName; readonly mode: LockMode }[];
  /** Locks on tables that the statement does not name and only the database knows. Partitions and children are locked like their table, without a mention here. */
  readonly further?: readonly { readonly of: FurtherTables; readonly mode: LockMode }[];
  /** What it does with a table's rows while it holds the strongest lock; "nothing" touches the catalogue alone. */
  readonly work: "nothing" | "reads rows" | "builds an index" | "rewrites the table" | "changes rows" | "unknown";
  /** "forbidden": it fails in a transaction (CONCURRENTLY, VACUUM, CREATE DATABASE). */
  readonly transaction: "any" | "forbidden";
  /** The index that it builds, drops or rebuilds: what an interrupted CONCURRENTLY leaves INVALID. */
  readonly index?: QualifiedName;
  /** A full sentence where rows or values are lost for good; then it runs only when that was confirmed. */
  readonly loss?: string;
  /** Tables that it makes: locks on them stall nobody. */
  readonly creates: readonly QualifiedName[];
}

export type FurtherTables = "the index's table" | "tables that its foreign keys refer to" | "tables that refer to it" | "tables that depend on it" | "tables that its query reads" | "tables with columns of the type";

/** One statement of a script with its place. */
export interface MigrationStatement {
  /** Without its semicolon and without the comments before it. */
  readonly sql: string;
  /** UTF-16 offsets in the script. */
  readonly start: number;
  readonly end: number;
  readonly effect: StatementEffect;
  /** From the directive before it: Plumbline's runner builds the plain CREATE INDEX concurrently. `sql` is as written. */
  readonly concurrently: boolean;
}
