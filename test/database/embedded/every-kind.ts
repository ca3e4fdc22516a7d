// A Drizzle schema with everything that makes a difference to the DDL: read statically, and run by drizzle-kit.
import { sql, type SQL } from "drizzle-orm";
import {
  type AnyPgColumn, bigint, bigserial, boolean, char, check, date, doublePrecision, foreignKey, index, inet, integer, interval, json, jsonb, numeric, pgEnum, pgSchema, pgTable,
  point, primaryKey, real, serial, smallint, smallserial, text, time, timestamp, unique, uniqueIndex, uuid, varchar,
} from "drizzle-orm/pg-core";

export const size = pgEnum("Size", ["small", "it's large"]);
export const stock = pgSchema("Stock Room");
export const shelf = stock.enum("shelf", ["top", "bottom"]);

export const goods = stock.table("all goods", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  number: bigint("Number", { mode: "number" }).generatedByDefaultAsIdentity(),
  size: size("size").default("it's large").notNull(),
  shelves: shelf("shelves").array(),
  price: numeric("price", { precision: 10, scale: 2 }).default("1.50"),
  twice: numeric("twice").generatedAlwaysAs((): SQL => sql`${goods.price} * 2`),
  label: text("label").generatedAlwaysAs(sql`'a' || 'b'`),
  details: jsonb("details").default({ a: "its", b: [1, null, true] }),
  list: json("list").default([]),
  tags: text("tags").array().default(["a", "b c", "d,e"]),
  numbers: integer("numbers").array().default([1, 2]),
  code: char("code", { length: 3 }).default("abc"),
  name: varchar("name", { length: 20 }).unique(),
  isOpen: boolean("is_open").default(false),
  ratio: real("ratio").default(0.5),
  share: doublePrecision("share").default(-1),
  born: date("born").default("2020-01-31"),
  at: time("at", { precision: 3 }),
  made: timestamp("made", { precision: 3, withTimezone: true }).defaultNow(),
  changed: timestamp("changed").default(sql`now() - interval '1 day'`),
  lasts: interval("lasts", { fields: "day" }),
  address: inet("address"),
  place: point("place"),
  key: uuid("key").defaultRandom(),
  parent: integer("parent").references((): AnyPgColumn => goods.id, { onDelete: "set null", onUpdate: "cascade" }),
}, (table) => [
  index().on(table.price.desc(), table.born),
  index("details_idx").using("gin", table.details.op("jsonb_path_ops")),
  index("name_idx").on(table.name.asc().nullsFirst(), table.code.desc().nullsLast()).where(sql`${table.isOpen} and ${table.price} > 3`),
  uniqueIndex("lower_name").on(sql`lower(${table.name})`),
  index("fill").on(table.born).with({ fillfactor: 70 }),
  index("by_hash").using("hash", table.code),
  index("pattern").on(table.name.op("varchar_pattern_ops"), table.price),
  check("price_check", sql`${table.price} > 0 or ${table.size} = 'small'`),
]);

export const sales = pgTable("sales", {
  shop: smallserial("shop"),
  day: serial("day"),
  line: bigserial("line", { mode: "number" }),
  good: integer("good").notNull().references(() => goods.id, { onDelete: "cascade" }),
  amount: smallint("amount").default(1),
}, (table) => [primaryKey({ columns: [table.shop, table.day] }), unique().on(table.line, table.amount).nullsNotDistinct(), unique("sales_line").on(table.line)]);

export const refunds = pgTable("refunds odd 100%", {
  shop: smallint("shop"),
  day: integer("day"),
  reason: text("reason of\nit").default("it's"),
}, (table) => [foreignKey({ columns: [table.shop, table.day], foreignColumns: [sales.shop, sales.day] }).onDelete("restrict"), index().on(table.reason)]);
