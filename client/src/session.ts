// The running server with what belongs to it: the language client, the status bar item, and a restart.
import * as vscode from "vscode";
import { LanguageClient, TransportKind, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { clientCommands, statusMethod, type InitializationOptions, type Status } from "../../server/src/lsp/protocol";
import { showStatus } from "./status-bar";

export interface Session {
  readonly client: LanguageClient;
  /** What the server said last. */
  status(): Status | undefined;
  /** Fires with each new status. */
  readonly onStatus: vscode.Event<Status>;
  restart(): Promise<void>;
}

/** The documents that the server sees. Drizzle schemas are TypeScript or JavaScript like any other file. */
const documents = [
  ...["prisma", "plumbline-prisma", "typescript", "typescriptreact", "javascript"].map((language) => ({ scheme: "file", language })),
  { scheme: "file", pattern: "**/plumbline.config.json" },
];

export async function startSession(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<Session> {
  const module = context.asAbsolutePath("dist/server.js");
  const serverOptions: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ["--enable-source-maps"] } },
  };
  const initializationOptions: InitializationOptions = { commands: Object.values(clientCommands) };
  const clientOptions: LanguageClientOptions = {
    documentSelector: documents,
    diagnosticCollectionName: "plumbline",
    outputChannel: output,
    initializationOptions,
    markdown: { isTrusted: false, supportHtml: false },
  };
  const client = new LanguageClient("plumbline", "Plumbline", serverOptions, clientOptions);
  const changed = new vscode.EventEmitter<Status>();
  let status: Status | undefined;
  client.onNotification(statusMethod, (next: Status) => {
    status = next;
    changed.fire(next);
  });
  context.subscriptions.push(changed, client, showStatus(client, changed.event));
  await client.start();
  await vscode.commands.executeCommand("setContext", "plumbline.active", true);
  return { client, status: () => status, onStatus: changed.event, restart: () => client.restart() };
}
