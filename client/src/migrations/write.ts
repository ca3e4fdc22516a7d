// Writing a migration's files: all of them or none, in one edit that is undone in one step, and saved, because what is run
// is what lies on disk.
import * as vscode from "vscode";
import type { MigrationFiles } from "../../../server/src/lsp/protocol";

/** `schema` is the change of the code that goes with it. The URIs of the files in their order; undefined where the edit was refused. */
export async function writeFiles({ files, unsaved }: MigrationFiles, schema: vscode.WorkspaceEdit | undefined): Promise<readonly vscode.Uri[] | undefined> {
  const edit = schema ?? new vscode.WorkspaceEdit();
  const uris = files.map(({ uri }) => vscode.Uri.parse(uri));
  for (const [at, { text, exists }] of files.entries()) {
    const uri = uris[at]!;
    if (!exists) edit.createFile(uri, { contents: Buffer.from(text), overwrite: false });
    else {
      const document = await vscode.workspace.openTextDocument(uri);
      edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
    }
  }
  const touched = new Set([...uris, ...edit.entries().map(([uri]) => uri)].map(String).concat(unsaved.map((uri) => vscode.Uri.parse(uri).toString())));
  const before = new Set(tabs().map(({ uri }) => uri));
  if (!(await vscode.workspace.applyEdit(edit))) return undefined;
  for (const document of vscode.workspace.textDocuments) if (document.isDirty && touched.has(document.uri.toString())) await document.save();
  for (const { path } of uris) if (isLedger(path)) written.add(path);
  // VS Code opens what an edit has changed: a ledger is nothing to read.
  await vscode.window.tabGroups.close(tabs().filter(({ uri }) => isLedger(uri) && touched.has(uri) && !before.has(uri)).map(({ tab }) => tab));
  return uris;
}

/** Opens what a person wants to see of the written files, and gives it. */
export async function showWritten({ files }: MigrationFiles, uris: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const shown = files.flatMap((file, at) => (file.shown ? [uris[at]!] : []));
  for (const uri of shown.slice(0, 5)) await vscode.window.showTextDocument(uri, { preview: false });
  return shown;
}

/** Saves ledgers that were changed by hand, or by an undo. */
export async function saveLedgers(): Promise<void> {
  await Promise.all(vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && isLedger(uri.path)).map((document) => document.save()));
}

/** Undoing a migration that was written takes its files away at once, so its ledger is saved with it; redoing likewise. */
export function saveUndoneLedgers(): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
    if (reason !== undefined && written.has(document.uri.path)) void document.save();
  });
}

/** Paths of the ledgers that were changed here. */
const written = new Set<string>();

/** drizzle-kit's list of the folder's migrations: https://orm.drizzle.team/docs/kit-overview */
const isLedger = (path: string): boolean => path.endsWith("/meta/_journal.json");

function tabs(): readonly { readonly tab: vscode.Tab; readonly uri: string }[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [{ tab, uri: tab.input.uri.toString() }] : []));
}
