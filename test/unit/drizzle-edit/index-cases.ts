// Indexes: added in every form of the third argument, dropped, renamed, altered.
import type { Case } from "./cases";
import { added, all, dropped, tableOf } from "./cases";

const orders = `  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  shopId: integer("shop_id"),
  note: text("note"),
`;
const head = `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";\n\n`;
const bare = `import { integer, pgTable, text } from "drizzle-orm/pg-core";\n\n`;
const client = added("orders", "orders_client_id_idx", ["client_id"]);
const shop = added("orders", "orders_shop_id_idx", ["shop_id"]);
const table = (extra: string, columns = orders): string => `export const orders = pgTable("orders", {\n${columns}}${extra});\n`;

export const indexCases: readonly Case[] = [
  {
    title: "no third argument",
    before: bare + table(""),
    changes: all(client),
    after: head + table(`, (table) => [\n  index("orders_client_id_idx").on(table.clientId),\n]`),
  },
  {
    title: "no third argument, arguments on lines of their own, tabs, CRLF",
    before: `import { pgTable, integer } from 'drizzle-orm/pg-core'\n\nexport const orders = pgTable(\n\t'orders',\n\t{\n\t\tclientId: integer('client_id')\n\t},\n)\n`.replaceAll("\n", "\r\n"),
    changes: all(client),
    after: `import { pgTable, integer, index } from 'drizzle-orm/pg-core'\n\nexport const orders = pgTable(\n\t'orders',\n\t{\n\t\tclientId: integer('client_id')\n\t},\n\t(table) => [\n\t\tindex('orders_client_id_idx').on(table.clientId)\n\t],\n)\n`.replaceAll("\n", "\r\n"),
  },
  {
    title: "no third argument, arguments on lines of their own, no trailing comma",
    before: `${head}export const orders = pgTable(\n    "orders",\n    {\n        clientId: integer("client_id"),\n    }\n);\n`,
    changes: all(client, shopless("orders")),
    after: `${head}export const orders = pgTable(\n    "orders",\n    {\n        clientId: integer("client_id"),\n    },\n    (table) => [\n        index("orders_client_id_idx").on(table.clientId),\n        index("second").on(table.clientId),\n    ]\n);\n`,
  },
  {
    title: "tables on one line: the index too, where the line stays short",
    before: `${head}export const orders = pgTable("orders", { clientId: integer("client_id") });\nexport const a = pgTable("a", { id: integer("id") });\n`,
    changes: all(client, added("a", "i", ["id"])),
    after: `${head}export const orders = pgTable("orders", { clientId: integer("client_id") }, (table) => [\n  index("orders_client_id_idx").on(table.clientId),\n]);\nexport const a = pgTable("a", { id: integer("id") }, (table) => [index("i").on(table.id)]);\n`,
  },
  {
    title: "an array on lines, with a comment after its last element",
    before: head + table(`, (t) => [\n  index("notes").on(t.note), // full\n  // index("old").on(t.id),\n]`),
    changes: all(client, shop),
    after: head + table(`, (t) => [\n  index("notes").on(t.note), // full\n  index("orders_client_id_idx").on(t.clientId),\n  index("orders_shop_id_idx").on(t.shopId),\n  // index("old").on(t.id),\n]`),
  },
  {
    title: "an array on lines without a trailing comma",
    before: head + table(`, (t) => [\n  index("notes").on(t.note) // full\n]`),
    changes: all(client, shop),
    after: head + table(`, (t) => [\n  index("notes").on(t.note), // full\n  index("orders_client_id_idx").on(t.clientId),\n  index("orders_shop_id_idx").on(t.shopId)\n]`),
  },
  {
    title: "an array on one line, with and without a trailing comma",
    before: head + table(`, t => [index("notes").on(t.note)]`) + table(`, t => [index("other").on(t.note),]`).replaceAll("orders", "carts"),
    changes: all(client, added("carts", "carts_idx", ["client_id"])),
    after: head + table(`, t => [index("notes").on(t.note), index("orders_client_id_idx").on(t.clientId)]`) + table(`, t => [index("other").on(t.note), index("carts_idx").on(t.clientId),]`).replaceAll("orders", "carts"),
  },
  {
    title: "empty arrays and objects, the callback without a parameter",
    before: bare + table(", () => []") + table(", () => ({})").replaceAll("orders", "carts") + table(", function () { return []; }").replaceAll("orders", "bills"),
    changes: all(client, added("carts", "carts_idx", ["client_id"]), added("bills", "bills_idx", ["client_id"])),
    after: head + table(`, (table) => [\n  index("orders_client_id_idx").on(table.clientId),\n]`) + table(`, (table) => ({\n  cartsIdx: index("carts_idx").on(table.clientId),\n})`).replaceAll("orders", "carts") + table(`, function (table) { return [\n  index("bills_idx").on(table.clientId),\n]; }`).replaceAll("orders", "bills"),
  },
  {
    title: "a parameter named _ and a block body",
    before: head + table(", (_) => []") + table(`, (self) => {\n  return {\n    notes: index("notes").on(self.note),\n  };\n}`).replaceAll("orders", "carts"),
    changes: all(client, added("carts", "carts_idx", ["client_id"])),
    after: head + table(`, (_) => [\n  index("orders_client_id_idx").on(_.clientId),\n]`) + table(`, (self) => {\n  return {\n    notes: index("notes").on(self.note),\n    cartsIdx: index("carts_idx").on(self.clientId),\n  };\n}`).replaceAll("orders", "carts"),
  },
  {
    title: "a destructured parameter",
    before: head + table(`, ({ note }) => [\n  index("notes").on(note),\n]`) + table(`, ({ clientId: c }) => [index("x").on(c)]`).replaceAll("orders", "carts"),
    changes: all(client, shop, added("carts", "carts_idx", ["client_id"])),
    after: head + table(`, ({ note, clientId, shopId }) => [\n  index("notes").on(note),\n  index("orders_client_id_idx").on(clientId),\n  index("orders_shop_id_idx").on(shopId),\n]`) + table(`, ({ clientId: c }) => [index("x").on(c), index("carts_idx").on(c)]`).replaceAll("orders", "carts"),
  },
  {
    title: "a destructured column that would hide the builder",
    before: head + `export const pages = pgTable("pages", { index: integer("index"), note: text("note") }, ({ note }) => [index("notes").on(note)]);\n`,
    changes: all(added("pages", "pages_index_idx", ["index"])),
    after: head + `export const pages = pgTable("pages", { index: integer("index"), note: text("note") }, ({ note, index: indexColumn }) => [index("notes").on(note), index("pages_index_idx").on(indexColumn)]);\n`,
  },
  {
    title: "an object whose keys are camel case, as they are, and without the table",
    before: head
      + table(`, (t) => ({\n  ordersNoteIdx: index("orders_note_idx").on(t.note),\n})`)
      + table(`, (t) => ({\n  carts_note_idx: index("carts_note_idx").on(t.note)\n})`).replaceAll("orders", "carts")
      + table(`, (t) => ({ noteIdx: index("bills_note_idx").on(t.note) })`).replaceAll("orders", "bills"),
    changes: all(client, added("carts", "carts_client_id_idx", ["client_id"]), added("bills", "bills_client_id_idx", ["client_id"])),
    after: head
      + table(`, (t) => ({\n  ordersNoteIdx: index("orders_note_idx").on(t.note),\n  ordersClientIdIdx: index("orders_client_id_idx").on(t.clientId),\n})`)
      + table(`, (t) => ({\n  carts_note_idx: index("carts_note_idx").on(t.note),\n  carts_client_id_idx: index("carts_client_id_idx").on(t.clientId)\n})`).replaceAll("orders", "carts")
      + table(`, (t) => ({ noteIdx: index("bills_note_idx").on(t.note), clientIdIdx: index("bills_client_id_idx").on(t.clientId) })`).replaceAll("orders", "bills"),
  },
  {
    title: "the file's own habit for a table that has no third argument: object, parameter, keys",
    before: head + table(`, (self) => ({\n  noteIdx: index("orders_note_idx").on(self.note),\n})`) + table("").replaceAll("orders", "carts"),
    changes: all(added("carts", "carts_client_id_idx", ["client_id"])),
    after: head + table(`, (self) => ({\n  noteIdx: index("orders_note_idx").on(self.note),\n})`) + table(`, (self) => ({\n  clientIdIdx: index("carts_client_id_idx").on(self.clientId),\n})`).replaceAll("orders", "carts"),
  },
  {
    title: "drizzle-orm before 0.36 knows no array",
    before: { "package.json": `{ "dependencies": { "drizzle-orm": "^0.33.0" } }`, "src/a.ts": head + table("") },
    changes: all(client),
    after: { "src/a.ts": head + table(`, (table) => ({\n  ordersClientIdIdx: index("orders_client_id_idx").on(table.clientId),\n})`) },
  },
  {
    title: "a spread in the array",
    before: `${head}const more = (t: any) => [index("more").on(t.note)];\n` + table(`, (t) => [\n  ...more(t),\n]`),
    changes: all(client),
    after: `${head}const more = (t: any) => [index("more").on(t.note)];\n` + table(`, (t) => [\n  ...more(t),\n  index("orders_client_id_idx").on(t.clientId),\n]`),
  },
  {
    title: "a third argument that is made elsewhere, or filtered, is left alone",
    before: `${head}const more = (t: any) => [index("more").on(t.note)];\n` + table(", more"),
    changes: all(client),
    after: undefined,
  },
  { title: "an array that is worked on", before: head + table(`, (t) => [index("x").on(t.note)].filter(Boolean)`), changes: all(client), after: undefined },
  { title: "two returns", before: head + table(`, (t) => { if (process.env.X) return []; return [index("x").on(t.note)]; }`), changes: all(client), after: undefined },
  {
    title: "a function of the project's own makes the table, with two parameters",
    before: { "make.ts": `import { pgTable, type PgColumnBuilderBase } from "drizzle-orm/pg-core";\nexport const makeTable = <T extends Record<string, PgColumnBuilderBase>>(name: string, columns: T) => pgTable(name, columns);\n`, "a.ts": `${bare}import { makeTable } from "./make";\n` + table("").replace("pgTable(", "makeTable(") },
    changes: all(client),
    after: undefined,
  },
  {
    title: "a table creator of the project's own, in another file",
    before: { "creator.ts": `import { pgTableCreator } from "drizzle-orm/pg-core";\nexport const createTable = pgTableCreator((name) => "app_" + name);\n`, "a.ts": `import { integer, text } from "drizzle-orm/pg-core";\nimport { createTable } from "./creator";\n` + table("").replace("pgTable", "createTable") },
    changes: all(added("app_orders", "orders_client_id_idx", ["client_id"])),
    after: { "a.ts": `import { integer, text, index } from "drizzle-orm/pg-core";\nimport { createTable } from "./creator";\n` + table(`, (table) => [\n  index("orders_client_id_idx").on(table.clientId),\n]`).replace("pgTable", "createTable") },
  },
  {
    title: "enableRLS() after the call",
    before: `${head}export const orders = pgTable("orders", { clientId: integer("client_id") }).enableRLS();\n`,
    changes: all(added("orders", "i", ["client_id"])),
    after: `${head}export const orders = pgTable("orders", { clientId: integer("client_id") }, (table) => [index("i").on(table.clientId)]).enableRLS();\n`,
  },
  {
    title: "properties that are no identifiers",
    before: head + `export const orders = pgTable("orders", { "client-id": integer("client_id") }, (t) => []);\nexport const carts = pgTable("carts", { "client-id": integer("client_id"), note: text() }, ({ note }) => [index("n").on(note)]);\n`,
    changes: all(client, added("carts", "carts_idx", ["client_id"])),
    after: head + `export const orders = pgTable("orders", { "client-id": integer("client_id") }, (t) => [\n  index("orders_client_id_idx").on(t["client-id"]),\n]);\nexport const carts = pgTable("carts", { "client-id": integer("client_id"), note: text() }, ({ note, "client-id": clientId }) => [index("n").on(note), index("carts_idx").on(clientId)]);\n`,
  },
  {
    title: "method, predicate, order, operator class, options",
    before: head + table(", (t) => []"),
    changes: all(
      added("orders", "a", ["note"], { method: "gin", keys: [{ column: "note", order: "asc", operatorClass: "gin_trgm_ops" }] }),
      added("orders", "b", [], { unique: true, keys: [{ column: "client_id", order: "desc", nulls: "last" }, { column: "shop_id", order: "asc", nulls: "first" }], where: { sql: `"shop_id" is not null and "note" <> 'say "note" \`'`, columns: ["shop_id", "note"], complete: true }, with: { fillfactor: "70" } }),
      added("orders", "c", [], { keys: [{ expression: { sql: `lower("note")`, columns: ["note"], complete: true }, order: "desc" }] }),
      added("orders", undefined, ["client_id"]),
    ),
    after: `import { index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";\nimport { sql } from "drizzle-orm";\n\n`
      + table(`, (t) => [\n  index("a").using("gin", t.note.op("gin_trgm_ops")),\n  uniqueIndex("b").on(t.clientId.desc().nullsLast(), t.shopId.asc().nullsFirst()).where(sql\`\${t.shopId} is not null and \${t.note} <> 'say "note" \\\`'\`).with({ fillfactor: 70 }),\n  index("c").on(sql\`lower(\${t.note}) desc\`),\n  index().on(t.clientId),\n]`),
  },
  {
    title: "descending with the database's own order of NULLs, and with Drizzle's",
    before: head + table(", (t) => []"),
    changes: all(added("orders", "a", [], { keys: [{ column: "client_id", order: "desc" }] }), added("orders", "b", [], { keys: [{ column: "client_id", order: "desc", nulls: "last", nullsImplied: true }] })),
    after: `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";\n\n` + table(`, (t) => [\n  index("a").on(t.clientId.desc().nullsFirst()),\n  index("b").on(t.clientId.desc()),\n]`),
  },
  { title: "what Drizzle cannot say: INCLUDE", before: head + table(", (t) => []"), changes: all(added("orders", "a", ["note"], { include: ["id"] })), after: undefined },
  {
    title: "MySQL",
    dialect: "mysql",
    before: `import { mysqlTable, int } from "drizzle-orm/mysql-core";\nexport const orders = mysqlTable("orders", { clientId: int("client_id") });\n`,
    changes: all(added("orders", "a", [], { keys: [{ column: "client_id", order: "desc" }] })),
    after: `import { mysqlTable, int, index } from "drizzle-orm/mysql-core";\nimport { sql } from "drizzle-orm";\nexport const orders = mysqlTable("orders", { clientId: int("client_id") }, (table) => [index("a").on(sql\`\${table.clientId} desc\`)]);\n`,
  },
  { title: "MySQL knows no predicate", dialect: "mysql", before: `import { mysqlTable, int } from "drizzle-orm/mysql-core";\nexport const orders = mysqlTable("orders", { clientId: int("client_id") });\n`, changes: all(added("orders", "a", ["client_id"], { where: { sql: "1", columns: [], complete: true } })), after: undefined },
  {
    title: "SQLite",
    dialect: "sqlite",
    before: `import { sqliteTable, integer } from "drizzle-orm/sqlite-core";\nexport const orders = sqliteTable("orders", { clientId: integer("client_id") });\n`,
    changes: all(added("orders", "a", ["client_id"], { unique: true })),
    after: `import { sqliteTable, integer, uniqueIndex } from "drizzle-orm/sqlite-core";\nexport const orders = sqliteTable("orders", { clientId: integer("client_id") }, (table) => [uniqueIndex("a").on(table.clientId)]);\n`,
  },
  {
    title: "dropping takes the comma and the comments that belong to it",
    before: head + table(`, (t) => [\n  // kept\n\n  // of a\n  // and more\n  index("a").on(t.note), // here\n  /* of b */\n  index("b").on(t.note),\n  index("c").on(\n    t.note,\n  ),\n]`),
    changes: all(dropped("orders", "a"), dropped("orders", "c")),
    after: head + table(`, (t) => [\n  // kept\n\n  /* of b */\n  index("b").on(t.note),\n]`),
  },
  {
    title: "dropping the last of a list without a trailing comma",
    before: head + table(`, (t) => [\n  index("a").on(t.note),\n  index("b").on(t.note)\n]`) + table(`, (t) => [index("x").on(t.note), index("y").on(t.note), index("z").on(t.note)]`).replaceAll("orders", "carts"),
    changes: all(dropped("orders", "b"), dropped("carts", "y"), dropped("carts", "z")),
    after: head + table(`, (t) => [\n  index("a").on(t.note)\n]`) + table(`, (t) => [index("x").on(t.note)]`).replaceAll("orders", "carts"),
  },
  {
    title: "dropping the first, and all with a trailing comma, on one line",
    before: head + table(`, (t) => [index("x").on(t.note), index("y").on(t.note)]`) + table(`, (t) => [index("p").on(t.note), index("q").on(t.note), ]`).replaceAll("orders", "carts") + table(`, (t) => ({\n  only: index("only").on(t.note),\n})`).replaceAll("orders", "bills"),
    changes: all(dropped("orders", "x"), dropped("carts", "p"), dropped("carts", "q"), dropped("bills", "only")),
    after: head + table(`, (t) => [index("y").on(t.note)]`) + table("").replaceAll("orders", "carts") + table("").replaceAll("orders", "bills"),
  },
  {
    title: "the import that nothing needs any more goes too",
    before: head + table(`, (t) => [\n  index("a").on(t.note),\n]`),
    changes: all(dropped("orders", "a")),
    after: bare + table(""),
  },
  {
    title: "with the last one goes the function, unless it says more, or the table's maker asks for it",
    before: { "make.ts": `import { pgTable, type PgColumnBuilderBase } from "drizzle-orm/pg-core";\nexport const makeTable = <T extends Record<string, PgColumnBuilderBase>>(name: string, columns: T, extra: (self: any) => any[]) => pgTable(name, columns, extra);\n`, "a.ts": `${head}import { makeTable } from "./make";\n` + table(",\n  (t) => {\n    return [\n      index(\"a\").on(t.note),\n    ];\n  },\n") + table(`, (t) => [\n  // none yet\n\n  index("b").on(t.note),\n]`).replaceAll("orders", "carts") + table(`, (t) => [index("c").on(t.note)]`).replaceAll("orders", "bills").replace("pgTable(", "makeTable(") },
    changes: all(dropped("orders", "a"), dropped("carts", "b"), dropped("bills", "c")),
    after: { "a.ts": `${bare}import { makeTable } from "./make";\n` + table(",\n") + table(`, (t) => [\n  // none yet\n\n]`).replaceAll("orders", "carts") + table(`, (t) => []`).replaceAll("orders", "bills").replace("pgTable(", "makeTable(") },
  },
  {
    title: "one takes the place of another",
    before: head + table(`, (t) => ({\n  // by client\n  a: index("a").on(t.clientId),\n  b: index("b").on(t.note),\n})`),
    changes: all(dropped("orders", "a"), added("orders", "orders_client_id_shop_id_idx", ["client_id", "shop_id"]), shop),
    after: head + table(`, (t) => ({\n  // by client\n  ordersClientIdShopIdIdx: index("orders_client_id_shop_id_idx").on(t.clientId, t.shopId),\n  b: index("b").on(t.note),\n  ordersShopIdIdx: index("orders_shop_id_idx").on(t.shopId),\n})`),
  },
  {
    title: "an unrelated one takes no place: the list ends as it did",
    before: head + table(`, (t) => [\n  index("a").on(t.note),\n  // of b\n  index("b").on(t.id)\n]`) + table(`, (t) => [index("x").on(t.note), index("y").on(t.id), ]`).replaceAll("orders", "carts") + table(`, (t) => [\n  // of p\n  index("p").on(t.note),\n  index("q").on(t.id),\n]`).replaceAll("orders", "bills"),
    changes: all(dropped("orders", "b"), client, dropped("carts", "y"), added("carts", "z", ["client_id"]), dropped("bills", "p"), dropped("bills", "q"), added("bills", "r", ["shop_id"])),
    after: head + table(`, (t) => [\n  index("a").on(t.note),\n  index("orders_client_id_idx").on(t.clientId)\n]`) + table(`, (t) => [index("x").on(t.note), index("z").on(t.clientId), ]`).replaceAll("orders", "carts") + table(`, (t) => [\n  index("r").on(t.shopId),\n]`).replaceAll("orders", "bills"),
  },
  {
    title: "a list on one line that would grow too wide gets lines",
    before: head + table(`, (t) => [index("a").on(t.note), index("b").on(t.id)]`) + table(`, (t) => ({ cartsA: index("carts_a").on(t.note) })`).replaceAll("orders", "carts"),
    changes: all(dropped("orders", "a"), client, shop, added("carts", "carts_client_id_shop_id_idx", ["client_id", "shop_id"])),
    after: head + table(`, (t) => [\n  index("b").on(t.id),\n  index("orders_client_id_idx").on(t.clientId),\n  index("orders_shop_id_idx").on(t.shopId),\n]`) + table(`, (t) => ({\n  cartsA: index("carts_a").on(t.note),\n  cartsClientIdShopIdIdx: index("carts_client_id_shop_id_idx").on(t.clientId, t.shopId),\n})`).replaceAll("orders", "carts"),
  },
  {
    title: "renaming, with the key that followed the name",
    before: head + table(`, (t) => ({\n  ordersA: index('orders_a').on(t.note),\n  b: index().on(t.id),\n})`),
    changes: (schema) => tableOf(schema, "orders").indexes.map((index, number) => ({ kind: "rename-index", table: tableOf(schema, "orders").name, index, to: `orders_new_${number}` })),
    after: head + table(`, (t) => ({\n  ordersNew0: index('orders_new_0').on(t.note),\n  b: index('orders_new_1').on(t.id),\n})`).replace("index('orders_new_1')", `index("orders_new_1")`),
  },
  {
    title: "altering: the predicate goes, the method comes, NULLs are equal",
    before: `import { index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";\nimport { sql } from "drizzle-orm";\nexport const one = sql\`1\`;\n`
      + table(`, (t) => [\n  index("a")\n    .on(t.note)\n    .where(sql\`1 = 1\`),\n  index("b").on(t.note),\n  index("c").using("btree", t.note),\n  uniqueIndex("d").on(t.note),\n]`),
    changes: (schema) => {
      const { name, indexes } = tableOf(schema, "orders");
      const [a, b, c, d] = indexes;
      const { where: _, ...plain } = a!;
      return [
        { kind: "alter-index", table: name, from: a!, to: plain },
        { kind: "alter-index", table: name, from: b!, to: { ...b!, method: "gin" } },
        { kind: "alter-index", table: name, from: c!, to: { ...c!, method: "gin" } },
        { kind: "alter-index", table: name, from: d!, to: { ...d!, nullsNotDistinct: true } },
      ];
    },
    after: `import { index, integer, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";\nimport { sql } from "drizzle-orm";\nexport const one = sql\`1\`;\n`
      + table(`, (t) => [\n  index("a")\n    .on(t.note),\n  index("b").using("gin", t.note),\n  index("c").using("gin", t.note),\n  unique("d").on(t.note).nullsNotDistinct(),\n]`),
  },
];

function shopless(table: string) {
  return added(table, "second", ["client_id"]);
}
