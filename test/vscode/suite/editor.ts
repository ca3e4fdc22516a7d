// What the in-editor tests do again and again. Nothing here sleeps for a fixed time: it waits for what should come.
import * as vscode from "vscode";

/** The value of `ask` once it is neither undefined nor false; fails after 30 s with `what` and what was seen last. */
export async function until<Value>(what: string, ask: () => Value | undefined | false | PromiseLike<Value | undefined | false>): Promise<Value> {
  const end = Date.now() + 30_000;
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited 30 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Opens a file of the workspace in the editor. */
export async function open(file: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders!;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder!.uri, file));
  await vscode.window.showTextDocument(document);
  return document;
}

export function findings(document: vscode.TextDocument, rule?: string): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter((one) => one.source === "plumbline" && (rule === undefined || ruleOf(one) === rule));
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

export function findingsOf(document: vscode.TextDocument, rule: string, count: number): Promise<readonly vscode.Diagnostic[]> {
  return until(`${count} of ${rule} in ${document.uri.path}`, () => {
    const found = findings(document, rule);
    return found.length === count && found;
  });
}

/** The action with that title. VS Code answers with none while a provider registers, so it is asked again. */
export function action(document: vscode.TextDocument, range: vscode.Range, title: string | RegExp, kind = vscode.CodeActionKind.QuickFix): Promise<vscode.CodeAction> {
  return until(`the code action ${String(title)}`, async () => {
    const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, range, kind.value, 50);
    return offered.find((one) => (typeof title === "string" ? one.title === title : title.test(one.title)));
  });
}

/** Applies an action as the light bulb does: its edit, then its command. */
export async function apply({ edit, command }: vscode.CodeAction): Promise<void> {
  if (edit && !(await vscode.workspace.applyEdit(edit))) throw new Error("VS Code refused the edit");
  if (command) await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
}

/** The file as it stands on disk again, whatever was typed. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await until("the file as on disk", () => !document.isDirty);
}
