// Generated migrations on real servers: up leads to the wanted schema, down back to the one before, and every file is SQL
// to PostgreSQL's own parser. The runner is not part of it: files run as their format says.
import assert from "node:assert/strict";
import { Client } from "pg";
import { compare } from "../../server/src/compare/compare";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { generate } from "../../server/src/migrate/generate/generate";
import type { MigrationFormat } from "../../server/src/model/migration";
import type { SchemaModel } from "../../server/src/model/schema";
import { loadSqlParser } from "../../server/src/sql/load";
import type { Postgres } from "../oracles/postgres";
import { onEachServer, settingsOf } from "../database/servers";

const shop = `create type status as enum ('open', 'paid');
create table clients (id int primary key, email varchar(200) not null unique, password_hash text);
create table orders (id int primary key, client_id int not null constraint orders_client_id_fkey references clients on delete cascade, status status not null default 'open',
  amount int not null default 0 constraint orders_amount_check check (amount between 0 and 1000), deleted_at timestamptz);
create index orders_client_id_idx on orders (client_id);
create index orders_open_idx on orders (status) where deleted_at is null;
create unique index orders_amount_key on orders (amount, client_id);
create table events (id int not null, client_id int constraint events_client_id_fkey references clients) partition by range (id)`;

/** What the wanted schema has otherwise. */
const changes: readonly string[] = [
  "create table audits (id int primary key, order_id int references orders)",
  "drop table orders",
  "alter table clients add note text",
  "alter table clients add note text not null",
  "alter table clients add note text not null default 'x'",
  "alter table clients add token uuid not null default gen_random_uuid()",
  "alter table clients drop password_hash",
  "alter table orders alter amount type bigint",
  "alter table clients alter email type varchar(100)",
  "alter table clients alter email type text",
  "alter table orders alter deleted_at set not null",
  "alter table clients alter email drop not null",
  "alter table orders alter amount set default 5",
  "alter table orders alter status drop default",
  "alter type status add value 'sent'",
  "create type kind as enum ('a'); alter table orders add kind kind default 'a'",
  "alter table orders drop constraint orders_pkey",
  "alter table orders drop constraint orders_pkey, add primary key (id, client_id)",
  "drop index orders_amount_key",
  "create unique index on clients (password_hash)",
  "alter table clients add constraint clients_password_key unique (password_hash)",
  "alter table clients drop constraint clients_email_key",
  "alter table orders drop constraint orders_client_id_fkey",
  "alter table orders drop constraint orders_client_id_fkey; alter table orders add constraint orders_client_id_fkey foreign key (client_id) references clients on delete restrict",
  "alter table events drop constraint events_client_id_fkey",
  "drop index orders_client_id_idx",
  "create index orders_amount_idx on orders (amount)",
  "drop index orders_client_id_idx; create index orders_client_id_idx on orders using hash (client_id)",
  "drop index orders_open_idx; create index orders_open_idx on orders (status) where deleted_at is not null",
  "alter index orders_open_idx rename to orders_status_idx",
  "alter table orders drop constraint orders_amount_check",
  "alter table orders add constraint positive check (amount > 0)",
];

onEachServer((server) => {
  let made = 0;

  async function make(sql: string): Promise<Postgres["connection"]> {
    const connection = await server().createDatabase(`generate_${++made}`);
    await run(connection, [sql]);
    return connection;
  }

  async function run(connection: Postgres["connection"], messages: readonly string[]): Promise<void> {
    const client = new Client(connection);
    await client.connect();
    try {
      for (const message of messages) await client.query(message);
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${messages.join("; ")}`);
    } finally {
      await client.end();
    }
  }

  async function read(connection: Postgres["connection"]): Promise<SchemaModel> {
    const database = await openPostgres(settingsOf(connection));
    try {
      return (await database.read()).model;
    } finally {
      await database.close();
    }
  }

  /** A transaction, or one by one where PostgreSQL forbids that. */
  const messages = (statements: readonly string[]): readonly string[] => (statements.some((sql) => /CONCURRENTLY/.test(sql)) ? statements : [`begin; ${statements.join(";\n")};\ncommit`]);

  for (const format of ["drizzle v0", "sql"] satisfies readonly MigrationFormat[])
    describe(`a migration in the format ${format}`, () => {
      for (const change of changes)
        it(change, async () => {
          const [connection, other] = [await make(shop), await make(`${shop}; ${change.replace(/^drop table (\w+)$/, "drop table $1 cascade")}`)];
          const [before, wanted] = [await read(connection), await read(other)];
          const { migrations, refused } = generate({ name: "change", format, before, wanted });
          assert.deepEqual(refused, []);
          assert.ok(migrations.length > 0);
          const parser = await loadSqlParser();
          for (const { up, down } of migrations) for (const sql of [...up, ...down]) assert.equal(parser.parse(sql).error, undefined, sql);
          for (const { up, after, name } of migrations) {
            await run(connection, messages(up));
            assert.deepEqual(compare(await read(connection), after, { exact: true }), [], name);
          }
          for (const { down } of [...migrations].reverse()) await run(connection, messages(down as readonly string[]));
          assert.deepEqual(compare(await read(connection), before, { exact: true }), []);
        });
    });
});
