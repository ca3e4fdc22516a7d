// The operations of each schema's migrations, opened for one request: which projects a workspace has, and which of the
// connected databases belongs to which. Nothing is run here.
import { hostname, userInfo } from "node:os";
import { namedBy } from "../database-checking";
import type { Operations, Target } from "../migrate/operations/operations";
import type { SchemaModel } from "../model/schema";
import type { DatabaseConnection } from "./database-connection";
import type { Databases } from "./databases";
import type { Disk } from "./files";
import type { MigrationProject } from "./protocol";
import type { Folder, Workspace } from "./workspace";

export interface MigrationParts {
  readonly workspace: Workspace;
  readonly databases: Pick<Databases, "connected" | "reread" | "trusted">;
  /** The folder's files as they stand on disk now: what is not saved is neither run nor recorded. */
  files(root: string): Disk;
  /** Folder of the embedded databases; undefined: the user's cache. */
  readonly storage: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OpenProject extends MigrationProject {
  readonly folder: Folder;
  readonly operations: Operations;
  /** What the operations read. */
  readonly files: Disk;
  /** The databases that hold it, or are to. */
  readonly databases: readonly DatabaseConnection[];
  /** Names of the folder's other connections. */
  readonly apart: readonly string[];
}

/** Why a request about migrations cannot be answered: a sentence for people. */
export class MigrationRefusal extends Error {
  override readonly name = "MigrationRefusal";
}

/** One for each folder of migrations, and for each schema that has none yet. Throws a `MigrationRefusal` where the workspace is not trusted. */
export async function openProjects(parts: MigrationParts): Promise<readonly OpenProject[]> {
  if (!parts.databases.trusted()) throw new MigrationRefusal("Plumbline makes and runs no migrations in a workspace that is not trusted: its files say what would be changed. Trust the workspace first.");
  const found: OpenProject[] = [];
  for (const folder of parts.workspace.folders) {
    const own: OpenProject[] = [];
    for (const model of folder.report().schemas.map((reading) => reading.model).filter(isMigrated)) own.push(await openProject(folder, model.id, parts));
    // A folder of SQL files may belong to no schema of the code.
    if (own.length === 0) own.push(...[await openProject(folder, null, parts)].filter(({ operations }) => operations.folder));
    const folders = new Set<string>();
    for (const project of own) {
      const path = project.operations.folder?.folder;
      if (path !== undefined && folders.has(path)) continue;
      if (path !== undefined) folders.add(path);
      found.push(project);
    }
  }
  return found;
}

/** The one that is meant. Throws a `MigrationRefusal` where it is gone. */
export async function projectOf({ root, schema }: MigrationProject, parts: MigrationParts): Promise<OpenProject> {
  const found = (await openProjects(parts)).find((project) => project.root === root && project.schema === schema);
  if (found) return found;
  const folder = parts.workspace.folders.find((one) => one.root === root);
  if (folder && (schema === null || folder.report().schemas.some(({ model }) => model.id === schema))) return openProject(folder, schema, parts);
  throw new MigrationRefusal(schema === null ? `The folder ${root} is not open.` : `The schema ${schema} in ${root} is no longer there.`);
}

/** Of the folder itself, whatever its schemas: for what belongs to no migrations. */
export function folderProject(folder: Folder, parts: MigrationParts): Promise<OpenProject> {
  return openProject(folder, null, parts);
}

/** What the operations run on; throws a `MigrationRefusal` where the connection is gone or only reads. */
export function targetOf({ databases, apart, schema }: OpenProject, name: string, use: "read" | "write"): { readonly connection: DatabaseConnection; readonly target: Target } {
  const connection = databases.find((one) => one.name === name);
  if (!connection && apart.includes(name)) throw new MigrationRefusal(`"${name}" holds nothing of ${schema}, whose config names another database. Connect to that one.`);
  if (!connection) throw new MigrationRefusal(`"${name}" is not connected. Connect to it first.`);
  if (use === "write" && connection.reading?.server.readOnly) throw new MigrationRefusal(`"${name}" only reads: it is a standby, or its transactions are read-only by default. Nothing was run. Connect to the primary server.`);
  return { connection, target: connection.settings ? { kind: "connection", settings: connection.settings } : { kind: "embedded" } };
}

const isMigrated = ({ dialect, tables }: SchemaModel): boolean => (dialect === "postgresql" || dialect === "cockroachdb") && tables.length > 0;

async function openProject(folder: Folder, schema: string | null, { databases, files, storage, environment }: MigrationParts): Promise<OpenProject> {
  const { openOperations } = await import("../migrate/operations/open");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  const disk = files(folder.root);
  const operations = openOperations({
    files: disk, config: folder.settings.config, embedded: { cache: storage ?? userCacheFolder(environment) }, by: `${userInfo().username}@${hostname()}`, now: () => new Date(),
    schema: () => folder.report().schemas.find(({ model }) => model.id === schema)?.model,
    elsewhere: () => (schema === null ? [] : folder.project.elsewhere(schema)),
    folders: () => folder.report().folders,
    problems: () => folder.report().schemas.find(({ model }) => model.id === schema)?.problems ?? [],
  });
  const connected = databases.connected().filter(({ connection }) => connection.root === folder.root);
  const own = schema === null ? connected : databasesOf(schema, folder, operations.folder !== undefined, connected);
  const apart = connected.filter((one) => !own.includes(one)).map(({ connection }) => connection.name);
  return { root: folder.root, schema, folder, operations, files: disk, databases: own.map(({ connection }) => connection), apart };
}

type Connected = ReturnType<Databases["connected"]>;

/**
 * Those that hold the schema. Where none does, its migrations are yet to make it in one, beside what other projects have there: in each that is connected, unless the
 * schema's own config names another one; a database that stands in for that one, since it holds what the same config's neighbours describe, is taken as well.
 */
function databasesOf(schema: string, folder: Folder, hasMigrations: boolean, connected: Connected): Connected {
  const holding = connected.filter(({ schemas }) => schemas.includes(schema));
  if (holding.length > 0 || !hasMigrations) return holding;
  const models = new Map(folder.report().schemas.map(({ model }) => [model.id, model]));
  return connected.filter(({ connection: { made, named }, schemas }) => {
    const nameOf = (id: string): number | undefined => { const model = models.get(id); return model && namedBy(model, named); };
    const own = nameOf(schema);
    return !made && (own === undefined || own === 0 || schemas.some((id) => nameOf(id) === own));
  });
}
