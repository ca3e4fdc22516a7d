// The runner on a real server: what it applies, records, takes back and recognises.
import assert from "node:assert/strict";
import { openSession } from "../../server/src/databases/postgres/session";
import { loadSqlParser } from "../../server/src/sql/load";
import { down, up } from "../../server/src/migrate/run/runner";
import type { MigrationFolder } from "../../server/src/model/migration";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { settingsOf } from "../database/servers";

describe("the runner", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => { server = await startPostgres(); });
  after(() => server?.stop());
  const folder = (...parts: readonly (readonly [up: string, down: string])[]): MigrationFolder => ({
    folder: "/p/drizzle", format: "drizzle v0", dialect: "postgresql", journal: { schema: "drizzle", name: "__drizzle_migrations" }, problems: [],
    migrations: parts.map(([up, down], at) => {
      const part = (sql: string, name: string) => ({ file: `/p/drizzle/000${at}_m.${name}sql`, start: 0, end: sql.length, sql });
      return { id: `000${at}_m`, version: `000${at}`, when: 1000 + at, checksums: [`${at}`.repeat(64)], up: part(up, ""), down: part(down, "down.") };
    }),
  });
  const orders = ["create table orders (id int primary key, client int)", "drop table orders"] as const;
  const index = ["-- plumbline: concurrently\ncreate index orders_client on orders (client)", "drop index concurrently orders_client"] as const;

  it("applies, records, rebuilds an INVALID index, and takes back", async () => {
    const settings = settingsOf(await server.createDatabase("a"));
    const context = { folder: folder(orders, index), parser: await loadSqlParser(), by: "test", connect: (signal?: AbortSignal) => openSession(settings, { signal }) };
    const options = { lossesConfirmed: true };
    assert.equal((await up(context, { ...options, count: 1 })).done.length, 1);
    const session = await openSession(settings);
    await session.run("create index orders_client on orders (client); update pg_index set indisvalid = false where indexrelid = 'orders_client'::regclass");
    const events: string[] = [];
    await up(context, { ...options, onEvent: ({ kind }) => events.push(kind) });
    assert.ok(events.includes("recovered"), events.join());
    assert.deepEqual((await session.run("select indisvalid, (select count(*) from drizzle.__drizzle_migrations) from pg_index where indexrelid = 'orders_client'::regclass"))[0]!.rows, [["t", "2"]]);
    // What a rebuild has left that failed, the next attempt drops.
    const rebuilt = { ...context, folder: folder(orders, index, ["reindex index concurrently doubled_idx", "select 1"]) };
    await session.run("insert into orders values (1, 1); create function doubled(int) returns int language sql immutable as 'select $1 * 2'; create index doubled_idx on orders (doubled(client)); create or replace function doubled(int) returns int language sql immutable as 'select $1 / 0'");
    for (const _ of [1, 2]) await assert.rejects(up(rebuilt, options), /division by zero/);
    const left = async () => (await session.run("select string_agg(indexrelid::regclass::text, ' ') from pg_index where not indisvalid"))[0]!.rows[0]![0];
    assert.equal(await left(), "doubled_idx_ccnew");
    await session.run("create or replace function doubled(int) returns int language sql immutable as 'select $1 * 2'");
    await up(rebuilt, options);
    assert.equal(await left(), null);
    await down(rebuilt, { ...options, count: 1 });
    await down(context, { ...options, count: 2 });
    assert.deepEqual((await session.run("select to_regclass('orders'), count(*) from drizzle.__drizzle_migrations"))[0]!.rows, [[null, "0"]]);
    await session.close();
  });

  it("applies a data migration once, when two run at once", async () => {
    const settings = settingsOf(await server.createDatabase("b"));
    const setup = await openSession(settings);
    await setup.run("create table acct (balance int); insert into acct values (100)");
    const context = { folder: folder(["select pg_sleep(0.5); update acct set balance = balance + 100", "select 1"]), parser: await loadSqlParser(), by: "test", connect: () => openSession(settings) };
    const results = await Promise.all([up(context, { lossesConfirmed: true }), up(context, { lossesConfirmed: true })]);
    assert.deepEqual(results.map(({ done }) => done.length).sort(), [0, 1]);
    assert.deepEqual((await setup.run("select balance from acct"))[0]!.rows, [["200"]]);
    await setup.close();
  });
});
