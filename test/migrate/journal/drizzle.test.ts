// drizzle-orm, 0.45 and 1.0, as judge: what Plumbline records it takes as applied, and what it has applied Plumbline reads so.
import * as assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Client } from "pg";
import { journalOf } from "../../../server/src/migrate/journal";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { apply, folderOf, newDatabase, read, rows, states, statusOf, takeBack, write } from "./folder";

const require = createRequire(__filename);
type Migrate = (db: object, config: { readonly migrationsFolder: string; readonly migrationsTable?: string; readonly migrationsSchema?: string }) => Promise<unknown>;

/** `migrate()` of an installed drizzle-orm. */
async function migrate(installed: "drizzle-orm" | "drizzle-orm-v1", connection: Postgres["connection"], migrationsFolder: string, config: object = {}): Promise<void> {
  const { drizzle } = require(`${installed}/node-postgres`) as { drizzle(options: { readonly client: Client }): object };
  const { migrate } = require(`${installed}/node-postgres/migrator`) as { migrate: Migrate };
  const client = new Client(connection);
  await client.connect();
  try {
    await migrate(drizzle({ client }), { migrationsFolder, ...config });
  } finally {
    await client.end();
  }
}

const sql = { a: "CREATE TABLE a (id integer);", b: "CREATE TABLE b (id integer);\n--> statement-breakpoint\nINSERT INTO a VALUES (1);\n", c: "INSERT INTO a VALUES (2);" };

function journalFile(tags: readonly string[], when: (position: number) => number = (position) => 1_700_000_000_000 + position * 1000): string {
  return JSON.stringify({ version: "7", dialect: "postgresql", entries: tags.map((tag, idx) => ({ idx, version: "7", when: when(idx), tag, breakpoints: true })) });
}

const v0 = { "meta/_journal.json": journalFile(["0000_a", "0001_b"]), "0000_a.sql": sql.a, "0001_b.sql": sql.b, "0001_b.down.sql": "DROP TABLE b; DELETE FROM a;" };
const v1 = {
  "20240101000000_a/migration.sql": sql.a, "20240101000000_a/snapshot.json": '{ "dialect": "postgres" }',
  "20240102000000_b/migration.sql": sql.b, "20240102000000_b/snapshot.json": '{ "dialect": "postgres" }', "20240102000000_b/down.sql": "DROP TABLE b; DELETE FROM a;",
};

