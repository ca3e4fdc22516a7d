// The status bar item: how many foreign keys no index serves, the other findings in its tooltip; a click shows them.
import * as vscode from "vscode";
import { State, type LanguageClient } from "vscode-languageclient/node";
import type { Status } from "../../server/src/lsp/protocol";

export function showStatus(client: LanguageClient, onStatus: vscode.Event<Status>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("plumbline.status", vscode.StatusBarAlignment.Left, 0);
  item.name = "Plumbline";
  const listening = [
    onStatus((status) => show(item, status)),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) return;
      item.text = newState === State.Starting ? "$(sync~spin) Plumbline" : "$(error) Plumbline";
      item.tooltip = newState === State.Starting ? "Plumbline is starting" : "Plumbline's language server does not run";
      item.command = newState === State.Starting ? "plumbline.showOutput" : "plumbline.restartServer";
      item.backgroundColor = undefined;
      item.show();
    }),
  ];
  return vscode.Disposable.from(item, ...listening);
}

function show(item: vscode.StatusBarItem, { findings, uncovered, schemas, tables }: Status): void {
  if (schemas === 0) return item.hide();
  const total = findings.error + findings.warning + findings.information + findings.hint;
  item.text = uncovered > 0 ? `$(warning) Plumbline ${uncovered}` : findings.error + findings.warning > 0 ? `$(warning) Plumbline` : "$(check) Plumbline";
  item.accessibilityInformation = { label: `Plumbline: ${count(uncovered, "missing index", "missing indexes")}, ${count(total, "finding")}` };
  const lines = [
    `**Plumbline**: ${count(schemas, "schema")}, ${count(tables, "table")}`,
    uncovered > 0 ? `${count(uncovered, "index is", "indexes are")} missing` : "Every foreign key has its index",
    ...(["error", "warning", "information", "hint"] as const).filter((severity) => findings[severity] > 0).map((severity) => count(findings[severity], severity, severity === "information" ? severity : `${severity}s`)),
  ];
  item.tooltip = new vscode.MarkdownString(lines.join("\n\n"));
  item.command = total > 0 ? "workbench.actions.view.problems" : "plumbline.showOutput";
  item.show();
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
