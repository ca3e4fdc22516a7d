// Every kind of change, in files that run on a real server: up leads to what PostgreSQL itself makes of the wanted schema,
// down to what was there before, as the catalogue has both. A kind that is added without a case here does not compile.
import assert from "node:assert/strict";
import { openSession } from "../../server/src/databases/postgres/session";
import { readSession } from "../../server/src/databases/postgres/session-reading";
import { SessionError, type Session } from "../../server/src/databases/session";
import { sql as sqlFolder } from "../../server/src/migrate/folders/sql";
import { differences } from "../../server/src/migrate/generate/differences";
import { generate, type GenerateInput } from "../../server/src/migrate/generate/generate";
import { differencesOf, fingerprint, type Fingerprint } from "../../server/src/migrate/prove/fingerprint";
import { RunError } from "../../server/src/migrate/run/progress";
import { down, up } from "../../server/src/migrate/run/runner";
import type { Change } from "../../server/src/model/change";
import type { MigrationFolder } from "../../server/src/model/migration";
import type { Role, SchemaModel } from "../../server/src/model/schema";
import { loadSqlParser } from "../../server/src/sql/load";
import { serverBinaries, settingsOf } from "../database/servers";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { workspace } from "../unit/drizzle/memory-files";

const shop = `create type status as enum ('open', 'paid');
create table clients (id int primary key, email varchar(200) not null unique, note text);
create table orders (id int generated always as identity primary key, client_id int not null constraint orders_client_id_fkey references clients on delete cascade,
  status status not null default 'open', amount int not null default 0 constraint orders_amount_check check (amount > 0), total int generated always as (amount * 2) stored, counter serial);
create index orders_client_id_idx on orders (client_id);
create table events (id int not null, at date not null, kind text, client_id int) partition by range (at);
create table events_old partition of events for values from (minvalue) to ('2020-01-01') partition by list (kind);
create table events_old_a partition of events_old for values in ('a');
create table events_new partition of events for values from ('2020-01-01') to (maxvalue);
create index events_kind_idx on events (kind);
insert into clients values (1, 'a', 'x'), (2, 'b', null);
insert into orders (client_id, amount) values (1, 5), (2, 7);
insert into events values (1, '2019-01-01', 'a', 1), (2, '2024-01-01', 'b', 2);
`;

interface Case {
  /** Run after the shop's, before anything. */
  readonly start?: string;
  /** What the wanted schema has otherwise: SQL, or changes, with the SQL that they come to; none: the catalogue stays as it is. */
  readonly wanted: string | { readonly changes: (model: SchemaModel) => readonly Change[]; readonly as?: string };
  readonly renames?: GenerateInput["renames"];
  /** What was done holds for any schema: taken back, it stays. */
  readonly stays?: true;
}

const secured = "alter table clients enable row level security; create policy own on clients using (note = 'a' and id in (select client_id from orders)); create policy open on orders using (status = 'open')";

const pen: Role = { name: "it's $$ a pen", createDatabase: false, createRole: false, inherit: true };
const table = (name: string) => ({ schema: "public", name });
const indexOf = (model: SchemaModel, name: string) => model.tables.flatMap(({ indexes }) => indexes).find((index) => index.name === name)!;

