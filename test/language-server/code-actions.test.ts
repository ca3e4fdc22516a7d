import assert from "node:assert/strict";
import type { AnnotatedTextEdit, CodeAction, Diagnostic, Range, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver/node";
import { clientCommands, serverCommands, type FolderBaseline, type IndexChoice, type Outcome } from "../../server/src/lsp/protocol";
import { plainEditor, rulesOf, visualStudioCode, withEditor, type Editor } from "./editor";
import { drizzleShop, prismaShop } from "./schemas";

const schema = "prisma/schema.prisma";
const drizzle = "src/schema.ts";
/** Two tables with two keys without an index each: one that has no third argument, one with a list in it. */
const twoKeys = `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const a = pgTable("a", {
  id: integer("id").primaryKey(),
  firstId: integer("first_id").references(() => b.id),
  secondId: integer("second_id").references(() => b.id),
});

export const b = pgTable(
  "b",
  {
    id: integer("id").primaryKey(),
    firstId: integer("first_id").references(() => a.id),
    secondId: integer("second_id").references(() => a.id),
  },
  (t) => [
    index("b_id_idx").on(t.id),
  ],
);
`;
const files = { [schema]: prismaShop };

/** Opens the schema, waits for its findings, and gives the diagnostic of the key on `client_id`. */
async function ready(editor: Editor, name = schema): Promise<{ readonly diagnostic: Diagnostic; readonly range: Range }> {
  editor.open(name);
  const found = await editor.until("findings", () => editor.pull(name), (items) => items.length > 0);
  const diagnostic = found.find(({ code, message }) => code === "fk/unindexed" && String(message).includes("client_id"));
  assert.ok(diagnostic, JSON.stringify(rulesOf(found)));
  return { diagnostic, range: diagnostic.range };
}

function titled(actions: readonly CodeAction[], pattern: RegExp): CodeAction {
  const found = actions.find(({ title }) => pattern.test(title));
  assert.ok(found, `no ${pattern} among ${JSON.stringify(actions.map(({ title }) => title))}`);
  return found;
}

function annotationsOf(edit: WorkspaceEdit | undefined): readonly string[] {
  return Object.values(edit?.changeAnnotations ?? {}).map(({ label, needsConfirmation }) => `${label}${needsConfirmation ? "?" : ""}`);
}

describe("code actions", () => {
  it("add the index of one finding when resolved; after it the finding is gone", () => withEditor(files, {}, async (editor) => {
    const { diagnostic, range } = await ready(editor);
    const action = titled(await editor.actions(schema, range, ["quickfix"], [diagnostic]), /^Add an index on orders\.client_id$/);
    assert.equal(action.isPreferred, true);
    assert.equal(action.edit, undefined);
    assert.deepEqual(action.diagnostics, [diagnostic]);
    const { edit } = await editor.resolve(action);
    const change = edit!.documentChanges![0] as TextDocumentEdit;
    assert.equal(change.textDocument.version, 1);
    const text = editor.after(edit, schema);
    assert.match(text, /@@index\(\[clientId\]\)/);
    editor.change(schema, [{ text }]);
    const left = await editor.pull(schema);
    assert.equal(left.filter(({ code, message }) => code === "fk/unindexed" && String(message).includes("client_id")).length, 0);
  }));

  it("let the user choose among all missing indexes, each to be confirmed", () => withEditor({ ...files, "second/schema.prisma": prismaShop.replaceAll("orders", "purchases") }, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /^Choose which missing indexes to add…$/));
    assert.deepEqual([...annotationsOf(edit)].sort(), ["order_lines.order_id?", "order_lines.order_id?", "orders.client_id?", "purchases.client_id?"]);
    assert.match(Object.values(edit!.changeAnnotations!)[0]!.description!, /^No index serves the foreign key \w+\.\w+/);
  }));

  it("leave the choice to a client that has a list for it", () => withEditor(files, { commands: Object.values(clientCommands) }, async (editor) => {
    const { range } = await ready(editor);
    const action = titled(await editor.actions(schema, range), /^Choose which missing indexes to add…$/);
    assert.deepEqual([action.command?.command, action.edit, action.data], [clientCommands.chooseIndexes, undefined, undefined]);
  }));

  it("add all missing indexes of the file, to be looked at one by one", () => withEditor(files, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /^Add all missing indexes in this file \(2\)$/));
    assert.deepEqual([...annotationsOf(edit)].sort(), ["order_lines.order_id", "orders.client_id"]);
    const text = editor.after(edit, schema);
    editor.change(schema, [{ text }]);
    assert.ok(!rulesOf(await editor.pull(schema)).includes("fk/unindexed"), text);
  }));

  it("tell the indexes of one table apart, where each can be left out", () => withEditor({ [drizzle]: twoKeys }, {}, async (editor) => {
    editor.open(drizzle);
    const found = await editor.until("findings", () => editor.pull(drizzle), (items) => items.length > 0);
    const { range } = found.find(({ code }) => code === "fk/unindexed")!;
    const { edit } = await editor.resolve(titled(await editor.actions(drizzle, range), /^Add all missing indexes in this file \(4\)$/));
    assert.deepEqual(annotationsOf(edit), ["a.first_id; a.second_id", "b.first_id", "b.second_id"]);
    const all = (edit!.documentChanges![0] as TextDocumentEdit).edits as AnnotatedTextEdit[];
    const without = (id: string): string => editor.after({ documentChanges: [{ textDocument: { uri: editor.uri(drizzle), version: 1 }, edits: all.filter(({ annotationId }) => edit!.changeAnnotations![annotationId]!.label !== id) }] }, drizzle);
    const list = '  (t) => [\n    index("b_id_idx").on(t.id),\n';
    const [first, second] = ['    index("b_first_id_idx").on(t.firstId),\n', '    index("b_second_id_idx").on(t.secondId),\n'];
    assert.ok(editor.after(edit, drizzle).includes(list + first + second + "  ],\n"));
    assert.ok(without("b.first_id").includes(list + second + "  ],\n"));
    assert.ok(without("b.second_id").includes(list + first + "  ],\n"));
  }));

  it("count and show the index of both schemas of a pair once", () => withEditor({ ...files, [drizzle]: drizzleShop }, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /^Add all missing indexes in this file \(2\)$/));
    assert.deepEqual([...annotationsOf(edit)].sort(), ["order_lines.order_id", "orders.client_id"]);
    assert.deepEqual(edit!.documentChanges!.map((change) => ("edits" in change ? change.edits : []).map((one) => (one as AnnotatedTextEdit).annotationId)).flat().length, 4);
  }));

  it("add all missing indexes of the workspace, in files that are not open too", () => withEditor({ ...files, "second/schema.prisma": prismaShop }, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /^Add all missing indexes in the workspace \(4\)$/));
    assert.match(editor.after(edit, schema), /@@index\(\[orderId\]\)/);
    assert.match(editor.after(edit, "second/schema.prisma"), /@@index\(\[orderId\]\)/);
    const versions = edit!.documentChanges!.map((change) => (change as TextDocumentEdit).textDocument.version).sort();
    assert.deepEqual(versions, [1, null].sort());
  }));

  it("fix all on save, without questions", () => withEditor(files, {}, async (editor) => {
    const { range } = await ready(editor);
    for (const only of ["source.fixAll.plumbline", "source.fixAll", "source"]) {
      const actions = await editor.actions(schema, range, [only]);
      assert.deepEqual(actions.map(({ kind }) => kind), ["source.fixAll.plumbline"]);
      const { edit } = await editor.resolve(actions[0]!);
      assert.deepEqual(annotationsOf(edit), []);
      assert.match(editor.after(edit, schema), /@@index\(\[clientId\]\)/);
    }
  }));

  it("suppress a finding above its line", () => withEditor(files, {}, async (editor) => {
    const { range } = await ready(editor);
    const action = titled(await editor.actions(schema, range), /^Suppress fk\/unindexed on this line$/);
    const text = editor.after(action.edit, schema);
    assert.match(text, /\n {2}\/\/ plumbline-disable-next-line fk\/unindexed\n {2}client /);
    editor.change(schema, [{ text }]);
    const left = await editor.pull(schema);
    assert.equal(left.filter(({ code }) => code === "fk/unindexed").length, 1, JSON.stringify(rulesOf(left)));
  }));

  it("offer SQL to copy to a client that can", () => withEditor(files, { commands: Object.values(clientCommands) }, async (editor) => {
    const { range } = await ready(editor);
    const action = titled(await editor.actions(schema, range), /^Copy CREATE INDEX CONCURRENTLY$/);
    assert.equal(action.command!.command, clientCommands.copySql);
    assert.match(String(action.command!.arguments![0]), /^CREATE INDEX CONCURRENTLY "\w+" ON "(public"\.")?orders" \("client_id"\);$/);
  }));

  it("have their edits at once for a client that resolves none, as plain changes", () => withEditor(files, { capabilities: { ...visualStudioCode, textDocument: { ...visualStudioCode.textDocument, codeAction: plainEditor.textDocument!.codeAction }, workspace: { ...visualStudioCode.workspace, workspaceEdit: {} } } }, async (editor) => {
    const { range } = await ready(editor);
    const actions = await editor.actions(schema, range);
    const action = titled(actions, /^Add an index on orders\.client_id$/);
    assert.ok(action.edit?.changes);
    assert.match(editor.after(action.edit, schema), /@@index\(\[clientId\]\)/);
    assert.ok(!actions.some(({ title }) => title.startsWith("Copy")));
  }));

  it("keep CRLF", () => withEditor({ [schema]: prismaShop.replaceAll("\n", "\r\n") }, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /^Add an index/));
    assert.doesNotMatch(editor.after(edit, schema), /[^\r]\n/);
    const suppress = titled(await editor.actions(schema, range), /^Suppress/);
    assert.doesNotMatch(editor.after(suppress.edit, schema), /[^\r]\n/);
  }));

  it("keep their places in a file with a byte order mark that is not open", () => withEditor({ ...files, "second/schema.prisma": `\uFEFF${prismaShop}` }, {}, async (editor) => {
    const { range } = await ready(editor);
    const { edit } = await editor.resolve(titled(await editor.actions(schema, range), /in the workspace/));
    editor.open("second/schema.prisma");
    assert.equal(editor.after(edit, "second/schema.prisma"), editor.after(edit, schema));
  }));
});

