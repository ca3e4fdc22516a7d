// The same in a Prisma project that is not trusted at first; a migration that was left half applied is brought to its end.
import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "pg";
import { prisma, prismaInit } from "./migration-projects";
import { indexes, openWindow, startServer, type MigrationServer, type MigrationWindow } from "./migration-window";

describe("migrations of a Prisma project that is not trusted at first", () => {
  let server: MigrationServer;
  let window: MigrationWindow;
  let database: Client;
  /** Id of the migration with the index. */
  let added: string;
  /** As the view shows it, its time behind it. */
  const nameOf = (id: string): string => id.slice(15);

  before(async () => {
    server = await startServer(["prisma"]);
    database = await server.connected("prisma");
    const files = { "prisma/schema.prisma": prisma, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n', "prisma/migrations/20260101000000_init/migration.sql": prismaInit };
    window = await openWindow({ workspaceTrust: true, files: { ...files, "plumbline.config.json": JSON.stringify({ connections: { shop: { url: server.url("prisma") } } }) } });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.person.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(async () => {
    await window?.close();
    await server?.stop();
  });

  it("nothing is offered and nothing run before the workspace is trusted", async () => {
    const { person, ask, view } = window;
    await person.openFile("schema.prisma");
    await person.squiggles().first().waitFor({ timeout: 60_000 });
    await window.openViews();
    await view.getByText("not trusted").waitFor();
    assert.equal(await person.page.locator(".part.sidebar").getByRole("button", { name: "Connect to Database" }).count(), 0);
    await person.shot("migrations-25-untrusted");
    await ask.run("Plumbline: Migrate up");
    await ask.toast(/makes and runs no migrations in a workspace that is not trusted/).waitFor();
    await person.goTo(14, 40);
    await person.lightBulb("Add an index on Order.clientId");
    assert.equal(await person.page.locator(".action-widget .monaco-list-row", { hasText: "Add index in a migration" }).count(), 0);
    await person.page.keyboard.press("Escape");
    assert.deepEqual(await indexes(database), []);
  });

  it("trusted, the light bulb writes a migration as Prisma does, and it is applied", async () => {
    const { person, ask, view, row } = window;
    await view.getByRole("button", { name: "Manage Workspace Trust" }).click();
    await person.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    // The editor of trust lies above the rest.
    await person.page.getByText("You trust this folder").waitFor();
    await person.page.locator(".monaco-modal-editor-block .codicon-close").last().click();
    await person.page.locator(".workspace-trust-editor").waitFor({ state: "hidden" });
    await row("init").waitFor();
    await ask.run("Plumbline: Connect to Database");
    await ask.choose("shop");
    await row(/init\s*pending · 20260101000000/).waitFor();
    await person.openFile("schema.prisma");
    await person.goTo(14, 40);
    await ask.act("Add index in a migration");
    await row(/add_\w*clientid\w*\s*pending/i).waitFor();
    await person.shot("migrations-26-prisma");
    added = fs.readdirSync(path.join(window.folder, "prisma/migrations")).find((name) => name.includes("_add_"))!;
    assert.match(window.onDisk(`prisma/migrations/${added}/migration.sql`), /CREATE INDEX CONCURRENTLY .*"Order_clientId_idx"/);
    assert.ok(window.exists(`prisma/migrations/${added}/down.sql`));
    assert.match(window.onDisk("prisma/schema.prisma"), /@@index\(\[clientId\]\)/);
    await ask.run("Plumbline: Migrate up");
    await ask.choose("All 2 that are pending");
    await ask.confirm(/Apply 2 migrations/, "Migrate Up");
    await row(new RegExp(`${nameOf(added)}\\s*applied`)).waitFor();
    await person.shot("migrations-27-prisma-applied");
    assert.deepEqual(await indexes(database), ["Client_pkey", "Order_clientId_idx", "Order_pkey"]);
  });

  it("what another runner has left half applied is repaired from its own row", async () => {
    const { person, ask, row } = window;
    // As Prisma's engine leaves it where it was killed.
    await database.query('drop index "Order_clientId_idx"');
    await database.query("update _prisma_migrations set finished_at = null, applied_steps_count = 0 where migration_name = $1", [added]);
    await ask.run("Plumbline: Refresh migrations");
    const half = row(new RegExp(`${nameOf(added)}\\s*half applied`));
    await half.waitFor();
    await person.hover("CreateIndex", "CreateIndex", /Run "Plumbline: Repair migrations…", which looks at what is there/);
    await person.shot("migrations-28-half-applied");
    await person.page.mouse.move(900, 700);
    await ask.inline(half, "Repair migrations");
    await ask.confirm('Repair the half-applied migrations of "shop"?', "Repair", () => person.shot("migrations-29-repair"));
    await ask.toast(/1 migration repaired on shop/).waitFor();
    await row(new RegExp(`${nameOf(added)}\\s*applied`)).waitFor();
    await person.shot("migrations-30-repaired");
    assert.deepEqual(await indexes(database), ["Client_pkey", "Order_clientId_idx", "Order_pkey"]);
  });

  it("what stands already is recorded as applied, file by file, and not run", async () => {
    const { person, ask, row } = window;
    await database.query("drop table _prisma_migrations");
    await ask.run("Plumbline: Refresh migrations");
    await row(new RegExp(`${nameOf(added)}\\s*pending`)).waitFor();
    await ask.run("Plumbline: Baseline migrations");
    await ask.confirm('Record all 2 migrations as applied on "shop"?', "Record as Applied", () => person.shot("migrations-30-record"));
    await ask.toast(/2 migrations recorded as applied on shop/).waitFor();
    await row(new RegExp(`${nameOf(added)}\\s*applied`)).waitFor();
    assert.deepEqual((await database.query("select applied_steps_count as steps, finished_at is not null as finished from _prisma_migrations")).rows, [{ steps: 0, finished: true }, { steps: 0, finished: true }]);
  });

  it("a migration for this schema file alone", async () => {
    const { person, ask, row } = window;
    await person.openFile("schema.prisma");
    await person.goTo(13, 1);
    await person.page.keyboard.insertText("  note     String?\n");
    await person.page.locator(".tab.active.dirty").waitFor();
    await ask.run("Plumbline: Generate migration for this schema file");
    await ask.answer("notes");
    await row(/notes\s*pending/).waitFor();
    await person.shot("migrations-31-file");
    const folder = fs.readdirSync(path.join(window.folder, "prisma/migrations")).find((name) => name.endsWith("_notes"))!;
    assert.match(window.onDisk(`prisma/migrations/${folder}/migration.sql`), /ALTER TABLE "Order" ADD COLUMN "note" TEXT/i);
    assert.match(window.onDisk("prisma/schema.prisma"), /note     String\?/, "what it was generated from is saved");
    fs.rmSync(path.join(window.folder, "prisma/migrations", folder), { recursive: true });
    await row(/notes/).waitFor({ state: "detached" });
  });

  it("what another tool began, and of which nothing tells how far it came, is recorded as a person says", async () => {
    const { person, ask, row } = window;
    const id = "20990101000000_more";
    const text = 'CREATE TABLE "B" ("id" INTEGER PRIMARY KEY);\nCREATE TABLE "C" ("id" INTEGER PRIMARY KEY);\n';
    fs.mkdirSync(path.join(window.folder, "prisma/migrations", id));
    fs.writeFileSync(path.join(window.folder, "prisma/migrations", id, "migration.sql"), text);
    await database.query('create table "B" (id integer primary key)');
    for (const [button, recorded, state, rows] of [["Record as Rolled Back", "rolled back", "pending", [true]], ["Record as Applied", "applied", "applied", [true, true, false]]] as const) {
      await database.query("insert into _prisma_migrations (id, checksum, migration_name, logs) values (gen_random_uuid(), $1, $2, 'the connection was lost')", [createHash("sha256").update(text).digest("hex"), id]);
      await ask.run("Plumbline: Refresh migrations");
      const half = row(new RegExp(`${nameOf(id)}\\s*half applied`));
      await half.waitFor();
      await ask.run("Plumbline: Migrate up");
      await ask.toast(new RegExp(`nothing was run on shop\\. ${id} was begun by another tool`)).waitFor();
      await ask.inline(half, "Repair migrations");
      await ask.confirm('Repair the half-applied migrations of "shop"?', "Repair");
      await ask.dialog.getByText(/this is there: .*"B".*and this is not: .*"C"/).waitFor();
      await ask.confirm(`How is ${id} to be recorded on "shop"?`, button, () => person.shot(`migrations-32-${recorded.replace(" ", "-")}`));
      await ask.toast(new RegExp(`1 migration recorded as ${recorded} on shop`)).waitFor();
      await row(new RegExp(`${nameOf(id)}\\s*${state}`)).waitFor();
      assert.deepEqual((await database.query("select rolled_back_at is not null as back from _prisma_migrations where migration_name = $1 order by started_at", [id])).rows.map((one: { back: boolean }) => one.back), rows);
    }
    assert.deepEqual((await database.query(`select to_regclass('"C"') as made`)).rows, [{ made: null }], "nothing was run");
  });

  it("a repair that loses data goes on once the database's name was typed", async () => {
    const { person, ask, row } = window;
    const id = "20990102000000_gone";
    const text = 'DROP TABLE "B";\n';
    fs.mkdirSync(path.join(window.folder, "prisma/migrations", id));
    fs.writeFileSync(path.join(window.folder, "prisma/migrations", id, "migration.sql"), text);
    await database.query("insert into _prisma_migrations (id, checksum, migration_name, logs) values (gen_random_uuid(), $1, $2, 'the connection was lost')", [createHash("sha256").update(text).digest("hex"), id]);
    await ask.run("Plumbline: Refresh migrations");
    await ask.inline(row(new RegExp(`${nameOf(id)}\\s*half applied`)), "Repair migrations");
    await ask.confirm('Repair the half-applied migrations of "shop"?', "Repair");
    await person.page.locator(".quick-input-widget", { hasText: "B is lost with every row" }).waitFor({ timeout: 120_000 });
    await person.shot("migrations-33-losing");
    assert.deepEqual((await database.query(`select to_regclass('"B"') is null as gone`)).rows, [{ gone: false }]);
    await ask.answer("shop");
    await ask.toast(/1 migration repaired on shop/).waitFor({ timeout: 120_000 });
    await row(new RegExp(`${nameOf(id)}\\s*applied`)).waitFor();
    assert.deepEqual((await database.query(`select to_regclass('"B"') is null as gone`)).rows, [{ gone: true }]);
  });
});
