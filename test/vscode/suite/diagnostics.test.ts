import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../../client/src/extension";
import { action, apply, findings, findingsOf, open, revert, ruleOf, until } from "./editor";

describe("a Drizzle schema", () => {
  let schema: vscode.TextDocument;
  before(async () => {
    schema = await open("src/db/schema.ts");
  });
  afterEach(() => revert(schema));

  it("has a squiggle under each foreign key that no index serves", async () => {
    const found = await findingsOf(schema, "fk/unindexed", 2);
    assert.deepEqual(found.map(({ severity }) => severity), [vscode.DiagnosticSeverity.Warning, vscode.DiagnosticSeverity.Warning]);
    assert.match(found[0]!.message, /orders\.client_id/);
    assert.equal(schema.lineAt(found[0]!.range.start.line).text.trim(), ".references(() => clients.id),");
  });

  it("links each finding to its rule's page and to the table that it references", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    assert.ok(typeof finding!.code === "object");
    assert.match(finding!.code.target.toString(), /fk\/unindexed/);
    assert.ok(finding!.relatedInformation && finding!.relatedInformation.length > 0);
  });

  it("gets the index by a quick fix, in the file's own style, and the finding goes", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    await apply(await action(schema, finding!.range, "Add an index on orders.client_id"));
    assert.match(schema.getText(), /\[\n {2}index\('orders_number_idx'\)\.on\(table\.number\),\n {2}index\('orders_client_id_idx'\)\.on\(table\.clientId\),\n\]\);/);
    await findingsOf(schema, "fk/unindexed", 1);
  });

  it("gets all missing indexes of the file by one action", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    await apply(await action(schema, finding!.range, /^Add all missing indexes in this file/));
    assert.match(schema.getText(), /orders_client_id_idx/);
    assert.match(schema.getText(), /order_items_order_id_idx/);
    await findingsOf(schema, "fk/unindexed", 0);
  });

  it("is mended by source.fixAll.plumbline", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    const all = await action(schema, finding!.range, /Plumbline/, vscode.CodeActionKind.SourceFixAll.append("plumbline"));
    await apply(all);
    await findingsOf(schema, "fk/unindexed", 0);
  });

  it("is mended on save where the user wants that", async () => {
    const original = schema.getText();
    await findingsOf(schema, "fk/unindexed", 2);
    const settings = vscode.workspace.getConfiguration("editor", { languageId: "typescript" });
    await settings.update("codeActionsOnSave", { "source.fixAll.plumbline": "explicit" }, vscode.ConfigurationTarget.Global);
    try {
      // Saving a file that is not dirty runs no code action.
      const edit = new vscode.WorkspaceEdit();
      edit.insert(schema.uri, new vscode.Position(0, 0), "\n");
      await vscode.workspace.applyEdit(edit);
      await findingsOf(schema, "fk/unindexed", 2);
      await schema.save();
      assert.match(schema.getText(), /orders_client_id_idx/);
      assert.equal(schema.isDirty, false);
    } finally {
      await settings.update("codeActionsOnSave", undefined, vscode.ConfigurationTarget.Global);
      const restore = new vscode.WorkspaceEdit();
      restore.replace(schema.uri, new vscode.Range(0, 0, schema.lineCount, 0), original);
      await vscode.workspace.applyEdit(restore);
      await schema.save();
    }
    await findingsOf(schema, "fk/unindexed", 2);
  });

  it("takes a suppression by a code action", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    await apply(await action(schema, finding!.range, /^Suppress fk\/unindexed/));
    await findingsOf(schema, "fk/unindexed", 1);
    assert.match(schema.getText(), /plumbline-disable|plumbline-ignore/);
  });

  it("offers CREATE INDEX CONCURRENTLY for the clipboard", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    await apply(await action(schema, finding!.range, "Copy CREATE INDEX CONCURRENTLY"));
    assert.match(await vscode.env.clipboard.readText(), /^CREATE INDEX CONCURRENTLY "?orders_client_id_idx"? ON "?orders"? \("?client_id"?\);?\s*$/m);
  });

  it("is read again at each keystroke", async () => {
    await findingsOf(schema, "fk/unindexed", 2);
    const editor = await vscode.window.showTextDocument(schema);
    const line = schema.getText().split("\n").findIndex((text) => text.includes(".references(() => clients.id)"));
    await editor.edit((edit) => edit.delete(schema.lineAt(line).range));
    await findingsOf(schema, "fk/unindexed", 1);
    await vscode.commands.executeCommand("undo");
    await findingsOf(schema, "fk/unindexed", 2);
  });

  it("keeps no part of an answer that was cancelled while it was taken in", async () => {
    await findingsOf(schema, "fk/unindexed", 2);
    const { client } = await (await vscode.extensions.getExtension<Api>("plumbline.plumbline")!.activate()).session();
    const provider = client.getFeature("textDocument/diagnostic").getProvider(schema)!.diagnostics;
    const converter = client.protocol2CodeConverter as { asDiagnostics: unknown };
    const convert = client.protocol2CodeConverter.asDiagnostics;
    const source = new vscode.CancellationTokenSource();
    converter.asDiagnostics = (...given: Parameters<typeof convert>) => {
      source.cancel();
      return convert(...given);
    };
    try {
      await assert.rejects(async () => provider.provideDiagnostics(schema, undefined, source.token), vscode.CancellationError);
    } finally {
      converter.asDiagnostics = convert;
    }
  });

  it("tells in a hover what serves a key, and what a delete costs", async () => {
    await findingsOf(schema, "fk/unindexed", 2);
    const at = schema.positionAt(schema.getText().indexOf("clients = pgTable") + 2);
    const text = await until("the hover", async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", schema.uri, at);
      const all = hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === "string" ? content : content.value))).join("\n");
      return /delet/i.test(all) && all;
    });
    assert.match(text, /orders/);
  });

  it("has a code lens over each table", async () => {
    const lenses = await until("the code lenses", async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", schema.uri, 50);
      return all.length >= 3 && all;
    });
    assert.ok(lenses.some(({ command }) => /1 foreign key.*1 (uncovered|without)/i.test(command?.title ?? "")), JSON.stringify(lenses.map(({ command }) => command?.title)));
  });

  it("lists its tables as symbols", async () => {
    const symbols = await until("the symbols", async () => {
      const all = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>("vscode.executeDocumentSymbolProvider", schema.uri);
      return all && all.length > 0 && all;
    });
    assert.deepEqual(["clients", "orders"].filter((name) => !symbols.some((symbol) => symbol.name.includes(name))), []);
  });

  it("offers the uncovered key first inside the third argument", async () => {
    await findingsOf(schema, "fk/unindexed", 2);
    const editor = await vscode.window.showTextDocument(schema);
    const after = schema.getText().indexOf("on(table.number),") + "on(table.number),".length;
    await editor.edit((edit) => edit.insert(schema.positionAt(after), "\n  ind"));
    const list = await until("the completion", async () => {
      const all = await vscode.commands.executeCommand<vscode.CompletionList>("vscode.executeCompletionItemProvider", schema.uri, schema.positionAt(after + 6));
      return all.items.some(({ detail, label, insertText }) => /client_?id/i.test(`${detail} ${JSON.stringify(label)} ${JSON.stringify(insertText)}`)) && all;
    });
    const [first] = [...list.items].sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
    assert.match(`${first!.detail} ${JSON.stringify(first!.label)} ${JSON.stringify(first!.insertText)}`, /client_?id/i);
  });
});

describe("a Prisma schema", () => {
  let schema: vscode.TextDocument;
  before(async () => {
    schema = await open("prisma/schema.prisma");
  });
  afterEach(() => revert(schema));

  it("is highlighted, although no other extension gives the language", async () => {
    await until("the language", () => /prisma/.test(schema.languageId));
  });

  it("has the squiggle, and the quick fix writes @@index", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 1);
    await apply(await action(schema, finding!.range, /^Add an index on (Post|post)\.authorId/));
    assert.match(schema.getText(), /\n {2}@@index\(\[authorId\]\)\n\}/);
    await findingsOf(schema, "fk/unindexed", 0);
  });

  it("keeps its other models' findings while half a line is typed", async () => {
    await findingsOf(schema, "fk/unindexed", 1);
    const editor = await vscode.window.showTextDocument(schema);
    await editor.edit((edit) => edit.insert(new vscode.Position(schema.lineCount, 0), "\nmodel Tag {\n  id Int @i"));
    await until("the finding that stays", () => findings(schema, "fk/unindexed").length === 1);
    assert.deepEqual(findings(schema).filter((one) => ruleOf(one) === "fk/unindexed").length, 1);
  });
});
