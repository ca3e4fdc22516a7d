// What a reading costs on the wire, and what becomes of a connection: round trips counted by the latency proxy, lines that
// break, readings that are stopped, locks, and nothing left behind.
import * as assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { Client } from "pg";
import { DatabaseError, type Database } from "../../server/src/databases/database";
import { openPostgres, type OpenOptions } from "../../server/src/databases/postgres/open";
import { settingsFromUrl } from "../../server/src/databases/connections/settings";
import type { Postgres } from "../oracles/postgres";
import { createGenerated, generator, latencyProxy, type LatencyProxy } from "./latency";
import { onEachServer, settingsOf } from "./servers";

interface Stage {
  readonly database: Database;
  readonly proxy: LatencyProxy;
  /** Another session. */
  readonly other: Client;
}

async function onStage(connection: Postgres["connection"], act: (stage: Stage) => Promise<void>, options?: OpenOptions): Promise<void> {
  const proxy = await latencyProxy(connection.host);
  const other = new Client(connection);
  await other.connect();
  assert.deepEqual(await sessions(other), [], "those of the test before have ended");
  const database = await openPostgres(settingsOf(connection, proxy.port), options);
  try {
    proxy.reset();
    await act({ database, proxy, other });
  } finally {
    await database.close();
    await other.end();
    await proxy.close();
  }
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => assert.fail("it should have been refused"), (failure: unknown) => failure);
  assert.ok(error instanceof DatabaseError, String(error));
  assert.match(error.message, /^Connection "test" .*\.$/s);
  return error.kind;
}

