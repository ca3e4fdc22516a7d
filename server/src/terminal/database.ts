// The database that `--database` names, for the commands that read one: a URL, the name of a connection, or "embedded".
// Drivers are loaded when they are needed, so that a command without a database does not pay for them.
import type { ConnectedDatabase } from "../database-checking";
import { DatabaseError, type Database, type DatabaseReading } from "../databases/database";
import type { Project } from "../engine";
import type { SchemaModel } from "../model/schema";
import type { Terminal } from "./terminal";
import type { Refusal, Workspace } from "./workspace";

export interface DatabaseRequest {
  /** What stands after `--database`; undefined: the connection that the workspace's files name. */
  readonly name: string | undefined;
  readonly workspace: Workspace;
  readonly terminal: Terminal;
  /** The schemas of the code; the embedded database is built from one. Asked for only where that is wanted. */
  readonly schemas: () => readonly SchemaModel[] | Refusal;
}

/** Opens it, gives it to `use`, and closes it whatever happens. What the database refuses becomes a refusal; so does Ctrl+C. */
export async function withDatabase<Result>(request: DatabaseRequest, use: (database: Database, signal: AbortSignal) => Promise<Result>): Promise<Result | Refusal> {
  return interruptible(request.terminal, async (signal) => {
    const database = await openDatabase(request, signal);
    try {
      return await use(database, signal);
    } finally {
      await database.close();
    }
  });
}

/** The databases of a check, which a watching one asks again. */
export interface CheckedDatabases {
  /** Hands what is new since the last time to the project; asks for the change stamp alone where something was read before. */
  refresh(project: Project): Promise<Refusal | undefined>;
  close(): Promise<void>;
}

/** Connects nothing yet: `refresh` does. The embedded database is one for each schema of the code. */
export function checkedDatabases(request: DatabaseRequest): CheckedDatabases {
  return request.name === "embedded" ? embeddedDatabases(request) : connectedDatabase(request);
}

function connectedDatabase(request: DatabaseRequest): CheckedDatabases {
  let database: Database | undefined;
  let known: { readonly stamp: string; readonly connected: ConnectedDatabase } | undefined;
  return {
    async refresh(project) {
      const outcome = await interruptible(request.terminal, async (signal) => {
        database ??= await openDatabase(request, signal);
        if (known === undefined || (await database.stamp(signal)) !== known.stamp) {
          request.terminal.progress(`Reading ${database.name}`);
          const { reading, facts } = await database.readAll(signal);
          tellProblems(reading, request.terminal);
          known = { stamp: reading.stamp, connected: { model: reading.model, facts } };
        }
        return known.connected;
      });
      // What was known before stays: a server that is away for a while changes no schema.
      if (!("kind" in outcome)) project.connect([outcome]);
      else if (known) project.connect([known.connected]);
      return "kind" in outcome ? outcome : undefined;
    },
    close: async () => database?.close(),
  };
}

function embeddedDatabases(request: DatabaseRequest): CheckedDatabases {
  return {
    async refresh(project) {
      const schemas = request.schemas();
      if ("kind" in schemas) return schemas;
      const relational = schemas.filter(isPostgres);
      const databases: ConnectedDatabase[] = [];
      // One after another: each takes hundreds of megabytes while it is built.
      for (const schema of relational.length > 0 ? relational : schemas) {
        const read = await withDatabase({ ...request, schemas: () => [schema] }, async (database, signal) => {
          const { reading, facts } = await database.readAll(signal);
          tellProblems(reading, request.terminal);
          return { model: reading.model, facts, schemas: [schema.id] };
        });
        if ("kind" in read) return read;
        databases.push(read);
      }
      project.connect(databases);
      return undefined;
    },
    close: async () => {},
  };
}

async function openDatabase({ name, workspace, terminal, schemas }: DatabaseRequest, signal: AbortSignal): Promise<Database> {
  if (name === "embedded") return openEmbedded(schemas(), workspace, terminal, signal);
  const { chooseConnection } = await import("../databases/connections/find");
  const { openPostgres } = await import("../databases/postgres/open");
  const settings = chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true });
  terminal.progress(`Connecting to ${settings.name}`);
  return openPostgres(settings, { signal, onProgress: (message) => terminal.progress(message.replace(/^./, (first) => first.toUpperCase())) });
}

async function openEmbedded(schemas: readonly SchemaModel[] | Refusal, workspace: Workspace, terminal: Terminal, signal: AbortSignal): Promise<Database> {
  if ("kind" in schemas) throw new DatabaseError(schemas.message, "failed");
  const [schema, ...others] = schemas.some(isPostgres) ? schemas.filter(isPostgres) : schemas;
  if (schema === undefined) throw new DatabaseError(`The embedded database is built from a schema, and none was found under ${workspace.root}.`, "failed");
  if (others.length > 0) throw new DatabaseError(`The embedded database is built from one schema, and there are ${others.length + 1}: ${[schema, ...others].map(({ id }) => id).join(", ")}.\nName one with --schema.`, "failed");
  const { openEmbeddedFor } = await import("../databases/embedded/open-for");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  terminal.progress(`Building the embedded database of ${schema.id}`);
  const { database } = await openEmbeddedFor(schema, workspace.files, { cache: userCacheFolder(terminal.environment), signal });
  return database;
}

function isPostgres({ dialect }: SchemaModel): boolean {
  return dialect === "postgresql" || dialect === "cockroachdb";
}

/** Names what of a database could not be read. */
export function tellProblems({ problems }: Pick<DatabaseReading, "problems">, terminal: Terminal): void {
  for (const problem of problems) terminal.tell(`${terminal.errorColors.yellow("note:")} ${problem}`);
}

/** The first Ctrl+C cancels `run`, in whatever it waits for; a second one ends the process. */
async function interruptible<Result>(terminal: Terminal, run: (signal: AbortSignal) => Promise<Result>): Promise<Result | Refusal> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once("SIGINT", cancel);
  try {
    return await run(controller.signal);
  } catch (error) {
    if (error instanceof DatabaseError) return { kind: "refused", message: error.message };
    throw error;
  } finally {
    process.removeListener("SIGINT", cancel);
    terminal.progress(undefined);
  }
}
