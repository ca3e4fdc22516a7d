// The commands of the palette. Each asks the server, or VS Code; what is decided about a schema is decided there.
import * as vscode from "vscode";
import type { Location, Position } from "vscode-languageclient/node";
import { clientCommands, serverCommands, type FolderBaseline, type IndexChoice, type Outcome, type Status } from "../../server/src/lsp/protocol";
import { chooseIndexes } from "./choose-indexes";
import { createBaseline, openConfig } from "./project-files";
import { showRule } from "./rule-pages";
import type { Session } from "./session";

export function registerCommands(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, start: () => Promise<Session>): void {
  const ask = async <Answer>(command: string, ...parameters: readonly unknown[]): Promise<Answer> => {
    const { client } = await start();
    return client.sendRequest<Answer>("workspace/executeCommand", { command, arguments: [...parameters] });
  };
  const commands: Readonly<Record<string, (...parameters: any[]) => unknown>> = {
    "plumbline.checkWorkspace": async () => {
      const status = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Plumbline: checking" }, () => ask<Status>(serverCommands.check));
      await reportCheck(status);
      return status;
    },
    "plumbline.fixFile": async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor) return void vscode.window.showInformationMessage("Plumbline: open the schema whose indexes are missing first.");
      return reportFix(await ask<Outcome>(serverCommands.fixFile, editor.document.uri.toString()));
    },
    "plumbline.fixWorkspace": async () => reportFix(await ask<Outcome>(serverCommands.fixWorkspace)),
    [clientCommands.chooseIndexes]: async () => {
      const choices = await ask<readonly IndexChoice[]>(serverCommands.missingIndexes);
      const chosen = choices.length === 0 ? [] : await chooseIndexes(choices);
      return chosen && reportFix(await ask<Outcome>(serverCommands.addIndexes, chosen));
    },
    "plumbline.copyCreateIndex": async () => {
      const editor = vscode.window.activeTextEditor;
      const sql = editor && (await ask<string | null>(serverCommands.createIndexSql, editor.document.uri.toString(), { line: editor.selection.active.line, character: editor.selection.active.character }));
      if (!sql) return void vscode.window.showInformationMessage("Plumbline: there is no missing index at the cursor. Put it on a foreign key with a squiggle.");
      return copy(sql);
    },
    "plumbline.showOutput": () => output.show(),
    "plumbline.restartServer": async () => (await start()).restart(),
    "plumbline.showRule": (rule?: unknown) => showRule(context, typeof rule === "string" ? rule : undefined),
    "plumbline.openWalkthrough": () => vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#plumbline.start`, false),
    "plumbline.createBaseline": trusted(async () => createBaseline((await ask<readonly FolderBaseline[]>(serverCommands.baseline)) ?? [])),
    "plumbline.openConfig": trusted(openConfig),
    [clientCommands.copySql]: (sql: unknown) => copy(String(sql)),
    [clientCommands.showPlaces]: async (uri: string, position: Position, locations: readonly Location[]) => {
      const convert = (await start()).client.protocol2CodeConverter;
      await vscode.commands.executeCommand("editor.action.showReferences", convert.asUri(uri), convert.asPosition(position), locations.map((location) => convert.asLocation(location)));
    },
  };
  for (const [id, run] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(id, run));
}

/** The palette hides such a command in a workspace that is not trusted; a keybinding or another extension does not ask the palette. */
function trusted(run: () => Promise<void>): () => Promise<void> {
  return async () => {
    if (vscode.workspace.isTrusted) return run();
    void vscode.window.showInformationMessage("Plumbline writes no files in a workspace that is not trusted.");
  };
}

async function copy(sql: string): Promise<string> {
  await vscode.env.clipboard.writeText(sql);
  vscode.window.setStatusBarMessage("Plumbline: copied", 3_000);
  return sql;
}

async function reportCheck({ findings, uncovered, schemas, tables }: Status): Promise<void> {
  if (schemas === 0) return void vscode.window.showInformationMessage("Plumbline: no Drizzle and no Prisma schema was found in this workspace.");
  const total = findings.error + findings.warning + findings.information + findings.hint;
  const message = `Plumbline: ${tables} ${tables === 1 ? "table" : "tables"}, ${uncovered} missing ${uncovered === 1 ? "index" : "indexes"}, ${total} ${total === 1 ? "finding" : "findings"}.`;
  // Not awaited: the command is done when the check is.
  void vscode.window.showInformationMessage(message, ...(total > 0 ? ["Show Problems"] : [])).then((chosen) => chosen && vscode.commands.executeCommand("workbench.actions.view.problems"));
}

function reportFix(outcome: Outcome): Outcome {
  if (outcome.refused.length > 0) void vscode.window.showWarningMessage(`Plumbline: ${outcome.refused.length} could not be written: ${outcome.refused[0]}`);
  else if (outcome.written === 0) void vscode.window.showInformationMessage("Plumbline: no index is missing here.");
  return outcome;
}
