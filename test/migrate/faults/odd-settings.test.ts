// Guarantee 7, the session's part: roles with settings of their own, objects that shadow the runner's, and names that need
// quoting, on both servers.
import assert from "node:assert/strict";
import { defaults } from "../../../server/src/config";
import { openOperations } from "../../../server/src/migrate/operations/open";
import { down, up } from "../../../server/src/migrate/run/runner";
import type { MigrationFolder } from "../../../server/src/model/migration";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { onEachServer, settingsOf } from "../../database/servers";
import { agreed, contextOf, outcomeOf, rowsOf } from "./laboratory";
import { story, storyFormats, writeFolder } from "./story";

/** Each is a role's setting that changes how SQL is read, where names are looked up, or what values look like. */
const oddities: Readonly<Record<string, string>> = {
  "time zone": "timezone = 'Pacific/Chatham'", dates: "datestyle = 'German, DMY'", intervals: "intervalstyle = 'sql_standard'",
  strings: "standard_conforming_strings = off", encoding: "client_encoding = 'LATIN1'", quoting: "quote_all_identifiers = on",
  "no search path": "search_path = ''", "a search path of others": "search_path = shadow, pg_catalog, public",
  isolation: "default_transaction_isolation = serializable", timeouts: "statement_timeout = '250ms'", triggers: "session_replication_role = replica",
};

