// Indexes and constraints without names, in all forms that make a difference to drizzle-kit: read statically, and run.
import { sql } from "drizzle-orm";
import { bigserial, check, foreignKey, index, integer, pgSchema, pgTable, primaryKey, serial, text, unique, uniqueIndex, varchar } from "drizzle-orm/pg-core";

export const customers = pgTable("customers", {
  id: serial().primaryKey(),
  emailAddress: text().unique(),
  nickName: text("nick").unique("customers_nick"),
  fullName: text().notNull(),
  bornOn: integer(),
  shopId: integer().generatedAlwaysAsIdentity(),
  rank: integer().generatedByDefaultAsIdentity({ name: "customers_ranks" }),
}, (table) => [
  unique().on(table.fullName),
  unique().on(table.fullName, table.bornOn).nullsNotDistinct(),
  index().on(table.bornOn.desc()),
  index().on(table.bornOn.desc().nullsFirst(), table.fullName),
  index().on(table.fullName.asc().nullsFirst()),
  index().on(table.fullName.nullsLast(), table.nickName.desc().nullsLast()),
  uniqueIndex().on(table.bornOn, table.shopId),
  check("customers_born", sql`${table.bornOn} > 1900`),
]);

export const orders = pgTable("orders", {
  customerId: integer().references(() => customers.id),
  orderNo: integer("no"),
  total: integer(),
}, (table) => [primaryKey({ columns: [table.customerId, table.orderNo] })]);

export const lines = pgTable("lines", {
  customerId: integer(),
  orderNo: integer(),
  lineNo: integer(),
}, (table) => [
  primaryKey({ columns: [table.lineNo] }),
  foreignKey({ columns: [table.customerId, table.orderNo], foreignColumns: [orders.customerId, orders.orderNo] }).onDelete("cascade"),
]);

export const named = pgTable("named", {
  one: integer(),
  two: integer(),
}, (table) => [
  primaryKey({ name: "named_key", columns: [table.one, table.two] }),
  foreignKey({ name: "named_reference", columns: [table.one], foreignColumns: [lines.lineNo] }),
  index("named_index").on(table.two),
]);

const sales = pgSchema("sales");
export const orderIds = sales.table("orderIds", {
  orderId: bigserial({ mode: "number" }).primaryKey(),
  lineNo: integer().references(() => lines.lineNo).unique(),
}, (table) => [index().on(table.orderId)]);

export const long = pgTable("a_table_with_a_name_that_is_long_enough_to_be_cut_off", {
  id: serial().primaryKey(),
  aColumnWithANameThatIsAlsoLongEnough: varchar("a_column_with_a_name_that_is_also_long_enough").unique(),
  lineNo: integer().references(() => lines.lineNo),
}, (table) => [index().on(table.lineNo, table.aColumnWithANameThatIsAlsoLongEnough), unique().on(table.id, table.aColumnWithANameThatIsAlsoLongEnough)]);

export const longer = pgTable("ein_käse_nach_dem_anderen_und_immer_noch_einer_für_übel", {
  id: serial(),
  größe: integer("größe_in_ellen").references(() => long.id),
}, (table) => [primaryKey({ columns: [table.id] })]);
