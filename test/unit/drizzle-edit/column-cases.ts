// Columns and what stands at them: types, NOT NULL, defaults, keys, enum values, checks.
import type { Change } from "../../../server/src/model/change";
import type { Column, SchemaModel } from "../../../server/src/model/schema";
import type { Case } from "./cases";
import { tableOf } from "./cases";

const imports = `import { integer, pgEnum, pgTable, text, varchar } from "drizzle-orm/pg-core";\n`;
const status = `export const status = pgEnum("status", ["open", "paid"]);\n`;
const orders = (column: string, name = "note", extra = ""): string => `export const orders = pgTable("orders", {\n  id: integer("id").primaryKey(),\n  ${name}: ${column},\n}${extra});\n`;

const type = (column: string, to: string, more: object = {}) => (schema: SchemaModel): readonly Change[] => [{ kind: "alter-column-type", table: tableOf(schema, "orders").name, column, from: { name: "text" }, to: { name: to, ...more } }];
const nullable = (column: string, is: boolean) => (schema: SchemaModel): readonly Change[] => [{ kind: "alter-column-nullability", table: tableOf(schema, "orders").name, column, nullable: is }];
const defaulted = (column: string, to: string | undefined) => (schema: SchemaModel): readonly Change[] => [{ kind: "alter-column-default", table: tableOf(schema, "orders").name, column, ...(to === undefined ? {} : { to: { sql: to, columns: [], complete: true } }) }];
const adding = (...columns: Partial<Column>[]) => (schema: SchemaModel): readonly Change[] => columns.map((column) => ({ kind: "add-column", table: tableOf(schema, "orders").name, column: { name: "made_at", property: "made_at", type: { name: "text" }, nullable: true, ...column } }));
const values = (...to: string[]) => (schema: SchemaModel): readonly Change[] => [{ kind: "alter-enum", name: schema.enums[0]!.name, from: schema.enums[0]!.values, to }];
const renamed = (from: string, to: string) => (schema: SchemaModel): readonly Change[] => [{ kind: "rename-column", table: tableOf(schema, "orders").name, from, to }];
const both = (...makers: ((schema: SchemaModel) => readonly Change[])[]) => (schema: SchemaModel): readonly Change[] => makers.flatMap((maker) => maker(schema));

