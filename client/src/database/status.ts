// The status bar's item of the connected database: which one, whether it is production's, and how far the code is from it.
import * as vscode from "vscode";
import { withoutIcons } from "./connect";
import type { Databases } from "./databases";

export function showDatabase(context: vscode.ExtensionContext, databases: Databases): void {
  const item = vscode.window.createStatusBarItem("plumbline.database", vscode.StatusBarAlignment.Left, -1);
  item.name = "Plumbline Database";
  item.command = "plumbline.databases.focus";
  context.subscriptions.push(item, databases.onChange(() => show(item, databases)));
}

function show(item: vscode.StatusBarItem, { states, drift }: Databases): void {
  if (states.length === 0) return item.hide();
  const [first] = states;
  const lost = states.some(({ state }) => state === "lost");
  const busy = states.some(({ state }) => state === "connecting");
  const production = states.some((one) => one.production);
  const name = states.length === 1 ? withoutIcons(first!.name) : `${states.length} databases`;
  item.text = `$(${lost ? "debug-disconnect" : busy ? "sync~spin" : production ? "warning" : "database"}) ${name}${production ? " (production)" : ""}${drift > 0 ? ` $(diff) ${drift}` : ""}`;
  item.backgroundColor = production ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.accessibilityInformation = { label: `Plumbline: database ${states.map((one) => `${one.name}, ${one.state}`).join("; ")}, ${differences(drift)}` };
  // Plain text: a database's name is nobody's markup.
  item.tooltip = [...states.map((one) => [one.name, one.address, one.title, one.production ? "production" : undefined, one.message].filter((part) => part !== undefined).join(" · ")), differences(drift)].join("\n");
  item.show();
}

function differences(drift: number): string {
  return drift === 0 ? "the code and the database are the same" : `${drift} ${drift === 1 ? "difference" : "differences"} between the code and the database`;
}
