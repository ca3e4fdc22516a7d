// The same change of a Prisma schema twice: as Plumbline generates and applies it, and as Prisma's engine writes it. Both
// databases must read the same, and Prisma must find nothing left to do in either direction.
import assert from "node:assert/strict";
import { Client } from "pg";
import { compare } from "../../../server/src/compare/compare";
import { openPostgres } from "../../../server/src/databases/postgres/open";
import type { SchemaModel } from "../../../server/src/model/schema";
import { settingsOf } from "../../database/servers";
import { prismaDiff } from "../../oracles/prisma/migrate-engine";
import { prismaSql } from "../../oracles/prisma/schema-engine";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { header, prismaProject, type PrismaTestProject, type ProjectOptions } from "./project";

const shop = `enum Status {
  open
  paid
}

model Client {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  name   String?
  orders Order[]
}

model Order {
  id        Int      @id @default(autoincrement())
  clientId  Int
  status    Status   @default(open)
  amount    Decimal  @default(0) @db.Decimal(10, 2)
  note      String?  @db.VarChar(200)
  points    Int      @default(1)
  createdAt DateTime @default(now())
  client    Client   @relation(fields: [clientId], references: [id])

  @@index([clientId])
  @@map("orders")
}
`;

/** What is replaced in the shop by what. */
const changes: readonly (readonly [change: string, ...edits: readonly (readonly [from: string, to: string])[]])[] = [
  ["an index", ["@@index([clientId])", "@@index([clientId])\n  @@index([status, createdAt(sort: Desc)])"]],
  ["an index dropped", ["  @@index([clientId])\n", ""]],
  ["a unique pair", ["@@index([clientId])", "@@index([clientId])\n  @@unique([clientId, note])"]],
  ["a unique column", ["name   String?", "name   String? @unique"]],
  ["a unique dropped", ["email  String  @unique", "email  String"]],
  ["a hash index with a name", ["@@index([clientId])", '@@index([clientId])\n  @@index([note], type: Hash, map: "by_note")'],],
  ["a partial index", ["@@index([clientId])", '@@index([clientId])\n  @@index([createdAt], where: raw("note IS NULL"))']],
  ["an optional column", ["name   String?", "name   String?\n  phone  String?"]],
  ["a column with a default", ["name   String?", "name   String?\n  points Int @default(5)"]],
  ["@updatedAt with now()", ["createdAt DateTime @default(now())", "createdAt DateTime @default(now())\n  changedAt DateTime @default(now()) @updatedAt"]],
  ["@updatedAt without a default, on no rows", ["createdAt DateTime @default(now())", "createdAt DateTime @default(now())\n  changedAt DateTime @updatedAt"]],
  ["uuid() and cuid(), which Prisma makes itself", ["name   String?", "name   String? @default(uuid())\n  key    String? @default(cuid())"]],
  ["a uuid that the database makes", ["name   String?", "name   String?\n  key    String @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid"]],
  ["a list", ["name   String?", "name   String?\n  tags   String[] @default([\"new\"])"]],
  ["a list without a default", ["name   String?", "name   String?\n  scores Int[]"]],
  ["json and bytes", ["name   String?", "name   String?\n  data   Json @default(\"{}\")\n  photo  Bytes?"]],
  ["a column dropped", ["  note      String?  @db.VarChar(200)\n", ""]],
  ["a column made required", ["note      String?  @db.VarChar(200)", "note      String   @db.VarChar(200)"]],
  ["a column made optional", ["clientId  Int\n", "clientId  Int?\n"], ["client    Client ", "client    Client? "]],
  ["a wider type", ["@db.VarChar(200)", "@db.VarChar(400)"]],
  ["text without a length", [" @db.VarChar(200)", ""]],
  ["a bigint", ["points    Int ", "points    BigInt "]],
  ["another default", ["@default(open)", "@default(paid)"]],
  ["a default dropped", ["@default(0) ", ""]],
  ["a time with zone", ["createdAt DateTime @default(now())", "createdAt DateTime @default(now()) @db.Timestamptz(3)"]],
  ["an enum value", ["  paid\n", "  paid\n  sent\n"]],
  ["an enum value dropped", ["  paid\n", ""]],
  ["an enum in the database's words", ["  paid\n", "  paid\n  sent @map(\"shipped out\")\n"]],
  ["a new enum with a column", ["name   String?", "name   String?\n  kind   Kind @default(person)"], ["enum Status", "enum Kind {\n  person\n  firm\n\n  @@map(\"client_kind\")\n}\n\nenum Status"]],
  ["a new model with a relation", ["orders Order[]", "orders Order[]\n  audits Audit[]"], ["model Order", "model Audit {\n  id       String @id @default(uuid())\n  clientId Int\n  at       DateTime @default(now())\n  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade)\n}\n\nmodel Order"]],
  ["an implicit relation of many to many", ["orders Order[]", "orders Order[]\n  groups Group[]"], ["model Order", "model Group {\n  id      Int @id\n  clients Client[]\n}\n\nmodel Order"]],
  ["an implicit relation of a model to itself", ["orders Order[]", "orders Order[]\n  knows   Client[] @relation(\"friends\")\n  knownBy Client[] @relation(\"friends\")"]],
  ["a model dropped", ["  orders Order[]\n", ""], [/model Order[\s\S]*/.exec(shop)![0], ""]],
  ["another action on delete", ["references: [id])", "references: [id], onDelete: Cascade, onUpdate: NoAction)"]],
  ["a relation to a model that stands", ["model Order {", "model Order {\n  payerId   Int?\n  payer     Client? @relation(\"payer\", fields: [payerId], references: [id])"], ["client    Client   @relation(", "client    Client   @relation(\"client\", "], ["orders Order[]", "orders Order[] @relation(\"client\")\n  paid   Order[] @relation(\"payer\")"]],
  ["a key of two columns", ["id        Int      @id @default(autoincrement())", "id        Int      @default(autoincrement())\n"], ["@@index([clientId])", "@@id([id, clientId])\n  @@index([clientId])"]],
  ["another table name and a self-relation", ["orders Order[]", "orders Order[]\n  parts  Part[]"], ["model Order", "model Part {\n  id       Int    @id @default(autoincrement()) @map(\"part_id\")\n  parentId Int?   @map(\"parent\")\n  clientId Int    @unique\n  client   Client @relation(fields: [clientId], references: [id], onDelete: Restrict)\n  parent   Part?  @relation(\"tree\", fields: [parentId], references: [id])\n  parts    Part[] @relation(\"tree\")\n\n  @@index([parentId, clientId])\n  @@map(\"client's parts\")\n}\n\nmodel Order"]],
];

