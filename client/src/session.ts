// The running server with what belongs to it: the language client, the status bar item, and a restart.
import * as vscode from "vscode";
import { LanguageClient, State, TransportKind, WorkDoneProgress, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { clientCommands, databasesMethod, statusMethod, trustMethod, type DatabaseState, type InitializationOptions, type Status } from "../../server/src/lsp/protocol";
import { withoutPasswords } from "./database/passwords";
import { showStatus } from "./status-bar";
import { wholeDiagnostics } from "./whole-diagnostics";

export interface Session {
  readonly client: LanguageClient;
  /** What the server said last. */
  status(): Status | undefined;
  /** Fires with each new status. */
  readonly onStatus: vscode.Event<Status>;
  /** The connected databases, each time they change; none when a server ends. */
  readonly onDatabases: vscode.Event<readonly DatabaseState[]>;
  /** Runs `work` while what the server says of its progress under `progressToken` goes to `onMessage`. */
  withProgress<Result>(progressToken: string, onMessage: (message: string) => void, work: () => Promise<Result>): Promise<Result>;
  restart(): Promise<void>;
}

/** The documents that the server sees. Drizzle schemas are TypeScript or JavaScript like any other file, migrations are SQL. */
const documents = [
  ...["prisma", "plumbline-prisma", "typescript", "typescriptreact", "javascript"].map((language) => ({ scheme: "file", language })),
  { scheme: "file", pattern: "**/*.sql" },
  { scheme: "file", pattern: "**/plumbline.config.json" },
];

export async function startSession(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<Session> {
  const module = context.asAbsolutePath("dist/server.js");
  const serverOptions: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ["--enable-source-maps"] } },
  };
  const initializationOptions: InitializationOptions = { commands: Object.values(clientCommands), trusted: vscode.workspace.isTrusted, storage: vscode.Uri.joinPath(context.globalStorageUri, "embedded").fsPath };
  const clientOptions: LanguageClientOptions = {
    documentSelector: documents,
    diagnosticCollectionName: "plumbline",
    outputChannel: output,
    traceOutputChannel: withoutPasswords(output),
    initializationOptions,
    markdown: { isTrusted: false, supportHtml: false },
    middleware: wholeDiagnostics,
  };
  const client = new LanguageClient("plumbline", "Plumbline", serverOptions, clientOptions);
  const changed = new vscode.EventEmitter<Status>();
  let status: Status | undefined;
  client.onNotification(statusMethod, (next: Status) => {
    status = next;
    changed.fire(next);
  });
  const databases = new vscode.EventEmitter<readonly DatabaseState[]>();
  client.onNotification(databasesMethod, (states: readonly DatabaseState[]) => databases.fire(states));
  // Another server knows nothing of the connections of the last one.
  client.onDidChangeState(({ newState }) => newState === State.Running || databases.fire([]));
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(trustMethod, { trusted: true })));
  context.subscriptions.push(changed, databases, client, showStatus(client, changed.event));
  await client.start();
  await vscode.commands.executeCommand("setContext", "plumbline.active", true);
  return {
    client,
    status: () => status,
    onStatus: changed.event,
    onDatabases: databases.event,
    async withProgress(progressToken, onMessage, work) {
      const listening = client.onProgress(WorkDoneProgress.type, progressToken, (value) => {
        if (value.kind === "report" && value.message !== undefined) onMessage(value.message);
      });
      try {
        return await work();
      } finally {
        listening.dispose();
      }
    },
    restart: () => client.restart(),
  };
}
