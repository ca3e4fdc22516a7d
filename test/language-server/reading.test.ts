import assert from "node:assert/strict";
import { CodeLensRequest, CompletionRequest, DefinitionRequest, DocumentSymbolRequest, HoverRequest, ReferencesRequest, WorkspaceSymbolRequest, type CompletionItem, type DocumentSymbol, type Location, type MarkupContent, type SymbolInformation } from "vscode-languageserver/node";
import { clientCommands, diagramMethod, type DiagramAnswer, type DiagramFocus, type DiagramRequest } from "../../server/src/lsp/protocol";
import { plainEditor, withEditor, type Editor } from "./editor";
import { drizzleShop, prismaShop } from "./schemas";

const prisma = "prisma/schema.prisma";
const drizzle = "src/schema.ts";

const at = (editor: Editor, name: string, marker: string, offset = 0) => ({ textDocument: { uri: editor.uri(name) }, position: editor.position(name, marker, offset) });

async function ready(editor: Editor, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    editor.open(name);
    await editor.until(`findings in ${name}`, () => editor.pull(name), (items) => items.length > 0);
  }
}

async function hover(editor: Editor, name: string, marker: string, offset = 0): Promise<string | undefined> {
  const found = await editor.connection.sendRequest(HoverRequest.type, at(editor, name, marker, offset));
  return found ? (found.contents as MarkupContent).value : undefined;
}

async function complete(editor: Editor, name: string, marker: string, offset: number): Promise<readonly CompletionItem[]> {
  const found = (await editor.connection.sendRequest(CompletionRequest.type, at(editor, name, marker, offset))) as CompletionItem[];
  return [...found].sort((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
}

async function references(editor: Editor, name: string, marker: string, includeDeclaration = true): Promise<readonly string[]> {
  const found = (await editor.connection.sendRequest(ReferencesRequest.type, { ...at(editor, name, marker), context: { includeDeclaration } })) ?? [];
  return found.map((location: Location) => place(editor, location));
}

async function definition(editor: Editor, name: string, marker: string): Promise<readonly string[]> {
  return ((await editor.connection.sendRequest(DefinitionRequest.type, at(editor, name, marker))) as Location[]).map((one) => place(editor, one));
}

/** `file: text of the range`. */
function place(editor: Editor, { uri, range }: Location): string {
  const name = uri.slice(editor.uri("").length + 1);
  const lines = editor.text(name).split("\n");
  return `${name}: ${lines[range.start.line]!.slice(range.start.character, range.start.line === range.end.line ? range.end.character : undefined)}`;
}

for (const [name, text, names] of [[prisma, prismaShop, { clients: "Client {", orders: "Order {", key: "clientId Int" }], [drizzle, drizzleShop, { clients: "clients =", orders: "orders =", key: "clientId: integer" }]] as const) {
  describe(`reading ${name}`, () => {
    it("hovers a table: keys with their coverage, and what a delete costs", () => withEditor({ [name]: text }, {}, async (editor) => {
      await ready(editor, name);
      const clients = await hover(editor, name, names.clients);
      assert.match(clients!, /Deleting a client scans orders and order\\_lines and cascades into orders and order\\_lines\./);
      const orders = await hover(editor, name, names.orders);
      assert.match(orders!, /Foreign key \(`client_id`\) to `clients` \(`id`\), on delete cascade[^\n]*: \*\*no index serves it\*\*: no index starts with client\\_id/);
    }));

    it("hovers a column: its type, key, index and the cost behind it", () => withEditor({ [name]: text }, {}, async (editor) => {
      await ready(editor, name);
      const column = await hover(editor, name, names.key);
      assert.match(column!, /^\*\*`orders\.client_id`\*\* `integer`, not null/);
      assert.match(column!, /In no index/);
      assert.match(column!, /Deleting a client/);
      const indexed = await hover(editor, name, name === prisma ? "productId Int" : "productId: integer");
      assert.match(indexed!, /served by `order_lines_product_id_idx` \(leading column\)/);
    }));

    it("counts keys and indexes over each table", () => withEditor({ [name]: text }, { commands: [clientCommands.showPlaces, clientCommands.showDiagram] }, async (editor) => {
      await ready(editor, name);
      const lenses = (await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: editor.uri(name) } })) ?? [];
      assert.equal(lenses.length, 8);
      const diagrams = lenses.filter(({ command }) => command!.command === clientCommands.showDiagram);
      assert.deepEqual(diagrams.map(({ command }) => command!.title), ["diagram", "diagram", "diagram", "diagram"]);
      const [uri, { schema, table }] = diagrams[1]!.command!.arguments as [string, DiagramFocus];
      const drawn = await editor.connection.sendRequest<DiagramAnswer>(diagramMethod, { uri, schema } satisfies DiagramRequest);
      assert.ok(drawn.kind === "diagram" && drawn.diagram.tables.some((one) => one.schema === table.schema && one.name === table.name), JSON.stringify([drawn, table]));
      const lens = lenses.find(({ command }) => command!.title === "2 foreign keys, 1 uncovered | 1 index");
      assert.ok(lens, JSON.stringify(lenses));
      assert.equal(lens.command!.command, clientCommands.showPlaces);
      assert.equal((lens.command!.arguments![2] as Location[]).length, 3);
    }));

    it("has an outline of tables, columns, keys and indexes", () => withEditor({ [name]: text }, {}, async (editor) => {
      await ready(editor, name);
      const symbols = (await editor.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: editor.uri(name) } })) as DocumentSymbol[];
      const lines = symbols.find(({ name: one }) => /^order_?lines?$/i.test(one))!;
      assert.deepEqual(lines.children!.map(({ name: one }) => one), ["id", "orderId", "productId", "order_id → orders", "product_id → products", "order_lines_product_id_idx"]);
      const found = (await editor.connection.sendRequest(WorkspaceSymbolRequest.type, { query: "rder" })) as SymbolInformation[];
      assert.equal(found.length, 2);
    }));
  });
}

