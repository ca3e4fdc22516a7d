// A SQL file by hand on a real server: statement by statement or in one transaction, what is checked afterwards, and what is
// left after a failure.
import assert from "node:assert/strict";
import { Client } from "pg";
import { openSession } from "../../server/src/databases/postgres/session";
import { RunError, type RunEvent } from "../../server/src/migrate/run/progress";
import type { RunOptions } from "../../server/src/migrate/run/context";
import { runFile } from "../../server/src/migrate/run/run-file";
import { loadSqlParser } from "../../server/src/sql/load";
import type { ConnectionSettings } from "../../server/src/databases/connections/settings";
import { onEachServer, settingsOf } from "../database/servers";

describe("a SQL file by hand", function () {
  this.timeout(300_000);
  // In a suite of its own, whose client goes before the server does.
  onEachServer((server) => describe("on its way", () => {
    let settings: ConnectionSettings;
    let client: Client;
    before(async () => {
      const connection = await server().createDatabase("by hand");
      settings = settingsOf(connection);
      client = new Client(connection);
      await client.connect();
    });
    beforeEach(() => client.query("drop schema public cascade; create schema public"));
    after(() => client?.end());

    const run = async (sql: string, { transaction = false, expect, on = settings, ...options }: Partial<RunOptions> & { transaction?: boolean; expect?: string; on?: ConnectionSettings } = {}): Promise<number> =>
      runFile({ file: { file: "/work/sql/fix.sql", sql, start: 0, end: sql.length }, transaction, ...(expect !== undefined && { expect }) }, { parser: await loadSqlParser(), by: "anna@laptop", connect: (signal) => openSession(on, { ...(signal && { signal }) }) }, { lossesConfirmed: true, ...options });
    const failing = async (sql: string, kind: RunError["kind"], message: RegExp, options: Parameters<typeof run>[1] = {}): Promise<void> => {
      await assert.rejects(run(sql, options), (error: Error) => {
        assert.ok(error instanceof RunError, error.stack);
        assert.match(error.message, message);
        assert.equal(error.kind, kind);
        return true;
      });
    };
    const rows = async (sql: string): Promise<readonly unknown[]> => (await client.query<unknown[]>({ text: sql, rowMode: "array" })).rows;
    const tables = async (): Promise<readonly unknown[]> => (await rows("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1")).flat();

    it("is split as the server reads it: dollar quotes, comments, strings", async () => {
      const events: RunEvent[] = [];
      const sql = "create table a (t text); -- ; not here\n/* nor; /* here; */ */ insert into a values (';'), (E'\\';');\ncreate function f() returns int language plpgsql as $body$ begin insert into a values ('x;y'); return 1; end; $body$;\nselect f();";
      assert.equal(await run(sql, { onEvent: (event) => events.push(event) }), 4);
      assert.deepEqual(await rows("select t from a"), [[";"], ["';"], ["x;y"]]);
      assert.deepEqual(events.flatMap((event) => (event.kind === "statement started" ? [`${event.number}/${event.of}`] : [])), ["1/4", "2/4", "3/4", "4/4"]);
    });

    it("keeps what came before a failure, or nothing in one transaction, and says so with the line", async () => {
      const sql = "create table a (id int);\ncreate table b (id int);\n\ninsert into nowhere values (1);\ncreate table c (id int);";
      await failing(sql, "failed", /^sql\/fix\.sql:4: statement 3 of 4, insert.*, failed: relation "nowhere" does not exist\. \(42P01\) .*The 2 statements before it are done and stay/);
      assert.deepEqual(await tables(), ["a", "b"]);
      await client.query("drop table a, b");
      await failing(sql, "failed", /fix\.sql:4: .*Everything was rolled back: the database is as it was before\./, { transaction: true });
      assert.deepEqual(await tables(), []);
      await failing("create table a (id int);\nbegin;\ncreate table b (id int);\nselect 1/0;\ncommit;", "failed", /fix\.sql:4: .*The statement before its transaction is done and stays/);
      assert.deepEqual(await tables(), ["a"]);
    });

    it("builds an index concurrently, and refuses that in a transaction before anything is run", async () => {
      const sql = "create table a (id int); create index concurrently a_id on a (id); vacuum a;";
      await failing(sql, "stopped before", /create index.* cannot be in a transaction\. Run the file without --transaction/, { transaction: true });
      assert.deepEqual(await tables(), []);
      assert.equal(await run(sql), 3);
      assert.deepEqual(await rows("select indisvalid from pg_index where indexrelid = 'a_id'::regclass"), [[true]]);
    });

    it("names what only psql understands, and transactions that do not fit", async () => {
      for (const [sql, message, transaction] of [
        ["create table a (id int);\n\\i other.sql\n", /fix\.sql:2: A backslash begins a command of psql's own/],
        ["create table a (id int);\ncopy a from stdin;\n1\n\\.\n", /fix\.sql:2: COPY … FROM stdin takes rows/],
        ["--\n\n\\restrict aB3\n\nselect 1;\n", /fix\.sql:3: \\restrict is a command of psql's own, with which pg_dump begins\. That is a dump: use "plumbline backup restore"/],
        ["select 1;\nselect from from;", /fix\.sql:2: syntax error/],
        ["begin;\nselect 1;", /fix\.sql:1: This transaction is never committed/],
        ["begin;\nselect 1;\nrollback;", /fix\.sql:3: ROLLBACK would take back/],
        ["begin; select 1;\ncommit;\nselect 2;", /fix\.sql:2: The file ends its transaction before its end/, true],
      ] as const) {
        await failing(sql, "stopped before", message, { transaction: transaction === true });
      }
      assert.deepEqual(await tables(), []);
    });

    it("checks what is expected afterwards; in a transaction, before it is committed", async () => {
      assert.equal(await run("create table a as select 1 as id", { expect: "select count(*) = 1 from a" }), 1);
      await failing("insert into a values (2)", "verify failed", /gave f where it must give true: .* from a\. What was run is done and stays/, { expect: "select count(*) = 1 from a" });
      assert.deepEqual(await rows("select count(*)::int from a"), [[2]]);
      await failing("insert into a values (3)", "verify failed", /What --expect asks gave f.*Everything was rolled back/, { expect: "select count(*) = 1 from a", transaction: true });
      assert.deepEqual(await rows("select count(*)::int from a"), [[2]]);
      await failing("insert into a values (3)", "verify failed", /gave no row/, { expect: "select true from a where id = 9", transaction: true });
      await failing("insert into a values (3)", "stopped before", /--expect takes a SELECT/, { expect: "delete from a" });
      assert.deepEqual(await rows("select count(*)::int from a"), [[2]]);
    });

    it("waits for a lock in short attempts, and not for ever", async () => {
      await client.query("create table a (id int)");
      await client.query("begin; select * from a");
      await failing("alter table a add b int", "failed", /statement 1 of 1, alter table.*were not granted within 300 ms in \d+ attempts.*held by process/, { lockPatience: 700 });
      await client.query("rollback");
      assert.equal(await run("alter table a add b int"), 1);
    });

    it("runs nothing where it may not: production, read only, unconfirmed losses, a dump that failed", async () => {
      await client.query("create table a as select 1 as id");
      await failing("drop table a", "not confirmed", /marked as production.*--confirm test/, { on: { ...settings, production: true } });
      await failing("drop table a", "not confirmed", /fix\.sql:1: .*/, { lossesConfirmed: false });
      await failing("drop table a", "read only", /is read only/, { on: { ...settings, options: "-c default_transaction_read_only=on" } });
      await assert.rejects(run("drop table a", { before: async (work) => assert.fail(`losses: ${work[0]!.losses.length}`) }), /losses: 1/);
      assert.deepEqual(await tables(), ["a"]);
      assert.equal(await run("drop table a", { on: { ...settings, production: true }, confirmed: "test" }), 1);
    });
  }));
});
