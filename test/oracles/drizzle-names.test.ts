// drizzle-kit and PostgreSQL as judges of the names that we say unnamed indexes and constraints have: drizzle-kit 0.31 writes
// its SQL here, that of 1.0.0-rc.5 (`drizzle-kit generate` of the same files) is kept beside them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { Client } from "pg";
import ts from "typescript";
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../server/src/indexes/default-name";
import { storedName } from "../../server/src/indexes/name-length";
import { nullOrder } from "../../server/src/indexes/null-order";
import type { DialectName, SchemaModel } from "../../server/src/model/schema";
import { tableKey } from "../../server/src/model/table-key";
import { workspace } from "../unit/drizzle/memory-files";
import { startPostgres, type Postgres } from "./postgres";

const require = createRequire(__filename);
const kit = require("drizzle-kit/api") as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
const text = (file: string): string => readFileSync(join(__dirname, "drizzle", file), "utf8");

type Casing = "snake_case" | "camelCase" | undefined;
const functions = { pg: ["generateDrizzleJson", "generateMigration"], mysql: ["generateMySQLDrizzleJson", "generateMySQLMigration"], sqlite: ["generateSQLiteDrizzleJson", "generateSQLiteMigration"] } as const;
type Core = keyof typeof functions;

/** The SQL that drizzle-kit 0.31 writes for a schema of ours. */
async function written(core: Core, casing: Casing): Promise<string> {
  const { outputText } = ts.transpileModule(text(`names.${core}.ts`), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exported: Record<string, unknown> = {};
  new Function("require", "exports", outputText)(require, exported);
  const [snapshot, migration] = functions[core];
  const rest = core === "pg" ? [undefined, casing] : [casing];
  return ((await kit[migration]!(await kit[snapshot]!({}), await kit[snapshot]!(exported, undefined, ...rest))) as string[]).join("\n");
}

function read(core: Core, version: string, casing: Casing): SchemaModel {
  const dialect: DialectName = core === "pg" ? "postgresql" : core;
  const { session } = workspace({
    "schema.ts": text(`names.${core}.ts`), "package.json": JSON.stringify({ dependencies: { "drizzle-orm": version } }),
    "drizzle.config.ts": `export default { dialect: "${dialect}", schema: "./schema.ts"${casing ? `, casing: "${casing}"` : ""} };`,
  });
  const { model, problems } = session.read(session.discover()[0]!);
  assert.deepEqual(problems, []);
  return model;
}

/** `kind name`, sorted. */
function ours(model: SchemaModel, kinds: readonly string[]): readonly string[] {
  const tables = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const { source, dialect } = model;
  const names = model.tables.flatMap((table) => [
    ...(table.primaryKey ? [["primary key", primaryKeyNameOf(table.primaryKey, table, source, dialect)] as const] : []),
    ...table.uniques.map((unique) => ["unique", uniqueNameOf(unique, table, source, dialect)] as const),
    ...table.indexes.map((index) => ["index", `${storedName(indexNameOf(index, table, source, dialect), dialect)} ${index.keys.map((key) => `${key.order} ${nullOrder(key, dialect)}`).join()}`] as const),
    ...table.foreignKeys.map((key) => ["foreign key", foreignKeyNameOf(key, table, source, dialect, tables.get(tableKey(key.references.table)))] as const),
    ...table.checks.map((check) => ["check", checkNameOf(check, table)] as const),
    ...table.columns.map((column) => ["sequence", sequenceNameOf(column, table, source)] as const),
  ]);
  return names.flatMap(([kind, name]) => (name !== undefined && kinds.includes(kind) ? [`${kind} ${kind === "index" ? name : storedName(name, dialect)}`] : [])).sort();
}

describe("names that the code does not give are those of the database", function () {
  this.timeout(120_000);
  let server: Postgres;
  before(async () => { server = await startPostgres(); });
  after(async () => server.stop());

  /** What the catalogue says after the SQL has run in a database of its own. */
  async function theirs(sql: string, name: string): Promise<readonly string[]> {
    const client = new Client(await server.createDatabase(name));
    await client.connect();
    try {
      await client.query(`create schema sales; ${sql.replaceAll("--> statement-breakpoint", "")}`);
      const { rows } = await client.query<{ line: string }>(`select case contype when 'p' then 'primary key ' when 'u' then 'unique ' when 'f' then 'foreign key ' else 'check ' end || conname as line from pg_constraint where contype in ('p', 'u', 'f', 'c') and connamespace in ('public'::regnamespace, 'sales'::regnamespace)
        union all select 'index ' || c.relname || ' ' || (select string_agg(case when option & 1 = 1 then 'desc ' else 'asc ' end || case when option & 2 = 2 then 'first' else 'last' end, ',' order by at) from unnest(i.indoption::int2[]) with ordinality as o (option, at))
          from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace) and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
        union all select 'sequence ' || relname from pg_class where relkind = 'S'`);
      return rows.map(({ line }) => line).sort();
    } finally {
      await client.end();
    }
  }

  const all = ["primary key", "unique", "index", "foreign key", "check", "sequence"];
  for (const casing of [undefined, "snake_case", "camelCase"] as const) {
    it(`PostgreSQL, drizzle-kit 0.31${casing ? `, casing ${casing}` : ""}`, async () => {
      const model = read("pg", "^0.45.4", casing);
      assert.deepEqual(ours(model, all), await theirs(await written("pg", casing), `v0_${casing ?? "plain"}`));
    });
  }
  it("PostgreSQL, drizzle-kit 1.0", async () => {
    const found = ours(read("pg", "1.0.0-rc.5", undefined), all);
    assert.deepEqual(found, await theirs(text("names.pg.v1.sql"), "v1"));
    assert.ok(found.length > 30);
  });

  /** Names in the SQL; an index that stands in it comes as a unique constraint of the model, too. */
  const inSql = (sql: string): readonly string[] => [
    ...[...sql.matchAll(/CONSTRAINT [`"]?([^`"\s]+)[`"]? UNIQUE/g)].map(([, name]) => `unique ${name}`),
    ...[...sql.matchAll(/CREATE UNIQUE INDEX `([^`]+)`/g)].map(([, name]) => `unique ${name}`),
    ...[...sql.matchAll(/CONSTRAINT `([^`]+)` FOREIGN KEY/g)].map(([, name]) => `foreign key ${name}`),
    ...[...sql.matchAll(/CONSTRAINT `([^`]+)` PRIMARY KEY/g)].map(([, name]) => `primary key ${name}`),
  ].sort();

  for (const casing of [undefined, "snake_case"] as const) {
    it(`MySQL, drizzle-kit 0.31${casing ? `, casing ${casing}` : ""}`, async () => {
      // MySQL takes the primary key's name and calls it PRIMARY.
      assert.deepEqual(ours(read("mysql", "^0.45.4", casing), ["unique", "foreign key"]), inSql(await written("mysql", casing)).filter((line) => !line.startsWith("primary key")));
    });
    it(`SQLite, drizzle-kit 0.31${casing ? `, casing ${casing}` : ""}`, async () => {
      assert.deepEqual(ours(read("sqlite", "^0.45.4", casing), all), inSql(await written("sqlite", casing)));
    });
  }
  it("MySQL, drizzle-kit 1.0", () => {
    assert.deepEqual(ours(read("mysql", "1.0.0-rc.5", undefined), ["unique", "foreign key"]), inSql(text("names.mysql.v1.sql")));
  });
  it("SQLite, drizzle-kit 1.0", () => {
    // A single column's UNIQUE has no name there: SQLite makes sqlite_autoindex_… of it.
    const unnamed = ["unique customers_emailAddress_unique", "unique customers_fullName_unique"];
    assert.deepEqual(ours(read("sqlite", "1.0.0-rc.5", undefined), all).filter((line) => !unnamed.includes(line)), inSql(text("names.sqlite.v1.sql")));
  });
});
