// Puts the parts of a project's migrations together behind one interface: its folder, the parser, the runner and the
// embedded database. Each operation reads what it needs anew, so that an open editor or a pull is never overlooked.
import { basename, dirname } from "node:path/posix";
import type { Config } from "../../config";
import { readMigrations } from "../../databases/embedded/migrations";
import { findMigrations } from "../../databases/embedded/open-for";
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { RunError } from "../run/progress";
import type { Operations } from "./operations";

export interface OperationsOptions {
  /** Editor buffers first, in the editor. */
  readonly files: Files;
  readonly config: Config;
  /** Absolute, with `/`: the folder that was named; undefined: the one that belongs to the schema. */
  readonly folder?: string;
  /** The one schema of the code as it stands now; undefined: the project has none. */
  schema(): SchemaModel | undefined;
  /** Where the embedded database's runtime lies, and where built and scratch databases are kept. */
  readonly embedded: { readonly runtime?: string; readonly cache?: string };
  /** Who runs, as the journal records it: "anna@laptop". */
  readonly by: string;
  readonly now: () => Date;
}

/** Reads nothing yet. What its operations reject with is a `RunError`, `FolderError`, `SessionError` or `DatabaseError`: messages for people. */
export function openOperations(options: OperationsOptions): Operations {
  const unavailable = async (): Promise<never> => {
    throw new RunError("This build of Plumbline cannot run migrations.", "stopped before", { done: [], status: [] });
  };
  return {
    get folder() {
      return findFolder(options);
    },
    generate: unavailable,
    plan: unavailable,
    status: unavailable,
    verify: unavailable,
    up: unavailable,
    down: unavailable,
    to: unavailable,
    repair: unavailable,
    baseline: unavailable,
    test: unavailable,
  };
}

function findFolder({ files, folder, schema }: OperationsOptions): MigrationFolder | undefined {
  const model = schema();
  const found = folder !== undefined ? readMigrations(folder, files) : model && findMigrations(model, files);
  if (!found) return undefined;
  return {
    folder: found.folder,
    format: found.format,
    dialect: model?.dialect ?? "postgresql",
    migrations: found.scripts.map(({ file = "", text }) => {
      const id = basename(file) === "migration.sql" ? basename(dirname(file)) : basename(file, ".sql");
      return { id, version: /^\d+/.exec(id)?.[0] ?? id, up: { sql: text, file, start: 0, end: text.length }, checksums: [] };
    }),
    journal: { schema: "public", name: "schema_migrations" },
    problems: found.problems.map((message) => ({ kind: "missing-file", message })),
  };
}
