// The database that `--database` names, for the commands that read one. The driver is loaded when it is needed: a command
// without a database does not pay for it.
import type { Database } from "../databases/database";
import { DatabaseError } from "../databases/database";
import type { Refusal, Workspace } from "./workspace";
import type { Terminal } from "./terminal";

/** Opens it, gives it to `use`, and closes it whatever happens. What the database refuses becomes a refusal. */
export async function withDatabase<Result>(name: string, workspace: Workspace, terminal: Terminal, use: (database: Database) => Promise<Result>): Promise<Result | Refusal> {
  const { chooseConnection } = await import("../databases/connections/find");
  const { openPostgres } = await import("../databases/postgres/open");
  let database: Database | undefined;
  try {
    const settings = chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true });
    database = await openPostgres(settings, { onProgress: (message) => terminal.tell(`${message} …`) });
    return await use(database);
  } catch (error) {
    if (error instanceof DatabaseError) return { kind: "refused", message: error.message };
    throw error;
  } finally {
    await database?.close();
  }
}
