import assert from "node:assert/strict";
import { CancellationTokenSource, DocumentDiagnosticRequest, LSPErrorCodes, WorkspaceDiagnosticRequest, type WorkspaceDiagnosticReport } from "vscode-languageserver/node";
import { plainEditor, rulesOf, withEditor } from "./editor";
import { prismaShop } from "./schemas";

const files = { "prisma/schema.prisma": prismaShop };
const schema = "prisma/schema.prisma";
const unindexed = (rules: readonly string[]): number => rules.filter((rule) => rule === "fk/unindexed").length;

describe("diagnostics", () => {
  it("are pulled: rule id, link, severity, place, related place", () => withEditor(files, {}, async (editor) => {
    editor.open(schema);
    const found = (await editor.until("findings", () => editor.pull(schema), (items) => items.length > 0)).filter(({ code }) => code === "fk/unindexed");
    assert.equal(found.length, 2);
    const [first] = found;
    assert.equal(first!.source, "plumbline");
    assert.equal(first!.severity, 2);
    assert.match(first!.codeDescription!.href, /\/server\/docs\/fk\/unindexed\.md$/);
    assert.match(String(first!.message), /client_id/);
    const [line] = [editor.position(schema, "@relation(fields: [clientId]").line];
    assert.equal(first!.range.start.line, line);
    assert.equal(first!.relatedInformation![0]!.location.range.start.line, editor.position(schema, "model Client").line);
  }));

  it("follow incremental edits, and equal what a fresh reading of the same text finds", () => withEditor(files, {}, async (editor) => {
    editor.open(schema);
    await editor.until("findings", () => editor.pull(schema), (items) => unindexed(rulesOf(items)) === 2);
    editor.replace(schema, "  @@map(\"orders\")", "  @@index([clientId])\n  @@map(\"orders\")");
    assert.equal(unindexed(rulesOf(await editor.pull(schema))), 1);
    editor.replace(schema, "model Client {", "// é 😀\r\n// another line\nmodel Client {");
    editor.replace(schema, "  @@index([clientId])\n", "");
    editor.change(schema, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "// first\n" },
      { range: { start: { line: 0, character: 3 }, end: { line: 0, character: 8 } }, text: "1st" },
    ]);
    const incremental = await editor.pull(schema);
    assert.equal(unindexed(rulesOf(incremental)), 2);
    const text = editor.text(schema);
    await withEditor({ [schema]: text }, {}, async (other) => {
      other.open(schema);
      const fresh = await other.until("findings", () => other.pull(schema), (items) => items.length > 0);
      const comparable = (items: typeof fresh, uri: string) => JSON.stringify(items).replaceAll(uri, "URI");
      assert.equal(comparable(incremental, editor.uri(schema)), comparable(fresh, other.uri(schema)));
    });
  }));

  it("survive a half-typed file", () => withEditor(files, {}, async (editor) => {
    editor.open(schema);
    await editor.until("findings", () => editor.pull(schema), (items) => unindexed(rulesOf(items)) === 2);
    editor.replace(schema, "model Product {", "model Pro");
    const broken = await editor.pull(schema);
    assert.equal(unindexed(rulesOf(broken)), 2);
  }));

  it("say by a result id that nothing changed", () => withEditor(files, {}, async (editor) => {
    editor.open(schema);
    await editor.until("findings", () => editor.pull(schema), (items) => items.length > 0);
    const ask = (previousResultId?: string) => editor.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: editor.uri(schema) }, previousResultId });
    const first = await ask();
    assert.equal((await ask(first.resultId)).kind, "unchanged");
    editor.replace(schema, "model Client {", "// moved\nmodel Client {");
    assert.equal((await ask(first.resultId)).kind, "full");
  }));

  it("of the whole workspace, with progress and partial results", () => withEditor({ ...files, "other/schema.prisma": prismaShop.replaceAll("clients", "customers") }, {}, async (editor) => {
    await editor.until("a status", () => editor.status(), (status) => (status?.schemas ?? 0) > 0);
    const progress: { kind: string }[] = [];
    const partial: WorkspaceDiagnosticReport[] = [];
    editor.connection.onNotification("$/progress", ({ token, value }: { token: string; value: never }) => void (token === "work" ? progress.push(value) : partial.push(value)));
    await editor.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [], workDoneToken: "work", partialResultToken: "part" });
    const items = partial.flatMap((one) => one.items);
    assert.ok(items.some(({ uri }) => uri === editor.uri(schema)), JSON.stringify(items.map(({ uri }) => uri)));
    assert.equal(progress[0]!.kind, "begin");
    assert.equal(progress.at(-1)!.kind, "end");
    const again = await editor.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: items.map(({ uri, resultId }) => ({ uri, value: resultId! })) });
    assert.ok(again.items.length > 0 && again.items.every(({ kind }) => kind === "unchanged"));
  }));

  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`service${at}/schema.prisma`, prismaShop]));
  it("of the whole workspace can be cancelled", () => withEditor({ ...files, ...many }, {}, async (editor) => {
    await editor.until("a status", () => editor.status(), (status) => (status?.schemas ?? 0) > 0);
    const source = new CancellationTokenSource();
    const asked = editor.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] }, source.token);
    source.cancel();
    await assert.rejects(asked, (error: { code?: number }) => error.code === LSPErrorCodes.RequestCancelled);
    assert.ok((await editor.pull(schema)).length > 0, "the server answers on");
  }));

  it("are pushed to a client that cannot pull, only where they changed", () => withEditor({ ...files, "other/schema.prisma": prismaShop }, { capabilities: plainEditor }, async (editor) => {
    editor.open(schema);
    const own = () => editor.published.get(editor.uri(schema));
    const other = () => editor.published.get(editor.uri("other/schema.prisma"));
    await editor.until("pushed findings", own, (found) => unindexed(rulesOf(found?.diagnostics ?? [])) === 2);
    await editor.until("those of a file that is not open", other, (found) => found !== undefined);
    const times = other()!.times;
    editor.replace(schema, "  @@map(\"orders\")", "  @@index([clientId])\n  @@map(\"orders\")");
    await editor.until("one less", own, (found) => unindexed(rulesOf(found?.diagnostics ?? [])) === 1);
    assert.equal(other()!.times, times);
    assert.equal(editor.initialized.capabilities.diagnosticProvider, undefined);
  }));

  it("mark what can go as unnecessary", () => withEditor({ [schema]: prismaShop.replace("@@index([productId])", "@@index([productId])\n  @@index([productId, orderId])") }, {}, async (editor) => {
    editor.open(schema);
    const found = await editor.until("index/redundant", () => editor.pull(schema), (items) => items.some(({ code }) => code === "index/redundant"));
    assert.deepEqual(found.find(({ code }) => code === "index/redundant")!.tags, [1]);
    assert.equal(found.find(({ code }) => code === "fk/unindexed")!.tags, undefined);
  }));

  it("carry the status: findings by severity, missing indexes, schemas, tables", () => withEditor(files, {}, async (editor) => {
    const status = await editor.until("a status", () => editor.status(), (one) => (one?.schemas ?? 0) > 0);
    assert.deepEqual([status!.uncovered, status!.schemas, status!.tables], [2, 1, 4]);
    assert.ok(status!.findings.warning >= 2);
  }));
});