describe("completion", () => {
  it("offers uncovered keys first in Prisma's @@index([", () => withEditor({ [prisma]: prismaShop }, {}, async (editor) => {
    await ready(editor, prisma);
    editor.replace(prisma, "  @@index([productId])", "  @@index([])\n  @@index([productId])");
    const items = await complete(editor, prisma, "@@index([]", 9);
    assert.equal(items[0]!.label, "orderId");
    assert.match(items[0]!.detail!, /foreign key to orders, no index/);
    assert.deepEqual(items.slice(1).map(({ label }) => label), ["id", "productId"]);
    assert.deepEqual(await complete(editor, prisma, "model Order {", 13), []);
  }));

  it("offers whole indexes and uncovered columns in the third argument of a Drizzle table", () => withEditor({ [drizzle]: drizzleShop }, {}, async (editor) => {
    await ready(editor, drizzle);
    editor.replace(drizzle, "  (table) => [\n", "  (table) => [\n    \n");
    const elements = await complete(editor, drizzle, "  (table) => [\n    ", 19);
    assert.equal(elements[0]!.label, 'index("order_lines_order_id_idx").on(table.orderId)');
    editor.replace(drizzle, "  (table) => [\n    \n", '  (table) => [\n    index("x").on(table.),\n');
    const columns = await complete(editor, drizzle, '.on(table.)', 10);
    assert.deepEqual(columns.map(({ label }) => label), ["orderId"]);
    assert.deepEqual(await complete(editor, drizzle, "orderLines = pgTable(", 21), []);
  }));
});

describe("completion in the object style of a Drizzle table's third argument", () => {
  const objects = `import { index, integer, pgTable } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: integer('id').primaryKey(),
});

export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => users.id),
  editorId: integer('editor_id').references(() => users.id),
}, (t) => ({
  authorIdx: index('posts_author_id_idx').on(t.authorId),
}));
`;
  const lists = '  authorIdx: index(\'posts_author_id_idx\').on(t.authorId),\n';
  const first = async (text: string, cursor: string, offset: number, settings = {}): Promise<{ readonly item: CompletionItem; readonly items: readonly CompletionItem[] }> => {
    let items: readonly CompletionItem[] = [];
    await withEditor({ [drizzle]: text }, { settings }, async (editor) => {
      await ready(editor, drizzle);
      items = await complete(editor, drizzle, cursor, offset);
    });
    assert.ok(items[0], "nothing is offered");
    return { item: items[0], items };
  };

  it("offers the key and the index, in the file's quotes and its way to name keys", async () => {
    const { item, items } = await first(objects.replace(lists, `${lists}  \n`), `${lists}  `, lists.length + 2);
    assert.deepEqual(items.map(({ label }) => label), ["postsEditorIdIdx: index('posts_editor_id_idx').on(t.editorId)"]);
    assert.equal(item.insertText, `${item.label},`);
    assert.match(item.detail!, /foreign key to users, no index/);
    assert.equal(item.additionalTextEdits, undefined);
  });

  it("follows keys that are the index's name, or that without the table's", async () => {
    for (const [key, expected] of [["posts_author_id_idx", "posts_editor_id_idx"], ["postsAuthorIdIdx", "postsEditorIdIdx"], ["authorIdIdx", "editorIdIdx"]] as const) {
      const own = lists.replace("authorIdx", key);
      const { item } = await first(objects.replace(lists, `${own}  ed\n`), `${own}  ed`, own.length + 4);
      assert.equal(item.label, `${expected}: index('posts_editor_id_idx').on(t.editorId)`);
    }
  });

  it("offers the index alone behind a key, and a key that is not taken", async () => {
    const value = await first(objects.replace(lists, `${lists}  mine: ind\n`), "mine: ind", 9);
    assert.equal(value.item.label, "index('posts_editor_id_idx').on(t.editorId)");
    const taken = await first(objects.replace(lists, `${lists}  postsEditorIdIdx: index('x').on(t.id),\n  \n`), "on(t.id),\n  ", 12);
    assert.equal(taken.item.label, "postsEditorIdIdx2: index('posts_editor_id_idx').on(t.editorId)");
  });

  it("takes the configured name, brings in the import, and adds no comma at the end of a line's list", async () => {
    const bare = objects.replace("import { index, integer", "import { integer").replace(lists, "").replace("(t) => ({\n}));", "(t) => ({ }));");
    const { item, items } = await first(bare, "(t) => ({ ", 10, { indexName: "idx_{table}_{columns}" });
    assert.equal(items.length, 2);
    assert.equal(item.insertText, "idxPostsAuthorId: index('idx_posts_author_id').on(t.authorId)");
    assert.deepEqual(item.additionalTextEdits?.map(({ newText, range }) => [newText, range.start.line]), [[", index", 0]]);
  });
});