describe("the server's commands", () => {
  const run = <Answer>(editor: Editor, command: string, ...parameters: readonly unknown[]) => editor.connection.sendRequest<Answer>("workspace/executeCommand", { command, arguments: parameters });

  it("add the missing indexes of a file through the client", () => withEditor(files, {}, async (editor) => {
    await ready(editor);
    assert.deepEqual(await run<Outcome>(editor, serverCommands.fixFile, editor.uri(schema)), { written: 2, refused: [] });
    assert.match(editor.after(editor.appliedEdits[0], schema), /@@index\(\[clientId\]\)/);
  }));

  it("say when the client refuses", () => withEditor(files, { refuseEdits: true }, async (editor) => {
    await ready(editor);
    assert.deepEqual(await run<Outcome>(editor, serverCommands.fixWorkspace), { written: 0, refused: ["the user said no"] });
  }));

  it("list the missing indexes, and add those that are chosen", () => withEditor({ ...files, [drizzle]: drizzleShop }, {}, async (editor) => {
    await ready(editor);
    const choices = await run<IndexChoice[]>(editor, serverCommands.missingIndexes);
    assert.deepEqual(choices.map(({ label, files: own }) => [label, [...own].sort()]).sort(), ["order_lines.order_id", "orders.client_id"].map((label) => [label, [editor.uri(schema), editor.uri(drizzle)].sort()]));
    assert.ok(choices.every(({ reason }) => reason.startsWith("No index serves the foreign key")));
    const { id } = choices.find(({ label }) => label === "orders.client_id")!;
    assert.deepEqual(await run<Outcome>(editor, serverCommands.addIndexes, [id]), { written: 1, refused: [] });
    for (const [name, wanted, other] of [[schema, /@@index\(\[clientId\]/, /@@index\(\[orderId\]/], [drizzle, /\.on\(table\.clientId\)/, /\.on\(table\.orderId\)/]] as const) {
      const text = editor.after(editor.appliedEdits[0], name);
      assert.match(text, wanted);
      assert.doesNotMatch(text, other);
    }
    assert.deepEqual(await run<Outcome>(editor, serverCommands.addIndexes, []), { written: 0, refused: [] });
  }));

  it("give the SQL at a place, and null elsewhere", () => withEditor(files, {}, async (editor) => {
    const { range } = await ready(editor);
    assert.match(String(await run(editor, serverCommands.createIndexSql, editor.uri(schema), range.start)), /^CREATE INDEX CONCURRENTLY/);
    assert.equal(await run(editor, serverCommands.createIndexSql, editor.uri(schema), { line: 0, character: 0 }), null);
  }));

  it("read anew what changed behind the server's back", () => withEditor(files, {}, async (editor) => {
    await editor.until("a status", () => editor.status(), (status) => status?.uncovered === 2);
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${editor.folder}/${schema}`, prismaShop.replace('@@map("orders")', '@@index([clientId])\n  @@map("orders")'));
    assert.equal((await run<{ uncovered: number }>(editor, serverCommands.check)).uncovered, 1);
  }));

  it("make a baseline; named in the configuration, it silences what it holds and nothing else", () => withEditor(files, {}, async (editor) => {
    await ready(editor);
    const [baseline] = await run<FolderBaseline[]>(editor, serverCommands.baseline);
    assert.equal(baseline!.root, editor.folder);
    editor.write("plumbline-baseline.json", baseline!.text);
    editor.write("plumbline.config.json", '{ "baseline": "plumbline-baseline.json" }');
    assert.deepEqual(rulesOf(await editor.pull(schema)), []);
    editor.replace(schema, "  @@index([productId])\n", "");
    assert.ok(rulesOf(await editor.pull(schema)).includes("fk/unindexed"));
  }));
});
