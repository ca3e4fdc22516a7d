// Migrations over the wire, against a real PostgreSQL: from a finding to its migration, the plan, the run with its progress
// and the way back; several databases side by side. What stops them before anything happens is in migrations.test.ts.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { WorkDoneProgress, type CodeAction } from "vscode-languageserver/node";
import { clientCommands, serverCommands, writeMigrationMethod, type CompareMigrationsAnswer, type GenerateMigrationAnswer, type MigrationFiles, type MigrationHistoryAnswer, type MigrationList, type MigrationPlan, type MigrationSubject, type RunMigrationsAnswer, type VerifyMigrationsAnswer } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shop, shopSql, type DatabaseEditor, type DatabaseOptions } from "./database-editor";
import { rulesOf } from "./editor";

const config = `import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" });
`;

describe("migrations, from a finding to the database", function () {
  // Each migration is proved on an embedded database of its own.
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  /** An editor on the shop, whose database has none of its tables yet; connected. */
  async function withShop(name: string, options: DatabaseOptions, use: (editor: DatabaseEditor) => Promise<void>): Promise<void> {
    const editor = await databaseEditor(server, name, { sql: "select 1", commands: Object.values(clientCommands), ...options, files: { "drizzle.config.ts": config, ...options.files } });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      editor.open("src/schema.ts");
      await use(editor);
    } finally {
      await editor.end();
    }
  }

  /** Writes the answer's files, as an editor does. */
  function write(editor: DatabaseEditor, answer: GenerateMigrationAnswer): readonly string[] {
    assert.ok(answer.kind === "generated", JSON.stringify(answer));
    assert.deepEqual(answer.proof ?? answer.unproved, [], "proved on the embedded database");
    for (const { uri, text, exists } of answer.files) {
      const file = new URL(uri).pathname;
      assert.equal(existsSync(file), exists);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    if (answer.edit) editor.write("src/schema.ts", editor.after(answer.edit, "src/schema.ts"));
    return answer.files.filter(({ shown }) => shown).map(({ uri }) => path.relative(editor.folder, new URL(uri).pathname));
  }

  const target = (editor: DatabaseEditor) => ({ root: editor.folder, schema: "src/schema.ts", database: "shop" });
  const indexes = async (editor: DatabaseEditor): Promise<readonly unknown[]> => (await editor.sql("select indexname from pg_indexes where schemaname = 'public' order by 1")).map(({ indexname }) => indexname);
  const difference = { kind: "difference", from: { kind: "folder" } } as const;
  async function ran(editor: DatabaseEditor, request: object): Promise<readonly string[]> {
    const answer = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), ...request });
    assert.ok(answer.kind === "done", JSON.stringify(answer));
    return answer.migrations;
  }
  async function actionsAt(editor: DatabaseEditor, marker: string): Promise<readonly CodeAction[]> {
    const at = editor.position("src/schema.ts", marker, 2);
    return editor.actions("src/schema.ts", { start: at, end: at });
  }

  it("a finding's index goes into a migration, up and down again, and the drift follows", () => withShop("index_up_down", {}, async (editor) => {
    assert.deepEqual(write(editor, await editor.ask("generateMigration", { name: "shop", what: difference })), ["drizzle/0000_shop.sql"]);
    assert.deepEqual(await ran(editor, { action: "up" }), ["0000_shop"]);
    const action = (await actionsAt(editor, ".references(")).find(({ title }) => title === "Add index in a migration");
    assert.equal(action?.command?.command, clientCommands.addInMigration);
    const [uri, key] = action.command.arguments as [string, string];
    const [file] = write(editor, await editor.ask("generateMigration", { what: { kind: "finding", uri, key } }));
    assert.equal(file, "drizzle/0001_add_orders_client_id_idx.sql");
    editor.change("src/schema.ts", [{ text: readFileSync(path.join(editor.folder, "src/schema.ts"), "utf8") }]);
    assert.match(editor.text("src/schema.ts"), /index\("orders_client_id_idx"\)\.on\(table\.clientId\)/);
    await editor.until("the drift", () => editor.pull("src/schema.ts"), (found) => rulesOf(found).includes("drift/index-missing"));

    const plan = await editor.ask<MigrationPlan>("planMigrations", { ...target(editor), direction: "up" });
    assert.ok(plan.kind === "plan", JSON.stringify(plan));
    assert.deepEqual([plan.migrations, plan.losses, plan.obstacles], [["0001_add_orders_client_id_idx"], [], []]);
    assert.match(plan.markdown, /# Apply 1 migration: shop[^]*share update exclusive on orders[^]*other DDL alone/);
    assert.deepEqual(await indexes(editor), ["clients_pkey", "orders_pkey"], "a plan changes nothing");

    const told: string[] = [];
    editor.connection.onProgress(WorkDoneProgress.type, "running", (value) => void (value.kind === "report" && told.push(value.message ?? "")));
    const up = await editor.connection.sendRequest<RunMigrationsAnswer>("workspace/executeCommand", { command: serverCommands.runMigrations, arguments: [{ ...target(editor), action: "up" }], workDoneToken: "running" });
    assert.ok(up.kind === "done", JSON.stringify(up));
    assert.match(told.join("\n"), /0001_add_orders_client_id_idx \(1 of 1\): create index/);
    assert.deepEqual(await indexes(editor), ["clients_pkey", "orders_client_id_idx", "orders_pkey"]);
    assert.deepEqual(rulesOf(await editor.pull("src/schema.ts")), [], "nobody refreshed the database but the run");
    const [list] = await editor.ask<readonly MigrationList[]>("migrations");
    assert.deepEqual([list!.folder?.path, list!.folder?.format, list!.database?.name, list!.migrations.map(({ id, state, undo }) => [id, state, undo])], ["drizzle", "Drizzle", "shop", [["0000_shop", "applied", "yes"], ["0001_add_orders_client_id_idx", "applied", "yes"]]]);
    assert.deepEqual(await editor.ask<VerifyMigrationsAnswer>("verifyMigrations", target(editor)), { kind: "verified", migrations: 2, problems: [], notes: [] });

    assert.deepEqual(await ran(editor, { action: "down", count: 1 }), ["0001_add_orders_client_id_idx"]);
    assert.deepEqual(await indexes(editor), ["clients_pkey", "orders_pkey"]);
    assert.ok(rulesOf(await editor.pull("src/schema.ts")).includes("drift/index-missing"));
    assert.deepEqual(await ran(editor, { action: "to", to: "0001_add_orders_client_id_idx" }), ["0001_add_orders_client_id_idx"]);
    const history = await editor.ask<MigrationHistoryAnswer>("migrationHistory", target(editor));
    assert.ok(history.kind === "history", JSON.stringify(history));
    assert.match(history.markdown, /4 runs\.\n[^]*idx \| applied \|[^]*idx \| taken back \|[^]*idx \| applied \|[^]*shop \| applied \|/);
    appendFileSync(path.join(editor.folder, "drizzle/0001_add_orders_client_id_idx.sql"), "-- by hand\n");
    const verified = await editor.ask<VerifyMigrationsAnswer>("verifyMigrations", target(editor));
    assert.ok(verified.kind === "verified", JSON.stringify(verified));
    assert.match(verified.problems.join(), /0001_add_orders_client_id_idx\.sql was changed after it had been applied/);
    assert.deepEqual(verified.notes, ["Whether the objects of applied migrations exist was not looked at, since 0001_add_orders_client_id_idx is edited."]);
  }));

  it("production runs nothing before its name was typed, and a database that only reads nothing at all", async () => {
    const files = (url: string) => ({ "plumbline.config.json": JSON.stringify({ connections: { shop: { url, production: true } } }) });
    const { host } = server.connection;
    await withShop("production", { files: files(`postgresql://postgres@/production?host=${encodeURIComponent(host)}`) }, async (editor) => {
      write(editor, await editor.ask("generateMigration", { name: "shop", what: difference }));
      for (const typed of [undefined, "shpo", ""]) {
        const answer = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "up", ...(typed !== undefined && { typed }) });
        assert.ok(answer.kind === "failed" && answer.stopped && /name/.test(answer.message), JSON.stringify(answer));
      }
      assert.deepEqual(await indexes(editor), []);
      assert.deepEqual(await ran(editor, { action: "up", typed: "shop" }), ["0000_shop"]);
    });
  });

  it("what loses data runs only after the name was typed, on the plan that was seen", () => withShop("losing", { sql: `${shopSql}; alter table clients add column legacy text` }, async (editor) => {
    const migration = { tag: "0000_drop_legacy", sql: 'ALTER TABLE "clients" DROP COLUMN "legacy";' };
    editor.write("drizzle/meta/_journal.json", JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1700000000000, tag: migration.tag, breakpoints: true }] }));
    editor.write(`drizzle/${migration.tag}.sql`, migration.sql);
    const plan = await editor.ask<MigrationPlan>("planMigrations", { ...target(editor), direction: "up" });
    assert.ok(plan.kind === "plan" && plan.losses.length === 1, JSON.stringify(plan));
    assert.match(plan.markdown, /Loses data/);
    const refused = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "up" });
    assert.ok(refused.kind === "failed" && refused.stopped, JSON.stringify(refused));
    assert.deepEqual(refused.unconfirmed, plan.shown);
    const unseen = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "up", typed: "shop" });
    assert.deepEqual(unseen, refused, "what is typed confirms nothing that was not shown");
    editor.write(`drizzle/${migration.tag}.sql`, `${migration.sql}\n--> statement-breakpoint\nDROP TABLE "orders";`);
    const changed = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "up", typed: "shop", shown: plan.shown });
    assert.ok(changed.kind === "failed" && changed.unconfirmed, JSON.stringify(changed));
    assert.match(changed.message, /Nothing was run\. 0000_drop_legacy is another one than was shown/);
    editor.write(`drizzle/${migration.tag}.sql`, migration.sql);
    assert.equal((await editor.sql("select 1 from pg_attribute where attname = 'legacy'")).length, 1);
    await ran(editor, { action: "up", typed: "shop", shown: plan.shown });
    assert.equal((await editor.sql("select 1 from pg_attribute where attname = 'legacy'")).length, 0);
  }));

  it("chosen tables alone, all drift, and what is asked of a person", () => withShop("chosen", {}, async (editor) => {
    const [subject] = await editor.ask<readonly MigrationSubject[]>("migrationSubjects");
    assert.deepEqual([subject!.schema, subject!.database?.name, subject!.tables.map(({ name, differences }) => [name, differences > 0])], ["src/schema.ts", "shop", [["clients", true], ["orders", true]]]);
    const [file] = write(editor, await editor.ask("generateMigration", { name: "clients alone", what: { ...difference, tables: ["clients"] } }));
    assert.match(file!, /0000_clients_alone\.sql$/);
    const sql = readFileSync(path.join(editor.folder, file!), "utf8");
    assert.match(sql, /CREATE TABLE "clients"/);
    assert.doesNotMatch(sql, /orders/);
    await ran(editor, { action: "up" });
    write(editor, await editor.ask("generateMigration", { name: "the rest", what: { kind: "difference", from: { kind: "database" } } }));
    await ran(editor, { action: "up" });
    assert.deepEqual(rulesOf(await editor.pull("src/schema.ts")), ["fk/unindexed"]);
    assert.equal((await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "nothing", what: difference })).kind, "nothing");

    editor.change("src/schema.ts", [{ text: shop.replace('text("name")', 'text("title")') }]);
    const asked = await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "titled", what: difference });
    assert.ok(asked.kind === "questions", JSON.stringify(asked));
    assert.deepEqual(asked.questions.map(({ what, from, candidates }) => [what, from, candidates]), [["column", "clients.name", ["title"]]]);
    const [renamed] = write(editor, await editor.ask("generateMigration", { name: "titled", what: difference, renames: { "clients.name": "title" } }));
    assert.match(readFileSync(path.join(editor.folder, renamed!), "utf8"), /RENAME COLUMN "name" TO "title"/);
  }));

  it("an empty migration has its parts, to be written by hand", () => withShop("by_hand", {}, async (editor) => {
    const answer = await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "fill", what: { kind: "empty" } });
    assert.ok(answer.kind === "generated" && answer.proof === undefined, JSON.stringify(answer));
    assert.deepEqual(answer.files.flatMap(({ uri, shown }) => (shown ? [path.relative(editor.folder, new URL(uri).pathname)] : [])), ["drizzle/0000_fill.sql"]);
    assert.deepEqual(answer.files.map(({ uri }) => path.basename(uri)).filter((name) => name.endsWith(".sql")), ["0000_fill.sql", "0000_fill.down.sql", "0000_fill.verify.sql"]);
  }));

  it("every file is proved on the embedded database, hand-written ones too", () => withShop("tested", {}, async (editor) => {
    write(editor, await editor.ask("generateMigration", { name: "shop", what: difference }));
    const project = { root: editor.folder, schema: "src/schema.ts" };
    assert.deepEqual(await editor.ask<VerifyMigrationsAnswer>("testMigrations", project), { kind: "verified", migrations: 1, problems: [], notes: [] });
    const empty = await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "fill", what: { kind: "empty" } });
    assert.ok(empty.kind === "generated");
    for (const { uri, text } of empty.files) writeFileSync(new URL(uri), uri.endsWith("/0001_fill.sql") ? "insert into clients (id, nothing_that_is_there) values (1, 'x');" : text);
    const tested = await editor.ask<VerifyMigrationsAnswer>("testMigrations", project);
    assert.ok(tested.kind === "verified" && tested.problems.some((problem) => /0001_fill/.test(problem) && /nothing_that_is_there/.test(problem)), JSON.stringify(tested));
  }));

  it("what was pushed until now is recorded as applied, once nothing differs", () => withShop("pushed", { sql: `${shopSql}; alter table orders drop column placed_at` }, async (editor) => {
    write(editor, await editor.ask("generateMigration", { name: "shop", what: difference }));
    const baseline = { ...target(editor), action: "baseline" };
    const refused = await editor.ask<RunMigrationsAnswer>("runMigrations", baseline);
    assert.ok(refused.kind === "failed" && refused.stopped && /differs/.test(refused.message), JSON.stringify(refused));
    await editor.sql("alter table orders add column placed_at timestamptz not null");
    assert.deepEqual(await ran(editor, baseline), ["0000_shop"]);
    const [list] = await editor.ask<readonly MigrationList[]>("migrations");
    assert.deepEqual(list!.migrations.map(({ id, state }) => [id, state]), [["0000_shop", "applied"]]);
  }));

  it("a project that has no migrations begins with what was pushed: the client writes the first one, and it is recorded", () => withShop("first_baseline", { sql: `${shopSql}; alter table orders drop column placed_at` }, async (editor) => {
    const asked: MigrationFiles[] = [];
    let writes: string | null = "The disk is full.";
    editor.connection.onRequest(writeMigrationMethod, (files: MigrationFiles) => {
      asked.push(files);
      if (writes === null) write(editor, { kind: "generated", ...files, proof: [], notes: [], losses: [], refused: [] });
      return writes;
    });
    const lists = await editor.ask<readonly MigrationList[]>("migrations");
    assert.deepEqual(lists.map(({ folder, database, migrations }) => [folder, database?.name, migrations]), [[undefined, "shop", []]]);
    const baseline = (): Promise<RunMigrationsAnswer> => editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "baseline" });
    const differs = await baseline();
    assert.ok(differs.kind === "failed" && differs.stopped && /differs from the schema in the code/.test(differs.message), JSON.stringify(differs));
    assert.equal(asked.length, 0);
    await editor.sql("alter table orders add column placed_at timestamptz not null");
    const unwritten = await baseline();
    assert.deepEqual(unwritten, { kind: "failed", message: "The disk is full.", done: [], stopped: true });
    assert.deepEqual(await editor.sql("select 1 from pg_namespace where nspname = 'drizzle'"), [], "nothing is recorded");
    writes = null;
    const done = await baseline();
    assert.deepEqual(done.kind === "done" && done.migrations, ["0000_baseline"], JSON.stringify(done));
    assert.deepEqual(asked.at(-1)!.files.filter(({ shown }) => shown).map(({ uri }) => path.relative(editor.folder, new URL(uri).pathname)), ["drizzle/0000_baseline.sql"]);
    const [list] = await editor.ask<readonly MigrationList[]>("migrations");
    assert.deepEqual(list!.migrations.map(({ id, state }) => [id, state]), [["0000_baseline", "applied"]]);
  }));

  it("a folder without a schema in the code: recorded once the database is what its files lead to; what another tool began and nothing tells of is recorded as a person says", async () => {
    const connections = { shop: { url: `postgresql://postgres@/alone?host=${encodeURIComponent(server.connection.host)}`, production: true } };
    const files = { "src/schema.ts": "export {};\n", "plumbline.config.json": JSON.stringify({ connections }), "migrations/0001_clients.sql": "create table clients (id integer primary key);\n" };
    await withShop("alone", { files }, async (editor) => {
      const run = (request: object): Promise<RunMigrationsAnswer> => editor.ask("runMigrations", { root: editor.folder, schema: null, database: "shop", typed: "shop", ...request });
      const states = async (): Promise<readonly unknown[]> => (await editor.ask<readonly MigrationList[]>("migrations")).flatMap(({ migrations }) => migrations.map(({ state }) => state));
      const differs = await run({ action: "baseline" });
      assert.ok(differs.kind === "failed" && differs.stopped, JSON.stringify(differs));
      assert.match(differs.message, /differs from what the files in .*\/migrations lead to, .*\+ clients.*Bring the two together first\.$/);
      await editor.sql("create table clients (id integer primary key)");
      assert.equal((await run({ action: "baseline" })).kind, "done");
      assert.deepEqual(await states(), ["applied"]);

      editor.write("migrations/0002_more.sql", "update clients set id = id + 1;\ncreate table more (id integer primary key);\n");
      const begun = "insert into schema_migrations (version, status) values ('0002', 'failed')";
      await editor.sql(begun);
      assert.deepEqual(await states(), ["applied", "half-applied"]);
      const asked = await run({ action: "repair" });
      assert.ok(asked.kind === "failed" && asked.stopped, JSON.stringify(asked));
      assert.deepEqual(asked.undecided, ["0002_more"]);
      assert.match(asked.message, /leave nothing in the catalogue.*record that with "Plumbline: Repair migrations…"\.$/);
      const unnamed = await run({ action: "repair", resolved: "applied", typed: undefined });
      assert.ok(unnamed.kind === "failed" && unnamed.stopped && unnamed.undecided === undefined, JSON.stringify(unnamed));
      for (const [resolved, state] of [["rolled back", "pending"], ["applied", "applied"]] as const) {
        await editor.sql(begun);
        const done = await run({ action: "repair", resolved });
        assert.deepEqual(done.kind === "done" && done.migrations, ["0002_more"], JSON.stringify(done));
        assert.deepEqual(await states(), ["applied", state]);
      }
      assert.deepEqual(await editor.sql("select to_regclass('more') as more"), [{ more: null }], "nothing was run");

      editor.write("migrations/0003_gone.sql", "drop table clients;\n");
      await editor.sql("insert into schema_migrations (version, status) values ('0003', 'failed')");
      const losing = await run({ action: "repair" });
      assert.ok(losing.kind === "failed" && losing.stopped && losing.unconfirmed, JSON.stringify(losing));
      assert.match(losing.message, /clients.*lost/);
      const other = await run({ action: "repair", shown: losing.unconfirmed.map((one) => ({ ...one, hash: "another" })) });
      assert.deepEqual(other.kind === "failed" && other.unconfirmed, losing.unconfirmed, JSON.stringify(other));
      assert.deepEqual(await editor.sql("select to_regclass('clients') is null as gone"), [{ gone: false }]);
      const repaired = await run({ action: "repair", shown: losing.unconfirmed });
      assert.deepEqual(repaired.kind === "done" && repaired.migrations, ["0003_gone"], JSON.stringify(repaired));
      assert.deepEqual(await editor.sql("select to_regclass('clients') is null as gone"), [{ gone: true }]);
    });
  });

  it("names the schema's files that are not saved", () => withShop("unsaved", {}, async (editor) => {
    editor.replace("src/schema.ts", 'text("name")', 'text("title")');
    const answer = await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "shop", what: difference });
    assert.ok(answer.kind === "generated", JSON.stringify(answer));
    assert.deepEqual(answer.unsaved, [editor.uri("src/schema.ts")]);
    assert.match(answer.files[0]!.text, /"title" text/);
  }));

  it("several databases stand side by side, and what is only compared is not run on", async () => {
    const other = await server.createDatabase("beside_other");
    const url = (name: string): string => `postgresql://postgres@/${name}?host=${encodeURIComponent(other.host)}`;
    const connections = { shop: { url: url("beside") }, live: { url: url("beside_other"), production: true }, gone: { url: url("nowhere") } };
    await withShop("beside", { files: { "plumbline.config.json": JSON.stringify({ connections }) } }, async (editor) => {
      write(editor, await editor.ask("generateMigration", { name: "shop", what: difference }));
      await ran(editor, { action: "up" });
      const databases = Object.keys(connections).map((name) => ({ root: editor.folder, name }));
      const compared = await editor.ask<CompareMigrationsAnswer>("compareMigrations", { databases });
      assert.ok(compared.kind === "compared", JSON.stringify(compared));
      assert.deepEqual(compared.lists.map(({ database, migrations }) => [database?.name, database?.connected, migrations.map(({ state }) => state)]), [["shop", true, ["applied"]], ["live", false, ["pending"]], ["gone", false, [undefined]]]);
      assert.match(compared.lists[2]!.problems.join(), /nowhere/);
      const answer = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), database: "live", action: "up", typed: "live" });
      assert.ok(answer.kind === "failed" && answer.stopped && /"live" is not connected/.test(answer.message), JSON.stringify(answer));
      assert.equal((await editor.ask<readonly MigrationList[]>("migrations")).length, 3);
      await editor.ask("compareMigrations", { databases: [] });
      assert.equal((await editor.ask<readonly MigrationList[]>("migrations")).length, 1);
    });
  });
});
