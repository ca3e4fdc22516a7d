// Puts the parts of a project's migrations together behind one interface: its folder, the parser, the journal and the
// database. Each operation reads what it needs anew, so that an open editor or a pull is never overlooked.
import type { Config } from "../../config";
import type { MigrationFolder, MigrationStatus } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { findFolder } from "../folders/find";
import { journalOf, readApplied } from "../journal/index";
import { RunError } from "../run/progress";
import { migrationStatus } from "../status";
import type { Operations, Target } from "./operations";
import { planOf } from "./planning";
import { reading } from "./reading";

export interface OperationsOptions {
  /** Editor buffers first, in the editor. */
  readonly files: Files;
  readonly config: Config;
  /** Absolute, with `/`: the folder that was named; undefined: the one that the settings or the schema's own config say. */
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
  const scratch = { folder: options.files.root, ...options.embedded };
  const folder = (): MigrationFolder => {
    const found = wantedFolder(options);
    if (found) return found;
    throw new RunError(options.folder === undefined ? "This project has no migrations yet." : `${options.folder} holds no migrations. Expected meta/_journal.json (Drizzle), folders with migration.sql (Drizzle 1.0, Prisma) or NNNN_name.sql.`, "stopped before", { done: [], status: [] });
  };
  const status = async (target: Target, signal?: AbortSignal): Promise<readonly MigrationStatus[]> => {
    const read = folder();
    return reading(target, scratch, signal, async ({ query }) => migrationStatus(read, await readApplied(journalOf(read), query)));
  };
  return {
    get folder() {
      return wantedFolder(options);
    },
    generate: unavailable,
    plan: (request) => planOf(request, folder(), scratch),
    status,
    verify: unavailable,
    up: unavailable,
    down: unavailable,
    to: unavailable,
    repair: unavailable,
    baseline: unavailable,
    test: unavailable,
  };
}

function wantedFolder({ files, folder, config, schema }: OperationsOptions): MigrationFolder | undefined {
  const { migrations } = config;
  return findFolder(files, schema(), folder === undefined ? migrations : { ...migrations, folder });
}
