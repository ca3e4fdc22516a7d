// A person generates a migration, reads its plan, applies it to a PostgreSQL, adds the index that a squiggle asks for, takes
// it back: each step through what VS Code shows, for Drizzle and for Prisma. Pictures of each go to out/shots.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Client } from "pg";
import type { Locator } from "playwright-core";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { openPage, serve, type OpenedPage, type ServedVscode } from "../host/served-vscode";
import { config, prisma, prismaInit, schema } from "./migration-projects";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

const root = path.join(__dirname, "../../..");

describe("migrations, made and run by a person", () => {
  let server: Postgres;
  let project: string;
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;
  const clients: Client[] = [];

  async function connected(database: string): Promise<Client> {
    const client = new Client({ ...server.connection, database });
    client.on("error", () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  }
  const url = (database: string): string => `postgresql://postgres@/${database}?host=${encodeURIComponent(server.connection.host)}`;
  const onDisk = (file: string): string => fs.readFileSync(path.join(served.workspace, file), "utf8");
  const exists = (file: string): boolean => fs.existsSync(path.join(served.workspace, file));
  const indexes = async (client: Client): Promise<readonly string[]> => (await client.query("select indexname from pg_indexes where schemaname = 'public' and tablename !~ '^_' order by 1")).rows.map((row: { indexname: string }) => row.indexname);

  const quickPick = (): Locator => opened.page.locator(".quick-input-list .monaco-list-row");
  const input = (): Locator => opened.page.locator(".quick-input-widget input:visible");
  /** Runs a command that asks something at once. */
  async function asking(title: string): Promise<void> {
    // A page that is just being shown takes the key for itself: press it again.
    for (let attempt = 1; ; attempt++) {
      await opened.page.keyboard.press("F1");
      if (await input().waitFor({ timeout: 5_000 }).then(() => true, () => false)) break;
      assert.ok(attempt < 5, "the palette does not open");
    }
    await input().fill(`>${title}`);
    await quickPick().filter({ hasText: title }).first().click();
  }
  const dialog = (): Locator => opened.page.locator(".monaco-dialog-box");
  const toast = (text: RegExp): Locator => opened.page.locator(".notification-toast", { hasText: text }).first();
  const view = (): Locator => opened.page.locator(".pane", { has: opened.page.locator(".pane-header", { hasText: "Migrations" }) });
  const row = (text: RegExp | string): Locator => view().locator(".monaco-list-row", { hasText: text }).first();
  const openViews = (): Promise<void> => opened.page.locator(".activitybar .action-item", { has: opened.page.locator("[aria-label='Plumbline']") }).click();

  async function start(files: Readonly<Record<string, string>>, workspaceTrust: boolean): Promise<void> {
    project = fs.mkdtempSync(path.join(os.tmpdir(), "plumbline-project-"));
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      fs.writeFileSync(path.join(project, file), text);
    }
    served = await serve({ workspace: project, install: [vsixFile()], builtins: ["typescript-basics", "json", "sql", "markdown-basics", "markdown-language-features"], settings: { "editor.minimap.enabled": false }, workspaceTrust });
    opened = await openPage();
    // Each migration is proved on the embedded database before it is written.
    opened.page.setDefaultTimeout(60_000);
    person = workbench(opened.page, path.join(root, "out/shots"));
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
  }
  async function stop(): Promise<void> {
    await opened?.browser.close();
    await served?.stop();
    fs.rmSync(project, { recursive: true, force: true });
  }

  before(async () => {
    server = await startPostgres();
    for (const name of ["shop", "live", "prisma"]) await server.createDatabase(name);
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await person?.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await server?.stop();
  });

  describe("in a Drizzle project", () => {
    let shop: Client;
    before(async () => {
      shop = await connected("shop");
      const names = "update clients set name = upper(name) where id = 1;\nupdate clients set name = lower(name) where id = 2;\n";
      await start({ "src/schema.ts": schema, "drizzle.config.ts": config, "names.sql": names, "plumbline.config.json": JSON.stringify({ connections: { shop: { url: url("shop") }, live: { url: url("live"), production: true } } }) }, false);
    });
    after(stop);

    it("the view says how to begin, and the first migration starts the folder", async () => {
      await person.openFile("schema.ts");
      await person.squiggles().first().waitFor({ timeout: 60_000 });
      await openViews();
      await view().getByText("Generate migration").first().waitFor();
      await person.shot("migrations-1-empty");
      await opened.page.locator(".editor-group-container.active .view-line").first().click();
      await person.goTo(5);
      await opened.page.keyboard.insertText('  note: text("note"),\n');
      await opened.page.locator(".tab.active.dirty").waitFor();
      await view().getByRole("button", { name: "Generate migration" }).first().click();
      await quickPick().filter({ hasText: "What no migration makes yet" }).click();
      await input().fill("shop");
      await person.shot("migrations-2-name");
      await opened.page.keyboard.press("Enter");
      await opened.page.locator(".tab.active", { hasText: "0000_shop.sql" }).waitFor();
      await row("0000_shop").waitFor();
      await person.shot("migrations-3-generated");
      for (const file of ["drizzle/0000_shop.sql", "drizzle/0000_shop.down.sql", "drizzle/meta/_journal.json", "drizzle/meta/0000_snapshot.json"]) assert.ok(exists(file), file);
      assert.match(onDisk("drizzle/0000_shop.sql"), /"note" text/);
      assert.match(onDisk("src/schema.ts"), /note: text/, "what it was generated from is saved");
    });

    it("connected, the view knows what is pending; the confirmation names the database", async () => {
      await asking("Plumbline: Connect to Database");
      await quickPick().filter({ hasText: "shop" }).first().click();
      await row(/0000_shop\s*pending/).waitFor();
      await person.command("Plumbline: Migrate up");
      await dialog().getByText('Apply 1 migration on "shop"?').waitFor();
      await person.shot("migrations-4-confirm");
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      await toast(/1 migration applied on shop/).waitFor();
      await row(/0000_shop\s*applied/).waitFor();
      await person.shot("migrations-5-applied");
      assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
    });

    it("the light bulb puts the index of a squiggle into a migration, beside the code", async () => {
      await person.openFile("schema.ts");
      await person.goTo(11, 90);
      const action = await person.lightBulb("Add index in a migration");
      await person.shot("migrations-6-light-bulb");
      await action.click();
      await opened.page.locator(".tab.active", { hasText: "0001_add_orders_client_id_idx.sql" }).waitFor();
      await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
      await person.shot("migrations-7-index");
      for (const file of ["drizzle/0001_add_orders_client_id_idx.sql", "drizzle/0001_add_orders_client_id_idx.down.sql", "drizzle/meta/0001_snapshot.json"]) assert.ok(exists(file), file);
      assert.match(onDisk("src/schema.ts"), /index\("orders_client_id_idx"\)\.on\(table\.clientId\)/);
      assert.match(onDisk("drizzle/meta/_journal.json"), /0001_add_orders_client_id_idx/);
    });

    it("undo takes it all back in one step, redo brings it again", async () => {
      assert.equal(await opened.page.locator(".tab", { hasText: "_journal.json" }).count(), 0);
      await person.openFile("schema.ts");
      await opened.page.locator(".editor-group-container.active .view-line").first().click();
      await opened.page.keyboard.press("Control+Z");
      await row("0001_add").waitFor({ state: "detached" });
      await person.shot("migrations-8-undone");
      assert.doesNotMatch(onDisk("drizzle/meta/_journal.json"), /0001_add/);
      assert.ok(!exists("drizzle/0001_add_orders_client_id_idx.sql") && !exists("drizzle/meta/0001_snapshot.json"));
      await opened.page.keyboard.press("Control+Shift+Z");
      await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
      assert.match(onDisk("drizzle/meta/_journal.json"), /0001_add/);
      await person.save();
    });

    it("the plan opens beside the SQL", async () => {
      await person.openFile("0001_add_orders_client_id_idx.sql");
      await person.command("Plumbline: Show migration plan");
      const plan = opened.page.frameLocator("iframe.webview").frameLocator("#active-frame");
      await plan.getByRole("heading", { name: "Apply 1 migration: shop" }).waitFor();
      await plan.getByText("share update exclusive on orders").waitFor();
      await person.shot("migrations-9-plan");
      assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
    });

    it("the view's own buttons apply the migration and take it back; verifying says that all is well", async () => {
      const pending = row(/0001_add_orders_client_id_idx\s*pending/);
      await pending.hover();
      await person.shot("migrations-10-inline");
      await pending.getByRole("button", { name: "Migrate up to here" }).click();
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      await row(/0001_add_orders_client_id_idx\s*applied/).waitFor();
      assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
      await opened.page.frameLocator("iframe.webview").frameLocator("#active-frame").getByRole("heading", { name: "Nothing to do: shop" }).waitFor();
      await person.command("Plumbline: Verify migrations");
      await toast(/2 migrations verified on shop: all is well/).waitFor();
      await person.shot("migrations-11-verified");
      const applied = row(/0001_add_orders_client_id_idx\s*applied/);
      await applied.hover();
      await applied.getByRole("button", { name: "Migrate down" }).click();
      await dialog().getByText('Take back 1 migration on "shop"?').waitFor();
      await dialog().getByRole("button", { name: "Migrate Down" }).click();
      await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
      assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
    });

    it("a run can be cancelled while it waits, and leaves nothing behind that the next one does not mend", async () => {
      const other = await connected("shop");
      await other.query("begin; lock table orders in row exclusive mode");
      await person.command("Plumbline: Migrate up");
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      const progress = toast(/0001_add_orders_client_id_idx \(1 of 1\).*wait/);
      await progress.waitFor();
      await person.shot("migrations-12-progress");
      await progress.getByRole("button", { name: "Cancel" }).click();
      await toast(/cancelled/).waitFor();
      await person.shot("migrations-13-cancelled");
      await other.query("rollback");
      await person.command("Plumbline: Migrate up");
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      await row(/0001_add_orders_client_id_idx\s*applied/).waitFor();
      assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
    });

    it("an applied file that was edited is shown, and stops the next run", async () => {
      const file = "drizzle/0000_shop.sql";
      const text = onDisk(file);
      fs.writeFileSync(path.join(served.workspace, file), `${text}\n-- by hand`);
      await row(/0000_shop\s*edited/).waitFor();
      await row("0000_shop").hover();
      await person.shot("migrations-14-edited");
      await person.command("Plumbline: Migrate up");
      await toast(/nothing was run on shop/).waitFor();
      await person.shot("migrations-15-stopped");
      fs.writeFileSync(path.join(served.workspace, file), text);
      await row(/0000_shop\s*applied/).waitFor();
    });

    it("every file is tested on the embedded database, and any of them can be gone to", async () => {
      await person.command("Plumbline: Test migrations");
      await toast(/2 migrations tested on the embedded database: all is well/).waitFor();
      for (const [to, question, expected] of [["0000_shop", "Take back 1 migration", /0001_add_orders_client_id_idx\s*pending/], ["0001_add_orders_client_id_idx", "Apply 1 migration", /0001_add_orders_client_id_idx\s*applied/]] as const) {
        await asking("Plumbline: Migrate to");
        await quickPick().filter({ hasText: to }).click();
        await dialog().getByText(question).waitFor();
        await dialog().getByRole("button", { name: /^Migrate (Up|Down)$/ }).click();
        await row(expected).waitFor();
      }
    });

    it("a plan that stands open follows the runs, and the history tells of them", async () => {
      const page = opened.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
      await page.getByRole("heading", { name: "Nothing to do: shop" }).waitFor();
      await person.command("Plumbline: Show migration history");
      await opened.page.locator(".tab.active", { hasText: "Migrations run on shop" }).waitFor();
      await page.getByRole("heading", { level: 1 }).filter({ hasText: "shop" }).waitFor();
      await person.shot("migrations-16-history");
      await person.openFile("schema.ts");
    });

    it("several databases stand side by side", async () => {
      await asking("Plumbline: Compare migrations of several databases");
      await quickPick().filter({ hasText: "production" }).waitFor();
      await person.shot("migrations-16-compare");
      await opened.page.keyboard.press("Enter");
      await row(/drizzle\s*live \(production\) · 2 pending/).waitFor();
      await row(/0000_shop\s*applied · live: pending/).waitFor();
      await row(/0000_shop\s*pending · shop: applied/).waitFor();
      await person.shot("migrations-17-side-by-side");
      const beside = row(/0000_shop\s*pending · shop: applied/);
      await beside.hover();
      assert.equal(await beside.getByRole("button", { name: "Migrate up to here" }).count(), 0, "what is only compared is not run on");
    });

    it("an empty one is started for hands, chosen tables have nothing that is not in the folder", async () => {
      await asking("Plumbline: New empty migration");
      await input().fill("fill notes");
      await opened.page.keyboard.press("Enter");
      await opened.page.locator(".tab.active", { hasText: "0002_fill_notes.sql" }).waitFor();
      assert.ok(exists("drizzle/0002_fill_notes.down.sql") && exists("drizzle/0002_fill_notes.verify.sql"));
      await person.shot("migrations-18-empty");
      await opened.page.keyboard.press("Control+Z");
      await row("0002_fill_notes").waitFor({ state: "detached" });
      await asking("Plumbline: Generate migration for tables");
      await quickPick().filter({ hasText: "orders" }).click();
      await person.shot("migrations-19-tables");
      await opened.page.keyboard.press("Enter");
      await input().fill("orders");
      await opened.page.keyboard.press("Enter");
      await toast(/no difference was found/).waitFor();
    });

    it("a backup is made and proved", async () => {
      await shop.query("insert into clients (id, name) values (1, 'Ada'), (2, 'Grace')");
      await person.command("Plumbline: Create backup");
      await toast(/backups\/shop-.*it is a backup/).waitFor();
      await person.shot("migrations-20-backup");
      assert.equal(fs.readdirSync(path.join(served.workspace, "backups")).filter((name) => name.endsWith(".sql.gz")).length, 1);
    });

    it("a SQL file by hand is planned, confirmed, run and checked", async () => {
      await person.openFile("names.sql");
      await asking("Plumbline: Run SQL file");
      await quickPick().filter({ hasText: "All in one transaction" }).click();
      await input().fill("select count(*) = 1 from clients where name = 'ADA'");
      await person.shot("migrations-21-sql-check");
      await opened.page.keyboard.press("Enter");
      await dialog().getByText('Run 2 statements of names.sql on "shop"?').waitFor();
      await person.shot("migrations-21-sql-confirm");
      await dialog().getByRole("button", { name: "Run", exact: true }).click();
      await toast(/2 statements run on shop/).waitFor();
      assert.deepEqual((await shop.query("select name from clients order by id")).rows, [{ name: "ADA" }, { name: "grace" }]);
    });

    it("on a connection marked production the database's name is typed", async () => {
      await asking("Plumbline: Connect to Database");
      await quickPick().filter({ hasText: "production" }).click();
      await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
      await asking("Plumbline: Migrate up");
      await quickPick().filter({ hasText: "All 2 that are pending" }).click();
      await dialog().getByText('Apply 2 migrations on "live"?').waitFor();
      await person.shot("migrations-22-production");
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      await input().fill("shop");
      await opened.page.keyboard.press("Enter");
      await opened.page.locator(".quick-input-widget", { hasText: "The database is called live" }).waitFor();
      await person.shot("migrations-23-typed");
      await input().fill("live");
      await opened.page.keyboard.press("Enter");
      await toast(/2 migrations applied on live/).waitFor();
      await row(/drizzle\s*live \(production\) · all applied/).waitFor();
      assert.deepEqual(await indexes(await connected("live")), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
      await person.shot("migrations-24-live");
    });
  });

  describe("in a Prisma project that is not trusted at first", () => {
    let database: Client;
    before(async () => {
      database = await connected("prisma");
      const files = { "prisma/schema.prisma": prisma, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n', "prisma/migrations/20260101000000_init/migration.sql": prismaInit };
      await start({ ...files, "plumbline.config.json": JSON.stringify({ connections: { shop: { url: url("prisma") } } }) }, true);
    });
    after(stop);

    it("nothing is offered and nothing run before the workspace is trusted", async () => {
      await person.openFile("schema.prisma");
      await person.squiggles().first().waitFor({ timeout: 60_000 });
      await openViews();
      await view().getByText("not trusted").waitFor();
      await person.shot("migrations-25-untrusted");
      await person.command("Plumbline: Migrate up");
      await toast(/makes and runs no migrations in a workspace that is not trusted/).waitFor();
      await person.goTo(14, 40);
      await person.lightBulb("Add an index on Order.clientId");
      assert.equal(await opened.page.locator(".action-widget .monaco-list-row", { hasText: "Add index in a migration" }).count(), 0);
      await opened.page.keyboard.press("Escape");
      assert.deepEqual(await indexes(database), []);
    });

    it("trusted, the light bulb writes a migration as Prisma does, and it is applied", async () => {
      await view().getByRole("button", { name: "Manage Workspace Trust" }).click();
      await opened.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
      // The editor of trust lies above the rest.
      await opened.page.getByText("You trust this folder").waitFor();
      await opened.page.locator(".monaco-modal-editor-block .codicon-close").last().click();
      await opened.page.locator(".workspace-trust-editor").waitFor({ state: "hidden" });
      await row("20260101000000_init").waitFor();
      await asking("Plumbline: Connect to Database");
      await quickPick().filter({ hasText: "shop" }).first().click();
      await row(/20260101000000_init\s*pending/).waitFor();
      await person.openFile("schema.prisma");
      await person.goTo(14, 40);
      await (await person.lightBulb("Add index in a migration")).click();
      await row(/_add_\w*clientid\w*\s*pending/i).waitFor();
      await person.shot("migrations-26-prisma");
      const [folder] = fs.readdirSync(path.join(served.workspace, "prisma/migrations")).filter((name) => name.includes("_add_"));
      assert.match(onDisk(`prisma/migrations/${folder!}/migration.sql`), /CREATE INDEX CONCURRENTLY .*"Order_clientId_idx"/);
      assert.ok(exists(`prisma/migrations/${folder!}/down.sql`));
      assert.match(onDisk("prisma/schema.prisma"), /@@index\(\[clientId\]\)/);
      await asking("Plumbline: Migrate up");
      await quickPick().filter({ hasText: "All 2 that are pending" }).click();
      await dialog().getByRole("button", { name: "Migrate Up" }).click();
      await row(new RegExp(`${folder!}\\s*applied`)).waitFor();
      await person.shot("migrations-27-prisma-applied");
      assert.deepEqual(await indexes(database), ["Client_pkey", "Order_clientId_idx", "Order_pkey"]);
    });
  });
});
