// What a connected database adds to hovers, code lenses, the tree's tables and the light bulb, over the wire; names in it
// are written to break out of Markdown.
import assert from "node:assert/strict";
import { CodeLensRequest, HoverRequest, type MarkupContent } from "vscode-languageserver/node";
import { clientCommands, type DatabaseTable, type DatabaseTableDetails } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shop, shopSql, type DatabaseEditor } from "./database-editor";
import { rulesOf } from "./editor";

const hostile = "x](command:workbench.action.quit) `<img src=x> $(trash)";
const statements = [
  ...shopSql.split(";"),
  "create index orders_client_id_idx on orders (client_id)",
  "insert into clients select i, md5(i::text) from generate_series(1, 30000) i",
  "insert into orders select i, i, now() from generate_series(1, 30000) i",
  "create table schema_migrations (version text primary key)",
  `create index "${hostile}" on clients (name)`,
  "alter table orders add constraint orders_id_check check (id > 0) not valid",
  // What was written so far is counted before it is analysed, or it would count as written since.
  "select pg_stat_force_next_flush()",
  "vacuum analyze",
  "insert into orders select i, i - 30000, now() from generate_series(30001, 60000) i",
  "set enable_seqscan = off",
  "select sum(found) from (select (select count(*) from orders where client_id = i) as found from generate_series(1, 1204) i) counted",
];
const indexed = shop.replace('import { bigint, pgTable', 'import { bigint, index, pgTable').replace(/\}\);\n$/, '}, (table) => [index("orders_client_id_idx").on(table.clientId)]);\n');

describe("what a connected database knows", () => {
  let server: Postgres;
  let editor: DatabaseEditor;
  before(async () => {
    server = await startPostgres();
    editor = await databaseEditor(server, "knowing", { sql: "select 1", files: { "src/schema.ts": indexed }, commands: [clientCommands.copySql] });
    for (const statement of statements) await editor.sql(statement);
    // Counted when the session is idle.
    await editor.until("the scans", () => editor.sql("select pg_stat_force_next_flush(), idx_scan::int as scans from pg_stat_all_indexes where indexrelname = 'orders_client_id_idx'"), ([row]) => row!["scans"] === 1204);
    await editor.until("the changed rows", () => editor.sql("select n_mod_since_analyze::int as changed from pg_stat_all_tables where relname = 'orders'"), ([row]) => row!["changed"] === 30000);
    editor.open("src/schema.ts");
    assert.equal((await editor.connect("shop")).kind, "connected");
  });
  after(async () => {
    await editor?.end();
    await server?.stop();
  });

  const hover = async (marker: string): Promise<string> =>
    ((await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: editor.uri("src/schema.ts") }, position: editor.position("src/schema.ts", marker) }))!.contents as MarkupContent).value;
  const lenses = async (): Promise<readonly string[]> =>
    ((await editor.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: editor.uri("src/schema.ts") } })) ?? []).map(({ command }) => command!.title);

  it("stands in hovers: rows, sizes, and how often an index was used", async () => {
    assert.match(await hover("orders = "), /In the database: 30 k rows, [\d.]+ MB, 2 indexes/);
    assert.match(await hover("orders = "), /`orders_client_id_idx` \(`client_id`\): used 1,204 times, [\d.]+ MB/);
    assert.match(await hover('index("orders'), /used 1,204 times/);
  });

  it("stands in the code lens behind keys and indexes", async () => {
    const [clients, orders] = await lenses();
    assert.match(clients!, /^0 foreign keys \| 0 indexes \| 30 k rows, [\d.]+ MB$/);
    assert.match(orders!, /^1 foreign key \| 1 index \| 30 k rows, [\d.]+ MB$/);
  });

  it("is shown as a tree of tables and indexes, each with its place in the code", async () => {
    const tables = await editor.ask<readonly DatabaseTable[]>("databaseTables", editor.folder, "shop");
    assert.deepEqual(tables.map(({ schema, name, kind, indexes, account }) => [schema, name, kind, indexes, account]), [["public", "clients", "table", 2, false], ["public", "orders", "table", 2, false], ["public", "schema_migrations", "table", 1, true]]);
    assert.match(tables[1]!.facts, /^30 k rows, [\d.]+ MB$/);
    assert.equal(tables[1]!.place?.range.start.line, editor.position("src/schema.ts", "orders = ").line);
    const orders = await editor.ask<DatabaseTableDetails>("databaseTable", editor.folder, "shop", "public", "orders");
    assert.match(orders.indexes.find(({ name }) => name === "orders_client_id_idx")!.facts, /^used 1,204 times, [\d.]+ MB$/);
    assert.ok(orders.findings.some(({ rule }) => rule === "table/stale-statistics"), JSON.stringify(orders.findings));
    assert.equal(await editor.ask("databaseTable", editor.folder, "shop", "public", "nowhere"), null);
  });

  it("names of a database break out of no hover", async () => {
    const text = await hover("clients = ");
    assert.ok(!text.includes("](command:") && !text.includes("<img"), text);
  });

  it("the light bulb copies the SQL of what only a database can change, and of nothing else", async () => {
    const diagnostics = await editor.pull("src/schema.ts");
    assert.ok(["schema/not-validated", "table/stale-statistics", "drift/index-only-in-database"].every((rule) => rulesOf(diagnostics).includes(rule)), rulesOf(diagnostics).join());
    const copied = (await Promise.all(diagnostics.map(({ range }) => editor.actions("src/schema.ts", range, undefined, diagnostics)))).flat().flatMap(({ command }) => (command?.command === clientCommands.copySql ? [String(command.arguments![0])] : []));
    assert.deepEqual([...new Set(copied)].sort(), ['ALTER TABLE "orders" VALIDATE CONSTRAINT "orders_id_check";', 'ANALYZE "orders";']);
    for (const statement of new Set(copied)) await editor.sql(statement);
    assert.equal((await editor.ask<{ changed: number }>("refreshDatabase", {})).changed, 1);
    // The server counts when it gets to it.
    await editor.until("fresh statistics", async () => {
      assert.equal((await editor.ask<{ changed: number }>("refreshStatistics", {})).changed, 1);
      return rulesOf(await editor.pull("src/schema.ts"));
    }, (left) => !left.includes("schema/not-validated") && !left.includes("table/stale-statistics"));
    assert.match((await lenses())[1]!, /60 k rows/);
  });

  it("goes with the connection", async () => {
    await editor.ask("disconnectDatabase");
    assert.doesNotMatch(await hover("orders = "), /In the database|used/);
    assert.deepEqual(await lenses(), ["0 foreign keys | 0 indexes", "1 foreign key | 1 index"]);
  });
});
