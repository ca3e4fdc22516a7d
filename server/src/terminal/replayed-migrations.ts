// What the project's migrations lead to, as a side of a comparison: replayed on the embedded database, or as recorded.
import { userCacheFolder } from "../databases/embedded/cache";
import { DatabaseError } from "../databases/database";
import { SessionError } from "../databases/session";
import { findFolder } from "../migrate/folders/find";
import { replayedModel } from "../migrate/operations/replayed";
import { RunError } from "../migrate/run/progress";
import type { MigrationFolder } from "../model/migration";
import type { SchemaModel } from "../model/schema";
import { interruptible } from "./database";
import { resolvePath, withSlashes } from "./disk-files";
import { isPostgres } from "./embedded";
import { schemaOf } from "./migrate";
import type { Terminal } from "./terminal";
import { openWorkspace, type Refusal, type WorkspaceOptions } from "./workspace";

export interface ReplayedFolder {
  /** What its migrations lead to. */
  readonly model: SchemaModel;
  readonly folder: MigrationFolder;
}

/** `path`: the folder; undefined: that of the schema `code`, or, without one, of the one schema of the workspace, where it has any. */
export async function replayedMigrations(path: string | undefined, code: SchemaModel | undefined, options: WorkspaceOptions, terminal: Terminal): Promise<ReplayedFolder | Refusal> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return workspace;
  const { root, files, config, relative } = workspace;
  const named = path === undefined ? undefined : resolvePath(root, withSlashes(path));
  const schema = code ?? schemaOf(workspace, { ...options, ...(named !== undefined && { folder: named }) });
  if (schema !== undefined && "message" in schema) return schema;
  const folder = findFolder(files, schema, named === undefined ? config.migrations : { ...config.migrations, folder: named });
  if (!folder) return { kind: "refused", message: path === undefined ? `${schema ? `The schema ${schema.id}` : "This folder"} has no migrations yet. Name their folder: migrations:PATH.` : `${path} holds no migrations. Expected meta/_journal.json (Drizzle), folders with migration.sql (Drizzle 1.0, Prisma) or NNNN_name.sql.` };
  const shown = relative(folder.folder);
  if (!isPostgres(folder)) return { kind: "refused", message: `The migrations in ${shown} are for ${folder.dialect}, and the embedded database that they would be replayed on is a PostgreSQL.` };
  for (const { message } of folder.problems) terminal.tell(`${terminal.errorColors.yellow("note:")} ${message}`);
  return interruptible(terminal, async (signal) => {
    terminal.progress(`Replaying the migrations in ${shown}`);
    try {
      const { model, recorded } = await replayedModel(folder, { files, scratch: { folder: root, cache: userCacheFolder(terminal.environment) }, schema }, signal);
      if (recorded !== undefined) terminal.tell(`${terminal.errorColors.yellow("note:")} ${recorded}`);
      return { model: { ...model, id: shown, migrationsTable: folder.journal }, folder };
    } catch (error) {
      if (error instanceof RunError || error instanceof SessionError) throw new DatabaseError(error.message, "failed");
      throw error;
    }
  });
}
