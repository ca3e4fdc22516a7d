// What a database knows besides its schema, against the pg_stat views, the size functions and a fresh build's size.
import * as assert from "node:assert/strict";
import { Client } from "pg";
import { openPostgres } from "../../server/src/databases/postgres/open";
import type { DatabaseFacts } from "../../server/src/model/facts";
import type { Postgres } from "../oracles/postgres";
import { createNasty } from "./nasty";
import { onEachServer, settingsOf } from "./servers";

async function withFacts(connection: Postgres["connection"], act: (read: () => Promise<DatabaseFacts>, client: Client) => Promise<void>): Promise<void> {
  const database = await openPostgres(settingsOf(connection));
  const client = new Client(connection);
  await client.connect();
  try {
    await act(() => database.facts(), client);
  } finally {
    await client.end();
    await database.close();
  }
}

const flush = "flush";

/** Counts reach the views at once; before PostgreSQL 15 they take half a second, and the collector its time. */
async function flushed(client: Client): Promise<void> {
  if (Number((await client.query<{ v: string }>("select current_setting('server_version_num') as v")).rows[0]!.v) < 150_000) await new Promise((resolve) => setTimeout(resolve, 2000));
  else await client.query("select pg_stat_force_next_flush()");
  await client.query("select 1");
}

/** Bytes are numbers in facts, and texts where the driver reads bigint. */
const numbers = (row: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value]));