describe("between the ORMs", () => {
  const files = { [prisma]: prismaShop, [drizzle]: drizzleShop };

  it("goes from a Drizzle table or column to the Prisma model or field, and back", () => withEditor(files, {}, async (editor) => {
    await ready(editor, prisma, drizzle);
    assert.deepEqual(await definition(editor, drizzle, "orderLines ="), [`${prisma}: OrderLine`]);
    assert.deepEqual(await definition(editor, drizzle, "clientId: integer"), [`${prisma}: clientId`]);
    assert.deepEqual(await definition(editor, prisma, "Order {"), [`${drizzle}: orders`]);
    assert.deepEqual(await definition(editor, prisma, "productId Int"), [`${drizzle}: productId`]);
  }));

  it("follows a column that the pair calls otherwise", () => {
    const renamed = prismaShop.replace('clientId Int         @map("client_id")', 'clientId Int         @map("client_ref")');
    assert.notEqual(renamed, prismaShop);
    return withEditor({ [prisma]: renamed, [drizzle]: drizzleShop }, {}, async (editor) => {
      await ready(editor, prisma, drizzle);
      assert.deepEqual(await definition(editor, drizzle, "clientId: integer"), [`${prisma}: clientId`]);
      assert.deepEqual(await definition(editor, prisma, "clientId Int"), [`${drizzle}: clientId`]);
      const found = await references(editor, drizzle, "clientId: integer");
      assert.ok(found.includes(`${prisma}: clientId`) && found.some((one) => one.startsWith(`${prisma}: @relation(fields: [clientId]`)), JSON.stringify(found));
    });
  });

  it("stays where no schema is a pair with this one", () => {
    // They share the name of one table in four.
    const other = drizzleShop.replace('"clients"', '"buyers"').replace('"products"', '"goods"').replace('"order_lines"', '"deliveries"');
    return withEditor({ [prisma]: prismaShop, [drizzle]: other }, {}, async (editor) => {
      await ready(editor, prisma, drizzle);
      assert.deepEqual(await definition(editor, drizzle, "orders ="), []);
      assert.deepEqual(await definition(editor, prisma, "Order {"), []);
      const found = await references(editor, drizzle, "orders =");
      assert.ok(found.length > 0 && found.every((one) => one.startsWith(drizzle)), JSON.stringify(found));
    });
  });

  it("goes to the schema that the settings pair it with, and to no other", async () => {
    const legacy = "legacy/schema.prisma";
    const both = { ...files, [legacy]: prismaShop.replaceAll(/\bOrder\b/g, "Purchase") };
    for (const [pairs, expected] of [[[[drizzle, legacy]], [`${legacy}: Purchase`]], [[[drizzle, prisma]], [`${prisma}: Order`]], [[], []]] as const) {
      await withEditor(both, { settings: { pairs } }, async (editor) => {
        await ready(editor, prisma, legacy, drizzle);
        assert.deepEqual(await definition(editor, drizzle, "orders ="), expected);
      });
    }
  });

  it("lists what names a table in both", () => withEditor(files, {}, async (editor) => {
    await ready(editor, prisma, drizzle);
    const found = await references(editor, drizzle, "orders =");
    assert.ok(found.includes(`${prisma}: Order`), JSON.stringify(found));
    assert.ok(found.includes(`${drizzle}: orders`));
    assert.ok(found.some((one) => one.startsWith(`${prisma}: @relation(fields: [orderId]`)));
    assert.ok(found.some((one) => one.startsWith(drizzle) && one.includes("references(() => orders.id")));
    assert.equal((await references(editor, drizzle, "orders =", false)).length, found.length - 1);
  }));
});

describe("an editor that knows little", () => {
  it("gets flat symbols, lenses without commands, and no failures", () => withEditor({ [prisma]: prismaShop }, { capabilities: plainEditor }, async (editor) => {
    editor.open(prisma);
    await editor.until("pushed findings", () => editor.published.get(editor.uri(prisma)), (found) => (found?.diagnostics.length ?? 0) > 0);
    const symbols = (await editor.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: editor.uri(prisma) } })) as SymbolInformation[];
    assert.ok(symbols.every(({ location }) => location.uri === editor.uri(prisma)));
    const lenses = (await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: editor.uri(prisma) } })) ?? [];
    assert.ok(lenses.length === 4 && lenses.every(({ command }) => command!.command === ""));
    assert.deepEqual(editor.log.filter((line) => /fail|error/i.test(line)), []);
  }));
});