const cases: Readonly<Record<Change["kind"], readonly Case[]>> = {
  "add-table": [{ wanted: "create table audits (id bigserial primary key, order_id int references orders, note text unique, check (id > 0)); create index on audits (order_id)" }],
  "drop-table": [{ wanted: "drop table orders" }, { start: "alter table orders rename to purchases; alter table purchases rename column counter to number", wanted: "drop table purchases" }],
  "rename-table": [{ wanted: "alter table clients rename to customers", renames: { clients: "customers" } }, { wanted: "alter table clients rename to customers; alter table customers rename column note to remark; alter table customers add phone text", renames: { clients: "customers", "clients.note": "remark" } },
    // Its indexes, its sequences and the keys to it go along, its type stays; partitions stay where they are.
    { wanted: "create schema app; alter table orders set schema app; alter table app.orders rename to purchases; alter table app.purchases add phone text; alter table events set schema app", renames: { orders: "app.purchases", events: "app.events" } },
    { start: "create schema app; create view app.clients as select 1 as one", wanted: "drop view app.clients; alter table clients set schema app", renames: { clients: "app.clients" } },
    { start: "create schema app; create table app.tags (id int); create index clients on app.tags (id)", wanted: "alter table clients rename to people; alter table people set schema app", renames: { clients: "app.people" } },
    { start: "create schema app; create table app.customers (id int); create table app.clients (other int)", wanted: "alter table clients rename to people; alter table people set schema app", renames: { clients: "app.people" } },
  ],
  "rename-schema": [{
    start: "create schema app; create type app.kind as enum ('a'); create sequence app.counter; create table app.tags (id serial primary key, number int default nextval('app.counter'), kind app.kind default 'a' check (kind <> 'b'::text::app.kind), client int references clients); create table notes (id int generated always as identity, kind app.kind, tag int references app.tags)",
    wanted: "alter schema app rename to shop", renames: { app: "shop" },
  }],
  "add-schema": [{ wanted: { changes: () => [{ kind: "add-schema", schema: "bare" }], as: "create schema bare" }, stays: true }],
  "drop-schema": [{ start: "create schema bare", wanted: { changes: () => [{ kind: "drop-schema", schema: "bare" }], as: "drop schema bare" } }],
  // One that stands is left as it is.
  "add-role": [{ wanted: { changes: () => [{ kind: "add-role", role: { ...pen, createRole: true, inherit: false } }], as: `create role "it's $$ a pen" createrole noinherit` }, stays: true }, { start: `create role "it's $$ a pen" createdb login`, wanted: { changes: () => [{ kind: "add-role", role: pen }] } }],
  "drop-role": [{ start: `create role "it's $$ a pen" createdb`, wanted: { changes: () => [{ kind: "drop-role", role: { ...pen, createDatabase: true } }], as: `drop role "it's $$ a pen"` } }],
  "alter-role": [{ start: `create role "it's $$ a pen" createdb login`, wanted: { changes: () => [{ kind: "alter-role", from: { ...pen, createDatabase: true }, to: { ...pen, createRole: true, inherit: false } }], as: `alter role "it's $$ a pen" nocreatedb createrole noinherit` } }],
  "rename-role": [{ start: `create role "it's $$ a pen" login; alter table clients enable row level security; create policy own on clients to "it's $$ a pen"`, wanted: { changes: () => [{ kind: "rename-role", from: pen.name, to: "quill" }], as: `alter role "it's $$ a pen" rename to quill` } }],
  "add-column": [{ start: `create table "a$$b%" (id int)`, wanted: `alter table "a$$b%" add "new\nline$$" int not null` }, { wanted: "alter table clients add phone text, add at timestamptz not null default now(), add key uuid not null default gen_random_uuid()" }, { wanted: "alter table clients add number int generated by default as identity (start with 100 increment by 5 cache 3 cycle)" }, { wanted: "alter table events add note text" }],
  "drop-column": [{ wanted: "alter table clients drop note" }, { start: "truncate orders", wanted: "alter table orders drop client_id, drop amount cascade" }, { start: "alter table orders rename column counter to number", wanted: "alter table orders drop number" }, { start: "alter table clients add number int generated always as identity (sequence name odd minvalue 7 maxvalue 900 cache 2)", wanted: "alter table clients drop number" }],
  "rename-column": [{ wanted: "alter table orders rename column amount to price", renames: { "orders.amount": "price" } }, { wanted: "alter table events rename column kind to sort", renames: { "events.kind": "sort" } }],
  "alter-column-type": [{ start: "create view shown as select id, email || 'x' as email from clients; create view over with (security_barrier) as select id from shown; create materialized view counted as select email from clients; create index counted_idx on counted (email)", wanted: "drop view shown cascade; drop materialized view counted; alter table clients alter email type text; create view shown as select id, email || 'x' as email from clients; create view over with (security_barrier) as select id from shown; create materialized view counted as select email from clients; create index counted_idx on counted (email)" }, { wanted: "alter table clients alter email type text" }, { start: "update clients set note = '1'", wanted: "alter table clients alter note type int using note::int" }, { start: "alter table orders drop total", wanted: "alter table orders alter amount type bigint, alter counter type bigint, alter id type bigint; alter sequence orders_counter_seq as bigint" }],
  "alter-column-nullability": [{ wanted: "alter table clients alter note set not null", start: "update clients set note = ''" }, { wanted: "alter table clients alter email drop not null" }],
  "alter-column-default": [{ wanted: "alter table clients alter note set default 'it''s'; alter table orders alter status drop default, alter amount set default 5" }],
  "alter-column-generation": [
    { wanted: "alter table orders alter id set generated by default set start with 50 set increment by 3 set maxvalue 5000 set cache 4 set cycle" }, { wanted: "alter table orders alter id drop identity" }, { wanted: "alter table orders drop total; alter table orders add total int generated always as (amount * 3) stored" },
    { wanted: "alter table clients alter id add generated always as identity (start with 1000)" },
  ],
  "add-primary-key": [{ start: "create table bare (a int, b int not null)", wanted: "alter table bare add primary key (a, b)" }, { wanted: "alter table events add primary key (id, at, kind)", start: "update events set kind = 'a' where at < '2020-01-01'; alter table events alter kind set not null; truncate events" }],
  "drop-primary-key": [{ wanted: "alter table orders drop constraint orders_pkey" }, { wanted: "alter table clients drop constraint clients_pkey cascade; alter table clients add primary key (id, email)" }],
  "add-unique": [{ wanted: "alter table clients add constraint clients_note_key unique (note)" }, { wanted: "alter table events_new add constraint one unique (id, at)" }],
  "drop-unique": [{ wanted: "alter table clients drop constraint clients_email_key" }],
  "add-check": [{ wanted: "alter table clients add constraint short check (length(note) < 100)" }, { wanted: "alter table events add constraint positive check (id > 0)" }],
  "drop-check": [{ wanted: "alter table orders drop constraint orders_amount_check" }],
  "add-foreign-key": [{ wanted: "alter table clients add constraint clients_pair unique (id, email); alter table orders add client_email varchar(200), add constraint pair foreign key (client_id, client_email) references clients (id, email)" }, { wanted: "alter table orders add constraint self foreign key (counter) references clients on update cascade" }, { wanted: "alter table events add constraint events_client_fkey foreign key (client_id) references clients" }],
  "drop-foreign-key": [{ wanted: "alter table orders drop constraint orders_client_id_fkey" }, { start: "alter table orders drop constraint orders_client_id_fkey, add constraint later foreign key (client_id) references clients deferrable initially deferred not valid", wanted: "alter table orders drop constraint later" }],
  "add-index": [{ wanted: "create index by_note on clients using hash (note) where id > 5" }, { wanted: "create index events_client_idx on events (client_id) include (id) with (fillfactor = 70)" }, { wanted: "create unique index events_pair on events (id, at, kind)" }],
  "drop-index": [{ wanted: "drop index orders_client_id_idx" }, { wanted: "drop index events_kind_idx" }],
  "rename-index": [{ wanted: "alter index orders_client_id_idx rename to by_client" }, { wanted: "alter index events_kind_idx rename to by_kind" }, { start: "create index orders_amount_idx on orders (amount)", wanted: "alter index orders_amount_idx rename to aside; alter index orders_client_id_idx rename to orders_amount_idx; alter index aside rename to orders_client_id_idx" }, { start: "create index orders_amount_idx on orders (amount)", wanted: "drop index orders_client_id_idx; alter index orders_amount_idx rename to orders_client_id_idx" }],
  "rename-constraint": [{ wanted: { changes: () => [{ kind: "rename-constraint", table: table("orders"), from: "orders_client_id_fkey", to: "to_client" }, { kind: "rename-constraint", table: table("clients"), from: "clients_email_key", to: "one_email" }], as: "alter table orders rename constraint orders_client_id_fkey to to_client; alter table clients rename constraint clients_email_key to one_email" } }],
  "alter-index": [{ wanted: "drop index orders_client_id_idx; create index orders_client_id_idx on orders (client_id) where amount > 5" }, { wanted: "drop index events_kind_idx; create index events_kind_idx on events using hash (kind)" }],
  "add-enum": [{ wanted: "create type kind as enum ('a', 'b'); alter table clients add kind kind not null default 'b'" }],
  "drop-enum": [{ start: "create type kind as enum ('a', 'it''s')", wanted: "drop type kind" }],
  "alter-enum": [{ wanted: "alter type status add value 'sent' before 'paid'" }, { wanted: "alter table orders alter status drop default; alter type status rename to old; create type status as enum ('sent', 'paid', 'open'); alter table orders alter status type status using status::text::status, alter status set default 'open'; drop type old" }, {
    start: "alter table orders add seen status[] not null default '{open,paid}', add constraint known check (status in ('open', 'paid')), add is_open boolean generated always as (status = 'open') stored; create index orders_paid_idx on orders (id) where status = 'paid'; create index orders_is_open_idx on orders (is_open)",
    wanted: "alter table orders alter status drop default, alter seen drop default, drop constraint known, drop is_open; drop index orders_paid_idx; alter type status rename to old; create type status as enum ('paid', 'open'); alter table orders alter status type status using status::text::status, alter seen type status[] using seen::text[]::status[], alter status set default 'open', alter seen set default '{open,paid}', add constraint known check (status in ('open', 'paid')), add is_open boolean generated always as (status = 'open') stored; create index orders_paid_idx on orders (id) where status = 'paid'; create index orders_is_open_idx on orders (is_open); drop type old",
  }, { wanted: "alter table orders alter status drop default; alter type status rename to old; create type status as enum ('open', 'void'); alter table orders alter status type status using status::text::status, alter status set default 'open'; drop type old", renames: { "status.paid": null } }],
  "rename-enum-value": [{
    start: "alter type status add value 'it''s \"half\" paid'; alter table orders add seen status[] not null default '{open,paid}', add constraint known check (status in ('open', 'paid')), add open boolean generated always as (status = 'open') stored; create index orders_paid_idx on orders (id) where status = 'paid'",
    wanted: "alter type status rename value 'open' to 'fresh'; alter type status rename value 'paid' to 'paid, \"all\"'", renames: { "status.open": "fresh", "status.paid": "paid, \"all\"" },
  }, {
    start: "alter type status add value 'void'", renames: { "status.open": "fresh", "status.paid": "settled", "status.void": null },
    wanted: "alter table orders alter status drop default; alter type status rename to old; create type status as enum ('sent', 'fresh', 'settled'); alter table orders alter status type status using 'fresh'::status, alter status set default 'fresh'; drop type old",
  }, { wanted: "alter type status rename value 'open' to 'fresh'; alter type status add value 'sent' after 'fresh'", renames: { "status.open": "fresh" } }],
  "enable-row-security": [{ wanted: "alter table clients enable row level security" }, { wanted: "create table notes (id int primary key, owner name default current_user); alter table notes enable row level security; create policy own on notes using (owner = current_user and exists (select from clients where clients.id = notes.id)); create policy seen on clients for select to public using (id in (select id from notes)); alter table clients enable row level security" }],
  "disable-row-security": [{ start: "alter table clients enable row level security; create policy own on clients using (id > 0)", wanted: "drop policy own on clients; alter table clients disable row level security" }],
  "add-policy": [{ wanted: `create policy "own rows" on clients as restrictive for update to current_user using (id > 0) with check (note is not null); create policy seen on clients for select using (true)` }],
  "drop-policy": [{ start: secured, wanted: "drop policy own on clients" }, { start: secured, wanted: "drop policy own on clients; alter table clients drop note" }, { start: secured, wanted: "drop policy own on clients; drop table orders" },
    // It goes before the first of two columns that it reads is altered, once.
    { start: "update clients set note = '1'; alter table clients enable row level security; create policy own on clients using (note = '1' and email <> '')", wanted: "drop policy own on clients; alter table clients alter note type int using note::int, alter email type text" }],
  "alter-policy": [
    { start: secured, wanted: "alter policy own on clients to current_user using (note <> 'x') with check (id > 5)" }, { start: secured, wanted: "drop policy own on clients; create policy own on clients for delete using (id > 0)" },
    { start: `${secured}; update clients set note = '1'`, wanted: "drop policy own on clients; alter table clients alter note type int using note::int; create policy own on clients using (note > 0 and id in (select client_id from orders))" },
    { start: secured, wanted: "drop policy own on clients; drop policy open on orders; alter type status rename to old; create type status as enum ('paid', 'open'); alter table orders alter status drop default, alter status type status using status::text::status, alter status set default 'open'; drop type old; create policy open on orders using (status = 'paid'); create policy own on clients using (id > 3)" },
    // New values are not for the transaction that adds them.
    { start: secured, wanted: "alter type status add value 'sent'; commit; alter policy open on orders using (status = 'sent')" },
  ],
  "rename-policy": [{ start: secured, wanted: `alter policy own on clients rename to "own rows"`, renames: { "clients.own": "own rows" } }],
  "rename-enum": [
    { start: "alter table orders add seen status[] default '{open}', add constraint known check (status in ('open', 'paid'))", wanted: "create schema app; alter type status set schema app; alter type app.status rename to state", renames: { status: "app.state" } },
    { wanted: "alter type status rename to state; alter type state add value 'sent'; create index open_orders on orders (id) where status = 'open'", renames: { status: "state" } },
  ],
  "rename-sequence": [{ start: "create schema app; create sequence app.counter start with 5 increment by 2; alter table clients add number int default nextval('app.counter'); create table app.tags (id int)", wanted: "alter sequence app.counter set schema public; alter sequence counter rename to numbers", renames: { "app.counter": "numbers" } }],
  "add-sequence": [{ wanted: "create sequence numbers as integer increment by -5 start with -10 cache 3 cycle; alter table clients add number bigint default nextval('numbers')" }],
  "drop-sequence": [{ start: "create sequence numbers start with 100 maxvalue 5000", wanted: "drop sequence numbers" }],
  "alter-sequence": [{ start: "create sequence numbers start with 100 maxvalue 5000; select nextval('numbers')", wanted: "alter sequence numbers as integer increment by 3 minvalue 0 no maxvalue start with 50 cache 20 cycle" }, { start: "create sequence numbers", wanted: "alter sequence numbers increment by -1 no minvalue no maxvalue start with -1 restart" }],
  "add-view": [{ wanted: "create view first as select id from clients; create materialized view counted with (fillfactor = 70) as select client_id, count(*) as n from orders group by client_id; create view second with (security_barrier) as select f.id, c.n from first f join counted c on c.client_id = f.id" }, { start: "drop table events", wanted: "create view clients_seen as select id, note from clients; alter table clients add seen int; create view events as select id, seen from clients" }, { wanted: "drop table orders; create view orders as select id from clients; create view over as select id from orders" }],
  "drop-view": [
    { start: "create view shown with (check_option = local) as select id, note from clients; create materialized view counted as select id from shown; create unique index counted_idx on counted (id)", wanted: "drop materialized view counted; drop view shown" },
    { start: "create view shown as select id, note from clients", wanted: "drop view shown; alter table clients drop note" }, { start: "create view shown as select id from orders", wanted: "drop view shown; drop table orders" },
    { start: "create view shown as select id from clients", wanted: "drop view shown; create table shown (id int)" },
  ],
  "rename-view": [
    { start: "create view shown as select id from clients; create view over as select id from shown", wanted: "alter view shown rename to seen", renames: { shown: "seen" } },
    { start: "create materialized view shown as select id from clients", wanted: "create schema app; alter materialized view shown set schema app", renames: { shown: "app.shown" } },
  ],
  "alter-view": [
    { start: "create view shown as select id from clients", wanted: "create or replace view shown with (security_barrier) as select id, email from clients" },
    { start: "create materialized view counted as select id, email from clients; create index counted_idx on counted (email)", wanted: "drop materialized view counted; create materialized view counted as select id, email from clients where id > 0; create index counted_idx on counted (email)" },
    { start: "create materialized view counted with (fillfactor = 70) as select id from clients; create view shown with (security_barrier, check_option = local) as select id from clients", wanted: "alter materialized view counted reset (fillfactor); alter materialized view counted set (autovacuum_enabled = false); alter view shown reset (check_option); alter view shown set (security_barrier = false)" },
    { start: "create view shown as select id, note from clients; create view over as select id from shown", wanted: "drop view shown cascade; create view shown as select id, email from clients; create view over as select id from shown; alter table clients drop note" },
    { start: "create view shown as select id, email from clients", wanted: "drop view shown; alter table clients rename to customers; create view seen as select id from customers", renames: { shown: "seen", clients: "customers" } },
    { start: "create schema app; create table app.tags (id int, kind varchar(5)); create view app.shown as select id, kind from app.tags", wanted: "drop view app.shown; alter table app.tags alter kind type text; alter schema app rename to shop; create view shop.shown as select id from shop.tags", renames: { app: "shop" } },
    // The computed column goes before the one that it is computed from is altered.
    { start: "create view shown as select id, total from orders", wanted: "drop view shown; alter table orders drop total, alter amount type bigint; create view shown as select id from orders" },
    // An index whose column it has no more is not made again.
    { start: "create materialized view counted as select id, email from clients; create index counted_idx on counted (email); create index counted_id_idx on counted (id)", wanted: "drop materialized view counted; create materialized view counted as select id, note from clients; create index counted_id_idx on counted (id)" },
  ],
  "rebuild-index": [{ start: "update pg_index set indisvalid = false where indexrelid = 'orders_client_id_idx'::regclass", wanted: { changes: (model) => [{ kind: "rebuild-index", table: table("orders"), index: indexOf(model, "orders_client_id_idx") }], as: "update pg_index set indisvalid = true where indexrelid = 'orders_client_id_idx'::regclass" }, stays: true }],
  "analyze-table": [{ wanted: { changes: () => [{ kind: "analyze-table", table: table("orders") }] } }],
  "validate-constraint": [
    { start: "alter table orders drop constraint orders_client_id_fkey, add constraint to_client foreign key (client_id) references clients not valid", wanted: { changes: () => [{ kind: "validate-constraint", table: table("orders"), name: "to_client" }], as: "alter table orders validate constraint to_client" } },
    { start: "alter table orders add constraint big check (amount < 1000) not valid", wanted: { changes: () => [{ kind: "validate-constraint", table: table("orders"), name: "big" }], as: "alter table orders validate constraint big" } },
  ],
};