/** Sessions of Plumbline's that do something or nothing, once they had the time to end. */
async function sessions(other: Client): Promise<readonly string[]> {
  let states: readonly string[] = [];
  for (let attempt = 0; attempt < 600; attempt++) {
    ({ rows: states } = await other.query({ text: "select state from pg_stat_activity where application_name = 'plumbline' and datname = current_database()", rowMode: "array" }) as unknown as { rows: string[] });
    if (states.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return states.flat();
}

/** Until so many statements sleep. */
async function sleepers(other: Client, count: number): Promise<void> {
  while ((await other.query("select from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid() and state = 'active'")).rowCount !== count) await new Promise((resolve) => setTimeout(resolve, 20));
}

onEachServer((server) => {
  let small: Postgres["connection"];
  before(async () => {
    small = await server().createDatabase("small");
    const client = new Client(small);
    await client.connect();
    await client.query("create table a (id integer primary key, b text); create table c (id integer primary key, a integer references a); create view v as select id from a; create sequence s");
    await client.end();
  });

  it("costs one round trip for the schema, the facts, both, the stamp, and a query with parameters", async () => {
    await onStage(small, async ({ database, proxy }) => {
      const works: readonly (() => Promise<unknown>)[] = [() => database.read(), () => database.facts(), () => database.readAll(), () => database.stamp(), () => database.query("select 1"), () => database.query("select $1::int", [1])];
      for (const work of works) {
        proxy.reset();
        await work();
        const { roundTrips, connections, statements } = proxy.stats();
        assert.deepEqual({ roundTrips, connections, statements: statements.length }, { roundTrips: 1, connections: 0, statements: 1 });
        assert.match(statements[0]!, /^begin read only; /);
      }
    });
  });

  it("costs one round trip for 2,000 tables", async () => {
    const { buildModel, toSql } = await generator();
    const connection = await server().createDatabase("large");
    await createGenerated(connection, toSql(buildModel(2000)));
    await onStage(connection, async ({ database, proxy }) => {
      const { reading, facts } = await database.readAll();
      assert.equal(proxy.stats().roundTrips, 1);
      assert.equal(reading.model.tables.length, 2000);
      assert.ok(reading.model.tables.every((table) => table.complete && table.columns.length > 0));
      assert.equal(facts.tables.length, 2000);
      assert.equal(facts.indexes.length, reading.model.tables.reduce((sum, table) => sum + table.indexes.length, 0));
      assert.equal(await database.stamp(), reading.stamp);
    });
  });

  it("has a stamp that any DDL moves, and that rows, statistics and housekeeping leave alone", async () => {
    await onStage(await server().createDatabase("stamped"), async ({ database, other }) => {
      await other.query("create schema two; create type mood as enum ('a'); create domain positive as integer; create sequence s; create sequence kept; create table t (id integer primary key, n integer, mood mood); create table u (id serial primary key, t integer constraint u_fk references t); create view v as select n from t; create table p (id integer) partition by list (id); create table p1 (id integer)");
      const ddl = [
        "alter table t add column late text", "alter table t alter late set not null", "alter table t alter late set default 'x'", "alter table t alter late set default 'y'", "alter table t rename late to later",
        "alter table t alter later type varchar(9)", "alter table t drop column later", "create index t_n_idx on t (n)", "alter index t_n_idx rename to t_idx", "alter index t_idx set (fillfactor = 50)", "reindex index t_idx", "drop index t_idx",
        "alter table t add constraint positive check (n > 0) not valid", "alter table t validate constraint positive", "alter table t drop constraint positive", "alter table u drop constraint u_fk", "alter table t add unique (n)",
        "alter type mood add value 'b'", "alter type mood rename value 'b' to 'c'", "alter domain positive add constraint p check (value > 0)", "alter sequence s as smallint", "alter sequence s owned by u.t",
        "create or replace view v as select n from t where n > 1", "create materialized view m as select 1 as one", "alter table p attach partition p1 for values in (1)", "alter table p detach partition p1",
        "alter table t enable row level security", "create policy own on t using (n > 0)", "alter table t replica identity full", "alter table t set schema two", "create schema three", "drop schema three", "create extension citext", "drop table u cascade",
        // ANALYZE takes note once that a table has no partitions any more, which is a change of the catalogue.
        "drop table p",
      ];
      let before = await database.stamp();
      for (const statement of ddl) {
        await other.query(statement);
        const after = await database.stamp();
        assert.notEqual(after, before, statement);
        before = after;
      }
      await other.query("begin; create table gone (id integer); rollback");
      assert.equal(await database.stamp(), before, "a rollback");
      for (const statement of ["insert into two.t select g, g, 'a' from generate_series(2, 500) g", "update two.t set n = n + 1000", "delete from two.t where id > 250", "analyze", "vacuum", "vacuum freeze", "create temporary table mine (id serial primary key)", "select nextval('kept')", "reset all"]) {
        await other.query(statement);
        assert.equal(await database.stamp(), before, statement);
      }
      assert.equal((await database.read()).stamp, before);
    });
  });

  it("opens a lost connection anew with the next reading", async () => {
    await onStage(small, async ({ database, proxy, other }) => {
      await other.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plumbline' and datname = current_database()");
      assert.equal((await database.read()).model.tables.length, 2);
      proxy.breakAll();
      assert.equal((await database.facts()).tables.length, 2);
      assert.equal(proxy.stats().connections, 2);
    });
  });

  it("says when a connection breaks in the middle, and goes on afterwards", async () => {
    await onStage(small, async ({ database, proxy }) => {
      proxy.breakAt(/json_build_object/);
      assert.equal(await kindOf(database.read()), "lost");
      proxy.breakAt(undefined);
      assert.equal((await database.read()).model.tables.length, 2);
    });
  });

  it("stops a statement on the server when it is cancelled, and goes on afterwards", async () => {
    await onStage(small, async ({ database, other }) => {
      const abort = new AbortController();
      const sleeping = database.query("select pg_sleep(600)", [], abort.signal);
      const waiting = database.read();
      await sleepers(other, 1);
      abort.abort();
      assert.equal(await kindOf(sleeping), "cancelled");
      assert.equal((await waiting).model.tables.length, 2);
      await sleepers(other, 0);
      assert.equal(await kindOf(database.read(AbortSignal.abort())), "cancelled");
    });
  });

  it("gives up where no answer comes", async () => {
    await onStage(small, async ({ database, proxy }) => {
      proxy.breakAt(/json_build_object/, "silent");
      assert.equal(await kindOf(database.read()), "timeout");
      proxy.breakAt(undefined);
      assert.equal((await database.read()).model.tables.length, 2);
    }, { timeouts: { statement: 1_000, lock: 100 }, grace: 500 });
  });

  it("waits for no lock for long, reads the facts of what is locked, and holds none itself", async () => {
    await onStage(small, async ({ database, other }) => {
      await other.query("begin; lock table a in access exclusive mode");
      const facts = await database.facts();
      assert.deepEqual(facts.tables.map(({ table }) => table.name).sort(), ["a", "c"]);
      // The text of a view that reads from the table is what waits.
      assert.equal(await kindOf(database.read()), "timeout");
      assert.equal(await kindOf(database.query("select * from a")), "timeout");
      await other.query("rollback");
      assert.equal((await database.read()).model.tables.length, 2);
      const { rows } = await other.query("select state, xact_start from pg_stat_activity where application_name = 'plumbline' and datname = current_database()");
      assert.deepEqual(rows, [{ state: "idle", xact_start: null }]);
    }, { timeouts: { statement: 20_000, lock: 300 } });
  });

  it("answers queries, with parameters of all kinds, and writes nothing", async () => {
    await onStage(small, async ({ database }) => {
      assert.deepEqual(await database.query("select 1 as one, 'x' as two union all select 2, 'y' order by 1"), [[1, "x"], [2, "y"]]);
      const strange = `it's a "\\ test'; drop table a; -- \n%s {1,2} $1`;
      assert.deepEqual(await database.query("select $1::text, $2::int, $3::bool, $4::text[], $5::text, $6::jsonb", [strange, 7, true, [strange, null, ""], null, { a: strange }]), [[strange, 7, true, [strange, null, ""], null, { a: strange }]]);
      assert.equal(await kindOf(database.query("create table written (id integer)")), "failed");
      assert.equal(await kindOf(database.query("select $1::int", ["no number"])), "failed");
      assert.deepEqual(await database.query("select count(*)::int from pg_prepared_statements"), [[0]]);
      assert.deepEqual(await database.query("select current_setting('transaction_read_only')"), [["on"]]);
    });
  });

  it("leaves nothing behind when it is closed, whatever it is doing", async () => {
    await onStage(small, async ({ database, other }) => {
      const sleeping = kindOf(database.query("select pg_sleep(600)"));
      const waiting = kindOf(database.read());
      await sleepers(other, 1);
      await database.close();
      await database.close();
      assert.deepEqual([await sleeping, await waiting], ["cancelled", "cancelled"]);
      assert.deepEqual(await sessions(other), []);
      assert.equal(await kindOf(database.read()), "cancelled");
    });
  });
});

describe("a server that is no PostgreSQL", () => {
  /** Lets everybody in, reports these parameters, and is asked nothing more. */
  async function refusal(parameters: Readonly<Record<string, string>>): Promise<DatabaseError> {
    const message = (type: string, body: Buffer): Buffer => {
      const head = Buffer.from(`${type}\0\0\0\0`);
      head.writeInt32BE(body.length + 4, 1);
      return Buffer.concat([head, body]);
    };
    const fake = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        const reports = Object.entries(parameters).map(([name, value]) => message("S", Buffer.from(`${name}\0${value}\0`)));
        socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ...reports, message("K", Buffer.from([0, 0, 0, 9, 0, 0, 0, 9])), message("Z", Buffer.from("I"))]));
      });
    });
    await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
    try {
      const settings = settingsFromUrl(`postgresql://root@127.0.0.1:${(fake.address() as AddressInfo).port}/defaultdb?sslmode=disable`, "fake", { environment: {} });
      return await openPostgres(settings).then(() => assert.fail("it should have been refused"), (error: DatabaseError) => error);
    } finally {
      fake.close();
    }
  }

  it("is refused with its name", async () => {
    const cockroach = await refusal({ server_version: "13.0.0", crdb_version: "CockroachDB CCL v25.2.1 (x86_64-pc-linux-gnu, built 2025/06/17)" });
    assert.equal(cockroach.kind, "unsupported");
    assert.match(cockroach.message, /The server is CockroachDB \(CockroachDB CCL v25\.2\.1\), whose catalogue is another one\. Plumbline reads PostgreSQL 13 to 18/);
    const redshift = await refusal({ server_version: "8.0.2" });
    assert.equal(redshift.kind, "unsupported");
    assert.match(redshift.message, /The server calls itself PostgreSQL 8\.0\.2, which is too old or no PostgreSQL\./);
  });
});
