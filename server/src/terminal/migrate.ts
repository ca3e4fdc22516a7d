// `plumbline migrate status` and `plan`: the state of a project's migrations on one or several databases, and what a run
// would do. Both only read.
import { hostname, userInfo } from "node:os";
import { userCacheFolder } from "../databases/embedded/cache";
import { chooseConnection } from "../databases/connections/find";
import { DatabaseError } from "../databases/database";
import { SessionError } from "../databases/session";
import { FolderError } from "../migrate/folders/folder-format";
import { openOperations } from "../migrate/operations/open";
import type { Begun, Operations, Target } from "../migrate/operations/operations";
import type { Standing } from "../migrate/operations/reading";
import type { Plan } from "../migrate/plan";
import { RunError } from "../migrate/run/progress";
import type { SchemaModel } from "../model/schema";
import { migrationsJson, prettyMigrations, type DatabaseMigrations } from "../report/migrations";
import { planJson, prettyPlan } from "../report/plan-text";
import { refuse } from "./check";
import { interruptible } from "./database";
import { resolvePath, withSlashes } from "./disk-files";
import type { MigrateOptions } from "./migrate-commands";
import { isPostgres } from "./embedded";
import { exit, type Terminal } from "./terminal";
import { openWorkspace, readMeanwhile, type Refusal, type Workspace } from "./workspace";

/** Exit code 1 where a migration is in any other state than applied, or something is wrong with the folder, which would stop a run. Of several databases, those that cannot be read are told, the others shown, and the exit code is 2. */
export async function status(options: MigrateOptions & { readonly database?: readonly string[]; readonly history: boolean }, terminal: Terminal): Promise<number> {
  return withOperations(options, terminal, async ({ operations, workspace }, signal) => {
    const databases: DatabaseMigrations[] = [];
    const targets = (options.database ?? [undefined]).map((name) => targetOf(name, workspace, terminal));
    for (const target of targets) {
      const database = nameOf(target);
      terminal.progress(`Reading ${database}`);
      try {
        databases.push({ database, ...(await operations.status(target, signal)), ...(options.history && { history: await operations.history(target, signal) }) });
      } catch (error) {
        if (targets.length === 1 || signal.aborted || !isOfDatabase(error)) throw error;
        databases.push({ database, migrations: [], unread: error.message });
      }
    }
    const { folder } = operations;
    if (!folder) return exit.refused;
    terminal.write(options.format === "json" ? migrationsJson(folder, databases, workspace) : prettyMigrations(folder, databases, workspace, terminal));
    for (const { message } of folder.problems) terminal.tell(`${terminal.errorColors.yellow("note:")} ${message}`);
    if (databases.some(({ unread }) => unread !== undefined)) return exit.refused;
    return folder.problems.length === 0 && databases.every(({ migrations }) => migrations.every(({ state }) => state === "applied")) ? exit.clean : exit.findings;
  });
}

/** Exit code 1 where something stops the run before it begins. */
export async function plan(count: string | undefined, options: MigrateOptions & { readonly database?: string; readonly down: boolean; readonly to?: string }, terminal: Terminal): Promise<number> {
  if (count !== undefined && !/^[1-9]\d*$/.test(count)) return refuse(`"${count}" is no number of migrations. Write how many, such as 1, or --to with a version.`, terminal);
  return withOperations(options, terminal, (opened, signal) => showPlan(opened, { ...options, ...(count !== undefined && { count: Number(count) }) }, terminal, signal));
}

export interface PlanOptions {
  readonly database?: string;
  readonly format: MigrateOptions["format"];
  readonly down: boolean;
  readonly to?: string;
  readonly count?: number;
  readonly known?: Standing;
}

/** Gives the exit code. */
export async function showPlan({ operations, workspace }: Opened, { database, format, down, to, count, known }: PlanOptions, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const target = targetOf(database, workspace, terminal);
  if (!known) terminal.progress(`Reading ${nameOf(target)}`);
  const planned = await operations.plan({ target, direction: down ? "down" : "up", to, signal, ...(count !== undefined && { count }), ...(known && { known }) });
  return printPlan(planned, format, workspace, terminal);
}

