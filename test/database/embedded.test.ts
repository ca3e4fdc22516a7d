// The embedded PostgreSQL: what it is built from and reads as, what is kept of it, and that its process is gone when it should be.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, before, describe, it } from "mocha";
import { openCache } from "../../server/src/databases/embedded/cache";
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from "../../server/src/databases/embedded/embedded";
import { normalizeExpressions } from "../../server/src/databases/embedded/normalize";
import { openEmbeddedFor } from "../../server/src/migrate/operations/embedded-for";
import { askPrinter } from "../../server/src/databases/embedded/printing";
import { emptyRecipe, folderRecipe, modelRecipe, type Recipe } from "../../server/src/databases/embedded/recipe";
import { schemaSql } from "../../server/src/dialects/dialect";
import { readFolder } from "../../server/src/migrate/folders/formats";
import { diskFiles } from "../../server/src/terminal/disk-files";
import { readSchema, runtime, temporaryFolder } from "./embedded/runtime";

const shop = `import { integer, pgEnum, pgTable, serial, text, index } from "drizzle-orm/pg-core";
export const state = pgEnum("state", ["open", "closed"]);
export const clients = pgTable("clients", { id: serial("id").primaryKey(), name: text("name").notNull() });
export const orders = pgTable("orders", { id: integer("id").primaryKey().generatedAlwaysAsIdentity(), client: integer("client").references(() => clients.id), state: state("state").default("open") }, (t) => [index("orders_client").on(t.client.desc())]);`;

