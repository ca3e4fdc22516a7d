// Foreign keys and unique constraints.
import type { Case } from "./cases";
import { added, all, referencing, tableOf } from "./cases";

const imports = `import { foreignKey, integer, pgTable, text, unique } from "drizzle-orm/pg-core";\n`;
const users = `export const users = pgTable("users", {\n  id: integer("id").primaryKey(),\n  bossId: integer("boss_id"),\n});\n`;
const orders = (client: string, extra = ""): string => `export const orders = pgTable("orders", {\n  id: integer("id").primaryKey(),\n  clientId: ${client},\n  note: text("note"),\n}${extra});\n`;

export const keyCases: readonly Case[] = [
  {
    title: "a foreign key at its column",
    before: imports + users + orders(`integer("client_id").notNull()`),
    changes: all(referencing("orders", ["client_id"], "users", ["id"], { onDelete: "cascade", onUpdate: "set null" })),
    after: imports + users + orders(`integer("client_id").notNull().references(() => users.id, { onDelete: "cascade", onUpdate: "set null" })`),
  },
  {
    title: "a foreign key at a column of several lines, and its index",
    before: imports + users + orders(`integer("client_id")\n    .notNull()`),
    changes: all(referencing("orders", ["client_id"], "users", ["id"]), added("orders", "i", ["client_id"])),
    after: `import { foreignKey, index, integer, pgTable, text, unique } from "drizzle-orm/pg-core";\n` + users + orders(`integer("client_id")\n    .notNull()\n    .references(() => users.id)`, `, (table) => [\n  index("i").on(table.clientId),\n]`),
  },
  {
    title: "a table that references itself needs the annotation",
    before: imports + users,
    changes: all(referencing("users", ["boss_id"], "users", ["id"])),
    after: imports.replace("{ foreign", "{ foreign").replace("unique }", "unique, type AnyPgColumn }").replace("{ foreignKey, integer, pgTable, text, unique, type AnyPgColumn }", "{ type AnyPgColumn, foreignKey, integer, pgTable, text, unique }") + users.replace(`integer("boss_id")`, `integer("boss_id").references((): AnyPgColumn => users.id)`),
  },
  {
    title: "the target is in another file: a new import",
    before: { "db/users.ts": imports + users, "db/orders.ts": imports + orders(`integer("client_id")`) },
    changes: all(referencing("orders", ["client_id"], "users", ["id"])),
    after: { "db/orders.ts": `${imports}import { users } from "./users";\n` + orders(`integer("client_id").references(() => users.id)`) },
  },
  {
    title: "the target is in another file: the import that is there, extensions, name taken",
    before: { "db/auth/users.ts": imports + users + `export const roles = 1;\n`, "db/orders.ts": `${imports}import { roles } from "./auth/users.js";\nexport const users = roles;\n` + orders(`integer("client_id")`) },
    changes: all(referencing("orders", ["client_id"], "users", ["id"])),
    after: { "db/orders.ts": `${imports}import { roles, users as usersTable } from "./auth/users.js";\nexport const users = roles;\n` + orders(`integer("client_id").references(() => usersTable.id)`) },
  },
  { title: "the target is not exported under its name", before: { "users.ts": imports + users.replace("export ", "") + "export { users as people };\n", "orders.ts": imports + orders(`integer("client_id")`) }, changes: all(referencing("orders", ["client_id"], "users", ["id"])), after: undefined },
  { title: "the target is in another package", before: { "a/package.json": "{}", "b/package.json": "{}", "a/users.ts": imports + users, "b/orders.ts": imports + orders(`integer("client_id")`) }, changes: all(referencing("orders", ["client_id"], "users", ["id"])), after: undefined },
  { title: "the column has a reference already", before: imports + users + orders(`integer("client_id").references(() => users.id)`), changes: all(referencing("orders", ["client_id"], "users", ["id"])), after: undefined },
  {
    title: "a foreign key with a name or of several columns",
    before: imports + users + orders(`integer("client_id")`),
    changes: all(referencing("orders", ["client_id", "id"], "users", ["id", "boss_id"], { name: "orders_fk", onDelete: "cascade" })),
    after: imports + users + orders(`integer("client_id")`, `, (table) => [\n  foreignKey({ name: "orders_fk", columns: [table.clientId, table.id], foreignColumns: [users.id, users.bossId] }).onDelete("cascade"),\n]`),
  },
  {
    title: "dropping foreign keys in both forms, and the constraint of a column",
    before: imports + users + orders(`integer("client_id")\n    .references(() => users.id)\n    .unique()`, `, (t) => [\n  foreignKey({ columns: [t.id], foreignColumns: [users.id] }).onDelete("cascade"),\n  unique("u").on(t.note),\n]`) + "export const keep = foreignKey;\nexport const kept = unique;\n",
    changes: (schema) => {
      const table = tableOf(schema, "orders");
      return [...table.foreignKeys.map((foreignKey) => ({ kind: "drop-foreign-key" as const, table: table.name, foreignKey })), { kind: "drop-unique", table: table.name, unique: table.uniques.find((unique) => unique.name === "u")! }];
    },
    after: imports + users + orders(`integer("client_id")\n    .unique()`, "") + "export const keep = foreignKey;\nexport const kept = unique;\n",
  },
  {
    title: "a unique constraint is added",
    before: imports + users,
    changes: (schema) => [{ kind: "add-unique", table: tableOf(schema, "users").name, unique: { name: "u", columns: ["boss_id"], nullsNotDistinct: true } }],
    after: imports + users.replace("\n});", `\n}, (table) => [\n  unique("u").on(table.bossId).nullsNotDistinct(),\n]);`),
  },
];
