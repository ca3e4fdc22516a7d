// A lens over each script of a package.json that pushes the schema: shows in a read-only diff document what that push would
// drop, alter and add. It pushes nothing and connects to nothing unasked.
import * as vscode from "vscode";
import { pushPreviewMethod, pushScriptsMethod, type PushPreview, type PushPreviewRequest, type PushScript } from "../../server/src/lsp/protocol";
import { readOnlyPages } from "./read-only-pages";
import type { Session } from "./session";

const command = "plumbline.previewPush";

export function registerPushPreview(context: vscode.ExtensionContext, start: () => Promise<Session>): void {
  const pages = readOnlyPages(context, "plumbline-push");
  context.subscriptions.push(
    vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: "**/package.json" }, {
      async provideCodeLenses(document) {
        // Most have none, and the server shall not start for them.
        if (!/\bpush\b/.test(document.getText())) return [];
        const { client } = await start();
        const scripts = await client.sendRequest<readonly PushScript[]>(pushScriptsMethod, { text: document.getText() });
        return scripts.map(({ tool, range }) => new vscode.CodeLens(client.protocol2CodeConverter.asRange(range), { title: "Preview what this push would change or drop", command, arguments: [document.uri.toString(), tool] }));
      },
    }),
    vscode.commands.registerCommand(command, async (uri: string, tool: PushScript["tool"]) => {
      const { client } = await start();
      const ask = (): Promise<PushPreview> => client.sendRequest<PushPreview>(pushPreviewMethod, { uri, tool } satisfies PushPreviewRequest);
      let preview = await ask();
      if (preview.kind === "not connected") {
        const connect = "Connect to Database…";
        const embedded = "Use Embedded Postgres";
        const chosen = await vscode.window.showInformationMessage(`Plumbline: a push is previewed against a database, and none of ${preview.schema} is connected.`, { modal: true, detail: "The embedded one is made from your migrations: it shows what they lack." }, connect, embedded);
        if (chosen === undefined) return;
        await vscode.commands.executeCommand(chosen === connect ? "plumbline.connectDatabase" : "plumbline.useEmbeddedDatabase");
        preview = await ask();
      }
      if (preview.kind === "no schema") return void vscode.window.showInformationMessage(`Plumbline: no ${tool === "drizzle" ? "Drizzle" : "Prisma"} schema with tables was found here.`);
      if (preview.kind !== "preview") return;
      const target = pages.page("push preview.diff", uri, preview.text);
      const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(target), "diff");
      await vscode.window.showTextDocument(document, { preview: true });
    }),
  );
}
