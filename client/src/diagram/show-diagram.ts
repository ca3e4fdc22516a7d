// "Show Schema Diagram": one panel a schema, drawn anew when the schema changes while it is visible. What stands where is
// the server's affair, drawing the page's.
import * as vscode from "vscode";
import type { Location } from "vscode-languageclient/node";
import { clientCommands, diagramMethod, diagramPlaceMethod, type DiagramAnswer, type DiagramFocus, type DiagramPageMessage, type DiagramPlaceRequest, type DiagramRequest, type DiagramShown, type DiagramTableName, type SchemaChoice } from "../../../server/src/lsp/protocol";
import type { Node } from "../database/tree";
import type { Session } from "../session";
import { pageHtml } from "./page-html";

type Shown = Extract<DiagramAnswer, { kind: "diagram" }>;

/** By folder, schema and source: one panel each. */
const panels = new Map<string, { show(table: DiagramTableName | undefined): void }>();
const keyOf = ({ root, schema, source }: SchemaChoice): string => `${root}\n${schema}\n${source}`;

export function registerDiagram(context: vscode.ExtensionContext, start: () => Promise<Session>): void {
  const draw = async (uri: unknown, focus: DiagramFocus | undefined): Promise<void> => {
    const session = await start();
    const document = typeof uri === "string" ? uri : uri instanceof vscode.Uri ? uri.toString() : vscode.window.activeTextEditor?.document.uri.toString();
    const answer = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: "Plumbline: drawing the schema" }, () => ask(session, { uri: document, schema: focus?.schema }));
    if (answer) show(context, session, answer, focus?.table);
  };
  context.subscriptions.push(
    // The title of a view hands over what is selected in it.
    vscode.commands.registerCommand(clientCommands.showDiagram, (uri?: unknown, focus?: DiagramFocus) => draw(uri, focus?.table && focus)),
    vscode.commands.registerCommand("plumbline.showTableInDiagram", ({ table }: Extract<Node, { readonly kind: "table" }>) => draw(table.place?.uri, { table: { schema: table.schema === "public" ? null : table.schema, name: table.name } })),
  );
}

/** Asks which schema is meant where there are several. */
async function ask(session: Session, request: DiagramRequest): Promise<Shown | undefined> {
  const answer = await session.client.sendRequest<DiagramAnswer>(diagramMethod, request);
  switch (answer.kind) {
    case "diagram": return answer;
    case "none":
      void vscode.window.showInformationMessage("Plumbline: no schema with tables was found in this workspace.");
      return undefined;
    case "choose": {
      const items = answer.schemas.map((choice) => ({ label: choice.schema, description: `${choice.source}, ${choice.tables} tables`, choice }));
      const chosen = await vscode.window.showQuickPick(items, { title: "Plumbline: Show Schema Diagram", placeHolder: "Schema" });
      return chosen && ask(session, { root: chosen.choice.root, schema: chosen.choice.schema });
    }
  }
}

function show(context: vscode.ExtensionContext, session: Session, first: Shown, table: DiagramTableName | undefined): void {
  const key = keyOf(first.schema);
  const open = panels.get(key);
  if (open) return open.show(table);
  const dist = vscode.Uri.joinPath(context.extensionUri, "dist");
  const panel = vscode.window.createWebviewPanel("plumbline.diagram", `Schema: ${first.schema.schema}`, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [dist] });
  const address = (file: string): string => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  let shown = first;
  let asked = 0;
  /** Until a page has been told. */
  let wanted = table;
  const post = (): void => {
    const focus = wanted ? shown.diagram.tables.findIndex(({ schema, name }) => schema === wanted!.schema && name === wanted!.name) : -1;
    wanted = undefined;
    void panel.webview.postMessage({ kind: "show", diagram: shown.diagram, ...(focus >= 0 && { focus }) } satisfies DiagramShown);
  };
  panels.set(key, {
    show(next) {
      wanted = next;
      // A page that was hidden begins anew, and says when it is ready.
      if (next && panel.visible) post();
      panel.reveal();
    },
  });

  async function refresh(): Promise<void> {
    const turn = ++asked;
    const { root, schema } = first.schema;
    const answer = await session.client.sendRequest<DiagramAnswer>(diagramMethod, { root, schema } satisfies DiagramRequest).catch(() => undefined);
    if (turn !== asked || answer?.kind !== "diagram" || JSON.stringify(answer.diagram) === JSON.stringify(shown.diagram)) return;
    shown = answer;
    post();
  }

  const listening = [
    panel.webview.onDidReceiveMessage((message: DiagramPageMessage) => {
      switch (message.kind) {
        case "ready": return post();
        case "refresh": return void refresh();
        // Beside the diagram, whichever part of the window is active meanwhile, so that it stays in view.
        case "open": return void openPlace(session, shown, message.table, message.column, (panel.viewColumn ?? vscode.ViewColumn.One) + 1);
        case "export": return void exportSvg(message.svg, first.schema);
      }
    }),
    session.onStatus(() => void (panel.visible && refresh())),
    vscode.workspace.onDidSaveTextDocument(() => void (panel.visible && refresh())),
    panel.onDidChangeViewState(() => void (panel.visible && refresh())),
  ];
  panel.onDidDispose(() => {
    panels.delete(key);
    vscode.Disposable.from(...listening).dispose();
  });
  panel.webview.html = pageHtml({ script: address("diagram.js"), style: address("diagram.css") });
}

async function openPlace({ client }: Session, { schema: { root, schema }, diagram }: Shown, position: number, columnPosition: number | undefined, viewColumn: vscode.ViewColumn): Promise<void> {
  const table = diagram.tables[position];
  if (!table) return;
  const column = columnPosition === undefined ? undefined : table.columns[columnPosition]?.name;
  const request: DiagramPlaceRequest = { root, schema, table: { schema: table.schema, name: table.name }, ...(column !== undefined && { column }) };
  const location = await client.sendRequest<Location | null>(diagramPlaceMethod, request);
  if (!location) return void vscode.window.showInformationMessage(`Plumbline: ${table.name} has no declaration in the code.`);
  const { uri, range } = client.protocol2CodeConverter.asLocation(location);
  await vscode.window.showTextDocument(uri, { selection: range, viewColumn });
}

async function exportSvg(svg: string, { root, schema }: SchemaChoice): Promise<void> {
  const name = `${schema.replace(/\.[^./]*$/, "").replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "") || "schema"}.svg`;
  const target = await vscode.window.showSaveDialog({ title: "Export the diagram", defaultUri: vscode.Uri.joinPath(vscode.Uri.file(root), name), filters: { "SVG": ["svg"] } });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(svg));
  void vscode.window.showInformationMessage(`Plumbline: saved ${vscode.workspace.asRelativePath(target)}.`, "Open").then((chosen) => chosen && vscode.commands.executeCommand("vscode.open", target));
}
