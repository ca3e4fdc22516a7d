import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { SourceRange } from "../../../server/src/model/schema";
import { postgres, readOnly, readText, schemaPath, tableOf, workspace } from "./workspace";

const shop = `${postgres}model Client {
  id     Int     @id @default(autoincrement())
  email  String  @unique(map: "client_email")
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  number   String @map("order_number")
  clientId Int    @map("client_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade)

  @@unique([clientId, number])
  @@index([number(sort: Desc)], map: "by_number")
  @@map("orders")
}
`;

describe("reading a Prisma schema", () => {
  it("gives tables, columns and keys by their database names", () => {
    const orders = tableOf(readText(shop), "orders");
    assert.deepEqual(orders.columns.map((column) => [column.property, column.name, column.type.name, column.nullable]), [
      ["id", "id", "integer", false], ["number", "order_number", "text", false], ["clientId", "client_id", "integer", false],
    ]);
    assert.deepEqual(orders.primaryKey?.columns, ["id"]);
    assert.deepEqual(orders.uniques.map((unique) => unique.columns), [["client_id", "order_number"]]);
    assert.deepEqual(orders.indexes.map((index) => [index.name, index.keys]), [["by_number", [{ column: "order_number", order: "desc" }]]]);
    const [key] = orders.foreignKeys;
    assert.deepEqual([key!.columns, key!.references, key!.onDelete, key!.onUpdate, key!.enforced], [["client_id"], { table: { schema: "public", name: "clients" }, columns: ["id"] }, "cascade", "cascade", true]);
  });

  it("gives the place of everything", () => {
    const reading = readText(shop);
    const text = (at: SourceRange | undefined): string => shop.slice(at!.start, at!.end);
    const orders = tableOf(reading, "orders");
    assert.equal(text(orders.nameAt), "Order");
    assert.ok(text(orders.at).startsWith("model Order {") && text(orders.at).endsWith("}"));
    assert.equal(text(orders.columns[2]!.at), 'clientId Int    @map("client_id")');
    assert.equal(text(orders.columns[2]!.nameAt), "clientId");
    assert.equal(text(orders.foreignKeys[0]!.at), "@relation(fields: [clientId], references: [id], onDelete: Cascade)");
    assert.equal(text(orders.indexes[0]!.at), '@@index([number(sort: Desc)], map: "by_number")');
    assert.equal(text(orders.uniques[0]!.at), "@@unique([clientId, number])");
    assert.equal(text(orders.primaryKey!.at), "@id");
    assert.equal(text(tableOf(reading, "clients").uniques[0]!.at), '@unique(map: "client_email")');
    assert.equal(text(tableOf(reading, "clients").relations[0]!.at), "orders Order[]");
    assert.equal(orders.at!.file, schemaPath);
    assert.deepEqual(JSON.parse(JSON.stringify(orders.nameAt)), { file: schemaPath, start: shop.indexOf("Order {"), end: shop.indexOf("Order {") + 5 });
  });

  const otherwise = (usual: string, other: string) => it(`reads ${other} as ${usual}`, () => {
    const read = (written: string): unknown => {
      const [first, line] = written.startsWith("@@") ? ["a Int?", written] : [`a ${written}`, ""];
      const { model, problems } = readText(`${postgres}enum E {\n  x\n}\n\nmodel P {\n  id Int @id\n  k String @unique\n  ms M[]\n}\n\nmodel M {\n  id Int @id\n  b Int\n  pId Int?\n  ${first}\n  ${line}\n}\n`);
      const values = JSON.stringify(model.tables, (key, value: unknown) => (/^(at|nameAt)$/.test(key) ? undefined : value));
      return { tables: JSON.parse(values) as unknown, problems: problems.map(({ message }) => message) };
    };
    assert.deepEqual(read(other), read(usual));
    assert.notDeepEqual(read(usual), read(usual.startsWith("@@") ? "" : usual.slice(0, usual.indexOf("@"))));
  });
  otherwise('String @map("z")', 'String @map( "z" )');
  otherwise('String @map("z")', 'String @map(name: "z")');
  otherwise('String @map("z")', 'String @map("\\u007a")');
  otherwise("Decimal @db.Decimal(10, 2)", "Decimal @db.Decimal( 10 , 2 )");
  otherwise("String @db.VarChar(20)", "String @db.VarChar(20,)");
  otherwise("Int @default(5)", "Int @default( 5 )");
  otherwise("Int @default(5)", "Int @default(value: 5)");
  otherwise("DateTime @default(now())", "DateTime @default( now() )");
  otherwise('String @default(dbgenerated("f()"))', 'String @default(value: dbgenerated("f()"))');
  otherwise("E @default(x)", "E @default(\n    x)");
  otherwise("DateTime @updatedAt", "DateTime @updatedAt()");
  otherwise('P? @relation(fields: [pId], references: [id], onDelete: Cascade, onUpdate: NoAction, map: "fk")', 'P? @relation(\n    references: [ id ], fields: [pId,], map: "fk", onUpdate: NoAction, onDelete: Cascade\n  )');
  otherwise('P? @relation("ab", fields: [pId], references: [id])', 'P? @relation(name: "ab", fields: pId, references: id)');
  otherwise("@@index([a, b(sort: Desc)], map: \"i\")", "@@index(fields: [ a, b( sort : Desc ) ], map: \"i\")");
  otherwise("@@index([a, b])", "@@index([\n    a,\n    b,\n  ])");
  otherwise("@@index([nowhere])", "@@index( [nowhere])");
  otherwise('@@unique([a, b], map: "u")', '@@unique(map: "u", fields: [a, b])');
  otherwise("@@id([b, pId])", "@@id( [b, pId] )");

  it("places stay right behind emoji, which are two UTF-16 units", () => {
    const text = `${postgres}// 🐘🐘\nmodel A {\n  id Int @id // 🦣\n  s String @default("🐘")\n\n  @@index([s])\n}\n`;
    const at = tableOf(readText(text), "A").indexes[0]!.at!;
    assert.equal(text.slice(at.start, at.end), "@@index([s])");
  });

  it("leaves out views, composite types and ignored models", () => {
    const reading = readText(`${postgres}model A {\n  id Int @id\n}\nview V {\n  id Int @unique\n}\nmodel Old {\n  id Int\n  @@ignore\n}\n`);
    assert.deepEqual(reading.model.tables.map((table) => table.name.name), ["A"]);
    assert.deepEqual(reading.problems, []);
  });

  it("keeps ignored and unsupported columns, which stand in the database", () => {
    const table = tableOf(readText(`${postgres}model A {\n  id Int @id\n  secret String @ignore\n  v Unsupported("vector(3)")?\n}\n`), "A");
    assert.deepEqual(table.columns.map((column) => [column.name, column.type.name, column.nullable]), [["id", "integer", false], ["secret", "text", false], ["v", "vector(3)", true]]);
  });

  it("fills in Prisma's default actions", () => {
    const actions = (fields: string): readonly string[] => {
      const { foreignKeys } = tableOf(readText(`${postgres}model B {\n  id Int @id\n  x Int\n  as A[]\n  @@unique([id, x])\n}\nmodel A {\n  id Int @id\n${fields}}\n`), "A");
      return [foreignKeys[0]!.onDelete, foreignKeys[0]!.onUpdate];
    };
    assert.deepEqual(actions("  bId Int?\n  b B? @relation(fields: [bId], references: [id])\n"), ["set null", "cascade"]);
    assert.deepEqual(actions("  bId Int\n  b B @relation(fields: [bId], references: [id])\n"), ["restrict", "cascade"]);
    assert.deepEqual(actions("  bId Int\n  bX Int?\n  b B? @relation(fields: [bId, bX], references: [id, x])\n"), ["restrict", "cascade"]);
    assert.deepEqual(actions("  bId Int?\n  b B? @relation(fields: [bId], references: [id], onDelete: NoAction, onUpdate: SetDefault)\n"), ["no action", "set default"]);
  });

  it("SQL Server has no RESTRICT", () => {
    const reading = readText('datasource db {\n  provider = "sqlserver"\n}\nmodel B {\n  id Int @id\n  as A[]\n}\nmodel A {\n  id Int @id\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n}\n');
    assert.equal(tableOf(reading, "A").foreignKeys[0]!.onDelete, "no action");
  });

  it("relationMode = prisma and MongoDB make no constraints", () => {
    const models = "model B {\n  id Int @id\n  as A[]\n}\nmodel A {\n  id Int @id\n  bId Int\n  b B @relation(fields: [bId], references: [id])\n}\n";
    const enforced = (source: string): boolean => tableOf(readText(`datasource db {\n  ${source}\n}\n${models}`), "A").foreignKeys[0]!.enforced;
    assert.equal(enforced('provider = "mysql"\n  relationMode = "prisma"'), false);
    assert.equal(enforced('provider = "mysql"\n  referentialIntegrity = "prisma"'), false);
    assert.equal(enforced('provider = "mongodb"'), false);
    assert.equal(enforced('provider = "mysql"\n  relationMode = "foreignKeys"'), true);
    assert.equal(enforced('provider = "mysql"'), true);
  });

  it("lists implicit join tables, both of whose keys are served", () => {
    const models = "model Tag {\n  name String @id @db.VarChar(20)\n  posts Post[]\n  a Tag[] @relation(\"near\")\n  b Tag[] @relation(\"near\")\n}\nmodel Post {\n  id Int @id\n  tags Tag[]\n}\n";
    const reading = readText(postgres + models);
    const join = tableOf(reading, "_PostToTag");
    assert.equal(join.implicit, true);
    assert.deepEqual(join.columns.map((column) => [column.name, column.type.name]), [["A", "integer"], ["B", "character varying(20)"]]);
    assert.deepEqual(join.primaryKey?.columns, ["A", "B"]);
    assert.deepEqual(join.indexes.map((index) => index.name), ["_PostToTag_B_index"]);
    assert.deepEqual(join.foreignKeys.map((key) => [key.columns, key.references.table.name, key.references.columns, key.onDelete]), [[["A"], "Post", ["id"], "cascade"], [["B"], "Tag", ["name"], "cascade"]]);
    assert.deepEqual(tableOf(reading, "_near").foreignKeys.map((key) => key.references.table.name), ["Tag", "Tag"]);
  });

  it("before Prisma 6, and in SQLite and CockroachDB, a unique index keeps a join table's rows apart", () => {
    const models = "model Tag {\n  id Int @id\n  posts Post[]\n}\nmodel Post {\n  id Int @id\n  tags Tag[]\n}\n";
    const keyOf = (provider: string, prisma: string): string => {
      const join = tableOf(readOnly(workspace({ "schema.prisma": `datasource db {\n  provider = "${provider}"\n}\n${models}`, "package.json": `{ "devDependencies": { "prisma": "${prisma}" } }` })), "_PostToTag");
      return join.primaryKey ? "primary key" : join.indexes.find((index) => index.unique)!.name!;
    };
    assert.equal(keyOf("postgresql", "^5.22.0"), "_PostToTag_AB_unique");
    assert.equal(keyOf("postgresql", "^6.1.0"), "primary key");
    assert.equal(keyOf("postgresql", "catalog:"), "primary key");
    assert.equal(keyOf("sqlite", "^6.1.0"), "_PostToTag_AB_unique");
    assert.equal(keyOf("cockroachdb", "^6.1.0"), "_PostToTag_AB_unique");
  });

  it("types of MySQL and SQLite are spelled as Prisma declares them", () => {
    const fields = "  id Int @id\n  s String\n  b Boolean\n  d DateTime\n  j Json\n  x Bytes\n  n Decimal\n";
    const types = (provider: string, more = ""): readonly string[] => tableOf(readText(`datasource db {\n  provider = "${provider}"\n}\nenum E {\n  A @map("a")\n  B\n}\nmodel M {\n${fields}${more}}\n`), "M").columns.map((column) => column.type.name);
    assert.deepEqual(types("mysql", "  u Int @db.UnsignedInt\n  v String @db.VarChar(20)\n  e E\n"), ["integer", "varchar(191)", "boolean", "datetime(3)", "json", "longblob", "decimal(65,30)", "integer unsigned", "varchar(20)", "enum('a','B')"]);
    assert.deepEqual(types("sqlite", "  e E\n"), ["integer", "text", "boolean", "datetime", "jsonb", "blob", "decimal", "text"]);
  });

  it("says what an enum column takes", () => {
    const text = (provider: string): string => `datasource db {\n  provider = "${provider}"\n}\nenum Role {\n  ADMIN @map("admin")\n  USER\n\n  @@map("roles")\n}\nmodel A {\n  id Int @id\n  role Role @default(ADMIN)\n}\n`;
    const [, inPostgres] = tableOf(readText(text("postgresql")), "A").columns;
    assert.deepEqual([inPostgres!.type, inPostgres!.default?.sql], [{ name: "roles", enum: { schema: "public", name: "roles" } }, "'admin'"]);
    const [, inMysql] = tableOf(readText(text("mysql")), "A").columns;
    assert.deepEqual(inMysql!.type, { name: "enum('admin','USER')", values: ["admin", "USER"] });
    assert.deepEqual(readText(text("postgresql")).model.enums.map((one) => [one.name.name, one.values, one.property]), [["roles", ["admin", "USER"], "Role"]]);
  });

  it("writes predicates with database names", () => {
    const table = tableOf(readText(`${postgres}model A {\n  id Int @id\n  deletedAt DateTime? @map("deleted_at")\n  kind String\n  @@index([id], where: { deletedAt: null, kind: "it's" })\n  @@index([id], where: { deletedAt: { not: null } })\n  @@index([id], where: raw("deleted_at is null and kind <> 'id'"))\n  @@unique([kind], where: { kind: { not: "x" } })\n}\n`), "A");
    assert.deepEqual(table.indexes.map((index) => [index.unique, index.where!.sql, index.where!.columns]), [
      [false, `"deleted_at" IS NULL AND "kind" = 'it''s'`, ["deleted_at", "kind"]],
      [false, '"deleted_at" IS NOT NULL', ["deleted_at"]],
      [false, "deleted_at is null and kind <> 'id'", ["deleted_at", "kind"]],
      [true, `"kind" <> 'x'`, ["kind"]],
    ]);
    assert.deepEqual(table.uniques, []);
  });

  it("a full-text index only keeps its name taken", () => {
    const table = tableOf(readText('datasource db {\n  provider = "mysql"\n}\nmodel A {\n  id Int @id\n  s String\n  @@fulltext([s], map: "words")\n}\n'), "A");
    assert.deepEqual([table.indexes, table.otherNames], [[], ["words"]]);
  });

  it("reads Prisma Next, where a foreign key brings its index", () => {
    const text = `// use prisma-next\n${postgres}model B {\n  id Int @id\n  as A[]\n  bs A[] @relation("x")\n}\nmodel A {\n  id Int @id\n  bId Int\n  cId Int\n  b B @relation(fields: [bId], references: [id])\n  c B @relation("x", fields: [cId], references: [id], index: false)\n}\n`;
    assert.deepEqual(tableOf(readText(text), "A").indexes.map((index) => index.keys.map((key) => key.column)), [["bId"]]);
    assert.deepEqual(tableOf(readText(text.replace("// use prisma-next\n", "")), "A").indexes, []);
  });

  it("the later of two tables with one name hides the earlier", () => {
    const reading = readText(`${postgres}model A {\n  id Int @id\n  @@map("t")\n}\nmodel B {\n  no Int @id\n  @@map("t")\n}\n`);
    assert.deepEqual([reading.model.tables.map((table) => table.property), reading.model.hidden?.map((table) => table.property)], [["B"], ["A"]]);
  });

  it("a relation to a model that is not there keeps its key, and is a problem at its place", () => {
    const text = `${postgres}model A {\n  id Int @id\n  bId Int\n  b Missing @relation(fields: [bId], references: [id])\n}\n`;
    const reading = readText(text);
    assert.deepEqual(tableOf(reading, "A").foreignKeys.map((key) => key.references.table.name), ["Missing"]);
    assert.deepEqual(reading.problems.map((problem) => [problem.message, text.slice(problem.at!.start, problem.at!.end)]), [["There is no model Missing", "Missing"]]);
  });
});
