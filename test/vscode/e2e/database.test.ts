// A person connects to a PostgreSQL from the palette, types its password, and sees the drift as a squiggle, the tables in
// the tree, what the database knows in hover and code lens. Pictures of each step go to out/shots.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { password, startNetworkServer, type NetworkServer } from "../../database/faults-server";
import { openPage, serve, type OpenedPage, type ServedVscode } from "../host/served-vscode";
import { questions, until, type Questions } from "./questions";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

const root = path.join(__dirname, "../../..");

const schema = `import { bigint, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: bigint("client_id", { mode: "number" }).notNull().references(() => clients.id),
  placedAt: timestamp("placed_at", { withTimezone: true }).notNull(),
  note: text("note"),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
]);
`;

/** As the code says, but for an index that somebody made by hand, and a column that is not there yet. */
const sql = `create table clients (id bigint primary key, name text not null);
create table orders (id bigint primary key, client_id bigint not null constraint orders_client_id_clients_id_fk references clients (id), placed_at timestamptz not null);
create index orders_client_id_idx on orders (client_id);
create index orders_placed_at_by_hand on orders (placed_at);
create table "odd [table](command:workbench.action.quit) $(trash)" (id bigint primary key);
insert into clients select i, 'Client ' || i from generate_series(1, 40000) i;
insert into orders select i, i, now() from generate_series(1, 40000) i;
analyze;
set enable_seqscan = off;
select sum(found) from (select (select count(*) from orders where client_id = i) as found from generate_series(1, 1204) i) counted;
select pg_stat_force_next_flush();
grant select on all tables in schema public to app`;

