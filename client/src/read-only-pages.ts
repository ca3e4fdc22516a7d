// Read-only documents that hold an answer of the server: a plan, a database's health, what a push would change. Their text
// lives as long as the window: VS Code closes a document behind a preview after minutes, and asks for it again.
import * as vscode from "vscode";

export interface ReadOnlyPages {
  /** Gives the document `name` that text, whether it is open or not. `about` tells apart pages of one name. */
  page(name: string, about: string, text: string): vscode.Uri;
  isOpen(name: string, about: string): boolean;
  /** Gives a page that is open another text, which is shown at once. */
  refresh(name: string, about: string, text: string): Promise<void>;
}

export function readOnlyPages(context: vscode.ExtensionContext, scheme: string): ReadOnlyPages {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, { onDidChange: changed.event, provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "" }),
  );
  const uriOf = (name: string, about: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${name.replaceAll("/", "-")}`, query: about });
  function page(name: string, about: string, text: string): vscode.Uri {
    const uri = uriOf(name, about);
    texts.set(uri.toString(), text);
    changed.fire(uri);
    return uri;
  }
  return {
    page,
    // A Markdown preview's tab says of its document no more than the name.
    isOpen: (name, about) => texts.has(uriOf(name, about).toString()) && vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.endsWith(name.replaceAll("/", "-")))),
    async refresh(name, about, text) {
      const uri = uriOf(name, about);
      if (texts.get(uri.toString()) === text) return;
      // VS Code asks anew for the text of a document that it has open alone.
      await vscode.workspace.openTextDocument(uri);
      const taken = new Promise<void>((resolve) => {
        const listening = vscode.workspace.onDidChangeTextDocument(({ document }) => {
          if (document.uri.toString() !== uri.toString()) return;
          listening.dispose();
          resolve();
        });
      });
      page(name, about, text);
      await taken;
      // The preview compares version numbers, which begin anew with a document that was closed meanwhile.
      if (vscode.extensions.getExtension("vscode.markdown-language-features")?.isActive) await vscode.commands.executeCommand("markdown.preview.refresh");
    },
  };
}

/** As Markdown's preview; as plain text in an editor that has none. */
export async function showMarkdown(uri: vscode.Uri, where: "here" | "beside" = "here"): Promise<void> {
  const command = where === "here" ? "markdown.showPreview" : "markdown.showPreviewToSide";
  // Its commands are registered with its activation, which this call brings about.
  if (vscode.extensions.getExtension("vscode.markdown-language-features")) return void (await vscode.commands.executeCommand(command, uri));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, viewColumn: where === "here" ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside });
}
