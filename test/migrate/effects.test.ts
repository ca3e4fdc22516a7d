// The server judges what is said of statements: each runs in a transaction of its own, and the locks that its backend then
// holds, the files and the rows that it touched must be those of its effect. What cannot be in a transaction is held up instead.
import assert from "node:assert/strict";
import { Client } from "pg";
import type { ColumnType } from "../../server/src/model/schema";
import { conversion, convertsByItself, isMetadataOnly, lossOf } from "../../server/src/migrate/generate/types";
import { lockModes, type FurtherTables, type LockMode, type StatementEffect } from "../../server/src/model/migration";
import { stable, stablePrefix, volatile } from "../../server/src/sql/functions";
import { loadSqlParser } from "../../server/src/sql/load";
import type { SqlParser } from "../../server/src/sql/parser";
import { onEachServer } from "../database/servers";
import { cases, database, type Case } from "./effect-cases";

/** From, to, and a value that what is lost by it would change. */
const typeChanges: readonly (readonly [string, string, string])[] = [
  ["integer", "bigint", "5"], ["integer", "boolean", "5"], ["integer", "bit(8)", "70000"], ["integer", "real", "16777217"], ["bigint", "double precision", "9007199254740993"],
  ["numeric", "integer", "1.5"], ["numeric(10,2)", "numeric(12,2)", "1.55"], ["numeric(12,4)", "numeric(12,2)", "1.5555"], ["numeric(10,2)", "numeric", "1.55"], ["real", "double precision", "1.5"],
  ["double precision", "numeric", "0.30000000000000004"], ["real", "numeric", "16777216"], ["text", "numeric(10,2)", "1.555"], ["jsonb", "integer", "1.5"], ["json", "jsonb", '{"b":1,"a":2}'],
  ["text", "character varying", "a "], ["character varying(5)", "character varying(20)", "abc"], ["character varying(20)", "character varying(5)", "abc"], ["character(5)", "text", "ab"], ["text", "name", "a".repeat(70)],
  ["text", "date", "2020-01-02 03:04"], ["timestamp", "date", "2020-01-02 03:04"], ["timestamp(3)", "timestamp", "2020-01-02 03:04:05.678"], ["timestamp", "timestamp(0)", "2020-01-02 03:04:05.678"], ["interval", "interval(0)", "3.4 s"],
  ["interval", "time", "1 day 03:04"], ["time", "interval(0)", "03:04:05.6"], ["inet", "cidr", "10.1.2.3/8"], ["cidr", "inet", "10.0.0.0/8"], ["bit varying(8)", "bit varying(16)", "101"], ["uuid", "text", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
];

onEachServer((server) => {
  describe("what statements lock, read and rewrite", () => {
    let parser: SqlParser;
    let session: Client;
    let other: Client;
    before(async () => {
      parser = await loadSqlParser();
      const options = await server().createDatabase("effects");
      session = new Client(options);
      other = new Client(options);
      await session.connect();
      await other.connect();
      await session.query(database);
    });
    after(async () => {
      await session.end();
      await other.end();
    });

    for (const one of cases) {
      it(one.sql, async () => {
        if (one.from !== undefined && one.from > server().version) return assert.rejects(session.query(one.sql));
        const { statements, error } = parser.parse(one.sql);
        assert.equal(error, undefined);
        const { effect } = statements[0]!;
        await (effect.transaction === "forbidden" ? heldUp(one, effect) : inTransaction(one, effect));
      });
    }

    it("knows which functions are volatile", async () => {
      const { rows } = await other.query<{ name: string; kinds: string }>("select proname as name, string_agg(distinct provolatile, '') as kinds from pg_proc where pronamespace = 'pg_catalog'::regnamespace group by 1");
      const kinds = new Map(rows.map(({ name, kinds: kind }) => [name, kind]));
      const wrong = [...kinds].filter(([name, kind]) => (volatile.has(name) && !kind.includes("v")) || ((stable.has(name) || stablePrefix.test(name)) && kind.includes("v")));
      assert.deepEqual(wrong, []);
      assert.deepEqual([...stable].filter((name) => !kinds.has(name)), ["trim"].filter((name) => !kinds.has(name)));
    });

    it("knows what a change of a column's type rewrites, how it is written, and what is lost by it", async () => {
      for (const [from, to, value] of typeChanges) {
        const [a, b]: [ColumnType, ColumnType] = [{ name: from }, { name: to }];
        await session.query("begin");
        try {
          await session.query(`set local time zone 'Europe/Amsterdam'; create table typed (c ${from}); insert into typed values ('${value}')`);
          const state = async () => (await session.query<{ file: string; value: string }>("select pg_relation_filenode('typed')::text as file, c::text as value from typed")).rows[0]!;
          const change = (one: ColumnType, other: ColumnType, steps: boolean): string => `alter table typed alter column c set data type ${other.name}${steps ? "" : ` using c${conversion(one, other, other.name)}`}`;
          const before = await state();
          await session.query(change(a, b, convertsByItself(a, b)));
          const after = await state();
          await session.query(change(b, a, false));
          assert.deepEqual({ rewrites: !isMetadataOnly(a, b), loses: lossOf(a, b) !== undefined }, { rewrites: before.file !== after.file, loses: (await state()).value !== before.value }, `${from} to ${to}: ${value} is ${after.value}`);
        } finally {
          await session.query("rollback");
        }
      }
    });

    async function inTransaction(one: Case, effect: StatementEffect): Promise<void> {
      await session.query("begin");
      try {
        const further = await furtherTables(session, one);
        const relations = await relationNames(session);
        const tablesBefore = await files(session, ["r", "m"]);
        const indexesBefore = await files(session, ["i"]);
        const readBefore = await rowsTouched(session);
        await session.query(one.sql);
        const taken = await locks(session, undefined, relations);
        if (one.lockedFrom !== undefined && one.lockedFrom > server().version) assert.deepEqual([...taken], []);
        else compareLocks(effect, taken, further, one);
        if (!one.uncounted) await compareWork(effect, tablesBefore, indexesBefore, readBefore);
      } finally {
        await session.query("rollback");
      }
    }

    /** Another session keeps it waiting, so that its locks can be read; then it is cancelled. */
    async function heldUp(one: Case, effect: StatementEffect): Promise<void> {
      await session.query("begin");
      await assert.rejects(session.query(one.sql), { code: "25001" });
      await session.query("rollback");
      if (!one.holder) return;
      const further = await furtherTables(other, one);
      const relations = await relationNames(other);
      await other.query("begin");
      await other.query(one.holder);
      const { rows } = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
      const running = assert.rejects(session.query(one.sql), { code: "57014" });
      try {
        for (;;) {
          const waiting = await other.query("select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'", [rows[0]!.pid]);
          if (waiting.rowCount) break;
        }
        compareLocks(effect, await locks(other, rows[0]!.pid, relations), further, one);
      } finally {
        await other.query("select pg_cancel_backend($1)", [rows[0]!.pid]);
        await running;
        await other.query("rollback");
        if (one.after) await session.query(one.after);
      }
    }

    async function compareWork(effect: StatementEffect, tablesBefore: ReadonlyMap<string, string>, indexesBefore: ReadonlyMap<string, string>, readBefore: Touched): Promise<void> {
      const touched = await rowsTouched(session);
      const changed = changedFiles(tablesBefore, await files(session, ["r", "m"]));
      const indexes = changedFiles(indexesBefore, await files(session, ["i"])).length + [...(await files(session, ["i"])).keys()].filter((name) => !indexesBefore.has(name)).length;
      const actual = changed.length > 0 ? "rewrites the table" : touched.changed > readBefore.changed && effect.creates.length === 0 ? "changes rows" : indexes > 0 && effect.creates.length === 0 ? "builds an index" : touched.read > readBefore.read ? "reads rows" : "nothing";
      if (effect.work !== "unknown") assert.equal(actual, effect.work);
    }
  });
});

function compareLocks(effect: StatementEffect, taken: ReadonlyMap<string, LockMode>, further: ReadonlyMap<FurtherTables, ReadonlySet<string>>, one: Case): void {
  const stated = new Map(effect.locks.map(({ table, mode }) => [table.name, mode]));
  const made = new Set(effect.creates.map(({ name }) => name));
  const alike = new Set(one.children ?? []);
  const unexplained = [...taken].filter(([table, mode]) => {
    if (made.has(table) || stated.get(table) === mode) return false;
    if (alike.has(table) && effect.locks.some((lock) => lock.mode === mode)) return false;
    return !(effect.further ?? []).some((lock) => further.get(lock.of)?.has(table) && lockModes.indexOf(mode) <= lockModes.indexOf(lock.mode));
  });
  assert.deepEqual(unexplained, [], `locks that are taken and not said; said: ${JSON.stringify(effect)}`);
  assert.deepEqual([...stated].filter(([table, mode]) => lockModes.indexOf(taken.get(table) ?? "none" as LockMode) < lockModes.indexOf(mode)), [], `locks that are said and not taken; taken: ${JSON.stringify([...taken])}`);
  for (const lock of effect.further ?? []) {
    const tables = [...(further.get(lock.of) ?? [])];
    if (tables.length > 0 && !one.maybe?.includes(lock.of)) assert.ok(tables.some((table) => taken.get(table) === lock.mode), `${lock.mode} on ${lock.of} is said and not taken; taken: ${JSON.stringify([...taken])}`);
  }
}

/** Tables, views and sequences by their number. */
async function relationNames(reader: Client): Promise<ReadonlyMap<number, string>> {
  const { rows } = await reader.query<{ oid: number; name: string }>("select oid, relname as name from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'");
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

/** The strongest lock that a backend, the reader's own by default, has or waits for on each of `relations`. What nextval takes is left out. */
async function locks(reader: Client, backend: number | undefined, relations: ReadonlyMap<number, string>): Promise<ReadonlyMap<string, LockMode>> {
  const { rows } = await reader.query<{ relation: number; mode: string }>("select l.relation, l.mode from pg_locks l left join pg_class c on c.oid = l.relation where l.pid = coalesce($1, pg_backend_pid()) and l.locktype = 'relation' and not coalesce(c.relkind = 'S' and l.mode = 'RowExclusiveLock', false)", [backend]);
  const strongest = new Map<string, LockMode>();
  for (const { relation, mode: raw } of rows) {
    const name = relations.get(relation);
    const mode = raw.replace(/Lock$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase() as LockMode;
    if (name !== undefined && lockModes.indexOf(mode) >= lockModes.indexOf(strongest.get(name) ?? "access share")) strongest.set(name, mode);
  }
  return strongest;
}

/** Which tables each kind of `further` means, of the relations that the statement names. */
async function furtherTables(reader: Client, { sql, about = [] }: Case): Promise<ReadonlyMap<FurtherTables, ReadonlySet<string>>> {
  const named = new Set([...sql.split(/\W+/), ...about]);
  const { rows } = await reader.query<{ of: FurtherTables; by: string | null; name: string }>(related);
  const found = new Map<FurtherTables, Set<string>>();
  for (const { of, by, name } of rows) if (by === null || named.has(by)) found.set(of, (found.get(of) ?? new Set()).add(name));
  return found;
}

const related = `
select 'the index''s table' as of, indexrelid::regclass::text as by, indrelid::regclass::text as name from pg_index
union all select 'tables that its foreign keys refer to', conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'
union all select 'tables that refer to it', confrelid::regclass::text, conrelid::regclass::text from pg_constraint where contype = 'f'
union all select 'tables that its query reads', r.ev_class::regclass::text, d.refobjid::regclass::text from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
union all select 'tables that depend on it', null, oid::regclass::text from pg_class where relkind in ('r', 'v', 'm') and relnamespace = 'public'::regnamespace
union all select 'tables with columns of the type', null, a.attrelid::regclass::text from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where c.relkind = 'r' and t.typtype in ('e', 'd', 'c') and t.typnamespace = 'public'::regnamespace and a.attnum > 0`;

async function files(reader: Client, kinds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await reader.query<{ name: string; file: string }>(`select oid::text as name, pg_relation_filenode(oid)::text as file from pg_class where relkind = any($1::"char"[]) and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`, [kinds]);
  return new Map(rows.map(({ name, file }) => [name, file]));
}

function changedFiles(earlier: ReadonlyMap<string, string>, later: ReadonlyMap<string, string>): readonly string[] {
  return [...earlier].filter(([name, file]) => later.has(name) && later.get(name) !== file).map(([name]) => name);
}

interface Touched {
  readonly read: number;
  readonly changed: number;
}

async function rowsTouched(reader: Client): Promise<Touched> {
  const { rows } = await reader.query<{ read: string; changed: string }>("select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as read, sum(n_tup_ins + n_tup_upd + n_tup_del) as changed from pg_stat_xact_user_tables");
  return { read: Number(rows[0]!.read), changed: Number(rows[0]!.changed) };
}