describe("migrations there and back", function () {
  this.timeout(300_000);
  let server: Postgres;
  let session: Session;
  before(async () => {
    server = await startPostgres(serverBinaries().at(-1));
    session = await openSession(settingsOf(server.connection));
  });
  after(async () => {
    await session?.close();
    await server?.stop();
  });

  const make = (...sql: readonly string[]) => session.run(["drop schema if exists app, shop cascade; drop schema public cascade; create schema public; drop schema if exists bare cascade; drop role if exists \"it's $$ a pen\", quill", shop, ...sql].join(";\n"));
  const read = async (): Promise<SchemaModel> => (await readSession(session)).model;
  /** With what is no object of a schema. */
  const objects = async (): Promise<Fingerprint> => {
    const [, besides] = await session.run("select 1; select case when rolname is null then 'schema bare' else 'role ' || rolname end, jsonb_build_array(rolcreatedb, rolcreaterole, rolinherit, rolcanlogin) from (select 'bare' where to_regnamespace('bare') is not null) bare full join (select * from pg_roles where rolname in ('it''s $$ a pen', 'quill')) roles on false");
    return new Map([...(await fingerprint(session, [])), ...(besides!.rows as [string, string][])]);
  };
  async function run(statements: readonly string[]): Promise<void> {
    const messages = statements.some((sql) => /CONCURRENTLY/.test(sql)) ? statements : [`begin; ${statements.join(";\n")};\ncommit`];
    for (const message of messages)
      await session.run(message).catch(async (error: unknown) => {
        if (error instanceof SessionError) await session.run("rollback");
        throw new Error(`${(error as Error).message}: ${message}`);
      });
  }

  describe("every kind of change has its exact inverse", () => {
    for (const [kind, list] of Object.entries(cases) as [Change["kind"], readonly Case[]][])
      for (const { start = "", wanted, renames, stays } of list)
        it(`${kind}: ${typeof wanted === "string" ? wanted : (wanted.as ?? kind)}`, async () => {
          const sql = typeof wanted === "string" ? wanted : (wanted.as ?? "");
          await make(start, sql);
          const [there, aim] = [await objects(), await read()];
          await make(start);
          const [before, model] = [await objects(), await read()];
          const { migrations, refused, questions } = generate({ name: "change", format: "sql", before: model, wanted: typeof wanted === "string" ? aim : wanted.changes(model), ...(renames && { renames }) });
          assert.deepEqual([refused, questions], [[], []]);
          const made = [...differences(model, aim), ...migrations.flatMap(({ changes }) => changes)].map((change) => change.kind);
          assert.ok(made.includes(kind), `no ${kind} in ${made.join()}`);
          for (const { up: statements } of migrations) await run(statements);
          assert.deepEqual(differencesOf(there, await objects(), "Up"), []);
          for (const { down: statements } of [...migrations].reverse()) await run(statements as readonly string[]);
          assert.deepEqual(differencesOf(stays ? there : before, await objects(), "Down"), []);
        });
  });

  it("NOT NULL on a column that holds NULLs: the run stops with the row's column, what it had done stays, and goes on once the rows are mended", async () => {
    await make("update clients set note = ''; alter table clients alter note set not null");
    const aim = await read();
    await make();
    const [before, model] = [await objects(), await read()];
    const { migrations } = generate({ name: "note", format: "sql", before: model, wanted: aim });
    const { files } = workspace({});
    const empty: MigrationFolder = { folder: "/w/migrations", format: "sql", dialect: "postgresql", migrations: [], journal: { schema: "kept", name: "schema_migrations" }, problems: [] };
    const written = sqlFolder.write(empty, migrations, files, { now: new Date(0), before: model, after: migrations.map(({ after }) => after) });
    const folder = { ...sqlFolder.read("/w/migrations", workspace(Object.fromEntries(written.map(({ file, text }) => [file, text]))).files)!, journal: empty.journal };
    const context = { folder, parser: await loadSqlParser(), by: "test", connect: () => openSession(settingsOf(server.connection)) };
    await session.run("create schema if not exists kept");
    const failure = await up(context, { lossesConfirmed: true }).then(() => undefined, (error: unknown) => error);
    assert.ok(failure instanceof RunError && /check constraint "clients_note_is_not_null" of relation "clients" is violated by some row/.test(failure.message), String(failure));
    assert.equal(failure.result.done.length, 1);
    await session.run("update clients set note = '' where note is null");
    assert.deepEqual((await up(context, { lossesConfirmed: true })).done.map(({ migration }) => migration.id), folder.migrations.slice(1).map(({ id }) => id));
    assert.equal((await read()).tables.find(({ name }) => name.name === "clients" && name.schema === "public")!.columns[2]!.nullable, false);
    await down(context, { lossesConfirmed: true, count: folder.migrations.length });
    await session.run("drop schema kept cascade");
    assert.deepEqual(differencesOf(before, await objects(), "Down"), []);
  });

  it("a new counter goes on behind what is there, or where it is to start", async () => {
    const counters: readonly (readonly [wanted: string, next: string])[] = [
      ["alter table clients alter id add generated always as identity", "3"], ["alter table clients alter id add generated always as identity (start with 1000)", "1000"],
      ["alter table clients alter id add generated by default as identity (increment by -1)", "-6"], ["alter table clients alter id add generated by default as identity (increment by -1 start with -20)", "-20"],
      ["create sequence clients_id_seq as integer owned by clients.id; alter table clients alter id set default nextval('clients_id_seq')", "3"],
    ];
    for (const [wanted, next] of counters) {
      const start = wanted.includes("-1") ? "truncate orders, clients; insert into clients values (-5, 'a', null)" : "";
      await make(start, wanted);
      const aim = await read();
      await make(start);
      for (const { up: statements } of generate({ name: "counter", format: "sql", before: await read(), wanted: aim }).migrations) await run(statements);
      assert.equal((await session.run("insert into clients (email) values ('c') returning id")).at(-1)!.rows[0]![0], next, wanted);
    }
  });

  /** In `start` the name stands that `refused` would give once more; without it, that leads to the wanted schema. */
  const taken: readonly { readonly start: string; readonly without: string; readonly refused: string; readonly renames: GenerateInput["renames"]; readonly reason: RegExp }[] = [
    { start: "create table app.tags (id int); create index orders_client_id_idx on app.tags (id)", without: "drop index app.orders_client_id_idx", refused: "alter table orders set schema app", renames: { orders: "app.orders" }, reason: /^The table orders cannot become app\.orders: its index orders_client_id_idx would go along, and the index orders_client_id_idx of app\.tags has that name there already\. / },
    { start: "create table app.tags (id int constraint clients_pkey primary key)", without: "alter index app.clients_pkey rename to tags_pkey", refused: "alter table clients set schema app", renames: { clients: "app.clients" }, reason: /its index clients_pkey .* the index clients_pkey of app\.tags / },
    { start: "create table app.tags (id int constraint clients_email_key unique)", without: "alter table app.tags drop constraint clients_email_key", refused: "alter table clients set schema app", renames: { clients: "app.clients" }, reason: /its index clients_email_key .* the index clients_email_key of app\.tags / },
    { start: "create table app.tags (id int); create sequence app.orders_id_seq", without: "drop sequence app.orders_id_seq", refused: "alter table orders set schema app", renames: { orders: "app.orders" }, reason: /its sequence orders_id_seq .* the sequence orders_id_seq has/ },
    { start: "create table app.tags (id int); create table app.status (id int)", without: "drop table app.status", refused: "alter type status set schema app", renames: { status: "app.status" }, reason: /^The type status cannot become app\.status: the table status has/ },
    { start: "create domain app.status as text", without: "drop domain app.status", refused: "alter type status set schema app", renames: { status: "app.status" }, reason: /app\.status: the type status has/ },
    { start: "create sequence numbers; create table app.numbers (id int)", without: "drop table app.numbers", refused: "alter sequence numbers set schema app", renames: { numbers: "app.numbers" }, reason: /^The sequence numbers cannot become app\.numbers: the table numbers has/ },
    { start: "create type people as enum ('a')", without: "drop type people", refused: "alter table clients rename to people", renames: { clients: "people" }, reason: /become people: the type people has/ },
  ];

  for (const { start, without, refused: statement, renames, reason } of taken)
    it(`a name that is taken is refused, as PostgreSQL refuses it: ${start}`, async () => {
      await make("create schema app", start, without, statement);
      const aim = await read();
      await make("create schema app", start);
      const { migrations, refused } = generate({ name: "moved", format: "sql", before: await read(), wanted: aim, ...(renames && { renames }) });
      assert.deepEqual([migrations, refused.length], [[], 1]);
      assert.match(refused[0]!.reason, reason);
      await assert.rejects(session.run(statement), /already exists/);
      await session.run(`${without}; ${statement}`);
    });

  it("a role that was renamed by way of another database, and has its new name already, is no error; one that is missing is", async () => {
    await make("create role quill");
    const { migrations } = generate({ name: "renamed", format: "sql", before: await read(), wanted: [{ kind: "rename-role", from: pen.name, to: "quill" }] });
    const there = await objects();
    await run(migrations[0]!.up);
    assert.deepEqual(differencesOf(there, await objects(), "Up"), []);
    await session.run("drop role quill");
    await assert.rejects(run(migrations[0]!.up), /role "it's \$\$ a pen" does not exist/);
  });

  it("a schema in which something is left that nobody has declared is not dropped", async () => {
    await make("create schema bare; create domain bare.positive as int check (value > 0)");
    const before: SchemaModel = { ...(await read()), schemas: ["bare"] };
    const wanted: SchemaModel = { ...before, source: "drizzle", schemas: [], domains: [] };
    const { refused } = generate({ name: "dropped", format: "sql", before, wanted });
    assert.deepEqual(refused.map(({ change, reason }) => [change.kind, reason.slice(0, 23)]), [["drop-schema", "positive stands in it, "]]);
  });

  it("of chosen tables, a foreign key to what is not there is refused, one to what is there made", async () => {
    await make("create table kinds (id int primary key); create table tags (id int primary key, kind int references kinds, client int references clients)", "alter table clients add code int unique; alter table orders add code int references clients (code), add kind int references kinds, add client int references clients");
    const aim = await read();
    await make();
    const chosen = (...names: readonly string[]) => generate({ name: "chosen", format: "sql", before: model, wanted: aim, only: ({ name }) => names.includes(name) });
    const [before, model] = [await objects(), await read()];
    assert.deepEqual(chosen("orders").refused.map(({ change, reason }) => [change.kind, /refers to the (\S+ \S+),/.exec(reason)?.[1]]), [["add-foreign-key", "column clients.code"], ["add-foreign-key", "table kinds"]]);
    assert.deepEqual(chosen("tags").refused.map(({ change, reason }) => [change.kind, /refers to the (\S+ \S+),/.exec(reason)?.[1]]), [["add-table", "table kinds"]]);
    const { migrations, refused } = chosen("orders", "kinds", "clients");
    assert.deepEqual(refused, []);
    for (const { up: statements } of migrations) await run(statements);
    assert.deepEqual(differences(await read(), migrations.at(-1)!.after), []);
    for (const one of [...migrations].reverse()) await run(one.down as readonly string[]);
    assert.deepEqual(differencesOf(before, await objects(), "Down"), []);
  });

  it("a partitioned table that goes takes its partitions along, which its way back says it does not make", async () => {
    await make();
    const before = await read();
    const { migrations } = generate({ name: "dropped", format: "sql", before, wanted: { ...before, tables: before.tables.filter(({ name }) => !name.name.startsWith("events")) } });
    for (const { up: statements } of migrations) await run(statements);
    for (const { down: statements } of [...migrations].reverse()) await run(statements as readonly string[]);
    assert.deepEqual((await read()).tables.filter(({ name }) => name.name.startsWith("events")).map(({ name, kind }) => [name.name, kind]), [["events", undefined]]);
    assert.match(migrations.flatMap(({ down: statements }) => statements).join("\n"), /makes the empty table anew, without its partitions: by what it was divided is not known\.\n/);
    assert.deepEqual(migrations.flatMap(({ losses }) => losses), ["The table events is dropped with all its rows and partitions."]);
  });

  it("of a partitioned table alone, its partitions go along", async () => {
    await make("alter table events add note text, alter client_id type bigint, add check (id > 0); create index on events (client_id)");
    const aim = await read();
    await make();
    const [before, model] = [await objects(), await read()];
    const { migrations } = generate({ name: "chosen", format: "sql", before: model, wanted: aim, only: ({ name }) => name === "events" });
    for (const { up: statements } of migrations) await run(statements);
    assert.deepEqual(differences(await read(), migrations.at(-1)!.after), []);
    for (const one of [...migrations].reverse()) await run(one.down as readonly string[]);
    assert.deepEqual(differencesOf(before, await objects(), "Down"), []);
  });
});
