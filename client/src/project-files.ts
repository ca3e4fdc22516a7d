// The files that Plumbline keeps in a project: its configuration and its baseline. Written only when asked to, and
// never in a workspace that is not trusted (their commands are disabled there).
import * as vscode from "vscode";
import type { FolderBaseline } from "../../server/src/lsp/protocol";

const configName = "plumbline.config.json";
const baselineName = "plumbline-baseline.json";

/** Opens the configuration of a folder; where there is none, an unsaved one to begin with. */
export async function openConfig(): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  const uri = vscode.Uri.joinPath(folder.uri, configName);
  if (await exists(uri)) return void (await vscode.window.showTextDocument(uri));
  const document = await vscode.workspace.openTextDocument(uri.with({ scheme: "untitled" }));
  const editor = await vscode.window.showTextDocument(document);
  if (document.getText() === "") await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{\n  "rules": {\n    "fk/unindexed": "warning"\n  }\n}\n'));
}

/** Writes a baseline into each folder that has findings, and names it in the folder's configuration. */
export async function createBaseline(baselines: readonly FolderBaseline[]): Promise<void> {
  const some = baselines.filter(({ findings }) => findings > 0);
  if (some.length === 0) return void vscode.window.showInformationMessage("Plumbline: there are no findings to record.");
  for (const { root, text, findings } of some) {
    const folder = vscode.Uri.file(root);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, baselineName), Buffer.from(text));
    await nameBaseline(vscode.Uri.joinPath(folder, configName));
    void vscode.window.showInformationMessage(`Plumbline: ${findings} ${findings === 1 ? "finding" : "findings"} recorded in ${baselineName}; only new ones are reported from now on.`);
  }
}

/** Adds `"baseline"` to the configuration, which is made where there is none. */
async function nameBaseline(config: vscode.Uri): Promise<void> {
  if (!(await exists(config))) return vscode.workspace.fs.writeFile(config, Buffer.from(`{\n  "baseline": "${baselineName}"\n}\n`));
  const document = await vscode.workspace.openTextDocument(config);
  const text = document.getText();
  if (/"baseline"\s*:/.test(text)) return;
  const open = text.indexOf("{");
  if (open < 0) return;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(config, document.positionAt(open + 1), `\n  "baseline": "${baselineName}"${/^\s*\}/.test(text.slice(open + 1)) ? "\n" : ","}`);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const editor = vscode.window.activeTextEditor;
  const own = editor && vscode.workspace.getWorkspaceFolder(editor.document.uri);
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (own) return own;
  if (folders.length > 1) return vscode.window.showWorkspaceFolderPick();
  if (folders.length === 0) void vscode.window.showInformationMessage("Plumbline: open a folder first.");
  return folders[0];
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}