describe("Drizzle's journal", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  for (const [format, installed, files] of [["v0", "drizzle-orm", v0], ["v1", "drizzle-orm-v1", v1]] as const) {
    describe(format, () => {
      it("drizzle-orm applies nothing after Plumbline, and what is new after that", async () => {
        const folder = folderOf(files);
        const { connection, session } = await newDatabase(server, `recorded_${format}`);
        await apply(session, read(folder));
        await migrate(installed, connection, folder);
        assert.deepEqual(await rows(session, "SELECT id FROM a"), [["1"]]);
        const third: Readonly<Record<string, string>> = format === "v0" ? { "meta/_journal.json": journalFile(["0000_a", "0001_b", "0002_c"]), "0002_c.sql": sql.c } : { "20240103000000_c/migration.sql": sql.c, "20240103000000_c/snapshot.json": "{}" };
        write(folder, third);
        await migrate(installed, connection, folder);
        assert.deepEqual(await rows(session, "SELECT id FROM a ORDER BY id"), [["1"], ["2"]]);
        assert.deepEqual((await states(session, read(folder))).map((line) => line.split(" ")[1]), ["applied", "applied", "applied"]);
      });

      it("Plumbline reads what drizzle-orm has applied, and goes on", async () => {
        const folder = folderOf(files);
        const { connection, session } = await newDatabase(server, `read_${format}`);
        assert.deepEqual((await states(session, read(folder))).map((line) => line.split(" ")[1]), ["pending", "pending"]);
        await migrate(installed, connection, folder);
        const [, second] = read(folder).migrations;
        assert.deepEqual((await states(session, read(folder))).map((line) => line.split(" ")[1]), ["applied", "applied"]);
        await takeBack(session, read(folder), second!);
        assert.deepEqual((await states(session, read(folder))).map((line) => line.split(" ")[1]), ["applied", "pending"]);
        await migrate(installed, connection, folder);
        assert.deepEqual((await states(session, read(folder))).map((line) => line.split(" ")[1]), ["applied", "applied"]);
        assert.deepEqual(await rows(session, "SELECT id FROM a"), [["1"]]);
      });

      it("makes the table as drizzle-orm does, in the schema and under the name that the config gives", async () => {
        const folder = folderOf(files);
        const names = { migrationsSchema: 'Odd "schema"', migrationsTable: "it's" };
        const columns = `SELECT column_name, data_type, is_nullable, column_default, ordinal_position FROM information_schema.columns WHERE table_schema = 'Odd "schema"' ORDER BY ordinal_position`;
        const theirs = await newDatabase(server, `theirs_${format}`);
        await migrate(installed, theirs.connection, folder, names);
        const ours = await newDatabase(server, `ours_${format}`);
        const named = { ...read(folder), journal: { schema: names.migrationsSchema, name: names.migrationsTable } };
        await apply(ours.session, named);
        assert.deepEqual(await rows(ours.session, columns), await rows(theirs.session, columns));
        await migrate(installed, ours.connection, folder, names);
        assert.deepEqual(await rows(ours.session, "SELECT id FROM a"), [["1"]]);
        assert.deepEqual((await states(theirs.session, named)).map((line) => line.split(" ")[1]), ["applied", "applied"]);
      });

      it("tells an edited file, with both hashes", async () => {
        const folder = folderOf(files);
        const { connection, session } = await newDatabase(server, `edited_${format}`);
        await migrate(installed, connection, folder);
        const [name] = Object.keys(files).filter((file) => files[file as keyof typeof files] === sql.a);
        write(folder, { [name!]: "CREATE TABLE a (id bigint);" });
        const [first] = await statusOf(session, read(folder));
        assert.equal(first!.state, "edited");
        assert.ok(first!.message!.includes(first!.applied!.checksum!) && first!.message!.includes(first!.migration!.checksums[0]!));
      });
    });
  }

  it("v1: upgrades a table of 0.45, as drizzle-orm 1.0 does", async () => {
    // The last two share a second.
    const old = folderOf({ ...v0, "0002_c.sql": sql.c, "meta/_journal.json": journalFile(["0000_a", "0001_b", "0002_c"], (position) => Date.UTC(2024, 0, 1 + Math.min(position, 1)) + 123 + position) });
    const upgraded = folderOf({ ...v1, "20240102000000_a_c/migration.sql": sql.c, "20240102000000_a_c/snapshot.json": "{}" });
    const theirs = await newDatabase(server, "upgraded_theirs");
    const ours = await newDatabase(server, "upgraded_ours");
    for (const { connection, session } of [theirs, ours]) {
      await migrate("drizzle-orm", connection, old);
      await session.run("UPDATE drizzle.__drizzle_migrations SET hash = 'of another text' WHERE id = 1");
    }
    assert.deepEqual((await states(ours.session, read(upgraded))), ["20240101000000_a edited", "20240102000000_a_c applied", "20240102000000_b applied"]);
    await migrate("drizzle-orm-v1", theirs.connection, upgraded);
    await ours.session.run(journalOf(read(upgraded)).createSql.join(";"));
    const all = "SELECT id, hash, created_at, name, applied_at FROM drizzle.__drizzle_migrations ORDER BY id";
    assert.deepEqual(await rows(ours.session, all), await rows(theirs.session, all));
    await migrate("drizzle-orm-v1", ours.connection, upgraded);
    assert.deepEqual(await rows(ours.session, "SELECT id FROM a ORDER BY id"), [["1"], ["2"]]);
  });

  it("v0: a row is the migration's of its time and hash, then of its hash, then of its time, then of its second", () => {
    const files = { "0000_a.sql": sql.a, "0001_a.sql": sql.a, "0002_b.sql": sql.b, "0003_c.sql": sql.c };
    const folder = read(folderOf({ ...files, "meta/_journal.json": journalFile(["0000_a", "0001_a", "0002_b", "0003_c"], (position) => [1000, 2000, 3100, 3500][position]!) }));
    const [a, , b] = folder.migrations.map(({ checksums }) => checksums[0]!);
    const ids = (...found: readonly (readonly [hash: string, when: number])[]) => journalOf(folder).applied(found.map(([hash, when]) => [hash, String(when), null, null])).map(({ id }) => id);
    assert.deepEqual(ids([a!, 2000], [a!, 2000]), ["0001_a", "0001_a"], "recorded twice");
    assert.deepEqual(ids([a!, 1000], [a!, 2000]), ["0000_a", "0001_a"], "two files of one text");
    assert.deepEqual(ids([a!, 7], [a!, 8], [b!, 3500]), ["0000_a", "0001_a", "0002_b"], "other times");
    assert.deepEqual(ids(["edited", 3500]), ["0003_c"], "another text");
    assert.deepEqual(ids(["edited", 3000], ["edited", 9000]), ["0002_b", undefined], "to the second");
  });

  it("v0: an entry older than the newest row, which drizzle-orm skips for ever, is out of order", async () => {
    const folder = folderOf(v0);
    const { connection, session } = await newDatabase(server, "older");
    await migrate("drizzle-orm", connection, folder);
    write(folder, { "meta/_journal.json": journalFile(["0000_a", "0001_b", "0002_c"], (position) => 1_700_000_000_000 + [0, 1000, 500][position]!), "0002_c.sql": sql.c });
    await migrate("drizzle-orm", connection, folder);
    assert.deepEqual(await rows(session, "SELECT id FROM a"), [["1"]], "drizzle-orm has skipped it");
    assert.deepEqual(await states(session, read(folder)), ["0000_a applied", "0001_b applied", "0002_c out-of-order"]);
  });

  it("v0: a row whose file is gone is missing, with its hash; two rows of one migration are one", async () => {
    const folder = folderOf(v0);
    const { connection, session } = await newDatabase(server, "missing");
    await migrate("drizzle-orm", connection, folder);
    await session.run("INSERT INTO drizzle.__drizzle_migrations (hash, created_at) SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id LIMIT 1");
    write(folder, { "meta/_journal.json": journalFile(["0000_a"]) });
    const status = await statusOf(session, read(folder));
    assert.deepEqual(status.map(({ state }) => state), ["applied", "missing"]);
    assert.match(status[1]!.message!, /records a migration with SHA-256 [0-9a-f]{64} of 2023-11-14T22:13:21\.000Z as applied, but plumbline-journal-\w+ has no such file/);
  });

  it("makes nothing, locks nothing and says nothing where the table stands", async () => {
    const folder = folderOf(v0);
    const { connection, session } = await newDatabase(server, "standing");
    await migrate("drizzle-orm", connection, folder);
    await session.run("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA drizzle TO reader; GRANT SELECT ON drizzle.__drizzle_migrations TO reader; SET ROLE reader");
    const notices: string[] = [];
    session.onNotice((message) => notices.push(message));
    await session.run(journalOf(read(folder)).createSql.join(";"));
    assert.deepEqual(await states(session, read(folder)), ["0000_a applied", "0001_b applied"]);
    assert.deepEqual(notices, []);
  });
});