describe("a database, connected to by a person", () => {
  let server: NetworkServer;
  let project: string;
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;
  let ask: Questions;

  /** As the administrator, beside the editor. */
  async function inShop(statements: readonly string[]): Promise<void> {
    const { Client } = await import("pg");
    const client = new Client({ ...server.postgres.connection, database: "shop" });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  before(async () => {
    server = await startNetworkServer();
    // One by one: in one transaction, ANALYZE would not count.
    await inShop(sql.split(";\n"));
    project = fs.mkdtempSync(path.join(os.tmpdir(), "plumbline-project-"));
    fs.mkdirSync(path.join(project, "src"));
    fs.writeFileSync(path.join(project, "src/schema.ts"), schema);
    fs.writeFileSync(path.join(project, "plumbline.config.json"), JSON.stringify({ connections: { shop: { url: `postgresql://app@${server.address}/shop` }, live: { url: `postgresql://app@${server.address}/live`, production: true } } }));
    served = await serve({ workspace: project, install: [vsixFile()], builtins: ["typescript-basics", "json", "markdown-basics", "markdown-language-features"], settings: { "editor.minimap.enabled": false, "plumbline.database.autoConnect": true } });
    opened = await openPage();
    person = workbench(opened.page, path.join(root, "out/shots"));
    ask = questions(person);
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await person?.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(async () => {
    await opened?.browser.close();
    await served?.stop();
    await server?.stop();
    fs.rmSync(project, { recursive: true, force: true });
  });

  it("the palette offers what the project names, the embedded one and a URL", async () => {
    await person.openFile("schema.ts");
    await opened.page.locator(".codelens-decoration:visible").first().waitFor({ timeout: 60_000 });
    await ask.run("Plumbline: Connect to Database");
    await ask.row("Enter a URL").waitFor();
    await ask.row("Use embedded Postgres").waitFor();
    await ask.row(/production.*from plumbline.config.json/).waitFor();
    await person.shot("database-1-connections");
    await ask.choose(`app@${server.address}/shop`);
  });

  it("the password is asked for, again where it is wrong, and the drift gets its squiggle", async () => {
    await opened.page.locator(".quick-input-widget input[type=password]").waitFor();
    await ask.answer("wrong");
    await opened.page.locator(".quick-input-widget", { hasText: "refused that password" }).waitFor();
    await person.shot("database-2-password");
    await ask.answer(password);
    await opened.page.locator(".part.statusbar .statusbar-item", { hasText: /shop.*\d/ }).waitFor({ timeout: 30_000 });
    await person.squiggles("error").first().waitFor({ timeout: 30_000 });
    await person.hover("note", "placedAt", /note.*database/s);
    await person.shot("database-3-drift");
    await opened.page.mouse.move(900, 700);
  });

  it("hover and code lens know rows, sizes and scans", async () => {
    await opened.page.locator(".codelens-decoration:visible", { hasText: /40 k rows/ }).first().waitFor();
    const hover = await person.hover("orders", "export const orders", /40 k rows/);
    await hover.getByText(/orders_client_id_idx.*used 1,204 times|used 1,204 times/).first().waitFor();
    await person.shot("database-4-hover");
    await opened.page.mouse.move(900, 700);
  });

  it("the tree shows tables, indexes and findings, and leads to the code", async () => {
    await opened.page.locator(".part.statusbar .statusbar-item", { hasText: /shop/ }).click();
    const tree = opened.page.locator(".part.sidebar .monaco-list-row");
    const orders = tree.filter({ hasText: /orders.*40 k rows/ }).first();
    await orders.click();
    await orders.locator(".monaco-tl-twistie").click();
    await tree.filter({ hasText: /orders_client_id_idx.*used 1,204 times/ }).waitFor();
    await tree.filter({ hasText: "odd [table](command:workbench.action.quit) $(trash)" }).waitFor();
    await opened.page.locator(".part.statusbar", { hasText: "Ln 8," }).waitFor();
    await person.shot("database-5-tree");
  });

  it("its health is a page: sizes, connections, and what has grown since the last look", async () => {
    await person.command("Plumbline: Show Database Health");
    const page = opened.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await page.getByRole("heading", { level: 1, name: "shop" }).waitFor({ timeout: 30_000 });
    await page.getByRole("cell", { name: /^\d+ of 100, \d+ %$/ }).waitFor();
    await page.getByRole("cell", { name: "orders_client_id_idx" }).waitFor();
    await inShop(["insert into clients select i, 'Client ' || i from generate_series(50000, 90000) i"]);
    await person.command("Plumbline: Show Database Health");
    await page.getByRole("cell", { name: /^[\d.]+ MB \(\+[\d.]+ MB since / }).waitFor();
    await person.shot("database-6-health");
  });

  it("a table of the tree is shown in the diagram", async () => {
    const orders = opened.page.locator(".part.sidebar .monaco-list-row", { hasText: /^orders.*40 k rows/ }).first();
    await ask.inline(orders, "Show in Schema Diagram");
    const page = opened.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await page.locator(".table.current", { hasText: "orders" }).waitFor({ timeout: 30_000 });
    await person.shot("database-7-diagram");
  });

  it("statistics that are read again stand in the code lens at once", async () => {
    await inShop(["analyze clients"]);
    await person.openFile("schema.ts");
    const lens = opened.page.locator(".codelens-decoration:visible", { hasText: /80 k rows/ }).first();
    await until("the rows of now are shown", () => lens.isVisible(), () => ask.run("Plumbline: Refresh Statistics"));
  });

  it("a window that is opened again connects by itself, where the settings say so", async () => {
    await opened.page.reload({ waitUntil: "commit" });
    await person.ready();
    // A browser's window forgets its secrets, so it is asked again.
    await opened.page.locator(".quick-input-widget input[type=password]").waitFor({ timeout: 60_000 });
    await ask.answer(password);
    await opened.page.locator(".part.statusbar .statusbar-item", { hasText: /shop.*\d/ }).waitFor({ timeout: 60_000 });
    await person.openFile("schema.ts");
    await person.squiggles("error").first().waitFor({ timeout: 30_000 });
  });

  it("disconnecting leaves nothing behind", async () => {
    await person.command("Plumbline: Disconnect");
    await opened.page.locator(".part.statusbar .statusbar-item", { hasText: /shop/ }).waitFor({ state: "hidden" });
    await person.squiggles("error").first().waitFor({ state: "hidden" });
    await opened.page.locator(".codelens-decoration:visible", { hasText: "1 foreign key | 1 index" }).first().waitFor();
    await opened.page.locator(".codelens-decoration:visible", { hasText: /rows/ }).first().waitFor({ state: "detached" });
    await opened.page.locator(".part.sidebar").getByText("See where the database differs from your schema").waitFor();
    assert.doesNotMatch(await (await person.hover("orders", "export const orders", /client_id/)).innerText(), /rows|used|database/i);
    for (const end = Date.now() + 10_000; ; ) {
      const [row] = await server.postgres.query("select count(*)::int as count from pg_stat_activity where application_name = 'plumbline'");
      if (row!["count"] === 0) break;
      assert.ok(Date.now() < end, `${String(row!["count"])} sessions are left`);
    }
    await person.shot("database-8-disconnected");
  });

  it("the password stands in no file of the editor in plain text", () => {
    const found: string[] = [];
    for (const entry of fs.readdirSync(path.dirname(served.workspace), { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile() || /\/(builtins|extensions)\//.test(file) || fs.statSync(file).size > 20_000_000) continue;
      const text = fs.readFileSync(file, "latin1");
      if (text.includes(password) || text.includes(encodeURIComponent(password))) found.push(file);
    }
    assert.deepEqual(found, []);
  });
});