onEachServer((server) => {
  it("agrees with PostgreSQL's own views", async () => {
    await withFacts(await createNasty(server()), async (read, client) => {
      for (const statement of [
        "insert into base select g, 'x' from generate_series(1, 5000) g", "delete from base where id > 4000", "update base set shared = 'y' where id < 10", flush, "analyze base", "insert into base select g from generate_series(6000, 6099) g",
        "insert into events select g, '2024-05-05' from generate_series(1, 300) g", "analyze events_2024", "set enable_seqscan = off", "select * from base where id = 7", "set enable_seqscan = on", "select count(*) from base",
      ]) await (statement === flush ? flushed(client) : client.query(statement));
      await flushed(client);
      const facts = await read();
      // Partitioned tables have sums, which the views do not know.
      const { rows: tables } = await client.query<Record<string, unknown>>(`select schemaname, relname, pg_table_size(relid) as size, pg_indexes_size(relid) as index_size, seq_scan, seq_tup_read, coalesce(idx_scan, 0) as idx_scan,
        n_tup_ins, n_tup_upd, n_tup_del, n_mod_since_analyze, n_dead_tup, round(extract(epoch from greatest(last_analyze, last_autoanalyze)) * 1000) as analyzed
        from pg_stat_user_tables s where not exists (select from pg_partitioned_table p where p.partrelid = s.relid) order by 1, 2`);
      const found = facts.tables.map((table) => ({
        schemaname: table.table.schema, relname: table.table.name, size: table.size, index_size: table.indexSize, seq_scan: table.sequentialScans, seq_tup_read: table.sequentialRows, idx_scan: table.indexScans,
        n_tup_ins: table.inserted, n_tup_upd: table.updated, n_tup_del: table.deleted, n_mod_since_analyze: table.changedSinceAnalyze, n_dead_tup: table.deadRows, analyzed: table.lastAnalyzed ?? null,
      }));
      const known = new Map(found.map((table) => [`${table.schemaname}.${table.relname}`, table]));
      assert.ok(tables.length > 12);
      // The main fork alone is counted of an index.
      for (const row of tables.map(numbers)) assert.deepEqual({ ...known.get(`${String(row["schemaname"])}.${String(row["relname"])}`), index_size: 0 }, { ...row, index_size: 0 });

      const base = facts.tables.find(({ table }) => table.name === "base")!;
      assert.deepEqual([base.rows, base.inserted, base.updated, base.deleted, base.changedSinceAnalyze], [4000, 5100, 9, 1000, 100]);
      assert.deepEqual([base.sequentialScans > 0, base.indexScans > 0, base.lastAnalyzed! > facts.readAt - 60_000], [true, true, true]);
      const events = facts.tables.find(({ table }) => table.name === "events")!;
      const leaves = facts.tables.filter(({ table }) => table.name === "events_2024" || table.name === "events_rest_0");
      assert.deepEqual([events.size, events.inserted, events.indexSize], [leaves.reduce((sum, leaf) => sum + leaf.size, 0), 300, leaves.reduce((sum, leaf) => sum + leaf.indexSize, 0)]);
      // One partition was never analysed, so the sum is not known.
      assert.equal(events.rows, undefined);

      const { rows: indexes } = await client.query<Record<string, unknown>>("select schemaname, relname, indexrelname, idx_scan, pg_relation_size(indexrelid) as size from pg_stat_user_indexes s where relname not in ('totals') order by 3");
      const ofIndexes = new Map(facts.indexes.map((index) => [`${index.table.schema}.${index.name}`, { schemaname: index.table.schema, relname: index.table.name, indexrelname: index.name, idx_scan: index.scans, size: index.size }]));
      assert.ok(indexes.length > 20);
      for (const row of indexes.map(numbers)) assert.deepEqual(ofIndexes.get(`${String(row["schemaname"])}.${String(row["indexrelname"])}`), row);
      assert.ok(facts.indexes.every(({ building }) => !building));
    });
  });

  it("tells how far sequences have come, and where they end", async () => {
    await withFacts(await createNasty(server()), async (read, client) => {
      await client.query(`insert into clients ("Full Name", code, email, balance) values ('a', 'a', 'a@b', 1); insert into sales."Orders %d" (client_id, other) values (1, null), (1, null); select setval('sales."Orders %d_small_seq"', 32000); select nextval('counter_down')`);
      const { sequences } = await read();
      const named = (name: string) => sequences.find(({ sequence }) => sequence.name === name);
      assert.deepEqual(named("Orders %d_small_seq"), { sequence: { schema: "sales", name: "Orders %d_small_seq" }, column: { table: { schema: "sales", name: "Orders %d" }, name: "small", type: "smallint" }, lastValue: 32_000, maximum: 32_767 });
      assert.deepEqual(named("Orders %d_ID_seq"), { sequence: { schema: "sales", name: "Orders %d_ID_seq" }, column: { table: { schema: "sales", name: "Orders %d" }, name: "ID", type: "integer" }, lastValue: 2, maximum: 2_147_483_647 });
      assert.equal(named("clients_id_seq")?.lastValue, 1);
      assert.equal(named("counter_down")?.lastValue, -1);
      assert.ok(named("counter_down")!.maximum < -9e18);
      assert.equal(named("events_id_seq")?.lastValue, undefined);
      const { rows } = await client.query<{ name: string; last: string | null }>("select sequencename as name, last_value as last from pg_sequences");
      assert.deepEqual(new Map(sequences.map(({ sequence, lastValue }) => [sequence.name, lastValue ?? null])), new Map(rows.map(({ name, last }) => [name, last === null ? null : Number(last)])));
    });
  });

  it("reads what a limited user may", async () => {
    const connection = await createNasty(server());
    await server().query("do $$ begin create role limited login; exception when duplicate_object then null; end $$");
    await withFacts({ ...connection, user: "limited" }, async (read) => {
      const { tables, sequences, database } = await read();
      assert.ok(tables.length > 12 && tables.every(({ size }) => size >= 0));
      assert.ok(sequences.length > 0 && sequences.every(({ lastValue }) => lastValue === undefined));
      assert.ok(database.size > 1_000_000 && database.connections >= 1 && database.maximumConnections >= 20);
    });
  });

  it("estimates what a fresh build of an index would save", async () => {
    await withFacts(await server().createDatabase("bloated"), async (read, client) => {
      await client.query(`create table t (id bigint primary key, code text, note text); insert into t select g, md5(g::text), case when g % 3 = 0 then md5(g::text || 'x') end from generate_series(1, 60000) g;
        create index t_code on t (code, note); create index t_lower on t (upper(note), code); create index t_full on t (id) with (fillfactor = 50); create index t_hash on t using hash (code)`);
      await client.query("vacuum analyze t");
      const sizes = async () => new Map((await client.query<{ name: string; size: string }>("select indexrelname as name, pg_relation_size(indexrelid) as size from pg_stat_user_indexes")).rows.map(({ name, size }) => [name, Number(size)]));
      const bloat = async () => new Map((await read()).indexes.map(({ name, bloat: bytes }) => [name, bytes]));
      const whole = await sizes();
      const names = ["t_code", "t_full", "t_lower", "t_pkey"];
      for (const [name, bytes] of await bloat()) {
        if (name === "t_hash") assert.equal(bytes, undefined);
        else assert.ok(bytes! <= whole.get(name)! * 0.1, `fresh ${name}: ${bytes} of ${whole.get(name)}`);
      }
      await client.query("delete from t where id % 10 <> 0");
      await client.query("vacuum analyze t");
      const estimated = await bloat();
      const bloated = await sizes();
      await client.query("reindex table t");
      const fresh = await sizes();
      for (const name of names) {
        const saved = bloated.get(name)! - fresh.get(name)!;
        assert.ok(Math.abs(estimated.get(name)! - saved) < saved * 0.15, `${name}: estimated ${estimated.get(name)}, saved ${saved}`);
      }
    });
  });

  it("sees an index that is being built", async () => {
    const connection = await server().createDatabase("building");
    await withFacts(connection, async (read, client) => {
      await client.query("create table t (id integer)");
      const [holder, builder] = [new Client(connection), new Client(connection)];
      await Promise.all([holder.connect(), builder.connect()]);
      await holder.query("begin; insert into t values (1)");
      const built = builder.query("create index concurrently t_idx on t (id)");
      for (let seen = false; !seen;) seen = (await read()).indexes.some(({ name, building }) => name === "t_idx" && building);
      await holder.query("commit");
      await built;
      assert.deepEqual((await read()).indexes.map(({ name, building }) => [name, building]), [["t_idx", false]]);
      await Promise.all([holder.end(), builder.end()]);
    });
  });
});