describe("the embedded database", function () {
  this.timeout(300_000);
  let options: EmbeddedOptions;
  const opened: EmbeddedDatabase[] = [];
  before(async () => { options = { runtime: await runtime(), cache: temporaryFolder() }; });
  // Each takes hundreds of megabytes.
  afterEach(async () => { for (const database of opened.splice(0)) await database.close(); });

  async function open(recipe: Recipe, more: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
    const database = await openEmbedded(recipe, { ...options, ...more });
    opened.push(database);
    return database;
  }
  const model = () => readSchema(shop);
  const migrations = (files: Readonly<Record<string, string>>) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const read = () => readFolder(folder, diskFiles(folder))!;
    return { folder, read, recipe: () => folderRecipe(read(), diskFiles(folder)) };
  };

  describe("is built", () => {
    it("from a schema and from each kind of migration folder, and reads the same", async () => {
      const [first, ...rest] = schemaSql(model())!;
      const journal = JSON.stringify({ entries: [{ idx: 0, when: 1, tag: "0000_first" }, { idx: 1, when: 2, tag: "0001_rest" }] });
      const folders = {
        "drizzle v0": { "meta/_journal.json": journal, "0000_first.sql": first!, "0001_rest.sql": rest.join("\n--> statement-breakpoint\n"), "0002_not_in_the_journal.sql": "drop table orders" },
        "drizzle v1": { "20250101000000_first/migration.sql": first!, "20250101000000_first/snapshot.json": "{}", "20250102000000_rest/migration.sql": rest.join("\n"), "20250102000000_rest/snapshot.json": "{}" },
        prisma: { "migration_lock.toml": 'provider = "postgresql"', "20250101000000_first/migration.sql": first!, "20250102000000_rest/migration.sql": rest.join("\n") },
        sql: { "2_first.up.sql": first!, "10_rest.sql": `-- migrate:up\n${rest.join("\n")}\n-- migrate:down\ndrop table orders;` },
      };
      const fromModel = await (await open(modelRecipe(model())!)).read();
      assert.deepEqual(fromModel.model.tables.map(({ name }) => name.name).sort(), ["clients", "orders"]);
      assert.match(fromModel.server.title, /^embedded PostgreSQL 18/);
      for (const [format, files] of Object.entries(folders)) {
        const { read, recipe } = migrations(files);
        assert.equal(read().format, format);
        assert.deepEqual(read().problems, []);
        const database = await open(recipe());
        assert.deepEqual(database.problems, [], format);
        assert.deepEqual((await database.read()).model, fromModel.model, format);
        await database.close();
      }
    });

    it("by the helper: from the migrations beside the schema, else from the schema", async () => {
      const { folder } = migrations({ "prisma/schema.prisma": "", "prisma/migrations/1_first/migration.sql": "create table of_migrations (id int, place vector(3), name citext)" });
      const schema = { ...model(), source: "prisma" as const, config: `${folder}/prisma/schema.prisma` };
      const found = await openEmbeddedFor(schema, diskFiles(folder), options);
      assert.equal(found.migrations?.format, "prisma");
      // No migration makes the extensions.
      assert.deepEqual(found.database.problems, []);
      assert.deepEqual((await found.database.read()).model.tables.map(({ name, columns }) => [name.name, ...columns.map(({ type }) => type.name)]), [["of_migrations", "integer", "vector(3)", "citext"]]);
      await found.database.close();
      const other = await openEmbeddedFor(model(), diskFiles(temporaryFolder()), options);
      assert.equal(other.migrations, undefined);
      assert.equal((await other.database.read()).model.tables.length, 2);
      await other.database.close();
    });

    it("says which statement PostgreSQL refuses, where it stands, and goes on", async () => {
      const text = "-- migrate:up\ncreate table one (id int);\n\n-- a comment; with a semicolon\ncreate table two (id nonsense);\ncreate function f() returns int language sql begin atomic select 1; end;\ncreate table three (x text default 'a;b');\ncreate extension plv8;\n-- migrate:down\ndrop table one;";
      const { folder, recipe } = migrations({ "1_first.sql": text });
      const database = await open(recipe());
      assert.deepEqual(database.problems.map(({ at }) => text.slice(at!.start, at!.end)), ["nonsense", "create extension plv8"]);
      assert.ok(database.problems.every(({ at }) => at!.file === `${folder}/1_first.sql`));
      assert.match(database.problems[0]!.message, /type "nonsense" does not exist/);
      assert.match(database.problems[1]!.message, /has no extension "plv8"/);
      const { model: built, problems } = await database.read();
      assert.deepEqual(built.tables.map(({ name }) => name.name).sort(), ["one", "three"]);
      assert.ok(problems.some((problem) => problem.startsWith(`${folder}/1_first.sql:5: `)));
    });

    it("with the extensions that migrations and schemas ask for", async () => {
      const { recipe } = migrations({ "1_first.sql": `create extension if not exists "uuid-ossp"; create extension citext; create table t (id uuid default uuid_generate_v4(), c citext)` });
      assert.deepEqual((await open(recipe())).problems, []);
      const searched = readSchema(`import { index, pgTable, text } from "drizzle-orm/pg-core"; export const t = pgTable("t", { a: text("a") }, (t) => [index("search").using("gin", t.a.op("gin_trgm_ops"))]);`);
      const database = await open(modelRecipe(searched)!);
      assert.deepEqual(database.problems, []);
      assert.equal((await database.read()).model.tables[0]!.indexes[0]!.keys[0]!.operatorClass, "gin_trgm_ops");
    });
  });

  describe("answers", () => {
    it("queries with rows as arrays, and refuses to write", async () => {
      const database = await open(modelRecipe(model())!);
      assert.deepEqual(await database.query("select $1::int + 1, 'a', null, 9007199254740993::int8", [41]), [[42, "a", null, "9007199254740993"]]);
      await assert.rejects(database.query("create table x ()"), { name: "DatabaseError", code: "25006" });
      assert.equal(await database.stamp(), (await database.read()).stamp);
      assert.deepEqual((await database.readAll()).facts.tables, []);
    });

    it("a statement that is given up ends, and the next one finds the database again", async () => {
      const database = await open(modelRecipe(model())!);
      await assert.rejects(database.query("with recursive forever(n) as (select 1 union all select n % 10 + 1 from forever) select count(*) from forever", [], AbortSignal.timeout(500)), { kind: "cancelled" });
      assert.deepEqual(await database.query("select count(*)::int from orders"), [[0]]);
    });

    it("expressions over types of extensions", async () => {
      const schema = readSchema(`import { pgTable, vector } from "drizzle-orm/pg-core"; export const t = pgTable("t", { place: vector("place", { dimensions: 3 }) });`);
      const printed = await askPrinter([{ table: schema.tables[0]!, expressions: [{ kind: "key", sql: "place::halfvec(3)" }, { kind: "check", sql: "vector_dims(place)=3" }] }], [], options);
      assert.deepEqual([...printed.values()], ["(place::halfvec(3))", "vector_dims(place) = 3"]);
    });

    it("expressions as PostgreSQL prints them, each for itself", async () => {
      const database = await open(emptyRecipe());
      const state = { name: { schema: "public", name: "state" }, values: ["open", "it's closed"] };
      const columns = [{ name: "price", type: "numeric(10,2)" }, { name: "state", type: "state" }, { name: "a b", type: "text" }, { name: "odd", type: "no_such_type" }, { name: "twice", type: "numeric" }];
      const printed = await normalizeExpressions(database, [
        { columns, expressions: [
          { kind: "default", column: "state", sql: "'it''s closed'" }, { kind: "check", sql: "price>0 and \"a b\" in ('x','y')" }, { kind: "predicate", sql: "(((price is not null)))" },
          { kind: "key", sql: "LOWER(\"a b\")" }, { kind: "check", sql: "nonsense +" }, { kind: "generated", column: "twice", sql: "price*2" }, { kind: "default", column: "price", sql: "1); drop table x; --" },
        ] },
        { columns: [{ name: "id", type: "integer" }], expressions: [{ kind: "default", column: "id", sql: "CAST('7' AS int)" }] },
      ], [state]);
      assert.deepEqual(printed, [
        ["'it''s closed'::state", "price > 0::numeric AND (\"a b\" = ANY (ARRAY['x'::text, 'y'::text]))", "price IS NOT NULL", "lower(\"a b\")", undefined, "(price * (2)::numeric)", undefined],
        ["7"],
      ]);
      assert.deepEqual((await normalizeExpressions(database, [{ columns: [{ name: "s", type: "state" }], expressions: [{ kind: "default", column: "s", sql: "'open'" }] }])), [[undefined]], "the types are gone again");
    });
  });

  describe("is kept", () => {
    const snapshots = (cache: string): readonly string[] => readdirSync(cache).filter((name) => name.endsWith(".snapshot")).map((name) => join(cache, name));

    it("so that reading it again starts no process, and what is edited is built anew", async () => {
      const cache = temporaryFolder();
      const first = await open(modelRecipe(model())!, { cache });
      assert.equal(first.cached, false);
      const again = await open(modelRecipe(model())!, { cache });
      assert.equal(again.cached, true);
      assert.deepEqual(await again.read(), await first.read());
      assert.equal(again.pid, undefined);
      assert.deepEqual(await again.query("select count(*)::int from clients"), [[0]]);
      assert.equal((await open(modelRecipe(readSchema(shop.replace('"name"', '"title"')))!, { cache })).cached, false);
    });

    it("and built again where it is damaged", async () => {
      const cache = temporaryFolder();
      await (await open(modelRecipe(model())!, { cache })).close();
      const [snapshot] = snapshots(cache);
      truncateSync(snapshot!, 5000);
      const truncated = await open(modelRecipe(model())!, { cache });
      assert.deepEqual(await truncated.query("select count(*)::int from orders"), [[0]]);
      writeFileSync(snapshot!.replace(".snapshot", ".json"), "{");
      const garbled = await open(modelRecipe(model())!, { cache });
      assert.equal(garbled.cached, false);
      assert.equal((await garbled.read()).model.tables.length, 2);
      assert.equal((await open(modelRecipe(model())!, { cache })).cached, true);
    });

    it("by two at once, and works where nothing can be kept", async () => {
      const cache = temporaryFolder();
      const both = await Promise.all([open(modelRecipe(model())!, { cache }), open(modelRecipe(model())!, { cache })]);
      assert.deepEqual((await both[0].read()).model, (await both[1].read()).model);
      assert.equal(snapshots(cache).length, 1);
      assert.equal((await open(modelRecipe(model())!, { cache })).cached, true);
      const file = join(cache, "no folder");
      writeFileSync(file, "");
      assert.equal((await (await open(modelRecipe(model())!, { cache: file })).read()).model.tables.length, 2);
    });

    it("up to a bound, the one used longest ago going first", () => {
      const folder = temporaryFolder();
      const cache = openCache(folder, 2500)!;
      const key = (letter: string): string => letter.repeat(64);
      for (const [position, letter] of ["a", "b", "c"].entries()) {
        writeFileSync(cache.snapshotOf(key(letter)), Buffer.alloc(1000));
        cache.keep(key(letter), {});
        const then = new Date(Date.now() - 10_000 + position * 1000);
        for (const end of ["snapshot", "json"]) utimesSync(join(folder, `${key(letter)}.${end}`), then, then);
        if (letter === "b") cache.find(key("a"));
      }
      assert.deepEqual(["a", "b", "c"].map((letter) => cache.find(key(letter)) !== undefined), [true, false, true]);
    });
  });

  describe("ends", () => {
    const gone = async (pid: number): Promise<void> => {
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50))) {
        if (!runs(pid)) return;
      }
      assert.fail(`process ${pid} still runs`);
    };

    it("when it is idle, and comes back when it is asked", async () => {
      const database = await open(modelRecipe(model())!, { cache: temporaryFolder(), idleMinutes: 1 / 600 });
      const pid = database.pid;
      if (pid !== undefined) await gone(pid);
      assert.deepEqual(await database.query("select count(*)::int from orders"), [[0]]);
    });

    it("when it is closed", async () => {
      const database = await open(emptyRecipe(), { cache: undefined });
      const pid = database.pid!;
      assert.ok(runs(pid));
      await database.close();
      assert.ok(!runs(pid));
    });

    for (const what of ["idle", "busy"]) {
      it(`with the process that started it, which is killed while the database is ${what}`, async () => {
        const parent = spawn(process.execPath, ["--import=tsx", join(__dirname, "embedded/parent.ts"), options.runtime!, what], { stdio: ["ignore", "pipe", "inherit"] });
        const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))));
        assert.ok(runs(pid));
        parent.kill("SIGKILL");
        await gone(pid);
      });
    }
  });
});

/** A process that has ended but was not waited for yet (Z) does not run. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
