// Guarantee 4: waits for locks are bounded, and those who queue behind come through; a concurrent build shows whom it waits
// for and can be cancelled; the lock budget of a transaction is known before it starts.
import assert from "node:assert/strict";
import { Client } from "pg";
import { repair, up } from "../../../server/src/migrate/run/runner";
import type { RunEvent } from "../../../server/src/migrate/run/progress";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { agreed, contextOf, outcomeOf, rowsOf, stopped, until } from "./laboratory";
import { writeFolder } from "./story";

describe("locks", function () {
  this.timeout(300_000);
  let server: Postgres;
  const clients: Client[] = [];
  before(async () => {
    server = await startPostgres(undefined, ["max_locks_per_transaction=10", "max_connections=20"]);
  });
  after(async () => {
    for (const client of clients) await client.end();
    await server?.stop();
  });

  async function connected(database: string): Promise<Client> {
    const client = new Client({ ...server.connection, database });
    await client.connect();
    clients.push(client);
    return client;
  }
  async function orders(name: string): Promise<ReturnType<typeof settingsOf>> {
    const settings = settingsOf(await server.createDatabase(name));
    await rowsOf(settings, "create table orders (id int primary key, client int); insert into orders select n, n from generate_series(1, 100) n");
    return settings;
  }
  /** One who reads, and does not come to an end. */
  async function reader(database: string): Promise<{ readonly client: Client; readonly pid: number }> {
    const client = await connected(database);
    await client.query("begin");
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid, count(*) from orders");
    return { client, pid: rows[0]!.pid };
  }

  it("behind a long reader it gives way again and again: others read meanwhile, and it comes through in the end", async () => {
    const settings = await orders("behind a reader");
    const long = await reader("behind a reader");
    const other = await connected("behind a reader");
    const folder = writeFolder("sql", [{ name: "more", up: "alter table orders add column more int;", down: "alter table orders drop column more;" }]);
    const events: Extract<RunEvent, { kind: "lock not granted" }>[] = [];
    const run = up(await contextOf(folder, settings), { ...agreed, onEvent: (event) => void (event.kind === "lock not granted" && events.push(event)) });
    // Begun while the runner is in the queue: each ends though the long reader goes on.
    for (const attempts of [1, 2, 3]) {
      await until("the runner waits", async () => (await server.query(`select from pg_locks l join pg_database d on d.oid = l.database where d.datname = 'behind a reader' and l.mode = 'AccessExclusiveLock' and not l.granted`)).length > 0);
      assert.equal((await other.query<{ count: string }>("select count(*) from orders")).rows[0]!.count, "100");
      await until("it has given way", () => Promise.resolve(events.length >= attempts));
    }
    assert.deepEqual(events.slice(0, 3).map(({ attempt }) => attempt), [1, 2, 3]);
    for (const { blockers, statement } of events) {
      assert.equal(statement.effect.title, "alter table … add column");
      assert.match(blockers.join("\n"), new RegExp(`process ${long.pid}, user postgres, idle in transaction for \\d+ s`));
    }
    await long.client.query("commit");
    assert.equal((await run).done.length, 1);
  });

  it("in a deadlock it is taken back, and comes through when the other has ended", async () => {
    const settings = await orders("deadlock");
    await rowsOf(settings, "create table clients (id int); alter database deadlock set deadlock_timeout = '50ms'");
    const [other, gate] = [await connected("deadlock"), await connected("deadlock")];
    await other.query("set deadlock_timeout = '1h'; begin; lock table orders");
    await gate.query("select pg_advisory_lock(5)");
    const folder = writeFolder("sql", [{ name: "more", up: "alter table clients add column more int;\nselect pg_advisory_xact_lock(5);\nalter table orders add column more int;", down: "select 1;" }]);
    const events: number[] = [];
    const run = up(await contextOf(folder, settings), { ...agreed, lockTimeout: 60_000, onEvent: (event) => void (event.kind === "lock not granted" && events.push(event.attempt)) });
    const waits = (mode: string): Promise<void> => until(`one waits for ${mode}`, async () => (await server.query(`select from pg_locks l join pg_database d on d.oid = l.database where d.datname = 'deadlock' and ${mode} and not l.granted`)).length > 0);
    await waits("l.locktype = 'advisory' and l.objid = 5");
    const second = other.query("lock table clients");
    await waits("l.locktype = 'relation'");
    await gate.query("select pg_advisory_unlock(5)");
    await second;
    await other.query("commit");
    assert.equal((await run).done.length, 1);
    assert.equal(events[0], 1);
  });

  it("what could not be serialized is tried again", async () => {
    const settings = await orders("serialized");
    const folder = writeFolder("sql", [{ name: "more", up: "do $$ begin if nextval('tries') < 3 then raise exception 'not now' using errcode = '40001'; end if; end $$;\ncreate table fresh (id int);", down: "drop table fresh;" }]);
    const attempts: number[] = [];
    await rowsOf(settings, "create sequence tries");
    await up(await contextOf(folder, settings), { ...agreed, onEvent: (event) => void (event.kind === "lock not granted" && attempts.push(event.attempt)) });
    assert.deepEqual([attempts, await rowsOf(settings, "select to_regclass('fresh'), last_value from tries")], [[1, 2], [["fresh", "3"]]]);
  });

  it("it gives up where patience ends: who was in the way, nothing done, nothing recorded", async () => {
    const settings = await orders("gives up");
    const long = await reader("gives up");
    await long.client.query("select 'it''s secret' from orders limit 1");
    for (const patient of ["set lock_timeout = '1h'", "select set_config('lock_timeout', '1h', false)"]) {
      const folder = writeFolder("sql", [{ name: "more", up: `create table fresh (id int);\n${patient};\nalter table orders add column more int;`, down: "drop table fresh;" }]);
      const error = await stopped(up(await contextOf(folder, settings), { ...agreed, lockTimeout: 50, lockPatience: 500 }));
      assert.equal(error?.kind, "failed");
      assert.match(error.message, /0000_more\.up\.sql:3: statement 3 of 3, alter table … add column failed: canceling statement due to lock timeout\. \(55P03\)/);
      assert.match(error.message, new RegExp(`were not granted within 50 ms in \\d+ attempts over \\d+ s\\. They are held by process ${long.pid}, user postgres.*: select '…' from orders`));
      assert.deepEqual(await rowsOf(settings, "select to_regclass('fresh')"), [[null]]);
      assert.deepEqual((await outcomeOf(folder, settings)).states, ["0000_more pending"]);
    }
    await long.client.query("commit");
  });

  it("an index that is built concurrently shows for whom it waits, can be cancelled, and is there after the next run", async () => {
    const settings = await orders("concurrently");
    const long = await connected("concurrently");
    await long.query("begin; insert into orders values (1000, 1)");
    const folder = writeFolder("sql", [{ name: "index", up: "create index concurrently orders_client_idx on orders (client);", down: "drop index concurrently orders_client_idx;" }]);
    const stop = new AbortController();
    const waited: string[] = [];
    const error = await stopped(up(await contextOf(folder, settings), {
      ...agreed, signal: stop.signal,
      onEvent: (event) => {
        // The phase is read before those who are waited for: at first it may be the one before.
        if (event.kind !== "progress" || !event.waitsFor || event.phase === "initializing") return;
        waited.push(`${event.phase}: ${event.waitsFor.join()}`);
        stop.abort();
      },
    }));
    assert.equal(error?.kind, "cancelled");
    assert.match(waited[0]!, /^waiting for writers before build: process \d+, user postgres, idle in transaction for \d+ s: begin; insert into orders/);
    // Dropping it would wait for the same writer: the next run does it.
    assert.match(error.message, /0000_index\.up\.sql:1: statement 1 of 1, create index concurrently was cancelled\. It left the INVALID index public\.orders_client_idx, which could not be dropped while others use its table: the next run drops it\. 0000_index is not applied: the next run begins it anew\./);
    await long.query("commit");
    await repair(await contextOf(folder, settings), agreed);
    const { invalid, states } = await outcomeOf(folder, settings);
    assert.deepEqual([invalid, states], [[], ["0000_index applied"]]);
    assert.deepEqual(await rowsOf(settings, "select indexrelid::regclass, indisvalid from pg_index where indrelid = 'orders'::regclass order by 1"), [["orders_pkey", "t"], ["orders_client_idx", "t"]]);
  });

  it("more tables in one transaction than the server has locks for: refused before it starts, with the setting's name", async () => {
    const settings = await orders("budget");
    const tables = Array.from({ length: 400 }, (_, at) => `create table many_${at} (id serial primary key, text text);`).join("\n");
    const folder = writeFolder("sql", [{ name: "few", up: "create table few (id int);", down: "drop table few;" }, { name: "many", up: tables, down: "select 1;" }]);
    const error = await stopped(up(await contextOf(folder, settings), agreed));
    assert.equal(error?.kind, "stopped before");
    assert.match(error.message, /Nothing was run\. 0001_many needs about 2\d{3} locks in one transaction, and this server grants 200 to all of them together\. Split it into several migrations, or raise max_locks_per_transaction/);
    assert.deepEqual(await rowsOf(settings, "select to_regclass('few'), to_regclass('schema_migrations')"), [[null, null]]);
    // The server itself confirms it.
    await assert.rejects(rowsOf(settings, `begin; ${tables} commit`), /out of shared memory/);
  });
});
