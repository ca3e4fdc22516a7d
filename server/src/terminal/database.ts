// The database that `--database` names, for the commands that read one. The driver is loaded when it is needed: a command
// without a database does not pay for it.
import type { Database } from "../databases/database";
import { DatabaseError } from "../databases/database";
import type { Refusal, Workspace, WorkspaceOptions } from "./workspace";
import type { Terminal } from "./terminal";

/** Opens it, gives it to `use`, and closes it whatever happens. What the database refuses becomes a refusal. `options.schema` says which schema "embedded" is made for. */
export async function withDatabase<Result>(name: string, workspace: Workspace, terminal: Terminal, use: (database: Database) => Promise<Result>, options: Pick<WorkspaceOptions, "schema"> = {}): Promise<Result | Refusal> {
  let database: Database | undefined;
  try {
    const opened = await open(name, workspace, options, terminal);
    if ("message" in opened) return opened;
    database = opened;
    return await use(database);
  } catch (error) {
    if (error instanceof DatabaseError) return { kind: "refused", message: error.message };
    throw error;
  } finally {
    await database?.close();
  }
}

async function open(name: string, workspace: Workspace, options: Pick<WorkspaceOptions, "schema">, terminal: Terminal): Promise<Database | Refusal> {
  if (name === "embedded") return (await import("./embedded")).openEmbeddedDatabase(workspace, options, terminal);
  const { chooseConnection } = await import("../databases/connections/find");
  const { openPostgres } = await import("../databases/postgres/open");
  const settings = chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true });
  return openPostgres(settings, { onProgress: (message) => terminal.tell(`${message} …`) });
}