/** Gives the exit code. */
export function printPlan(planned: Plan, format: MigrateOptions["format"], { files, relative }: Workspace, terminal: Terminal): number {
  const places = { read: files.read, relative };
  terminal.write(format === "json" ? planJson(planned, places) : prettyPlan(planned, places, terminal));
  return planned.obstacles.length === 0 ? exit.clean : exit.findings;
}

export interface Opened {
  readonly workspace: Workspace;
  readonly operations: Operations;
  readonly begun?: Begun;
}

/** Ctrl+C cancels; what is wrong with the folder or the database becomes a message and exit code 2. `begins`: what `use` will wait for, as `begun`: it begins before the schemas of the code are read. */
export async function withOperations(options: MigrateOptions, terminal: Terminal, use: (opened: Opened, signal: AbortSignal) => Promise<number>, begins?: (workspace: Workspace) => Parameters<Operations["begin"]>[0] | undefined): Promise<number> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  let schema: SchemaModel | undefined;
  const operations = openOperations({
    files: workspace.files, config: workspace.config, schema: () => schema, problems: () => workspace.project.schemas().find(({ model }) => model.id === schema?.id)?.problems ?? [], now: () => new Date(),
    elsewhere: () => (schema === undefined ? [] : workspace.project.elsewhere(schema.id)), folders: () => (workspace.project.schemas().length < 2 ? [] : workspace.project.folders()),
    ...(options.folder !== undefined && { folder: resolvePath(workspace.root, withSlashes(options.folder)) }),
    embedded: { cache: userCacheFolder(terminal.environment) }, by: `${userInfo().username}@${hostname()}`,
  });
  const result = await interruptible<number>(terminal, async (signal) => {
    let begun: Begun | undefined;
    try {
      const first = begins?.(workspace);
      if (first) begun = operations.begin(first, signal);
      await readMeanwhile(workspace);
      const found = schemaOf(workspace, options);
      if (found !== undefined && "message" in found) return found;
      schema = found;
      return await use({ workspace, operations, ...(begun && { begun }) }, signal);
    } catch (error) {
      if (isOfDatabase(error) || error instanceof FolderError) throw new DatabaseError(error.message, "failed");
      throw error;
    } finally {
      await begun?.close();
    }
  });
  return typeof result === "number" ? result : refuse(result.message, terminal);
}

/** What one database answers or does not answer. */
function isOfDatabase(error: unknown): error is DatabaseError | SessionError | RunError {
  return error instanceof DatabaseError || error instanceof SessionError || error instanceof RunError;
}

/** The one schema of the code that PostgreSQL holds; undefined: there is none, and the folder stands by itself. */
export function schemaOf(workspace: Workspace, { schema, folder }: Pick<MigrateOptions, "schema" | "folder">): SchemaModel | Refusal | undefined {
  const models = workspace.project.schemas().map(({ model }) => model);
  const fitting = models.filter((model) => isPostgres(model) && (schema === undefined || model.id === schema));
  if (schema !== undefined && fitting.length === 0) return { kind: "refused", message: `There is no PostgreSQL schema "${schema}". The schemas here: ${models.map(({ id }) => id).join(", ") || "none"}.` };
  if (fitting.length > 1 && folder === undefined) return { kind: "refused", message: `There are ${fitting.length} schemas, each with migrations of its own: ${fitting.map(({ id }) => id).join(", ")}.\nName one with --schema, or a folder with --folder.` };
  return fitting.length === 1 ? fitting[0] : undefined;
}

export function targetOf(name: string | undefined, workspace: Workspace, terminal: Terminal): Target {
  if (name === "embedded") return { kind: "embedded" };
  return { kind: "connection", settings: chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true }) };
}

export function nameOf(target: Target): string {
  return target.kind === "embedded" ? "embedded" : target.settings.name;
}
