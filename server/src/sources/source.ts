// What every source of a schema offers. A source reads text into a model and writes changes as text edits;
// it does no I/O of its own: the doors give it `Files`.
import type { Change } from "../model/change";
import type { SchemaReading } from "../model/finding";
import type { DialectName, QualifiedName, SchemaModel, SourceName } from "../model/schema";

/** The workspace's files as the doors see them, editor buffers first. Paths are absolute, with `/`. */
export interface Files {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** The text without a byte order mark removed, or undefined where there is no such file or it cannot be read. */
  read(path: string): string | undefined;
  /** True where a file (not a folder) stands. */
  exists(path: string): boolean;
  /** Absolute paths of the files that the glob matches, sorted; node_modules, .git and build output are left out. `under` defaults to `root`. */
  list(glob: string, under?: string): readonly string[];
  /** Folders that stand in `folder`, which is absolute, and symbolic links there that lead nowhere, by name; undefined: the door cannot tell. */
  beside?(folder: string): { readonly folders: readonly string[]; readonly broken: readonly string[] };
}

/** A replacement of [start, end) by `text`, in UTF-16 offsets of the file's current text. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One schema of the workspace, before it is read. */
export interface SchemaEntry {
  readonly id: string;
  readonly source: SourceName;
  /** Absolute paths of the files that the ORM's own tool would load, in its order. */
  readonly files: readonly string[];
  /** Absolute path of the config that named them. */
  readonly config?: string;
  /** The files hold only some of what the config's schema has. */
  readonly part?: true;
  /** From the config; otherwise the source tells it from the code. */
  readonly dialect?: DialectName;
  readonly casing?: "snake_case" | "camelCase";
  /** The table of applied migrations, where the config gives it a name of its own. */
  readonly migrationsTable?: QualifiedName;
}

/** An open source: keeps what it has parsed between calls, so that an edit costs what changed. */
export interface SourceSession {
  /** The schemas under the root, from configs and, where there is none, from content. Problems of the configs themselves are reported by `read`. */
  discover(): readonly SchemaEntry[];
  /** A schema from files that the user named (terminal: `path`), with its config where one names those files. */
  entryFor(paths: readonly string[]): SchemaEntry | undefined;
  /** Where the paths may hold several schemas (a folder with two datasources): all of them, instead of `entryFor`. */
  entriesFor?(paths: readonly string[]): readonly SchemaEntry[];
  /** `file` now has another text (`Files.read` gives the new one). `edits` are the steps in turn, each in offsets of the text before it; without them the file is compared whole. */
  changed(file: string, edits?: readonly Omit<TextEdit, "file">[]): void;
  /** True where a file that a schema reads has changed so that the schemas found last may be others now. Cheap: it is asked at each keystroke. */
  changesEntries?(file: string): boolean;
  /** Reads a schema; unchanged tables are the same objects as in the reading before, so that callers can compare by identity. Never throws for bad input. */
  read(entry: SchemaEntry): SchemaReading;
  /** Does the work of `read` in portions of some milliseconds, where it is long: `read` then finds it done. */
  readInSteps?(entry: SchemaEntry): Iterable<void>;
}

export interface Source {
  readonly name: SourceName;
  /** Cheap test by path and text: may this file hold a part of such a schema? */
  owns(file: string, text: string): boolean;
  open(files: Files): SourceSession;
  /** The text edits that make `changes` in the code, against the current text; undefined where it cannot be done safely. Indexes come named. */
  edit(changes: readonly Change[], model: SchemaModel, files: Files): readonly TextEdit[] | undefined;
}
