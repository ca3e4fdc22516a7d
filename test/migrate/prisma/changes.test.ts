// The same change of a Prisma schema twice: as Plumbline generates and applies it, and as Prisma's engine writes it. Both
// schemas must read the same, and Prisma must find nothing left to do in either direction.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Client } from "pg";
import { compare } from "../../../server/src/compare/compare";
import { modelSeenBy } from "../../../server/src/compare/searched-schema";
import { openPostgres } from "../../../server/src/databases/postgres/open";
import type { RenameAnswers } from "../../../server/src/migrate/generate/renames";
import type { SchemaModel } from "../../../server/src/model/schema";
import { onEachServer, settingsOf } from "../../database/servers";
import { prismaDiff } from "../../oracles/prisma/migrate-engine";
import { prismaSql } from "../../oracles/prisma/schema-engine";
import type { Postgres } from "../../oracles/postgres";
import { header, prismaProject, type PrismaTestProject } from "./project";

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
  ["another name of a relation", ["references: [id])", 'references: [id], map: "by client")']],
  ["another name of a relation that changes as well", ["references: [id])", 'references: [id], onDelete: Cascade, map: "by client")'], ["points    Int ", "points    BigInt "]],
  ["another name of a key, an index and a unique column", ["id        Int      @id @default(autoincrement())", 'id        Int      @id(map: "orders_key") @default(autoincrement())'], ["@@index([clientId])", '@@index([clientId], map: "by_client")'], ["email  String  @unique", 'email  String  @unique(map: "one_email")']],
  ["a key of two columns", ["id        Int      @id @default(autoincrement())", "id        Int      @default(autoincrement())\n"], ["@@index([clientId])", "@@id([id, clientId])\n  @@index([clientId])"]],
  ["another table name and a self-relation", ["orders Order[]", "orders Order[]\n  parts  Part[]"], ["model Order", "model Part {\n  id       Int    @id @default(autoincrement()) @map(\"part_id\")\n  parentId Int?   @map(\"parent\")\n  clientId Int    @unique\n  client   Client @relation(fields: [clientId], references: [id], onDelete: Restrict)\n  parent   Part?  @relation(\"tree\", fields: [parentId], references: [id])\n  parts    Part[] @relation(\"tree\")\n\n  @@index([parentId, clientId])\n  @@map(\"client's parts\")\n}\n\nmodel Order"]],
];

const init = "20200101000000_init";

