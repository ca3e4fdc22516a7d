// What every format of a migration folder offers: reading it, and the files that a new migration consists of. It writes
// nothing to disk: the doors do, all files or none.
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";

/** A migration that is yet to be written. */
export interface NewMigration {
  /** As typed: "add client index"; the format makes `0004_add_client_index` of it. */
  readonly name: string;
  /** Statements in order, each without its semicolon, comments before it included. */
  readonly up: readonly string[];
  /** The exact inverse; a string says why there is none. */
  readonly down: readonly string[] | string;
  readonly verify?: readonly string[];
}

/** A file to write: its whole text. */
export interface WrittenFile {
  /** Absolute, with `/`. */
  readonly file: string;
  readonly text: string;
}

export interface FolderContext {
  /** The time of the new migration; formats that name by seconds count up from it for the second and later ones. */
  readonly now: Date;
  /** The schema after the migrations: Drizzle's snapshots hold it. One per migration, since each has a snapshot of its own. */
  readonly after: readonly SchemaModel[];
  /** The schema before the first of them. */
  readonly before: SchemaModel;
  /** The schema of the code, which alone says what it names and what its tool does. */
  readonly code?: SchemaModel;
}

/** What reading a folder takes of the files. */
export type FolderFiles = Pick<Files, "read" | "list" | "exists" | "beside">;

export interface FolderFormat {
  /** Undefined where `folder` holds no migrations of this format. */
  read(folder: string, files: FolderFiles): MigrationFolder | undefined;
  /** The files of `migrations`, in the folder's own way; an existing file (a journal) comes with its new whole text. Throws a `FolderError` where the folder cannot take it. */
  write(folder: MigrationFolder, migrations: readonly NewMigration[], files: Pick<Files, "read" | "list" | "exists">, context: FolderContext): readonly WrittenFile[];
}

/** A full sentence for people: which file, what was expected, what to do. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}
