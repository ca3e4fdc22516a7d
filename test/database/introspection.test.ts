// What a reading gives, on real servers: against an expected model, and against what PostgreSQL says when it is asked in
// other ways (information_schema, pg_indexes, pg_get_indexdef).
import * as assert from "node:assert/strict";
import { Client } from "pg";
import { openPostgres } from "../../server/src/databases/postgres/open";
import type { DatabaseReading } from "../../server/src/databases/database";
import type { SchemaModel } from "../../server/src/model/schema";
import type { Postgres } from "../oracles/postgres";
import { indexDefinition } from "./index-definition";
import { createGenerated, generator } from "./latency";
import { comparable, createNasty, expectedModel } from "./nasty";
import { onEachServer, settingsOf } from "./servers";

type Rows = readonly Record<string, unknown>[];
type Ask = (sql: string) => Promise<Rows>;

/** Reads the database, and lets `judge` ask it in the same session settings. */
async function judged(connection: Postgres["connection"], judge: (reading: DatabaseReading, ask: Ask) => Promise<void>): Promise<void> {
  const database = await openPostgres(settingsOf(connection));
  const client = new Client(connection);
  await client.connect();
  try {
    await client.query("set search_path = public");
    await judge(await database.read(), async (sql) => (await client.query(sql)).rows as Rows);
  } finally {
    await client.end();
    await database.close();
  }
}

const own = "not in ('pg_catalog', 'information_schema', 'pg_toast')";
const notOfExtensions = "not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')";

async function sameIndexes(model: SchemaModel, ask: Ask): Promise<number> {
  const reserved = new Set((await ask("select word from pg_get_keywords() where catcode <> 'U'")).map(({ word }) => String(word)));
  const rebuilt = model.tables.flatMap((table) => table.indexes.map((index) => indexDefinition(index, table.name, reserved, table.kind === "partitioned table")));
  // An index of a view is none of a table's.
  const printed = await ask(`select pg_get_indexdef(i.indexrelid, 0, true) as definition from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname ${own} and c.relkind <> 'm' and ${notOfExtensions}`);
  assert.deepEqual([...rebuilt].sort(), printed.map(({ definition }) => String(definition)).sort());
  return rebuilt.length;
}

