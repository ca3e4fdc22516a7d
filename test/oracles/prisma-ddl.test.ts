// The database as judge: the DDL that Prisma's schema engine 8.1 writes for postgresql.prisma (`prisma migrate diff --from-empty`,
// kept in postgresql.sql) runs in a real PostgreSQL, whose catalogue must say what we read from the schema itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { foreignKeyNameOf, indexNameOf, primaryKeyNameOf, uniqueNameOf } from "../../server/src/indexes/default-name";
import type { SchemaModel } from "../../server/src/model/schema";
import { readText } from "../unit/prisma/workspace";
import { startPostgres, type Postgres } from "./postgres";

const folder = join(__dirname, "prisma");

describe("the database that Prisma makes is the one that we read", function () {
  let server: Postgres;
  let model: SchemaModel;
  before(async function () {
    this.timeout(120_000);
    server = await startPostgres();
    await server.query("create extension citext; create extension pg_trgm");
    await server.query(readFileSync(join(folder, "postgresql.sql"), "utf8"));
    model = readText(readFileSync(join(folder, "postgresql.prisma"), "utf8")).model;
  });
  after(async () => server.stop());

  const rows = async (sql: string): Promise<readonly string[]> => (await server.query(sql)).map((row) => String(row["line"])).sort();

  it("columns, with their types as format_type spells them", async () => {
    const theirs = await rows(`select c.relname || '.' || a.attname || ' ' || replace(format_type(a.atttypid, a.atttypmod), '"', '')
        || case when a.attnotnull and not coalesce(p.conkey @> array[a.attnum], false) or a.attndims > 0 then ' not null' else '' end as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 left join pg_constraint p on p.conrelid = c.oid and p.contype = 'p'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`);
    // A key's column is NOT NULL in any case; a list is required for Prisma, though its DDL does not say so.
    const ours = model.tables.flatMap((table) => table.columns.map((column) => `${table.name.name}.${column.name} ${column.type.name}${column.nullable || table.primaryKey?.columns.includes(column.name) ? "" : " not null"}`));
    assert.deepEqual(ours.sort(), theirs);
    assert.ok(ours.length > 60);
  });

  it("primary keys, uniques and indexes, with the names that Prisma makes up", async () => {
    const theirs = await rows(`select c.relname || ' ' || t.relname || ' ' || m.amname || case when i.indisprimary then ' primary' when i.indisunique then ' unique' else '' end || '('
        || (select string_agg(a.attname || case when i.indoption[k - 1] & 1 = 1 then ' desc' else '' end || case when o.opcdefault then '' else ' ' || o.opcname end, ',' order by k)
            from generate_subscripts(i.indkey::int2[], 1) s, lateral (select s + 1 as k) as one join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[k - 1] join pg_opclass o on o.oid = i.indclass[k - 1]) || ')'
        || case when i.indpred is null then '' else ' where' end as line
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_am m on m.oid = c.relam where t.relnamespace = 'public'::regnamespace`);
    const ours = model.tables.flatMap((table) => {
      const name = table.name.name;
      const key = table.primaryKey;
      return [
        ...(key ? [`${primaryKeyNameOf(key, table, "prisma")} ${name} btree primary(${key.columns.join(",")})`] : []),
        ...table.uniques.map((unique) => `${uniqueNameOf(unique, table, "prisma")} ${name} btree unique(${unique.columns.join(",")})`),
        ...table.indexes.map((index) => {
          const keys = index.keys.map((one) => `${one.column}${one.order === "desc" ? " desc" : ""}${one.operatorClass && one.operatorClass !== "float8_minmax_ops" ? ` ${one.operatorClass}` : ""}`);
          return `${indexNameOf(index, table, "prisma")} ${name} ${index.method}${index.unique ? " unique" : ""}(${keys.join(",")})${index.where ? " where" : ""}`;
        }),
      ];
    });
    assert.deepEqual(ours.sort(), theirs);
    assert.ok(ours.some((line) => line.startsWith("SetDefaults_veryLong")));
  });

  it("predicates, as PostgreSQL prints them", async () => {
    for (const table of model.tables) {
      for (const index of table.indexes.filter((one) => one.where)) {
        const name = indexNameOf(index, table, "prisma");
        const [theirs] = await rows(`select pg_get_expr(indpred, indrelid) as line from pg_index where indexrelid = '"${name}"'::regclass`);
        await server.query(`drop index if exists again; create index again on "${table.name.name}" (${index.keys.map((one) => `"${one.column}"`).join(", ")}) where ${index.where!.sql}`);
        const [ours] = await rows("select pg_get_expr(indpred, indrelid) as line from pg_index where indexrelid = 'again'::regclass");
        assert.equal(ours, theirs);
      }
    }
    await server.query("drop index if exists again");
  });

  it("foreign keys with their effective actions", async () => {
    const actions: Record<string, string> = { a: "no action", r: "restrict", c: "cascade", n: "set null", d: "set default" };
    const theirs = (await rows(`select k.conname || ' ' || t.relname || ' -> ' || r.relname || ' (' || (select string_agg(a.attname, ',' order by n) from unnest(k.conkey) with ordinality as u(c, n) join pg_attribute a on a.attrelid = t.oid and a.attnum = c)
        || ') (' || (select string_agg(a.attname, ',' order by n) from unnest(k.confkey) with ordinality as u(c, n) join pg_attribute a on a.attrelid = r.oid and a.attnum = c) || ') ' || k.confdeltype::text || k.confupdtype::text as line
      from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_class r on r.oid = k.confrelid where k.contype = 'f'`))
      .map((line) => line.replace(/(.)(.)$/, (_, onDelete: string, onUpdate: string) => `${actions[onDelete]} ${actions[onUpdate]}`));
    const ours = model.tables.flatMap((table) => table.foreignKeys.map((key) =>
      `${foreignKeyNameOf(key, table, "prisma")} ${table.name.name} -> ${key.references.table.name} (${key.columns.join(",")}) (${key.references.columns.join(",")}) ${key.onDelete} ${key.onUpdate}`));
    assert.deepEqual(ours.sort(), theirs.sort());
    assert.ok(ours.length >= 7);
  });

  it("defaults", async () => {
    for (const table of model.tables) {
      for (const column of table.columns) {
        if (column.generated === "serial") continue;
        const [theirs] = await rows(`select pg_get_expr(d.adbin, d.adrelid) as line from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = '"${table.name.name}"'::regclass and a.attname = '${column.name}'`);
        if (!column.default) {
          assert.equal(theirs, undefined, `${table.name.name}.${column.name}`);
          continue;
        }
        const type = column.type.enum ? column.type.name.replace(column.type.enum.name, `"${column.type.enum.name}"`) : column.type.name;
        await server.query(`drop table if exists again; create table again (it ${type} default ${column.default.sql})`);
        const [ours] = await rows("select pg_get_expr(d.adbin, d.adrelid) as line from pg_attrdef d where d.adrelid = 'again'::regclass");
        assert.equal(ours, theirs, `${table.name.name}.${column.name}`);
      }
    }
  });
});
