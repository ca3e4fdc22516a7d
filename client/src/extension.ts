// Entry of the extension. It is loaded with the first TypeScript file, so it does next to nothing by itself: the
// language client is loaded, and the server started, once there is a schema to look at or a command asks for it.
import * as vscode from "vscode";
import { registerBackups } from "./backups";
import { registerRunSqlFile } from "./run-sql-file";
import { registerCommands } from "./commands";
import { registerDiagram } from "./diagram/show-diagram";
import { registerDatabases, type DatabaseFeatures } from "./database/register";
import { registerMigrations, type MigrationFeatures } from "./migrations/register";
import { givePrismaLanguage } from "./prisma-language";
import { registerPushPreview } from "./push-preview";
import { onSchema } from "./schema-presence";
import type { Session } from "./session";

/** What the extension's own tests look at. */
export interface Api {
  /** Starts the server where it does not run yet; resolves when it is ready. */
  session(): Promise<Session>;
  /** The running server; undefined where none was needed so far. */
  running(): Session | undefined;
  readonly databases: DatabaseFeatures;
  readonly migrations: MigrationFeatures;
}

let running: Promise<Session> | undefined;
let ready: Session | undefined;

export function activate(context: vscode.ExtensionContext): Api {
  const output = vscode.window.createOutputChannel("Plumbline", { log: true });
  context.subscriptions.push(output);
  const start = (): Promise<Session> => {
    running ??= import("./session").then(({ startSession }) => startSession(context, output)).then((session) => {
      databases.attach(session);
      migrations.attach(session);
      return (ready = session);
    });
    running.catch((error: unknown) => {
      running = undefined;
      output.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage("Plumbline: the language server did not start. See the output channel for the reason.", "Show Output").then((chosen) => chosen && output.show());
    });
    return running;
  };
  registerCommands(context, output, start);
  registerDiagram(context, start);
  const databases = registerDatabases(context, start);
  const migrations = registerMigrations(context, output, databases.databases, start);
  registerBackups(context, output, databases.databases);
  registerRunSqlFile(context, databases.databases);
  registerPushPreview(context, start);
  givePrismaLanguage(context);
  onSchema(context, () => void start().catch(() => undefined));
  return { session: start, running: () => ready, databases, migrations };
}

export async function deactivate(): Promise<void> {
  await ready?.client.stop(2_000).catch(() => undefined);
}
