// The commands and the view of databases. Nothing is connected to unless the user asks, or has asked for it to be done
// on opening (`plumbline.database.autoConnect`).
import * as vscode from "vscode";
import type { RefreshAnswer } from "../../../server/src/lsp/protocol";
import { registerHealth } from "../health";
import type { Session } from "../session";
import { connecting } from "./connect";
import { databases as openDatabases, type Databases } from "./databases";
import { showDatabase } from "./status";
import { databaseTree, type DatabaseTree, type Node } from "./tree";

/** What a started session is told to. */
export interface DatabaseFeatures {
  attach(session: Session): void;
  readonly databases: Databases;
  /** For the extension's own tests. */
  readonly tree: DatabaseTree;
}

export function registerDatabases(context: vscode.ExtensionContext, start: () => Promise<Session>): DatabaseFeatures {
  const databases = openDatabases(context, start);
  const connect = connecting(context, databases);
  const tree = databaseTree(databases);
  const of = (node?: Node): readonly [] | readonly [string, string] => (node?.kind === "connection" ? [node.state.root, node.state.name] : []);

  const refresh = async (command: "refreshDatabase" | "refreshStatistics", node?: Node): Promise<RefreshAnswer | undefined> => {
    if (databases.states.length === 0) return void vscode.window.showInformationMessage("Plumbline: no database is connected.", "Connect…").then((chosen) => chosen && connect.choose());
    const [root, name] = of(node);
    const answer = await databases.follow<RefreshAnswer>("Plumbline", command, { ...(root !== undefined && { root, name }) });
    for (const failure of answer.failures) void vscode.window.showWarningMessage(`Plumbline: ${failure}`);
    return answer;
  };

  const commands: Readonly<Record<string, (...parameters: any[]) => unknown>> = {
    "plumbline.connectDatabase": () => connect.choose(),
    "plumbline.useEmbeddedDatabase": () => connect.useEmbedded(),
    "plumbline.disconnectDatabase": async (node?: Node) => {
      if (databases.states.length === 0) return void vscode.window.showInformationMessage("Plumbline: no database is connected.");
      await databases.ask("disconnectDatabase", ...of(node));
      if (databases.states.length === 0) await connect.forgetLast();
    },
    "plumbline.refreshDatabase": (node?: Node) => refresh("refreshDatabase", node),
    "plumbline.refreshStatistics": (node?: Node) => refresh("refreshStatistics", node),
  };
  for (const [id, run] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(id, run));
  context.subscriptions.push(
    vscode.window.registerTreeDataProvider("plumbline.databases", tree),
    databases.onChange(() => void vscode.commands.executeCommand("setContext", "plumbline.databaseConnected", databases.states.length > 0)),
    // Whoever comes back to the window may have changed the database elsewhere.
    vscode.window.onDidChangeWindowState(({ focused }) => focused && databases.states.length > 0 && void databases.ask<RefreshAnswer>("refreshDatabase", { unasked: true }).catch(() => undefined)),
  );
  showDatabase(context, databases);
  registerHealth(context, databases);

  return {
    databases,
    tree,
    attach(session) {
      databases.attach(session);
      if (vscode.workspace.getConfiguration("plumbline").get<boolean>("database.autoConnect") === true) void connect.reconnect().catch(() => undefined);
    },
  };
}