onEachServer((server) => describe("a change of a Prisma schema", function () {
  this.timeout(300_000);
  let database: Postgres["connection"];
  let client: Client;
  let first: string;
  let start: SchemaModel;
  let made = 0;
  before(async () => {
    database = await server().createDatabase("changes");
    client = new Client(database);
    await client.connect();
    first = await prismaSql({ "schema.prisma": header + shop }, database);
    await client.query('create schema "base"');
    const base = await begin("base");
    assert.deepEqual(await base.engine().deploy(), [init]);
    start = await read("base");
    // That what `lacks` says is what `dev` says.
    assert.deepEqual([await base.engine().dev(), await base.engine().lacks()], [{ nothingToDo: true }, ""]);
    base.schema(header + shop.replace("@@index([clientId])", ""));
    assert.match(await base.engine().lacks(), /DROP INDEX "orders_clientId_idx"/);
  });
  after(() => client?.end());

  /** A project in the schema `searched`. */
  async function begin(searched: string): Promise<PrismaTestProject> {
    const project = await prismaProject(server(), searched, header + shop, { searched, within: database.database });
    project.write({ [`prisma/migrations/${init}/migration.sql`]: first, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' });
    return project;
  }

  /** A schema that is as the first migration makes it. */
  async function makeSchema(name: string, record: "with Prisma's record" | "without a record"): Promise<void> {
    await client.query(`create schema "${name}"; set search_path = "${name}"; ${first}`);
    if (record === "with Prisma's record") await client.query('create table "_prisma_migrations" (like base."_prisma_migrations" including all); insert into "_prisma_migrations" select * from base."_prisma_migrations"');
  }

  /** What lies in the schema, told as if it were public, without Prisma's own table. */
  async function read(schema: string): Promise<SchemaModel> {
    const opened = await openPostgres({ ...settingsOf(database), schema });
    const { model } = await opened.read().finally(() => opened.close());
    const seen = modelSeenBy({ inSearchedSchema: true }, model);
    return { ...seen, tables: seen.tables.filter(({ name }) => name.schema === "public" && name.name !== "_prisma_migrations"), enums: seen.enums.filter(({ name }) => name.schema === "public") };
  }

  async function readAll(connection: Postgres["connection"]): Promise<SchemaModel> {
    const opened = await openPostgres(settingsOf(connection));
    const { model } = await opened.read().finally(() => opened.close());
    return { ...model, tables: model.tables.filter(({ name }) => name.name !== "_prisma_migrations") };
  }

  function same(one: SchemaModel, other: SchemaModel): void {
    assert.deepEqual(compare(one, other, { exact: true }), []);
    assert.deepEqual(namesIn(one), namesIn(other));
  }

  for (const [change, ...edits] of changes) {
    it(`${change}: Plumbline's migrations lead where Prisma's own do, and back`, async () => {
      const wanted = edits.reduce((text, [from, to]) => {
        assert.ok(text.includes(from), from);
        return text.replace(from, () => to);
      }, shop);
      const [ours, theirs] = [`ours_${++made}`, `theirs_${made}`];
      await makeSchema(theirs, "without a record");
      await client.query(await prismaDiff(header + shop, header + wanted, database));
      await makeSchema(ours, "with Prisma's record");
      const project = await begin(ours);
      project.schema(header + wanted);
      const { refused, questions, written } = await project.generate("change");
      assert.deepEqual([refused, questions], [[], []]);
      const names = migrationNames(written);
      assert.ok(names.length > 0);
      assert.deepEqual(await project.engine().deploy(), names);
      same(await read(ours), await read(theirs));
      // It does not see partial indexes in a database, its own no more than ours.
      if (!change.includes("partial")) assert.equal(await project.engine().lacks(), "");

      await project.operations.down({ target: project.target, count: names.length, lossesConfirmed: true });
      assert.deepEqual(await project.states(), [`${init} applied`, ...names.map((name) => `${name} pending`)]);
      same(await read(ours), start);
      await client.query(`set client_min_messages = warning; drop schema "${ours}", "${theirs}" cascade`);
    });
  }

  it("a value of an enum renamed, as answered: rows keep it, Prisma finds nothing to do, and back", async () => {
    await makeSchema("valued", "with Prisma's record");
    await client.query(`set search_path = valued; insert into "Client" (email) values ('a'); insert into orders ("clientId") values (1)`);
    const project = await begin("valued");
    project.schema(header + shop.replace("  open\n", "  fresh\n").replace("@default(open)", "@default(fresh)"));
    assert.deepEqual((await project.generate("values")).questions, [{ what: "value", from: "Status.open", candidates: ["fresh"] }]);
    const { refused, written } = await project.generate("values", { "Status.open": "fresh" });
    assert.deepEqual([refused, migrationNames(written).length], [[], 1]);
    assert.equal((await project.engine().deploy()).length, 1);
    assert.equal(await project.engine().lacks(), "");
    const status = async () => (await client.query<{ status: string }>("select status from orders")).rows[0]!.status;
    assert.equal(await status(), "fresh");
    await project.operations.down({ target: project.target, count: 1, lossesConfirmed: true });
    assert.equal(await status(), "open");
    same(await read("valued"), start);
  });

  it("names that change places, and one that is taken", async () => {
    await makeSchema("swapped", "with Prisma's record");
    const project = await begin("swapped");
    const swapped = shop.replace("email  String  @unique", 'email  String  @unique(map: "orders_clientId_idx")').replace("@@index([clientId])", '@@index([clientId], map: "Client_email_key")')
      .replace("id        Int      @id @default", 'id        Int      @id(map: "orders_clientId_fkey") @default').replace("references: [id])", 'references: [id], map: "orders_pkey")');
    project.schema(header + swapped);
    const { refused, written } = await project.generate("names");
    assert.deepEqual([refused, migrationNames(written).length], [[], 1]);
    assert.equal((await project.engine().deploy()).length, 1);
    assert.equal(await project.engine().lacks(), "");
    await project.operations.down({ target: project.target, count: 1, lossesConfirmed: true });
    same(await read("swapped"), start);
    // A check of that name is nothing that Prisma knows of.
    await client.query("set search_path = swapped; alter table orders add constraint by_client check (points > 0)");
    project.schema(header + shop.replace("references: [id])", 'references: [id], map: "by_client")'));
    const told = await project.generate("taken");
    assert.deepEqual([told.written, told.refused.map(({ reason }) => reason)], [[], ["The constraint orders_clientId_fkey of orders is to be called by_client, and something else of orders has that name. Give one of them another name."]]);
  });

  it("the default name again, of what the database has under another", async () => {
    await makeSchema("renamed", "with Prisma's record");
    await client.query('alter table orders rename constraint "orders_clientId_fkey" to mine; alter index "orders_clientId_idx" rename to my_index; alter index "Client_email_key" rename to my_key; alter table "Client" rename constraint "Client_pkey" to my_primary');
    const project = await begin("renamed");
    assert.deepEqual(migrationNames((await project.generate("names")).written).length, 1);
    assert.equal((await project.engine().deploy()).length, 1);
    assert.equal(await project.engine().lacks(), "");
    same(await read("renamed"), start);
  });

  it("a second unique index over the same columns, and one over those of the key, are in nobody's way", async () => {
    await makeSchema("twice", "with Prisma's record");
    await client.query('create unique index "A_email" on "Client" (email); create unique index "Client_id_key" on "Client" (id)');
    const project = await begin("twice");
    project.schema(header + shop.replace("id     Int     @id", "id     Int     @id @unique"));
    const { written, refused } = await project.generate("names");
    assert.deepEqual([written, refused, await project.engine().lacks()], [[], [], ""]);
  });

  it("in several schemas: Plumbline's migrations lead where Prisma's own do, and back", async () => {
    const several = header.replace('provider = "postgresql"', 'provider = "postgresql"\n  schemas  = ["sales", "auth"]');
    const text = `${several}enum Role {\n  staff\n  guest\n\n  @@schema("auth")\n}\n\nmodel User {\n  id     Int     @id @default(autoincrement())\n  role   Role    @default(guest)\n  orders Order[]\n\n  @@schema("auth")\n}\n\nmodel Order {\n  id     Int  @id\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n\n  @@schema("sales")\n}\n`;
    const wanted = text.replace('  @@schema("sales")', '  role   Role?\n  roles  Role[]  @default([])\n  both   Role[]  @default([staff, guest])\n\n  @@index([userId])\n  @@schema("sales")').replace("references: [id])", 'references: [id], map: "by user")').replace("model Order {", 'model Note {\n  id   Int  @id\n  role Role\n\n  @@unique([role])\n  @@schema("sales")\n}\n\nmodel Order {');
    const ours = await prismaProject(server(), "several_ours", text);
    const theirs = await server().createDatabase("several_theirs");
    const sql = await prismaSql({ "schema.prisma": text }, theirs);
    ours.write({ [`prisma/migrations/${init}/migration.sql`]: sql, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' });
    assert.deepEqual(await ours.engine().deploy(), [init]);
    const before = await readAll(ours.connection);
    ours.schema(wanted);
    const { refused, written } = await ours.generate("change");
    assert.deepEqual(refused, []);
    const names = migrationNames(written);
    assert.deepEqual(await ours.engine().deploy(), names);
    assert.equal(await ours.engine().lacks(), "");
    const other = new Client(theirs);
    await other.connect();
    await other.query(`${sql}; ${await prismaDiff(text, wanted, theirs)}`).finally(() => other.end());
    same(await readAll(ours.connection), await readAll(theirs));
    await ours.operations.down({ target: ours.target, count: names.length, lossesConfirmed: true });
    same(await readAll(ours.connection), before);

    // Two models and an enum change places, then a schema gets another name: rows stay where they are, and Prisma has nothing to ask for.
    for (const folder of new Set(written.map(({ file }) => dirname(file)))) if (names.includes(basename(folder))) rmSync(folder, { recursive: true });
    const run = async (statements: string): Promise<unknown> => {
      const opened = new Client(ours.connection);
      await opened.connect();
      return (await opened.query(statements).finally(() => opened.end())).rows;
    };
    await run(`insert into auth."User" (role) values ('staff')`);
    await run(`insert into sales."Order" values (7, 1)`);
    const swap: Readonly<Record<string, string>> = { sales: "auth", auth: "sales" };
    const swapped = text.replaceAll(/@@schema\("(\w+)"\)/g, (_, schema: string) => `@@schema("${swap[schema]}")`);
    const moves: readonly { readonly to: string; readonly answers: RenameAnswers; readonly rows: string }[] = [
      { to: swapped, answers: { "auth.User": "sales.User", "sales.Order": "auth.Order", "auth.Role": "sales.Role" }, rows: `select "userId", role from auth."Order" join sales."User" on "User".id = "userId"` },
      { to: swapped.replaceAll('"sales"', '"shop"'), answers: { sales: "shop" }, rows: `select "userId", role from auth."Order" join shop."User" on "User".id = "userId"` },
    ];
    ours.schema(swapped);
    assert.deepEqual((await ours.generate("moves")).questions.map(({ what, from, candidates }) => `${what} ${from} ${candidates[0]}`), ["type auth.Role sales.Role", "table auth.User sales.User", "table sales.Order auth.Order"]);
    for (const { to, answers, rows } of moves) {
      ours.schema(to);
      const moved = await ours.generate("moves", answers);
      assert.deepEqual([moved.refused, moved.questions, migrationNames(moved.written).length], [[], [], 1]);
      await ours.operations.up({ target: ours.target, lossesConfirmed: true });
      assert.deepEqual([await ours.engine().deploy(), await ours.engine().lacks()], [[], ""]);
      assert.deepEqual(await run(rows), [{ userId: 1, role: "staff" }]);
    }
    await ours.operations.down({ target: ours.target, count: moves.length, lossesConfirmed: true });
    same(await readAll(ours.connection), before);
  });
}));

function migrationNames(written: readonly { readonly file: string }[]): readonly string[] {
  return written.map(({ file }) => file.split("/").slice(-2)).filter(([, file]) => file === "migration.sql").map(([name]) => name!);
}

/** Comparing forgives other names: Prisma's engine does not. */
function namesIn({ tables }: SchemaModel): readonly string[] {
  return tables.flatMap(({ name, primaryKey, uniques, indexes, foreignKeys, checks }) => [primaryKey, ...uniques, ...indexes, ...foreignKeys, ...checks].map((part) => `${name.name} ${part?.name}`)).sort();
}
