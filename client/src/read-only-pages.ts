// Read-only documents that hold an answer of the server: a plan, a database's health, what a push would change. Their text
// lives as long as the window: VS Code closes a document behind a preview after minutes, and asks for it again.
import * as vscode from "vscode";

export interface ReadOnlyPages {
  /** Gives the document `name` that text, whether it is open or not. `about` tells apart pages of one name. */
  page(name: string, about: string, text: string): vscode.Uri;
  /** Shows the page with that text as Markdown's preview, in its own tab where it has one; the focus stays where it is if it is shown beside. */
  show(name: string, about: string, text: string, where: "here" | "beside"): Promise<void>;
  isOpen(name: string, about: string): boolean;
  /** Gives a page that is open another text, which is shown at once. */
  refresh(name: string, about: string, text: string): Promise<void>;
}

export function readOnlyPages(context: vscode.ExtensionContext, scheme: string): ReadOnlyPages {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const gone = "This page was of a window that has been closed: ask for it again.\n";
  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, { onDidChange: changed.event, provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? gone }),
  );
  const uriOf = (name: string, about: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${name.replaceAll("/", "-")}`, query: about });
  /** A preview that is opened on a document whose text is yet to come would keep the old one. */
  async function filled(uri: vscode.Uri, given: string): Promise<void> {
    // As the document will have it.
    const text = given.replace(/\r\n?/g, "\n");
    texts.set(uri.toString(), text);
    // VS Code asks anew for the text of a document that it has open alone.
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() === text) return;
    const taken = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument((change) => {
        // A later text may have come in between.
        if (change.document.uri.toString() !== uri.toString() || change.document.getText() !== texts.get(uri.toString())) return;
        listening.dispose();
        resolve();
      });
    });
    changed.fire(uri);
    await taken;
    // The preview compares version numbers, which begin anew with a document that was closed meanwhile.
    if (columnOf(uri) !== undefined && vscode.extensions.getExtension(markdown)?.isActive) await vscode.commands.executeCommand("markdown.preview.refresh");
  }
  return {
    page(name, about, text) {
      const uri = uriOf(name, about);
      texts.set(uri.toString(), text);
      changed.fire(uri);
      return uri;
    },
    async show(name, about, text, where) {
      const uri = uriOf(name, about);
      await filled(uri, text);
      const viewColumn = columnOf(uri) ?? (where === "here" ? vscode.ViewColumn.Active : columnBeside());
      await vscode.commands.executeCommand("vscode.openWith", uri, vscode.extensions.getExtension(markdown) ? "vscode.markdown.preview.editor" : "default", { viewColumn, preserveFocus: where === "beside", preview: false } satisfies vscode.TextDocumentShowOptions);
    },
    isOpen: (name, about) => columnOf(uriOf(name, about)) !== undefined,
    refresh: (name, about, text) => filled(uriOf(name, about), text),
  };
}

const markdown = "vscode.markdown-language-features";

function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) && input.uri.toString() === uri.toString()))?.viewColumn;
}

/** The group to the right of the active one, else the one to its left: a third is not begun. */
function columnBeside(): vscode.ViewColumn {
  const { all, activeTabGroup: { viewColumn } } = vscode.window.tabGroups;
  return viewColumn < Math.max(all.length, 2) ? viewColumn + 1 : viewColumn - 1;
}
