// A list of the missing indexes, all ticked, from which the user takes out what shall not be added. VS Code's own
// preview of an edit opens by itself only for what must be confirmed, and shows that unticked.
import * as vscode from "vscode";
import type { IndexChoice } from "../../server/src/lsp/protocol";

interface Item extends vscode.QuickPickItem {
  readonly id?: string;
}

/** Ids of the indexes that the user leaves ticked; undefined where the list was closed, or nothing is left in it. */
export async function chooseIndexes(choices: readonly IndexChoice[]): Promise<readonly string[] | undefined> {
  const chosen = await vscode.window.showQuickPick(itemsOf(choices), {
    canPickMany: true, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true,
    title: "Plumbline: Choose Which Missing Indexes to Add", placeHolder: "Untick what you do not want",
  });
  const ids = chosen?.flatMap(({ id }) => id ?? []) ?? [];
  return ids.length === 0 ? undefined : ids;
}

/** By file, that of the active editor first. */
function itemsOf(choices: readonly IndexChoice[]): readonly Item[] {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const byFile = new Map<string, Item[]>();
  for (const { id, label, reason, files } of choices) {
    const uris = files.map((file) => vscode.Uri.parse(file));
    const shown = uris.find((uri) => uri.toString() === active) ?? uris[0];
    const others = uris.filter((uri) => uri !== shown).map(nameOf);
    const key = shown?.toString() ?? "";
    const list = byFile.get(key) ?? [];
    byFile.set(key, list);
    list.push({ id, label, picked: true, detail: reason, ...(others.length > 0 && { description: `and in ${others.join(", ")}` }) });
  }
  const files = [...byFile].sort(([a], [b]) => Number(b === active) - Number(a === active));
  return files.flatMap(([file, items]) => [{ label: nameOf(vscode.Uri.parse(file)), kind: vscode.QuickPickItemKind.Separator }, ...items]);
}

const nameOf = (uri: vscode.Uri): string => vscode.workspace.asRelativePath(uri);
