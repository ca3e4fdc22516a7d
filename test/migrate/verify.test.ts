// `migrate verify`: what applied migrations have made must be there; what is not is told with the file that makes it.
import assert from "node:assert/strict";
import { defaults } from "../../server/src/config";
import { openSession } from "../../server/src/databases/postgres/session";
import { openOperations } from "../../server/src/migrate/operations/open";
import { onEachServer, settingsOf } from "../database/servers";
import { runtime, temporaryFolder } from "../database/embedded/runtime";
import { workspace } from "../unit/drizzle/memory-files";

const guarded = "do $$ begin if not exists (select from pg_catalog.pg_roles where rolname = 'verified reader') then create role \"verified reader\"; end if; end $$;";
const elsewhere = "do $$ begin if not exists (select from pg_roles) and current_database() = 'elsewhere' then create role somewhere; end if; end $$;";

const texts = {
  "migrations/0001_shop.sql": "create type status as enum ('open');\ncreate table clients (id int primary key, email text unique);\ncreate table orders (\n  id int primary key,\n  client_id int references clients,\n  status status,\n  total numeric check (total >= 0)\n);",
  "migrations/0002_more.sql": "create index orders_client_id_idx on orders (client_id);\nalter table clients add note text;",
  "migrations/0003_code.sql": "create function noted() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger noted before insert on orders for each row execute function noted();\ncreate view spending as select client_id, sum(total) from orders group by 1;\ncreate sequence numbers;",
  "migrations/0004_later.sql": "alter table clients rename note to remark;\ndrop index orders_client_id_idx;\ncreate index orders_client_id_idx on orders (client_id, status);",
  "migrations/0005_names.sql": `create schema "Archive";\n${guarded}\n${elsewhere}\ncreate schema gone;\ndrop schema gone;\ncreate role verified_short; drop role verified_short;`,
};

onEachServer((server) => {
  it("says which objects of applied migrations are missing, and where they are made", async function () {
    this.timeout(300_000);
    const settings = settingsOf(await server().createDatabase("verified"));
    const target = { kind: "connection" as const, settings };
    const { files } = workspace(texts);
    const operations = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => undefined, embedded: { runtime: await runtime(), cache: temporaryFolder() }, by: "a test", now: () => new Date() });
    await operations.up({ target, lossesConfirmed: true, count: 3 });
    assert.deepEqual((await operations.verify(target)).problems, []);
    await operations.up({ target, lossesConfirmed: true });
    const whole = await operations.verify(target);
    assert.deepEqual([whole.problems, whole.notes], [[], []]);
    const session = await openSession(settings);
    await session.run("create table words (id int); insert into words values (1); create function doubled(int) returns int language sql immutable as 'select $1 * 2'; create index words_idx on words (doubled(id)); create or replace function doubled(int) returns int language sql immutable as 'select $1 / 0'");
    await assert.rejects(session.run("reindex index concurrently words_idx"));
    assert.deepEqual((await operations.verify(target)).problems, ["The index public.words_idx_ccnew of public.words was left behind by a REINDEX CONCURRENTLY of words_idx that failed: no query uses it, each write maintains it. Drop it, then rebuild words_idx."]);
    await session.run("drop table words; drop function doubled");
    await session.run('drop schema "Archive"; drop role "verified reader"');
    await session.run("drop index orders_client_id_idx; alter table clients drop remark; drop sequence numbers; drop view spending; drop trigger noted on orders; alter table orders drop constraint orders_client_id_fkey, drop constraint orders_total_check; create table elsewhere (id int)");
    const { problems } = await operations.verify(target);
    const told = problems.map((problem) => problem.split(" Somebody")[0]);
    assert.deepEqual(told.sort(), [
      "Of clients, the column remark text does not exist, although migrations/0004_later.sql:1, which makes it, is applied.",
      "Of orders, the check orders_total_check (total >= 0::numeric) does not exist, although migrations/0001_shop.sql:3, which makes it, is applied.",
      "Of orders, the foreign key (client_id) → clients (id) on delete no action on update no action does not exist, although migrations/0001_shop.sql:3, which makes it, is applied.",
      "Of orders, the index orders_client_id_idx (client_id, status) does not exist, although migrations/0004_later.sql:3, which makes it, is applied.",
      "The role \"verified reader\" does not exist, although migrations/0005_names.sql:2, which makes it, is applied.",
      "The schema \"Archive\" does not exist, although migrations/0005_names.sql:1, which makes it, is applied.",
      "The sequence numbers does not exist, although migrations/0003_code.sql:4, which makes it, is applied.",
      "The trigger public.orders.noted does not exist, although migrations/0003_code.sql:2, which makes it, is applied.",
      "The view public.spending does not exist, although migrations/0003_code.sql:3, which makes it, is applied.",
    ]);
    await session.run("drop table orders cascade");
    const without = (await operations.verify(target)).problems;
    assert.deepEqual(without.filter((problem) => /orders/.test(problem)).length, 1, without.join("\n"));
    await session.close();

    const elsewhere = { kind: "connection" as const, settings: { ...settings, schema: "Sales" } };
    await (await openSession(settings)).run('drop table schema_migrations; drop schema public cascade; create schema public; create schema "Sales"');
    await operations.up({ target: elsewhere, lossesConfirmed: true });
    assert.deepEqual((await operations.verify(elsewhere)).problems, [], "in the schema that ?schema= names");
    const there = await openSession(elsewhere.settings);
    await there.run("drop view spending; alter table clients drop remark");
    assert.deepEqual((await operations.verify(elsewhere)).problems.map((problem) => problem.split(" does not exist")[0]), ["Of clients, the column remark text", "The view \"Sales\".spending"]);
    await there.close();
  });

  it("looks for what needs an extension that no migration makes", async function () {
    this.timeout(300_000);
    const settings = settingsOf(await server().createDatabase("assumed"));
    const session = await openSession(settings);
    await session.run("create extension citext");
    const target = { kind: "connection" as const, settings };
    const { files } = workspace({ "migrations/0001_people.sql": "create table people (id int primary key, email citext);\ncreate index people_email_idx on people (email);" });
    const operations = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => undefined, embedded: { runtime: await runtime(), cache: temporaryFolder() }, by: "a test", now: () => new Date() });
    await operations.up({ target, lossesConfirmed: true });
    const { problems, notes } = await operations.verify(target);
    assert.deepEqual([problems, notes], [[], []]);
    await session.run("drop index people_email_idx");
    await session.close();
    assert.deepEqual((await operations.verify(target)).problems.map((problem) => problem.split(" does not exist")[0]), ["Of people, the index people_email_idx (email)"]);
  });

  it("says why it did not look: the only migration was edited", async () => {
    const target = { kind: "connection" as const, settings: settingsOf(await server().createDatabase("only_edited")) };
    const { files, texts: onDisk } = workspace({ "migrations/0001_shop.sql": texts["migrations/0001_shop.sql"] });
    const operations = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => undefined, embedded: {}, by: "a test", now: () => new Date() });
    await operations.up({ target, lossesConfirmed: true });
    onDisk.set("/w/migrations/0001_shop.sql", "select 1;");
    assert.deepEqual((await operations.verify(target)).notes, ["Whether the objects of applied migrations exist was not looked at, since 0001_shop is edited."]);
  });
});