/** Columns by table, column and place: everything that information_schema knows of them. */
async function sameColumns(model: SchemaModel, ask: Ask): Promise<void> {
  const rows = await ask(`select c.table_schema, c.table_name, c.column_name, c.is_nullable, c.is_identity, c.is_generated, c.collation_name, c.column_default, c.generation_expression
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where t.table_type in ('BASE TABLE', 'FOREIGN', 'FOREIGN TABLE') and c.table_schema ${own} order by 1, 2, c.ordinal_position`);
  const expected = rows.map((row) => [
    row["table_schema"], row["table_name"], row["column_name"], row["is_nullable"] === "YES", row["is_identity"] === "YES", row["is_generated"] === "ALWAYS", row["generation_expression"] ?? row["column_default"] ?? null,
  ]);
  const sequences = /^nextval\(/;
  const found = model.tables.flatMap(({ name, columns }) => columns.map((column) => [
    name.schema, name.name, column.name, column.nullable, column.generated === "identity", column.generated === "stored" || column.generated === "virtual", column.generated === "serial" ? "serial" : (column.default?.sql ?? null),
  ]));
  const serial = new Set(found.filter((each) => each[6] === "serial").map((each) => each.slice(0, 3).join("\0")));
  const comparableRows = expected.map((each) => (serial.has(each.slice(0, 3).join("\0")) && sequences.test(String(each[6])) ? [...each.slice(0, 6), "serial"] : each));
  const byText = (a: readonly unknown[], b: readonly unknown[]): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  // A domain says itself that it takes no NULL, which information_schema counts as the column's.
  const withoutDomains = new Set((await ask("select table_schema, table_name, column_name from information_schema.columns where domain_name is not null")).map((row) => Object.values(row).join("\0")));
  const judgedBy = (all: readonly (readonly unknown[])[]) => all.map((each) => (withoutDomains.has(each.slice(0, 3).join("\0")) ? [...each.slice(0, 3), "domain", ...each.slice(4)] : each)).sort(byText);
  assert.deepEqual(judgedBy(found), judgedBy(comparableRows));
}

/** Without the constraint WITHOUT OVERLAPS, which is not unique, and what PostgreSQL keeps of a foreign key for each partition that it references. */
async function sameKeys(model: SchemaModel, ask: Ask): Promise<void> {
  const columns = `(select json_agg(kc.column_name order by kc.ordinal_position) from information_schema.key_column_usage kc
    where kc.constraint_schema = k.constraint_schema and kc.constraint_name = k.constraint_name and kc.table_name = k.table_name)`;
  const keys = await ask(`select k.table_schema || '.' || k.table_name || '.' || k.constraint_name || ' ' || k.constraint_type as name, ${columns} as columns, k.is_deferrable, k.initially_deferred, r.update_rule, r.delete_rule
    from information_schema.table_constraints k left join information_schema.referential_constraints r using (constraint_schema, constraint_name)
    where k.table_schema ${own} and k.constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') and k.constraint_name <> 'other_during'
      and k.constraint_name !~ '^refers_to_events_id_at_fkey_?[0-9]$'`);
  const found = model.tables.flatMap(({ name: { schema, name }, primaryKey, uniques, foreignKeys }) => [
    ...(primaryKey ? [[`${schema}.${name}.${primaryKey.name} PRIMARY KEY`, primaryKey.columns, null]] : []),
    ...uniques.map((unique) => [`${schema}.${name}.${unique.name} UNIQUE`, unique.columns, null]),
    ...foreignKeys.map((key) => [`${schema}.${name}.${key.name} FOREIGN KEY`, key.columns, [key.deferrable !== undefined, key.deferrable === "initially deferred", key.onUpdate, key.onDelete]]),
  ]);
  const seen = new Map(keys.map((row) => [row["name"], [
    row["name"], row["columns"], row["update_rule"] === null ? null : [row["is_deferrable"] === "YES", row["initially_deferred"] === "YES", String(row["update_rule"]).toLowerCase(), String(row["delete_rule"]).toLowerCase()],
  ]]));
  assert.deepEqual(new Map(found.map((each) => [each[0], each])), seen);
}

onEachServer((server) => {
  it("gives the expected model of a nasty schema", async () => {
    await judged(await createNasty(server()), async ({ model, problems, server: description }, ask) => {
      assert.deepEqual(comparable(model), expectedModel(server()));
      assert.deepEqual(problems, []);
      assert.equal(Math.floor(description.version / 10_000), server().version);
      assert.match(description.title, new RegExp(`^PostgreSQL ${server().version}\\.`));
      assert.ok(description.extensions.some(({ name, version }) => name === "citext" && version !== ""));
      assert.equal(description.readOnly, false);
      const views = await ask("select schemaname, viewname as name, definition, false as materialized from pg_views where schemaname = 'public' and viewname !~ '^pg_stat' union all select schemaname, matviewname, definition, true from pg_matviews order by 1");
      assert.deepEqual(model.views?.map(({ name, materialized, definition }) => ({ name, materialized, definition })), views.map((row) => ({ name: { schema: row["schemaname"], name: row["name"] }, materialized: row["materialized"], definition: row["definition"] })));
    });
  });

  it("agrees with what PostgreSQL says in other ways of the nasty schema", async () => {
    await judged(await createNasty(server()), async ({ model }, ask) => {
      assert.ok((await sameIndexes(model, ask)) > 30);
      await sameColumns(model, ask);
      await sameKeys(model, ask);
    });
  });

  it("agrees with what PostgreSQL says in other ways of a large generated schema", async () => {
    const { buildModel, toSql } = await generator();
    const generated = buildModel(174);
    const connection = await server().createDatabase("generated");
    await createGenerated(connection, toSql(generated));
    await judged(connection, async ({ model }, ask) => {
      assert.equal(model.tables.length, 174);
      // Each table's primary key and each unique constraint has an index too.
      assert.equal(await sameIndexes(model, ask), 174 + generated.tables.reduce((sum, table) => sum + table.indexes.length + table.uniques.length, 0));
      await sameColumns(model, ask);
      await sameKeys(model, ask);
      const brief = (tables: readonly { readonly name: string; readonly checks: readonly (string | undefined)[]; readonly columns: readonly string[] }[]) => new Map(tables.map((table) => [table.name, { ...table, checks: [...table.checks].sort() }]));
      assert.deepEqual(
        brief(model.tables.map(({ name, checks, columns }) => ({ name: name.name, checks: checks.map((check) => check.name), columns: columns.map((column) => column.name) }))),
        brief(generated.tables.map(({ name, checks, columns }) => ({ name, checks: checks.map((check) => check.name), columns: columns.map((column) => column.name) }))),
      );
    });
  });

  it("reads an empty database", async () => {
    await judged(await server().createDatabase("empty"), async ({ model, problems }) => {
      const { tables, enums, views, sequences, domains } = model;
      assert.deepEqual({ tables, enums, views, sequences, domains, problems }, { tables: [], enums: [], views: [], sequences: [], domains: [], problems: [] });
    });
  });

  it("reads the rest where the server keeps a part of its catalogue to itself", async () => {
    const connection = await createNasty(server());
    await server().query("do $$ begin create role outsider login; exception when duplicate_object then null; end $$");
    const admin = new Client(connection);
    await admin.connect();
    await admin.query("revoke select on pg_policy, pg_enum from public");
    await admin.end();
    const database = await openPostgres(settingsOf({ ...connection, user: "outsider" }));
    try {
      const { reading, facts } = await database.readAll();
      assert.equal(facts.tables.length, reading.model.tables.length + 1, "the materialized view has statistics too");
      for (const { model, problems } of [reading, await database.read()]) {
        assert.deepEqual(problems.filter((problem) => !problem.includes("no USAGE privilege")).map((problem) => problem.replace(/ could not be read, and are missing: .*$/, "")), ["The enums", "The policies", "The change stamp"]);
        assert.match(problems[0]!, /permission denied for table pg_enum/);
        assert.deepEqual(model.enums, []);
        const { moods, ...others } = Object.fromEntries(model.tables.find(({ name }) => name.name === "clients")!.columns.map((column) => [column.name, column]));
        assert.deepEqual(moods!.type, { name: "mood[]" });
        assert.equal(Object.keys(others).length, 21);
      }
    } finally {
      await database.close();
    }
  });

  it("reads what a limited user may, and says what is out of reach", async () => {
    const connection = await createNasty(server());
    await server().query(`do $$ begin create role limited login; exception when duplicate_object then null; end $$`);
    const admin = new Client(connection);
    await admin.connect();
    await admin.query("grant usage on schema sales to limited");
    await admin.end();
    await judged({ ...connection, user: "limited" }, async ({ model, problems, server: { user } }) => {
      assert.equal(user, "limited");
      assert.deepEqual(comparable(model), expectedModel(server()));
      assert.equal(problems.length, 2);
      assert.match(problems.find((problem) => problem.includes('"private"'))!, /^The user "limited" has no USAGE privilege on the schema "private": .*GRANT USAGE ON SCHEMA "private" TO "limited"\.$/);
    });
  });
});
