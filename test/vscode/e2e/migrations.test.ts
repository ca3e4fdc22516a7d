// A person begins with what was pushed, generates a migration, reads its plan, applies it to a PostgreSQL, adds the index that
// a squiggle asks for, takes it back, keeps a backup and restores it: each step through what VS Code shows. Pictures of each
// go to out/shots.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "pg";
import { config, pushed, schema } from "./migration-projects";
import { indexes, openWindow, startServer, type MigrationServer, type MigrationWindow } from "./migration-window";

describe("migrations of a Drizzle project, made and run by a person", () => {
  let server: MigrationServer;
  let window: MigrationWindow;
  let shop: Client;

  before(async () => {
    server = await startServer(["shop", "live", "pushed"]);
    await (await server.connected("pushed")).query(pushed);
    shop = await server.connected("shop");
    const connections = { shop: { url: server.url("shop") }, live: { url: server.url("live"), production: true }, pushed: { url: server.url("pushed") } };
    window = await openWindow({
      workspaceTrust: false,
      files: {
        "src/schema.ts": schema, "drizzle.config.ts": config, "plumbline.config.json": JSON.stringify({ connections }),
        "names.sql": "update clients set name = upper(name) where id = 1;\nupdate clients set name = lower(name) where id = 2;\n",
      },
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.person.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(async () => {
    await window?.close();
    await server?.stop();
  });

  async function connect(name: string | RegExp): Promise<void> {
    await window.ask.run("Plumbline: Connect to Database");
    await window.ask.choose(name);
  }
  /** A click into the text, so that keys go there. */
  const intoText = (): Promise<void> => window.person.page.locator(".editor-group-container.active .view-line").first().click();

  it("the view says how to begin: what was pushed until now becomes the first migration, recorded and not run", async () => {
    const { person, ask, view, row } = window;
    await person.openFile("schema.ts");
    await person.squiggles().first().waitFor({ timeout: 60_000 });
    await window.openViews();
    await view.getByText("Generate migration").first().waitFor();
    await person.shot("migrations-1-empty");
    await view.getByRole("button", { name: "Baseline migrations" }).click();
    await ask.choose("pushed");
    await ask.confirm('Begin the migrations with what "pushed" holds?', "Write and Record", () => person.shot("migrations-1-baseline"));
    await ask.toast(/1 migration recorded as applied on pushed/).waitFor();
    await row(/0000_baseline\s*applied/).waitFor();
    await person.page.locator(".tab.active", { hasText: "0000_baseline.sql" }).waitFor();
    await person.shot("migrations-1-recorded");
    assert.match(window.onDisk("drizzle/0000_baseline.sql"), /CREATE TABLE "orders"/);
    // Undone in one step, for the rest of this: the project has no migrations once more.
    await intoText();
    await person.page.keyboard.press("Control+Z");
    await row("0000_baseline").waitFor({ state: "detached" });
    assert.ok(!window.exists("drizzle/0000_baseline.sql") && !window.exists("drizzle/0000_baseline.down.sql"));
    await ask.run("Plumbline: Disconnect");
  });

  it("the first migration starts the folder", async () => {
    const { person, ask, view, row } = window;
    await person.openFile("schema.ts");
    await intoText();
    await person.goTo(5);
    await person.page.keyboard.insertText('  note: text("note"),\n');
    await person.page.locator(".tab.active.dirty").waitFor();
    await view.getByRole("button", { name: "Generate migration" }).first().click();
    await ask.choose("What no migration makes yet");
    await ask.input.fill("shop");
    await person.shot("migrations-2-name");
    await ask.answer("shop");
    await person.page.locator(".tab.active", { hasText: "0000_shop.sql" }).waitFor();
    await row("0000_shop").waitFor();
    await person.shot("migrations-3-generated");
    for (const file of ["drizzle/0000_shop.sql", "drizzle/0000_shop.down.sql", "drizzle/meta/_journal.json", "drizzle/meta/0000_snapshot.json"]) assert.ok(window.exists(file), file);
    assert.match(window.onDisk("drizzle/0000_shop.sql"), /"note" text/);
    assert.match(window.onDisk("src/schema.ts"), /note: text/, "what it was generated from is saved");
  });

  it("what differs is recorded as applied by nobody", async () => {
    const { person, ask } = window;
    await connect("shop");
    await ask.run("Plumbline: Baseline migrations");
    await ask.confirm('Record 0000_shop as applied on "shop"?', "Record as Applied");
    await ask.toast(/The database differs from the schema in the code/).waitFor();
    await person.shot("migrations-4-differs");
  });

  it("connected, the view knows what is pending; the confirmation names the database", async () => {
    const { person, ask, row } = window;
    await row(/0000_shop\s*pending/).waitFor();
    await ask.run("Plumbline: Migrate up");
    await ask.confirm('Apply 1 migration on "shop"?', "Migrate Up", () => person.shot("migrations-4-confirm"));
    await ask.toast(/1 migration applied on shop/).waitFor();
    await row(/0000_shop\s*applied/).waitFor();
    await window.table("Migrations' own tables").waitFor();
    assert.equal(await window.table("__drizzle_migrations").count(), 0);
    await person.shot("migrations-5-applied");
    assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
  });

  it("the light bulb puts the index of a squiggle into a migration, beside the code", async () => {
    const { person, ask, row } = window;
    await person.openFile("schema.ts");
    await person.goTo(11, 90);
    await ask.act("Add index in a migration", () => person.shot("migrations-6-light-bulb"));
    await person.page.locator(".tab.active", { hasText: "0001_add_orders_client_id_idx.sql" }).waitFor();
    await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
    await person.shot("migrations-7-index");
    for (const file of ["drizzle/0001_add_orders_client_id_idx.sql", "drizzle/0001_add_orders_client_id_idx.down.sql", "drizzle/meta/0001_snapshot.json"]) assert.ok(window.exists(file), file);
    assert.match(window.onDisk("src/schema.ts"), /index\("orders_client_id_idx"\)\.on\(table\.clientId\)/);
    assert.match(window.onDisk("drizzle/meta/_journal.json"), /0001_add_orders_client_id_idx/);
  });

  it("undo takes it all back in one step, redo brings it again", async () => {
    const { person, row } = window;
    assert.equal(await person.page.locator(".tab", { hasText: "_journal.json" }).count(), 0);
    await person.openFile("schema.ts");
    await intoText();
    await person.page.keyboard.press("Control+Z");
    await row("0001_add").waitFor({ state: "detached" });
    await person.shot("migrations-8-undone");
    assert.doesNotMatch(window.onDisk("drizzle/meta/_journal.json"), /0001_add/);
    assert.ok(!window.exists("drizzle/0001_add_orders_client_id_idx.sql") && !window.exists("drizzle/meta/0001_snapshot.json"));
    await person.page.keyboard.press("Control+Shift+Z");
    await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
    assert.match(window.onDisk("drizzle/meta/_journal.json"), /0001_add/);
    await person.save();
  });

  it("the plan opens beside the SQL", async () => {
    const { person, ask } = window;
    await person.openFile("0001_add_orders_client_id_idx.sql");
    await ask.run("Plumbline: Show migration plan");
    const plan = await ask.page("Apply 1 migration: shop");
    await plan.getByText("share update exclusive on orders").waitFor();
    await person.page.locator(".tab.active", { hasText: "0001_add_orders_client_id_idx.sql" }).waitFor();
    await ask.run("Plumbline: Show migration plan");
    await ask.page("Apply 1 migration: shop");
    assert.equal(await person.page.locator(".editor-group-container").count(), 2, "a plan that is shown again is shown where it was");
    await person.shot("migrations-9-plan");
    assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
  });

  it("the view's own buttons apply the migration and take it back; verifying says that all is well", async () => {
    const { person, ask, row } = window;
    const pending = row(/0001_add_orders_client_id_idx\s*pending/);
    await pending.hover();
    await person.shot("migrations-10-inline");
    await ask.inline(pending, "Migrate up to here");
    await ask.confirm(/Apply 1 migration/, "Migrate Up");
    await row(/0001_add_orders_client_id_idx\s*applied/).waitFor();
    assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
    await ask.page("Nothing to do: shop");
    await ask.run("Plumbline: Verify migrations");
    await ask.toast(/2 migrations verified on shop: all is well/).waitFor();
    await person.shot("migrations-11-verified");
    await ask.inline(row(/0001_add_orders_client_id_idx\s*applied/), "Migrate down");
    await ask.confirm('Take back 1 migration on "shop"?', "Migrate Down");
    await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
    assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_pkey"]);
  });

  it("a run can be cancelled while it waits, and leaves nothing behind that the next one does not mend", async () => {
    const { person, ask, row } = window;
    const other = await server.connected("shop");
    await other.query("begin; lock table orders in row exclusive mode");
    await ask.run("Plumbline: Migrate up");
    await ask.confirm(/Apply 1 migration/, "Migrate Up");
    const progress = ask.toast(/0001_add_orders_client_id_idx \(1 of 1\).*wait/);
    await progress.waitFor();
    await person.shot("migrations-12-progress");
    await progress.getByRole("button", { name: "Cancel" }).click();
    await ask.toast(/cancelled/).waitFor();
    await person.shot("migrations-13-cancelled");
    await other.query("rollback");
    await ask.run("Plumbline: Migrate up");
    await ask.confirm(/Apply 1 migration/, "Migrate Up");
    await row(/0001_add_orders_client_id_idx\s*applied/).waitFor();
    assert.deepEqual(await indexes(shop), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
  });

  it("an applied file that was edited is shown, and stops the next run", async () => {
    const { person, ask, row } = window;
    const file = "drizzle/0000_shop.sql";
    const text = window.onDisk(file);
    fs.writeFileSync(path.join(window.folder, file), `${text}\n-- by hand`);
    await row(/0000_shop\s*edited/).waitFor();
    await row("0000_shop").hover();
    await person.shot("migrations-14-edited");
    await ask.run("Plumbline: Migrate up");
    await ask.toast(/nothing was run on shop/).waitFor();
    await person.shot("migrations-15-stopped");
    fs.writeFileSync(path.join(window.folder, file), text);
    await row(/0000_shop\s*applied/).waitFor();
  });

  it("every file is tested on the embedded database, and any of them can be gone to", async () => {
    const { ask, row } = window;
    await ask.run("Plumbline: Test migrations");
    await ask.toast(/2 migrations tested on the embedded database: all is well/).waitFor();
    for (const [to, question, expected] of [["0000_shop", "Take back 1 migration", /0001_add_orders_client_id_idx\s*pending/], ["0001_add_orders_client_id_idx", "Apply 1 migration", /0001_add_orders_client_id_idx\s*applied/]] as const) {
      await ask.runUntil(ask.dialog.getByText(question).first(), "Plumbline: Migrate to", () => ask.choose(to));
      await ask.confirm(question, /^Migrate (Up|Down)$/);
      await ask.toast(new RegExp(`1 migration ${question.startsWith("Apply") ? "applied" : "taken back"} on shop`)).waitFor();
      await row(expected).waitFor();
    }
  });

  it("a plan that stands open follows the runs, and the history tells of them", async () => {
    const { person, ask } = window;
    await ask.page("Nothing to do: shop");
    await ask.run("Plumbline: Show migration history");
    const history = await ask.page("Migrations run on shop");
    // The newest first: applied, taken back, applied, the cancelled run, taken back, applied, and the first one.
    const told = (await history.locator("tbody tr").allInnerTexts()).map((line) => line.split("\t").slice(1, 3).join(" "));
    await person.shot("migrations-16-history");
    const index = "0001_add_orders_client_id_idx";
    assert.deepEqual(told, [`${index} applied`, `${index} taken back`, `${index} applied`, `${index} cancelled`, `${index} taken back`, `${index} applied`, "0000_shop applied"]);
    await person.openFile("schema.ts");
  });

  it("several databases stand side by side", async () => {
    const { person, ask, row } = window;
    await ask.run("Plumbline: Compare migrations of several databases");
    await ask.row("production").waitFor();
    await person.shot("migrations-16-compare");
    await ask.takeTicked("production");
    await row(/drizzle\s*live \(production\) · 2 pending/).waitFor();
    await row(/0000_shop\s*applied · live: pending/).waitFor();
    const beside = row(/0000_shop\s*pending · shop: applied/);
    await beside.hover();
    await person.shot("migrations-17-side-by-side");
    assert.equal(await beside.getByRole("button", { name: "Migrate up to here" }).count(), 0, "what is only compared is not run on");
  });

  it("an empty one is started for hands; of chosen tables the folder has everything", async () => {
    const { person, ask, row } = window;
    await ask.run("Plumbline: New empty migration");
    await ask.answer("fill notes");
    await person.page.locator(".tab.active", { hasText: "0002_fill_notes.sql" }).waitFor();
    assert.ok(window.exists("drizzle/0002_fill_notes.down.sql") && window.exists("drizzle/0002_fill_notes.verify.sql"));
    await person.shot("migrations-18-empty");
    await ask.page(/^Apply \d+ migrations?: shop/);
    await intoText();
    await person.page.keyboard.press("Control+Z");
    await row("0002_fill_notes").waitFor({ state: "detached" });
    await ask.run("Plumbline: Generate migration for tables");
    await ask.row("orders").click();
    await person.shot("migrations-19-tables");
    await ask.takeTicked("orders");
    await ask.answer("orders");
    await ask.toast(/no difference was found/).waitFor();
  });

  it("a backup is made and proved, proved again when asked, and restored once the name was typed", async () => {
    const { person, ask } = window;
    await shop.query("insert into clients (id, name) values (1, 'Ada'), (2, 'Grace')");
    await ask.run("Plumbline: Create backup");
    await ask.toast(/backups\/shop-.*it is a backup/).waitFor();
    await person.shot("migrations-20-backup");
    const [dump, ...others] = fs.readdirSync(path.join(window.folder, "backups")).filter((name) => name.endsWith(".sql.gz"));
    assert.deepEqual(others, []);
    const file = path.join(window.folder, "backups", dump!);
    await ask.runUntil(ask.toast(/is a backup: restored into .*4 tables with/), "Plumbline: Verify backup", () => ask.file(file));
    await person.shot("migrations-20-verified");
    await shop.query("delete from clients");
    await ask.run("Plumbline: Restore backup");
    await person.shot("migrations-20-file");
    await ask.file(file);
    await ask.confirm(/^Restore backups\/.* into "shop"\?/, "Replace Everything", () => person.shot("migrations-20-restore"));
    await ask.input.fill("shop ");
    await person.page.locator(".quick-input-widget", { hasText: "The database is called shop" }).waitFor();
    await person.shot("migrations-20-typed");
    await ask.answer("shop");
    await ask.toast(/Restored into shop: 4 tables with/).waitFor();
    await person.shot("migrations-20-restored");
    assert.deepEqual((await shop.query("select name from clients order by id")).rows, [{ name: "Ada" }, { name: "Grace" }]);
  });

  it("a SQL file by hand is planned, confirmed, run and checked", async () => {
    const { person, ask } = window;
    await person.openFile("names.sql");
    await ask.run("Plumbline: Run SQL file");
    await ask.choose("All in one transaction");
    const check = "select count(*) = 1 from clients where name = 'ADA'";
    await ask.input.fill(check);
    await person.shot("migrations-21-sql-check");
    await ask.answer(check);
    await ask.confirm('Run 2 statements of names.sql on "shop"?', /^Run$/, () => person.shot("migrations-21-sql-confirm"));
    await ask.toast(/2 statements run on shop/).waitFor();
    assert.deepEqual((await shop.query("select name from clients order by id")).rows, [{ name: "ADA" }, { name: "grace" }]);
  });

  it("on a connection marked production the database's name is typed, and what was not shown is asked about", async () => {
    const { person, ask, row } = window;
    const journal = path.join(window.folder, "drizzle/meta/_journal.json");
    /** As a colleague's, pulled while the question stands open. */
    const comesIn = (): void => {
      const { entries, ...rest } = JSON.parse(fs.readFileSync(journal, "utf8")) as { readonly entries: readonly { readonly when: number }[] };
      fs.writeFileSync(path.join(window.folder, "drizzle/0002_pulled.sql"), "create table pulled (id integer primary key);");
      fs.writeFileSync(journal, JSON.stringify({ ...rest, entries: [...entries, { ...entries.at(-1)!, idx: 2, when: entries.at(-1)!.when + 1, tag: "0002_pulled" }] }));
    };
    await connect("production");
    await row(/0001_add_orders_client_id_idx\s*pending/).waitFor();
    await ask.run("Plumbline: Migrate up");
    await ask.choose("All 2 that are pending");
    await ask.confirm('Apply 2 migrations on "live"?', "Migrate Up", async () => {
      await person.shot("migrations-22-production");
      comesIn();
    });
    await ask.answer("shop", person.page.locator(".quick-input-widget", { hasText: "The database is called live" }));
    await person.shot("migrations-23-typed");
    await ask.answer("live");
    await ask.toast(/Nothing was run\. 0002_pulled was not among those that were shown/).waitFor();
    await ask.confirm('Apply 3 migrations on "live"?', "Migrate Up", () => person.shot("migrations-23-another"));
    await ask.answer("live");
    await ask.toast(/3 migrations applied on live/).waitFor();
    await row(/drizzle\s*live \(production\) · all applied/).waitFor();
    assert.deepEqual(await indexes(await server.connected("live")), ["clients_pkey", "orders_client_id_idx", "orders_pkey", "pulled_pkey"]);
    await person.shot("migrations-24-live");
  });
});