describe("odd settings and names", function () {
  this.timeout(300_000);
  onEachServer((server) => {
    it("a role's settings: what is applied and recorded is the same, and what they are stays as it is", async () => {
      const folder = writeFolder("sql", [
        { name: "café", up: "create table public.orders (id int primary key, note text default 'it''s');\ninsert into public.orders values (1, default), (2, 'ü');\nselect pg_sleep(0.3);", down: "drop table public.orders;" },
        { name: "index", up: "create index concurrently orders_note_idx on public.orders (note);", down: "drop index concurrently public.orders_note_idx;" },
      ]);
      const plain = settingsOf(await server().createDatabase("plain"));
      await up(await contextOf(folder, plain), agreed);
      const outcome = await outcomeOf(folder, plain);
      for (const [name, setting] of Object.entries(oddities)) {
        await server().query(`create role "odd ${name}" superuser login; alter role "odd ${name}" set ${setting}`);
        const connection = await server().createDatabase(`odd ${name}`);
        // What stands in the way of names that are not qualified.
        await rowsOf(settingsOf(connection), `create schema shadow; create table shadow.schema_migrations (x int); create table shadow.pg_class (x int); create table shadow.pg_locks (x int);
          create function shadow.pg_try_advisory_lock(bigint) returns boolean language sql as 'select false'; create function shadow.to_regclass(text) returns regclass language sql as 'select null::regclass';
          create function shadow.obj_description(oid, name) returns text language sql as 'select ''shadow'''; create function shadow.pg_backend_pid() returns int language sql as 'select 1'`);
        const context = await contextOf(folder, settingsOf({ ...connection, user: `odd ${name}` }));
        assert.equal((await up(context, { ...agreed, runnerPatience: 0 })).done.length, 2, name);
        const { schema: _schema, ...left } = await outcomeOf(folder, settingsOf(connection));
        const { schema: _other, ...expected } = outcome;
        assert.deepEqual(left, expected, name);
        await down(context, { ...agreed, count: 2 });
        assert.deepEqual(await rowsOf(settingsOf(connection), "select to_regclass('public.orders'), count(*) filter (where status = 'applied') from public.schema_migrations"), [[null, "0"]], name);
      }
    });

    it("a role's timeouts, which are meant for other work, end no reading of status and history", async () => {
      const folder = writeFolder("sql", [{ name: "orders", up: "create table orders (id int);", down: "drop table orders;" }]);
      const settings = settingsOf(await server().createDatabase("slow to read"));
      await up(await contextOf(folder, settings), agreed);
      const timeouts = ["statement_timeout", ...(server().version >= 17 ? ["transaction_timeout"] : [])];
      await rowsOf(settings, `alter table schema_migrations rename to kept; create view schema_migrations as select kept.* from kept, pg_sleep(0.4); create role hasty superuser login; ${timeouts.map((name) => `alter role hasty set ${name} = '200ms'`).join("; ")}`);
      const target = { kind: "connection" as const, settings: { ...settings, user: "hasty" } };
      const operations = openOperations({ files: diskFiles(folder.folder), config: defaults, folder: folder.folder, schema: () => undefined, embedded: {}, by: "test", now: () => new Date() });
      assert.deepEqual((await operations.status(target)).migrations.map(({ state }) => state), ["applied"]);
      assert.deepEqual((await operations.history(target)).map(({ direction, outcome }) => [direction, outcome]), [["up", "done"]]);
    });

    it("names that need quoting: database, role, schema of the record, tables and indexes", async () => {
      const odd = `O'Reilly "and" söns; drop`;
      await server().query(`create role "${odd.replaceAll('"', '""')}" superuser login`);
      const settings = settingsOf({ ...(await server().createDatabase(odd)), user: odd });
      const table = '"Order ""x""; --"';
      const read = writeFolder("drizzle v0", [
        { name: "init", up: `create table ${table} ("select" int, "Ä b" text);\ninsert into ${table} values (1, 'x');`, down: `drop table ${table};` },
        { name: "index", up: `-- plumbline: concurrently\ncreate index "My ""index""" on ${table} ("select", lower("Ä b"));`, down: `drop index concurrently "My ""index""";` },
        { name: "mixed", up: `alter table ${table} add "c d" int;\n-- plumbline: concurrently\ncreate index on ${table} ("c d");`, down: `alter table ${table} drop "c d";` },
      ]);
      const folder: MigrationFolder = { ...read, journal: { schema: `Mig"s`, name: "it's; done" } };
      const context = await contextOf(folder, settings);
      await up(context, agreed);
      assert.deepEqual(await rowsOf(settings, `select count(*) from "Mig""s"."it's; done"`), [["3"]]);
      assert.deepEqual(await rowsOf(settings, `select count(*) from pg_index where indrelid = '${table}'::regclass and indisvalid`), [["2"]]);
      await down(context, { ...agreed, count: 3 });
      assert.deepEqual(await rowsOf(settings, `select count(*), to_regclass('${table}') from "Mig""s"."it's; done"`), [["0", null]]);
    });

    it("what one migration sets for its session is not the next one's, nor the record's", async () => {
      const settings = settingsOf(await server().createDatabase("leaking"));
      await rowsOf(settings, "create schema elsewhere; create role leaking; grant all on schema elsewhere to leaking");
      const folder = writeFolder("sql", [
        { name: "sets", up: "set search_path = elsewhere;\nset role leaking;\ncreate table theirs (id int);", down: "drop table elsewhere.theirs;" },
        { name: "plain", up: "create table landed (id int);", down: "drop table landed;" },
        { name: "outside", up: "set search_path = elsewhere;\ncreate index concurrently landed_idx on public.landed (id);", down: "drop index concurrently landed_idx;" },
        { name: "last", up: "create table last (id int);", down: "drop table last;" },
      ]);
      await up(await contextOf(folder, settings), agreed);
      const tables = await rowsOf(settings, "select relname, relnamespace::regnamespace, relowner::regrole from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'elsewhere'::regnamespace) order by 1");
      assert.deepEqual(tables, [["landed", "public", "postgres"], ["last", "public", "postgres"], ["schema_migrations", "public", "postgres"], ["theirs", "elsewhere", "leaking"]]);
    });

    it("the whole history, up on this server", async () => {
      for (const format of storyFormats) {
        const settings = settingsOf(await server().createDatabase(`story ${format}`));
        await rowsOf(settings, "create schema fault; create function fault.met(id int) returns int language sql immutable as 'select id'");
        const folder = story(format);
        await up(await contextOf(folder, settings), agreed);
        const { states, invalid, mark } = await outcomeOf(folder, settings);
        assert.deepEqual([states.filter((state) => !state.endsWith(" applied")), invalid, mark], [[], [], null]);
      }
    });
  });
});
