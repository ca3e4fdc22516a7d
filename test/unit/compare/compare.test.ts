import { strict as assert } from "node:assert";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { compare } from "../../../server/src/compare/compare";
import { findPairs } from "../../../server/src/compare/pairs";
import type { Change } from "../../../server/src/model/change";
import type { Column, IndexKey, SchemaModel } from "../../../server/src/model/schema";
import { prisma } from "../../../server/src/sources/prisma";
import type { Files } from "../../../server/src/sources/source";
import { executed } from "./executed";

interface Generator { buildModel(n: number, seed?: number): unknown; toDrizzle(model: unknown): string; toPrisma(model: unknown): string }

const generator = (): Promise<Generator> => import(pathToFileURL(path.join(__dirname, "../../bench/gen.mjs")).href) as Promise<Generator>;

describe("comparing a Drizzle and a Prisma schema", () => {
  it("finds nothing in two of the same database, 174 tables", async () => {
    const { buildModel, toDrizzle, toPrisma } = await generator();
    const model = buildModel(174);
    const drizzle = executed(toDrizzle(model));
    const read = prismaModel(toPrisma(model));
    assert.equal(drizzle.tables.length, 174);
    assert.equal(read.tables.length, 174);
    assert.deepEqual(compare(drizzle, read).map(told), []);
    assert.deepEqual(compare(read, drizzle).map(told), []);
  }).timeout(20_000);

  it("finds every difference that is put in, and no other", async () => {
    const { buildModel, toDrizzle, toPrisma } = await generator();
    const model = buildModel(50);
    const drizzle = executed(toDrizzle(model));
    const texts: [RegExp, string, string][] = [
      [/(\n {2}updatedAt DateTime) @default\(now\(\)\)( @map\("updated_at"\))/, "$1$2", "alter-column-default"],
      [/\n {2}createdAt DateTime [^\n]*/, "", "drop-column"],
      [/(\n {2}\w+ )BigInt\?( @map[^\n]*)/, "$1Int?$2", "alter-column-type"],
      [/onDelete: Cascade/, "onDelete: Restrict", "drop-foreign-key add-foreign-key"],
      [/\n {2}@@index\(\[\w+Id\][^\n]*/, "", "drop-index"],
      [/\n {2}@@unique\(\[[^\n]*/, "", "drop-"],
      [/(@@index\(\[\w+\], )(map: ")/, "$1type: Hash, $2", "alter-index"],
      [/, map: "(\w+_idx)"\)/, ', map: "other_idx")', "rename-index"],
    ];
    for (const [find, replacement, kinds] of texts) {
      const text = toPrisma(model);
      const edited = text.replace(find, replacement);
      assert.notEqual(edited, text, String(find));
      const changes = compare(drizzle, prismaModel(edited));
      const found = changes.map(({ kind }) => kind).join(" ");
      assert.ok(found.includes(kinds) && changes.length <= 3, `${String(find)}: ${changes.map(told).join("; ")}`);
    }
  }).timeout(20_000);

  const shop = (columns: string, extra = ""): SchemaModel => executed(`import { boolean, bigint, check, foreignKey, index, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, text, timestamp, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
export const state = pgEnum("state", ["open", "paid"]);
export const clients = pgTable("clients", { id: integer("id").primaryKey() });
export const orders = pgTable("orders", { id: integer("id").primaryKey(), ${columns} }, (t) => [${extra}]);`);
  const shopPrisma = (columns: string, { values = "open\n paid", before = "" } = {}): SchemaModel => prismaModel(`${before}datasource db {\n provider = "postgresql"\n}\nenum State {\n ${values}\n @@map("state")\n}\nmodel Client {\n id Int @id\n orders Order[]\n @@map("clients")\n}\nmodel Order {\n id Int @id\n ${columns}\n @@map("orders")\n}\n`);
  const noRelation = (text: string): SchemaModel => prismaModel(`datasource db {\n provider = "postgresql"\n}\nenum State {\n open\n paid\n @@map("state")\n}\nmodel Client {\n id Int @id\n @@map("clients")\n}\nmodel Order {\n id Int @id\n ${text}\n @@map("orders")\n}\n`);

  it("asks of a unique constraint whether NULLs are equal, and pairs checks by their names first", () => {
    const [apart, index] = [shop(`note: text("note")`, `unique("u").on(t.note)`), shop(`note: text("note")`, `uniqueIndex("u").on(t.note)`)];
    const alike = { ...apart, tables: apart.tables.map((table) => ({ ...table, uniques: table.uniques.map((unique) => ({ ...unique, nullsNotDistinct: true })) })) };
    const kinds = (from: SchemaModel, to: SchemaModel): readonly string[] => compare(from, to).map(({ kind }) => kind);
    assert.deepEqual([kinds(apart, alike), kinds(alike, apart), kinds(alike, alike)], [["alter-index"], ["alter-index"], []]);
    // uniqueIndex() has no words for it.
    assert.deepEqual(kinds(index, alike), []);
    const checked = (...names: readonly string[]): SchemaModel => ({ ...apart, tables: apart.tables.map((table) => ({ ...table, checks: names.map((name) => ({ name, expression: { sql: "id > 0", columns: ["id"], complete: true } })) })) });
    assert.deepEqual([...new Set(compare(checked("one"), checked("again", "one")).map((change) => change.kind === "add-check" && change.check.name))], ["again"]);
  });

  it("looks again only at the tables that are others now", () => {
    const before = shop('total: integer("total").notNull(), note: text("note")');
    const after = shopPrisma("total Int?\n note String?\n clientId Int? @map(\"client_id\")");
    const first = compare(before, after);
    const [clients, orders] = before.tables;
    const edited = { ...before, tables: [clients!, { ...orders!, columns: orders!.columns.filter(({ name }) => name !== "note") }] };
    assert.deepEqual(first.map(({ kind }) => kind), ["alter-column-nullability", "add-column"]);
    assert.ok(compare({ ...before }, after).every((change, at) => change === first[at]), "the same tables give the same changes");
    assert.deepEqual(compare(edited, after).map(({ kind }) => kind), ["alter-column-nullability", "add-column", "add-column"]);
    assert.deepEqual(compare(before, { ...after, source: "kysely" }).map(({ kind }) => kind), ["alter-column-nullability", "add-column"]);
  });

  const same: [title: string, drizzle: SchemaModel, prismaText: SchemaModel][] = [
    ["a unique index and @unique", shop(`email: text("email").notNull()`, `uniqueIndex("e").on(t.email)`), noRelation("email String @unique")],
    ["a unique constraint in another order, and one that restates the primary key", shop(`a: integer("a").notNull(), b: integer("b").notNull()`, `unique().on(t.b, t.a), unique().on(t.id)`), noRelation("a Int\n b Int\n @@unique([a, b])")],
    ["columns of a primary key are NOT NULL", executed(`import { integer, pgTable, primaryKey } from "drizzle-orm/pg-core"; export const members = pgTable("members", { a: integer("a"), b: integer("b") }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`), prismaModel(`datasource db {\n provider = "postgresql"\n}\nmodel members {\n a Int\n b Int\n @@id([a, b])\n}\n`)],
    ["types under other names", shop(`a: varchar("a", { length: 20 }), b: timestamp("b", { precision: 6 }), c: numeric("c", { precision: 10 }), d: jsonb("d"), e: uuid("e"), f: text("f").array(), g: state("g")`), noRelation(`a String? @db.VarChar(20)\n b DateTime? @db.Timestamp(6)\n c Decimal? @db.Decimal(10, 0)\n d Json?\n e String? @db.Uuid\n f String[]\n g State?`)],
    ["defaults in other words", shop(`a: timestamp("a", { precision: 3 }).defaultNow(), b: jsonb("b").default({ x: 1 }), c: numeric("c", { precision: 65, scale: 30 }).default("0"), d: boolean("d").default(true), e: uuid("e").$defaultFn(() => ""), f: text("f").default("it's"), g: state("g").default("open")`), noRelation(`a DateTime? @default(now())\n b Json? @default("{ \\"x\\": 1 }")\n c Decimal? @default(0.0)\n d Boolean? @default(true)\n e String? @default(uuid()) @db.Uuid\n f String? @default("it's")\n g State? @default(open)`)],
    ["what Prisma has no words for: checks, predicates, expressions, order of NULLs", shop(`note: text("note")`, `check("c", sql\`\${t.note} <> ''\`), index("i").on(sql\`lower(\${t.note})\`), index("p").on(t.note).where(sql\`\${t.id} > 3\`), index("n").on(t.id.desc().nullsLast())`), noRelation(`note String?\n @@index([note], map: "p")\n @@index([id(sort: Desc)], map: "n")`)],
    ["an index under the name that Prisma makes up", shop(`clientId: integer("client_id")`, `index("orders_client_id_idx").on(t.clientId)`), noRelation(`clientId Int? @map("client_id")\n @@index([clientId])`)],
    ["values of an enum in another order", shop(""), shopEmpty("paid\n open")],
    ["a foreign key under another name", shop(`clientId: integer("client_id").references(() => clients.id, { onDelete: "set null", onUpdate: "cascade" })`), shopPrisma(`clientId Int? @map("client_id")\n client Client? @relation(fields: [clientId], references: [id], map: "any")`)],
  ];
  for (const [title, left, right] of same) it(`sees no difference in ${title}`, () => {
    assert.deepEqual([...compare(left, right), ...compare(right, left)].map(told), []);
  });

  const different: [title: string, drizzle: SchemaModel, prismaText: SchemaModel, changes: string[]][] = [
    ["password and password_hash are one column", shop(`password: text("password").notNull()`), noRelation(`passwordHash String @map("password_hash")`), ["rename-column orders password password_hash"]],
    ["a renamed column takes its index and key along", shop(`client: integer("client").references(() => clients.id, { onDelete: "set null", onUpdate: "cascade" })`, `index("orders_client_id_idx").on(t.client)`), shopPrisma(`clientId Int? @map("client_id")\n client Client? @relation(fields: [clientId], references: [id])\n @@index([clientId])`), ["rename-column orders client client_id"]],
    ["first_name and last_name are two", shop(`firstName: text("first_name")`), noRelation(`lastName String? @map("last_name")`), ["drop-column orders first_name", "add-column orders last_name"]],
    ["is_active and is_deleted are two", shop(`isActive: boolean("is_active")`), noRelation(`isDeleted Boolean? @map("is_deleted")`), ["drop-column orders is_active", "add-column orders is_deleted"]],
    ["external_id and external_ref are one, in the same place", shop(`externalId: text("external_id")`), noRelation(`externalRef String? @map("external_ref")`), ["rename-column orders external_id external_ref"]],
    ["another type is another column", shop(`password: integer("password")`), noRelation(`passwordHash String? @map("password_hash")`), ["drop-column orders password", "add-column orders password_hash"]],
    ["of two candidates the nearer name wins", shop(`userName: text("user_name"), emailAddress: text("email_address")`), noRelation(`email String?\n username String?`), ["rename-column orders user_name username", "rename-column orders email_address email"]],
    ["type and nullability", shop(`a: integer("a"), b: text("b").notNull()`), noRelation("a BigInt?\n b String?"), ["alter-column-type orders a integer bigint", "alter-column-nullability orders b true"]],
    ["an enum", shop(""), shopEmpty("open\n closed"), ["alter-enum state open,paid open,closed"]],
    ["an index that one side lacks", shop(`a: integer("a")`, `index("i").on(t.a)`), noRelation("a Int?"), ["drop-index orders i"]],
    ["a unique index and a plain one", shop(`a: integer("a")`, `uniqueIndex("i").on(t.a)`), noRelation(`a Int?\n @@index([a], map: "i")`), ["alter-index orders i"]],
    ["a primary key", executed(`import { integer, pgTable } from "drizzle-orm/pg-core"; export const members = pgTable("members", { a: integer("a").notNull(), b: integer("b").notNull() });`), prismaModel(`datasource db {\n provider = "postgresql"\n}\nmodel members {\n a Int\n b Int\n @@id([a, b])\n}\n`), ["add-primary-key members a,b"]],
    ["a relation without a constraint is no foreign key", shop(`clientId: integer("client_id").references(() => clients.id)`), prismaModel(`datasource db {\n provider = "postgresql"\n relationMode = "prisma"\n}\nenum State {\n open\n paid\n @@map("state")\n}\nmodel Client {\n id Int @id\n orders Order[]\n @@map("clients")\n}\nmodel Order {\n id Int @id\n clientId Int? @map("client_id")\n client Client? @relation(fields: [clientId], references: [id])\n @@map("orders")\n}\n`), ["drop-foreign-key orders client_id"]],
  ];
  for (const [title, left, right, changes] of different) it(title, () => assert.deepEqual(compare(left, right).map(told), changes));

  const columns = `id: integer("id").primaryKey(), email: text("email").notNull().unique(), phone: text("phone"), city: text("city")`;
  const code = (tables: string): SchemaModel => executed(`import { boolean, index, integer, pgTable, text } from "drizzle-orm/pg-core";\n${tables}`);
  const orders = (target: string, table: string): string => `export const ${target} = pgTable("${target}", { ${columns} });\nexport const orders = pgTable("${table}", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => ${target}.id), number: text("number").unique(), amount: integer("amount") }, (t) => [index().on(t.clientId)]);`;
  const tables: [title: string, left: SchemaModel, right: SchemaModel, changes: string[]][] = [
    ["a table under another name takes the keys to it along", code(orders("clients", "orders")), code(orders("customers", "orders")), ["rename-table clients customers"]],
    ["two that refer to each other", code(orders("clients", "orders")), code(orders("customers", "purchases")), ["rename-table clients customers", "rename-table orders purchases"]],
    ["what else differs in it is told of it", code(`export const a = pgTable("clients", { ${columns}, note: text("note") });`), code(`export const a = pgTable("customers", { ${columns}, vip: boolean("vip") });`), ["rename-table clients customers", "drop-column clients note", "add-column clients vip"]],
    ["few columns under names that are alike", code(`export const a = pgTable("tag", { id: integer("id").primaryKey(), name: text("name") });`), code(`export const a = pgTable("tags", { id: integer("id").primaryKey(), name: text("name") });`), ["rename-table tag tags"]],
    ["few columns under other names are two tables", code(`export const a = pgTable("tags", { id: integer("id").primaryKey(), name: text("name") });`), code(`export const a = pgTable("moods", { id: integer("id").primaryKey(), name: text("name") });`), ["drop-table tags", "add-table moods"]],
    ["of two that could be meant, none is", code(`export const a = pgTable("clients", { ${columns} });`), code(`export const a = pgTable("people", { ${columns} });\nexport const b = pgTable("guests", { ${columns} });`), ["drop-table clients", "add-table people", "add-table guests"]],
    ["of two that could become one, none does", code(`export const a = pgTable("people", { ${columns} });\nexport const b = pgTable("guests", { ${columns} });`), code(`export const a = pgTable("clients", { ${columns} });`), ["drop-table people", "drop-table guests", "add-table clients"]],
    ["the nearer name decides", code(`export const a = pgTable("client", { ${columns} });`), code(`export const a = pgTable("people", { ${columns} });\nexport const b = pgTable("clients", { ${columns} });`), ["rename-table client clients", "add-table people"]],
    ["tables of a kind come and go", code(`export const a = pgTable("clients", { ${columns} });\nexport const b = pgTable("leads", { ${columns} });`), code(`export const a = pgTable("clients", { ${columns} });\nexport const b = pgTable("guests", { ${columns} });`), ["drop-table leads", "add-table guests"]],
    ["so do those of a year", code(`export const a = pgTable("visits_2024", { ${columns} });`), code(`export const a = pgTable("visits_2025", { ${columns} });`), ["drop-table visits_2024", "add-table visits_2025"]],
    ["another key, or another target of a key, is another table", code(`export const c = pgTable("c", { id: integer("id").primaryKey() });\nexport const d = pgTable("d", { id: integer("id").primaryKey() });\nexport const a = pgTable("clients", { ${columns}, c: integer("c").references(() => c.id) });`), code(`export const c = pgTable("c", { id: integer("id").primaryKey() });\nexport const d = pgTable("d", { id: integer("id").primaryKey() });\nexport const a = pgTable("customers", { ${columns}, c: integer("c").references(() => d.id) });`), ["drop-table clients", "add-table customers"]],
  ];
  for (const [title, left, right, changes] of tables) it(title, () => {
    assert.deepEqual(compare(left, right).map(told), changes);
    assert.ok(compare(left, right, { exact: true }).every(({ kind }) => kind !== "rename-table"));
  });

  it("misses nothing in a table that could not be read whole", () => {
    const left = shop("");
    const right = noRelation("a Int?\n @@index([a])");
    const partial = { ...left, tables: left.tables.map((table) => ({ ...table, complete: false })) };
    assert.equal(compare(left, right).length, 2);
    assert.deepEqual(compare(partial, right), []);
    const keyed = (keys: readonly IndexKey[]): SchemaModel => ({ ...partial, tables: partial.tables.map((table) => ({ ...table, indexes: [{ name: "a_idx", method: "btree", unique: false, include: [], keys }] })) });
    const unread: IndexKey = { expression: { sql: "${t.a}", columns: [], complete: false }, order: "asc" };
    assert.deepEqual(compare(keyed([{ column: "a", order: "asc" }]), keyed([unread])), []);
    assert.deepEqual(compare(keyed([{ column: "a", order: "asc" }, { column: "b", order: "asc" }]), keyed([unread, { column: "c", order: "asc" }])).map(({ kind }) => kind), partial.tables.map(() => "alter-index"));
  });

  it("takes time that grows with the tables, not with their square", async () => {
    const { buildModel, toDrizzle, toPrisma } = await generator();
    const [small, large] = [174, 696].map((tables) => {
      const model = buildModel(tables);
      const pair = [executed(toDrizzle(model)), prismaModel(toPrisma(model))] as const;
      return Math.min(...Array.from({ length: 5 }, () => { const start = process.cpuUsage(); compare(...pair); const { user, system } = process.cpuUsage(start); return user + system; }));
    });
    // Four times the tables; sixteen would be quadratic. The bound leaves room for a busy machine.
    assert.ok(large! < 10 * Math.max(small!, 2_000), `${small} and ${large} microseconds`);
  }).timeout(60_000);
});

function shopEmpty(values: string): SchemaModel {
  return prismaModel(`datasource db {\n provider = "postgresql"\n}\nenum State {\n ${values}\n @@map("state")\n}\nmodel Client {\n id Int @id\n @@map("clients")\n}\nmodel Order {\n id Int @id\n @@map("orders")\n}\n`);
}

describe("how a column comes by its values", () => {
  const model = (source: SchemaModel["source"], column: Partial<Column>): SchemaModel => ({
    id: source, source, dialect: "postgresql", enums: [],
    tables: [{ name: { schema: "public", name: "orders" }, property: "orders", columns: [{ name: "id", property: "id", type: { name: "integer" }, nullable: false, ...column }], uniques: [], foreignKeys: [], checks: [], relations: [], indexes: [], complete: true }],
  });
  const identity = (sequenceOptions?: Column["sequenceOptions"], always?: "always"): Partial<Column> => ({ generated: "identity", ...(always && { identity: always }), ...(sequenceOptions && { sequenceOptions }) });
  const sql = (text: string): Pick<Column, "default"> => ({ default: { sql: text, columns: [], complete: true } });
  const differs = (code: Partial<Column>, database: Partial<Column>, source: SchemaModel["source"] = "drizzle"): boolean => {
    const changes = compare(model(source, code), model("database", database));
    assert.deepEqual(changes.filter(({ kind }) => kind !== "alter-column-generation"), []);
    return changes.length > 0;
  };

  it("is compared with every option of an identity", () => {
    const all = { increment: "5", startWith: "100", minValue: "10", maxValue: "9000", cache: "7", cycle: true };
    assert.ok(!differs(identity(all), identity({ ...all })));
    for (const other of [{ increment: "6" }, { startWith: "101" }, { minValue: "11" }, { maxValue: "9001" }, { cache: "8" }, { cycle: undefined }]) assert.ok(differs(identity(all), identity(JSON.parse(JSON.stringify({ ...all, ...other })) as typeof all)), JSON.stringify(other));
    assert.ok(differs(identity(undefined, "always"), identity()));
    assert.ok(differs(identity(), { generated: "serial" }) && differs({}, identity()) && differs({ generated: "serial" }, identity()));
  });
  it("is no difference where the code cannot be read, counts by a sequence of its own, or has no words for it", () => {
    assert.ok(!differs(identity("unread"), identity({ increment: "5" })));
    assert.ok(!differs(sql("nextval('numbers')"), { generated: "serial" }));
    assert.ok(!differs({ generated: "serial" }, identity({ increment: "5" }), "prisma"));
  });
  it("is compared by what a column is computed by", () => {
    assert.ok(!differs({ generated: "stored", ...sql("price * 2") }, { generated: "stored", ...sql("(price * 2)") }));
    assert.ok(differs({ generated: "stored", ...sql("price * 2") }, { generated: "stored", ...sql("(price * 3)") }) && differs({ generated: "stored", ...sql("price * 2") }, { generated: "virtual", ...sql("(price * 2)") }));
  });
});

describe("the order of NULLs, as the database has it", () => {
  const model = (source: SchemaModel["source"], key: IndexKey): SchemaModel => ({
    id: source, source, dialect: "postgresql", enums: [],
    tables: [{ name: { schema: "public", name: "orders" }, property: "orders", columns: [], uniques: [], foreignKeys: [], checks: [], relations: [], complete: true, indexes: [{ name: "i", method: "btree", unique: false, include: [], keys: [key] }] }],
  });
  const implied: IndexKey = { column: "a", order: "desc", nulls: "last", nullsImplied: true };
  const database = (key: IndexKey, code = implied): readonly string[] => compare(model("database", key), model("drizzle", code)).map(({ kind }) => kind);

  it("is what drizzle-kit writes for desc(), not PostgreSQL's default", () => {
    assert.deepEqual(database({ column: "a", order: "desc" }), ["alter-index"]);
    assert.deepEqual(database({ column: "a", order: "desc", nulls: "last" }), []);
  });
  it("may be said or left to the default", () => {
    assert.deepEqual(database({ column: "a", order: "asc", nulls: "last" }, { column: "a", order: "asc" }), []);
    assert.deepEqual(database({ column: "a", order: "desc" }, { column: "a", order: "desc", nulls: "first" }), []);
  });
  it("is nothing that Prisma could say", () => {
    assert.deepEqual(compare(model("prisma", { column: "a", order: "desc" }), model("drizzle", implied)), []);
  });
});

describe("finding pairs", () => {
  const model = (id: string, source: SchemaModel["source"], names: readonly string[], dialect: SchemaModel["dialect"] = "postgresql"): SchemaModel => ({
    id, source, dialect, enums: [], tables: names.map((name) => ({ name: { schema: "public", name }, property: name, columns: [], uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true })),
  });
  const drizzle = model("src/schema.ts", "drizzle", ["users", "orders", "items", "tags"]);
  const ids = (pairs: readonly (readonly [SchemaModel, SchemaModel])[]): string[][] => pairs.map((pair) => pair.map(({ id }) => id));

  it("takes those that share more than half of the smaller one's tables", () => {
    assert.deepEqual(ids(findPairs([model("p", "prisma", ["users", "orders", "other"]), drizzle])), [["src/schema.ts", "p"]]);
    assert.deepEqual(findPairs([drizzle, model("p", "prisma", ["users", "x"])]), []);
    assert.deepEqual(findPairs([drizzle, model("p", "prisma", [])]), []);
    // One name in common is a coincidence, unless there is hardly more on either side.
    assert.deepEqual(findPairs([drizzle, model("p", "prisma", ["users"])]), []);
    assert.deepEqual(ids(findPairs([model("d", "drizzle", ["users"]), model("p", "prisma", ["users"])])), [["d", "p"]]);
  });
  it("wants one dialect, and Drizzle against Prisma", () => {
    assert.deepEqual(findPairs([drizzle, model("p", "prisma", ["users", "orders"], "mysql")]), []);
    assert.deepEqual(findPairs([drizzle, model("d", "drizzle", ["users", "orders"])]), []);
  });
  it("pairs each schema once, with the nearest", () => {
    assert.deepEqual(ids(findPairs([drizzle, model("a", "prisma", ["users", "orders"]), model("b", "prisma", ["users", "orders", "items"])])), [["src/schema.ts", "b"]]);
  });
  it("follows the settings, none included", () => {
    const other = model("prisma/schema.prisma", "prisma", ["x"]);
    assert.deepEqual(ids(findPairs([other, drizzle], [["schema.ts", "./prisma/schema.prisma"]])), [["src/schema.ts", "prisma/schema.prisma"]].slice(0, 1));
    assert.deepEqual(findPairs([drizzle, model("a", "prisma", ["users", "orders"])], []), []);
    assert.deepEqual(findPairs([drizzle, other], [["nowhere", "prisma/schema.prisma"]]), []);
  });
});

function prismaModel(text: string): SchemaModel {
  const file = "/project/schema.prisma";
  const files: Files = { root: "/project", read: (name) => (name === file ? text : undefined), exists: (name) => name === file, list: () => [file] };
  return prisma.open(files).read({ id: "schema.prisma", source: "prisma", files: [file] }).model;
}

function told(change: Change): string {
  const table = "table" in change ? ("schema" in change.table ? change.table.name : change.table.name.name) : "";
  switch (change.kind) {
    case "rename-table": return `${change.kind} ${change.from.name} ${change.to.name}`;
    case "rename-column": return `${change.kind} ${table} ${change.from} ${change.to}`;
    case "add-column": case "drop-column": return `${change.kind} ${table} ${change.column.name}`;
    case "alter-column-type": return `${change.kind} ${table} ${change.column} ${change.from.name} ${change.to.name}`;
    case "alter-column-nullability": return `${change.kind} ${table} ${change.column} ${change.nullable}`;
    case "alter-column-default": return `${change.kind} ${table} ${change.column} ${change.from?.sql} ${change.to?.sql}`;
    case "alter-enum": return `${change.kind} ${change.name.name} ${change.from.join()} ${change.to.join()}`;
    case "add-enum": case "drop-enum": return `${change.kind} ${change.enum.name.name}`;
    case "add-index": case "drop-index": case "rename-index": return `${change.kind} ${table} ${change.index.name}`;
    case "alter-index": return `${change.kind} ${table} ${change.from.name}`;
    case "add-unique": case "drop-unique": return `${change.kind} ${table} ${change.unique.columns.join()}`;
    case "add-primary-key": case "drop-primary-key": return `${change.kind} ${table} ${change.primaryKey.columns.join()}`;
    case "add-foreign-key": case "drop-foreign-key": return `${change.kind} ${table} ${change.foreignKey.columns.join()}`;
    default: return `${change.kind} ${table}`;
  }
}
