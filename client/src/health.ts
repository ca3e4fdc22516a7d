// "Show Database Health": a connected database's sizes, connections and slowest statements as a read-only Markdown page.
// The sizes of the last look are kept in the workspace's state, so that the next one shows what has grown.
import * as vscode from "vscode";
import type { DatabaseState, HealthAnswer, HealthSnapshot } from "../../server/src/lsp/protocol";
import type { Databases } from "./database/databases";
import { readOnlyPages } from "./read-only-pages";

export function registerHealth(context: vscode.ExtensionContext, databases: Databases): void {
  const pages = readOnlyPages(context, "plumbline-health");
  context.subscriptions.push(
    vscode.commands.registerCommand("plumbline.showDatabaseHealth", async () => {
      const state = await chosen(databases);
      if (!state) return;
      const { root, name } = state;
      const key = `plumbline.health:${root}\n${name}`;
      const answer = await databases.follow<HealthAnswer>(`Plumbline: ${name}`, "databaseHealth", root, name, context.workspaceState.get<HealthSnapshot>(key) ?? null);
      if (answer.kind === "failed") return void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
      await context.workspaceState.update(key, answer.snapshot);
      await pages.show(`Health of ${name}.md`, root, answer.markdown, "here");
    }),
  );
}

/** The embedded database is left out: there is nothing in it, and nobody else at it. */
async function chosen(databases: Databases): Promise<DatabaseState | undefined> {
  const connected = (): readonly DatabaseState[] => databases.states.filter(({ state, made }) => state === "connected" && !made);
  if (connected().length === 0) await vscode.commands.executeCommand("plumbline.connectDatabase");
  const found = connected();
  if (found.length === 0 && databases.states.some(({ made }) => made)) void vscode.window.showInformationMessage("Plumbline: the embedded database is made from your files and holds no rows: its health says nothing. Connect to a database that is in use.");
  if (found.length < 2) return found[0];
  return (await vscode.window.showQuickPick(found.map((state) => ({ label: state.name, description: state.address, state })), { title: "Plumbline: Show Database Health" }))?.state;
}
