// plumbline/diagram over the wire: the schema of a document, the question which one, its findings, and the way to the code.
import assert from "node:assert/strict";
import type { Location } from "vscode-languageserver/node";
import { diagramMethod, diagramPlaceMethod, type DiagramAnswer, type DiagramPlaceRequest, type DiagramRequest } from "../../server/src/lsp/protocol";
import { withEditor, type Editor } from "./editor";

const schema = `import { integer, pgTable, serial } from "drizzle-orm/pg-core";
export const clients = pgTable("clients", { id: serial("id").primaryKey() });
export const orders = pgTable("orders", { id: serial("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) });
`;
const prisma = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id Int @id\n}\n';

const ask = (editor: Editor, request: DiagramRequest): Promise<DiagramAnswer> => editor.connection.sendRequest(diagramMethod, request);

describe("plumbline/diagram", () => {
  it("gives tables, keys, findings and places of the only schema", () => withEditor({ "schema.ts": schema }, {}, async (editor) => {
    const answer = await ask(editor, {});
    assert.equal(answer.kind, "diagram");
    if (answer.kind !== "diagram") return;
    assert.deepEqual(answer.diagram.tables.map(({ name, findings }) => [name, findings.some(({ rule }) => rule === "fk/unindexed")]), [["clients", false], ["orders", true]]);
    assert.deepEqual(answer.diagram.keys, [{ from: 1, to: 0, columns: ["client_id"], references: ["id"], enforced: true, optional: true, single: false }]);
    assert.equal(answer.diagram.boxes.length, 2);
    const place = (column?: string): Promise<Location | null> => editor.connection.sendRequest(diagramPlaceMethod, { root: answer.schema.root, schema: answer.schema.schema, table: { schema: null, name: "orders" }, ...(column && { column }) } satisfies DiagramPlaceRequest);
    assert.deepEqual((await place())!.range.start.line, 2);
    assert.deepEqual((await place("client_id"))!.range.start, editor.position("schema.ts", "clientId:"));
  }));

  it("places a declaration where it stands after an edit", () => withEditor({ "schema.ts": schema }, {}, async (editor) => {
    editor.open("schema.ts");
    editor.replace("schema.ts", "export const orders", "// moved\n\n\nexport const orders");
    const answer = await ask(editor, { uri: editor.uri("schema.ts") });
    assert.equal(answer.kind, "diagram");
    if (answer.kind !== "diagram") return;
    const place = await editor.connection.sendRequest<Location>(diagramPlaceMethod, { root: answer.schema.root, schema: answer.schema.schema, table: { schema: null, name: "orders" } });
    assert.equal(place.range.start.line, 5);
  }));

  it("asks which schema is meant, unless a document says it", () => withEditor({ "src/schema.ts": schema, "prisma/schema.prisma": prisma }, {}, async (editor) => {
    const both = await ask(editor, {});
    assert.equal(both.kind, "choose");
    assert.deepEqual(both.kind === "choose" && both.schemas.map(({ source, tables }) => [source, tables]), [["drizzle", 2], ["prisma", 1]]);
    const one = await ask(editor, { uri: editor.uri("prisma/schema.prisma") });
    assert.deepEqual(one.kind === "diagram" && one.diagram.tables.map(({ name }) => name), ["Note"]);
    const chosen = await ask(editor, both.kind === "choose" ? { root: both.schemas[0]!.root, schema: both.schemas[0]!.schema } : {});
    assert.deepEqual(chosen.kind === "diagram" && chosen.schema.source, "drizzle");
  }));

  it("says that there is nothing to draw", () => withEditor({ "a.ts": "export const a = 1;\n" }, {}, async (editor) => {
    assert.deepEqual(await ask(editor, {}), { kind: "none" });
  }));
});