export const columnCases: readonly Case[] = [
  { title: "another length", before: imports + orders(`varchar("note", { length: 20 }).notNull().unique()`), changes: type("note", "character varying(40)"), after: imports + orders(`varchar("note", { length: 40 }).notNull().unique()`) },
  { title: "another type, imported, with its default as another value", before: imports + orders(`text("note").default("7")`), changes: type("note", "bigint"), after: imports.replace("{ integer", "{ bigint, integer") + orders(`bigint("note", { mode: "number" }).default(7)`) },
  { title: "another name", before: imports + orders(`text('note').notNull()`), changes: renamed("note", "remark"), after: imports + orders(`text("remark").notNull()`) },
  { title: "another name and another type", before: imports + orders(`varchar("note", { length: 20 })`), changes: both(renamed("note", "remark"), type("note", "character varying(40)")), after: imports + orders(`varchar("remark", { length: 40 })`) },
  { title: "a name where the property gave it", before: imports + orders(`varchar({ length: 20 })`), changes: renamed("note", "remark"), after: imports + orders(`varchar("remark", { length: 20 })`) },
  { title: "a name where the property gave it, of an enum", before: imports + status + orders(`status().notNull()`), changes: renamed("note", "remark"), after: imports + status + orders(`status("remark").notNull()`) },
  { title: "another name in a function of the project's own", before: imports + `const short = (name: string) => text(name);\n` + orders(`short("note")`), changes: renamed("note", "remark"), after: imports + `const short = (name: string) => text(name);\n` + orders(`short("remark")`) },
  { title: "another name where a function of the project's own gives it", before: imports + `const short = () => text("note");\n` + orders(`short()`), changes: renamed("note", "remark"), after: undefined },
  { title: "options that the type does not decide stay", before: imports + orders(`varchar("note", { enum: ["a", "b"], length: 20 }).default("a")`), changes: type("note", "text"), after: imports.replace(", varchar", "") + orders(`text("note", { enum: ["a", "b"] }).default("a")`) },
  { title: "a list, and none", before: imports + orders(`text("note")`), changes: type("note", "text[]"), after: imports + orders(`text("note").array()`) },
  { title: "a type with an enum of the file", before: imports + status + orders(`text("note").default("open")`), changes: type("note", "status", { enum: { schema: "public", name: "status" } }), after: imports.replace(" text,", "") + status + orders(`status("note").default("open")`) },
  { title: "an enum that is declared below cannot be reached", before: imports + orders(`text("note")`) + status, changes: type("note", "status", { enum: { schema: "public", name: "status" } }), after: undefined },
  { title: "the builders of a callback", before: `import { pgTable } from "drizzle-orm/pg-core";\nexport const orders = pgTable("orders", (t) => ({\n  id: t.integer().primaryKey(),\n  note: t.text(),\n}));\n`, changes: both(type("note", "uuid"), adding({ name: "at", type: { name: "timestamp with time zone" } })), after: `import { pgTable } from "drizzle-orm/pg-core";\nexport const orders = pgTable("orders", (t) => ({\n  id: t.integer().primaryKey(),\n  note: t.uuid(),\n  at: t.timestamp({ withTimezone: true }),\n}));\n` },
  { title: "a type that Drizzle has no function for", before: imports + orders(`text("note")`), changes: type("note", "tsvector"), after: undefined },
  { title: "a column that a function of the project's own makes", before: imports + `const short = (name: string) => text(name);\n` + orders(`short("note")`), changes: type("note", "integer"), after: undefined },
  { title: "NOT NULL comes before the default and goes", before: imports + orders(`text("note").default("x").unique()`), changes: nullable("note", false), after: imports + orders(`text("note").notNull().default("x").unique()`) },
  { title: "NULL is allowed in a chain of several lines", before: imports + orders(`text("note")\n    .notNull()\n    .default("x")`), changes: nullable("note", true), after: imports + orders(`text("note")\n    .default("x")`) },
  { title: "NOT NULL that the primary key says", before: imports + orders(`text("note")`), changes: nullable("id", true), after: undefined },
  { title: "a default changes", before: imports + orders(`text("note").default("x").notNull()`), changes: defaulted("note", "'it''s \"y\"'::text"), after: imports + orders(`text("note").default("it's \\"y\\"").notNull()`) },
  { title: "a default comes, in a chain of several lines", before: imports + orders(`integer("note")\n    .notNull()`), changes: defaulted("note", "0"), after: imports + orders(`integer("note")\n    .notNull()\n    .default(0)`) },
  { title: "a default goes", before: imports + orders(`integer("note").default(1)`), changes: defaulted("note", undefined), after: imports + orders(`integer("note")`) },
  { title: "a default that is SQL", before: imports + orders(`integer("note")`), changes: defaulted("note", "(1 + 2)"), after: `${imports}import { sql } from "drizzle-orm";\n` + orders("integer(\"note\").default(sql`(1 + 2)`)") },
  {
    title: "columns are added in the file's words",
    before: imports + orders(`text("to_note")`, "toNote"),
    changes: adding({ type: { name: "timestamp with time zone" }, nullable: false, default: { sql: "now()", columns: [], complete: true } }, { name: "price", type: { name: "numeric(10,2)" } }, { name: "n", type: { name: "integer" }, generated: "serial", nullable: false }),
    after: `import { integer, numeric, pgEnum, pgTable, serial, text, timestamp, varchar } from "drizzle-orm/pg-core";\n` + orders(`text("to_note"),\n  madeAt: timestamp("made_at", { withTimezone: true }).notNull().defaultNow(),\n  price: numeric("price", { precision: 10, scale: 2 }),\n  n: serial("n")`, "toNote"),
  },
  { title: "properties are the database's names where the file has it so", before: imports + orders(`text("to_note")`, "to_note"), changes: adding({}), after: imports + orders(`text("to_note"),\n  made_at: text("made_at")`, "to_note") },
  { title: "a property of that name is there", before: imports + orders(`text("to_note")`, "madeAt"), changes: adding({}), after: undefined },
  { title: "a value comes in its place", before: imports + status + orders(`text("note")`), changes: values("open", "sent", "paid"), after: imports + status.replace(`"open", `, `"open", "sent", `) + orders(`text("note")`) },
  { title: "values on lines", before: imports + `export const status = pgEnum("status", [\n  "open",\n  "paid",\n]);\n` + orders(`text("note")`), changes: values("paid", "in progress"), after: imports + `export const status = pgEnum("status", [\n  "paid",\n  "in progress",\n]);\n` + orders(`text("note")`) },
  { title: "a value that is a default stays", before: imports + status + orders(`status("note").default("open")`), changes: values("paid"), after: undefined },
  {
    title: "a table and its enum, at the end of the file",
    before: imports + orders(`text("to_note")`, "toNote"),
    changes: () => [
      { kind: "add-enum", enum: { name: { schema: "public", name: "mood" }, values: ["good", "bad"] } },
      { kind: "add-table", table: {
        name: { schema: "public", name: "order_audits" }, property: "order_audits", complete: true, relations: [], checks: [], uniques: [{ name: "once", columns: ["order_id"] }],
        columns: [
          { name: "id", property: "id", type: { name: "integer" }, nullable: false, generated: "identity" },
          { name: "order_id", property: "order_id", type: { name: "integer" }, nullable: false },
          { name: "mood", property: "mood", type: { name: "mood", enum: { schema: "public", name: "mood" } }, nullable: true },
        ],
        primaryKey: { columns: ["id"] }, indexes: [{ name: "i", method: "btree", unique: false, keys: [{ column: "mood", order: "asc" }], include: [] }],
        foreignKeys: [{ columns: ["order_id"], references: { table: { schema: "public", name: "orders" }, columns: ["id"] }, onDelete: "cascade", onUpdate: "no action", enforced: true }],
      } },
    ],
    after: `import { index, integer, pgEnum, pgTable, text, unique, varchar } from "drizzle-orm/pg-core";\n` + orders(`text("to_note")`, "toNote")
      + `\nexport const mood = pgEnum("mood", ["good", "bad"]);\n\nexport const orderAudits = pgTable("order_audits", {\n  id: integer("id").primaryKey().generatedByDefaultAsIdentity(),\n  orderId: integer("order_id").notNull().references(() => orders.id, { onDelete: "cascade" }),\n  mood: mood("mood"),\n}, (table) => [\n  unique("once").on(table.orderId),\n  index("i").on(table.mood),\n]);\n`,
  },
  {
    title: "a check, and the key of two columns in place of one",
    before: imports + orders(`integer("note").notNull()`),
    changes: (schema) => {
      const { name, primaryKey } = tableOf(schema, "orders");
      return [
        { kind: "add-check", table: name, check: { name: "positive", expression: { sql: "(note > 0) AND (f.note <> 'note')", columns: ["note"], complete: true } } },
        { kind: "drop-primary-key", table: name, primaryKey: primaryKey! },
        { kind: "alter-column-nullability", table: name, column: "id", nullable: false },
        { kind: "add-primary-key", table: name, primaryKey: { columns: ["id", "note"] } },
      ];
    },
    after: `import { check, integer, pgEnum, pgTable, primaryKey, text, varchar } from "drizzle-orm/pg-core";\nimport { sql } from "drizzle-orm";\n` + orders(`integer("note").notNull()`, "note", ", (table) => [\n  check(\"positive\", sql`(${table.note} > 0) AND (f.note <> 'note')`),\n  primaryKey({ columns: [table.id, table.note] }),\n]").replace(".primaryKey()", ".notNull()"),
  },
];