const init = "20200101000000_init";

describe("a change of a Prisma schema", function () {
  this.timeout(60_000);
  let server: Postgres;
  let first: string;
  let start: SchemaModel;
  let made = 0;
  before(async () => {
    server = await startPostgres();
    first = await prismaSql({ "schema.prisma": header + shop }, server.connection);
    const base = await begin("base", {});
    assert.deepEqual(await base.engine().deploy(), [init]);
    start = await read(base.connection);
    await server.query('create database "plain"');
    await run({ ...server.connection, database: "plain" }, first);
  });
  after(() => server?.stop());

  async function begin(name: string, options: ProjectOptions): Promise<PrismaTestProject> {
    const project = await prismaProject(server, name, header + shop, options);
    project.write({ [`prisma/migrations/${init}/migration.sql`]: first, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' });
    return project;
  }

  async function run(connection: Postgres["connection"], sql: string): Promise<void> {
    const client = new Client(connection);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  /** Without Prisma's own table. */
  async function read(connection: Postgres["connection"]): Promise<SchemaModel> {
    const database = await openPostgres(settingsOf(connection));
    const { model } = await database.read().finally(() => database.close());
    return { ...model, tables: model.tables.filter(({ name }) => name.name !== "_prisma_migrations") };
  }

  function same(one: SchemaModel, other: SchemaModel): void {
    assert.deepEqual(compare(one, other, { renames: "ignored" }), []);
    assert.deepEqual(namesIn(one), namesIn(other));
  }

  for (const [change, ...edits] of changes) {
    it(`${change}: Plumbline's migrations lead where Prisma's own do, and back`, async () => {
      const wanted = edits.reduce((text, [from, to]) => {
        assert.ok(text.includes(from), from);
        return text.replace(from, () => to);
      }, shop);
      const project = await begin(`ours_${++made}`, { template: "base" });
      project.schema(header + wanted);
      const { refused, questions, written } = await project.generate("change");
      assert.deepEqual([refused, questions], [[], []]);
      const names = migrationNames(written);
      assert.ok(names.length > 0);
      assert.deepEqual(await project.engine().deploy(), names);
      const theirs = await server.query(`create database "theirs_${made}" template "plain"`).then(() => ({ ...server.connection, database: `theirs_${made}` }));
      await run(theirs, await prismaDiff(header + shop, header + wanted, theirs));
      same(await read(project.connection), await read(theirs));
      // It does not see partial indexes in a database, its own no more than ours.
      if (!change.includes("partial")) assert.deepEqual(await project.engine().dev(), { nothingToDo: true });

      await project.operations.down({ target: project.target, count: names.length, lossesConfirmed: true });
      assert.deepEqual(await project.states(), [`${init} applied`, ...names.map((name) => `${name} pending`)]);
      same(await read(project.connection), start);
    });
  }
});

function migrationNames(written: readonly { readonly file: string }[]): readonly string[] {
  return written.map(({ file }) => file.split("/").slice(-2)).filter(([, file]) => file === "migration.sql").map(([name]) => name!);
}

/** Comparing forgives other names: Prisma's engine does not. */
function namesIn({ tables }: SchemaModel): readonly string[] {
  return tables.flatMap(({ name, primaryKey, uniques, indexes, foreignKeys, checks }) => [primaryKey, ...uniques, ...indexes, ...foreignKeys, ...checks].map((part) => `${name.name} ${part?.name}`)).sort();
}
