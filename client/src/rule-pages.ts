// The rules' documentation, as it came with the extension: readable without a network.
import * as vscode from "vscode";

/** Shows the page of `rule` (`group/name`); without one, lets the user choose, the rules under the cursor first. */
export async function showRule(context: vscode.ExtensionContext, rule: string | undefined): Promise<string | undefined> {
  const folder = vscode.Uri.joinPath(context.extensionUri, "server", "docs");
  const wanted = rule ?? (await choose(folder));
  if (wanted === undefined || !/^[a-z-]+\/[a-z-]+$/.test(wanted)) return undefined;
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(folder, `${wanted}.md`));
  return wanted;
}

async function choose(folder: vscode.Uri): Promise<string | undefined> {
  const all = await pages(folder);
  const here = rulesUnderCursor().filter((rule) => all.includes(rule));
  if (here.length === 1) return here[0];
  const items = [...here, ...all.filter((rule) => !here.includes(rule))].map((label) => ({ label, description: here.includes(label) ? "at the cursor" : undefined }));
  return (await vscode.window.showQuickPick(items, { title: "Plumbline: Show Rule Documentation", placeHolder: "Rule" }))?.label;
}

async function pages(folder: vscode.Uri): Promise<readonly string[]> {
  const rules: string[] = [];
  for (const [group, type] of await vscode.workspace.fs.readDirectory(folder)) {
    if (type !== vscode.FileType.Directory) continue;
    for (const [page] of await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, group))) if (page.endsWith(".md")) rules.push(`${group}/${page.slice(0, -3)}`);
  }
  return rules.sort();
}

function rulesUnderCursor(): readonly string[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return [];
  const here = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source, range }) => source === "plumbline" && range.intersection(editor.selection) !== undefined);
  return [...new Set(here.map(({ code }) => String(typeof code === "object" ? code.value : code)))];
}
