// The database that `--database` names, for the commands that read one: a URL, the name of a connection, or "embedded".
// Drivers are loaded when they are needed, so that a command without a database does not pay for them.
import type { ConnectedDatabase } from "../database-checking";
import { DatabaseError, type Database, type DatabaseReading } from "../databases/database";
import type { Project } from "../engine";
import type { SchemaModel } from "../model/schema";
import { printedFor } from "./spelling";
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
    if ("kind" in database) return database;
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
  let stamp: string | undefined;
  return {
    // A server that cannot be asked changes nothing of what the project knows.
    async refresh(project) {
      return interruptible(request.terminal, async (signal) => {
        if (database === undefined) {
          const opened = await openDatabase(request, signal);
          if ("kind" in opened) return opened;
          database = opened;
        }
        if (stamp !== undefined && (await database.stamp(signal)) === stamp) return undefined;
        request.terminal.progress(`Reading ${database.name}`);
        const { reading, facts } = await database.readAll(signal);
        tellProblems(reading, request.terminal);
        stamp = reading.stamp;
        const { folders } = project.report();
        const journals = folders.length === 0 ? [] : await (await import("../databases/journals")).readJournals(database, folders, signal);
        await tell(project, [{ model: reading.model, facts, journals }], request.terminal, signal);
        return undefined;
      });
    },
    close: async () => database?.close(),
  };
}

function embeddedDatabases(request: DatabaseRequest): CheckedDatabases {
  return {
    async refresh(project) {
      const schemas = request.schemas();
      if ("kind" in schemas) return schemas;
      const { isPostgres } = await import("./embedded");
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
      return interruptible(request.terminal, async (signal) => {
        await tell(project, databases, request.terminal, signal);
        return undefined;
      });
    },
    close: async () => {},
  };
}

/** Hands the databases to the project, with what PostgreSQL prints of expressions that they and the code spell differently. */
async function tell(project: Project, databases: readonly ConnectedDatabase[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  project.connect(databases);
  const { databases: held, schemas } = project.report();
  const printed = await printedFor(held.flatMap(({ database, schemas: ids }) => schemas.filter(({ model }) => ids.includes(model.id)).map(({ model }) => [model, database.model] as const)), terminal, signal);
  if (printed.size > 0) project.connect(databases.map((database) => ({ ...database, printed })));
}

async function openDatabase({ name, workspace, terminal, schemas }: DatabaseRequest, signal: AbortSignal): Promise<Database | Refusal> {
  if (name === "embedded") {
    const models = schemas();
    return "kind" in models ? models : (await import("./embedded")).openEmbeddedDatabase(models, workspace, terminal, signal);
  }
  const { chooseConnection } = await import("../databases/connections/find");
  const { openPostgres } = await import("../databases/postgres/open");
  const settings = chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true });
  terminal.progress(`Connecting to ${settings.name}`);
  return openPostgres(settings, { signal, onProgress: (message) => terminal.progress(message.replace(/^./, (first) => first.toUpperCase())) });
}

/** Names what of a database could not be read. */
export function tellProblems({ problems }: Pick<DatabaseReading, "problems">, terminal: Terminal): void {
  for (const problem of problems) terminal.tell(`${terminal.errorColors.yellow("note:")} ${problem}`);
}

/** The first Ctrl+C cancels `run`, in whatever it waits for; a second one ends the process. */
export async function interruptible<Result>(terminal: Terminal, run: (signal: AbortSignal) => Promise<Result | Refusal>): Promise<Result | Refusal> {
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
