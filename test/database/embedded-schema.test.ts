// drizzle-kit and Prisma's engine as judges of a whole database that Plumbline makes from a schema: pg_dump says the same
// of theirs and of ours, names included.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { Client } from "pg";
import { schemaSql } from "../../server/src/dialects/dialect";
import type { SchemaModel } from "../../server/src/model/schema";
import { debianBinaries, startPostgres, type Postgres } from "../oracles/postgres";
import { drizzleSql } from "../oracles/drizzle/kit";
import { prismaSql } from "../oracles/prisma/schema-engine";
import { workspace } from "../unit/drizzle/memory-files";
import { readText } from "../unit/prisma/workspace";

const require = createRequire(__filename);
const { buildModel, toDrizzle, toPrisma } = require("../bench/gen.mjs") as { buildModel(tables: number): object; toDrizzle(model: object): string; toPrisma(model: object): string };
const root = join(__dirname, "../..");

type Files = Readonly<Record<string, string>>;

function readDrizzle(files: Files): SchemaModel {
  const { session } = workspace({ ...files, "package.json": '{ "dependencies": { "drizzle-orm": "0.45.4" } }', "drizzle.config.ts": 'export default { dialect: "postgresql", schema: "./*.ts" };' });
  const { model, problems } = session.read(session.discover()[0]!);
  assert.deepEqual(problems, []);
  return model;
}

describe("the database made from a schema is the one that the ORM's own tool makes", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => { server = await startPostgres(); });
  after(async () => server.stop());

  let made = 0;
  async function dump(statements: readonly string[]): Promise<readonly string[]> {
    const connection = await server.createDatabase(`made_${++made}`);
    const client = new Client(connection);
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement).catch((error: Error) => assert.fail(`${error.message}: ${statement}`));
    } finally {
      await client.end();
    }
    const text = execFileSync(join(debianBinaries(), "pg_dump"), ["-s", "--no-owner", "--no-comments", "-h", connection.host, "-U", connection.user, connection.database], { encoding: "utf8", maxBuffer: 100_000_000 });
    return text.split("\n").filter((line) => line !== "" && !line.startsWith("--") && !/^\\(un)?restrict /.test(line));
  }

  async function same(model: SchemaModel, theirs: readonly string[]): Promise<void> {
    // drizzle-kit makes the schemas that are exported, and takes the others for made.
    const schemas = new Set(model.tables.flatMap(({ name }) => (name.schema === "public" ? [] : [`create schema if not exists "${name.schema}"`])));
    const [ours, expected] = [await dump(schemaSql(model)!), await dump([...schemas, ...theirs.filter((statement) => !statement.startsWith("CREATE SCHEMA"))])];
    assert.ok(expected.filter((line) => line.startsWith("CREATE TABLE")).length >= model.tables.length);
    assert.deepEqual(ours, expected);
  }

  const folder = join(root, "examples/drizzle-shop/src/db/schema");
  const examples: Readonly<Record<string, () => Files>> = {
    "every kind of column, index and constraint": () => ({ "schema.ts": readFileSync(join(__dirname, "embedded/every-kind.ts"), "utf8") }),
    "names that the code does not give": () => ({ "schema.ts": readFileSync(join(root, "test/oracles/drizzle/names.pg.ts"), "utf8") }),
    "examples/drizzle-shop": () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])),
    "50 tables": () => ({ "schema.ts": toDrizzle(buildModel(50)) }),
    "174 tables": () => ({ "schema.ts": toDrizzle(buildModel(174)) }),
  };
  for (const [title, files] of Object.entries(examples)) it(`Drizzle: ${title}`, async () => same(readDrizzle(files()), await drizzleSql(files())));

  const prismaExamples: Readonly<Record<string, () => string>> = {
    "examples/prisma-shop": () => readFileSync(join(root, "examples/prisma-shop/prisma/schema.prisma"), "utf8"),
    "50 tables": () => toPrisma(buildModel(50)),
    "174 tables": () => toPrisma(buildModel(174)),
  };
  for (const [title, text] of Object.entries(prismaExamples)) it(`Prisma: ${title}`, async () => same(readText(text()).model, [await prismaSql({ "schema.prisma": text() }, server.connection)]));

  it("Prisma: every kind of column, index and constraint", async () => {
    const extensions = ["create extension citext", "create extension pg_trgm"];
    const prisma = join(root, "test/oracles/prisma");
    const { model } = readText(readFileSync(join(prisma, "postgresql.prisma"), "utf8"));
    const [ours, theirs] = [await dump([...extensions, ...schemaSql(model)!]), await dump([...extensions, readFileSync(join(prisma, "postgresql.sql"), "utf8")])];
    assert.deepEqual(ours, theirs);
  });
});
