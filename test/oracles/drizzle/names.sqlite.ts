// As names.pg.ts, for SQLite.
import { foreignKey, integer, primaryKey, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";

export const customers = sqliteTable("customers", {
  id: integer().primaryKey(),
  emailAddress: text().unique(),
  fullName: text().notNull(),
  bornOn: integer(),
}, (table) => [unique().on(table.fullName), unique().on(table.fullName, table.bornOn), unique("customers_born").on(table.bornOn)]);

export const orders = sqliteTable("orders", {
  customerId: integer().references(() => customers.id),
  orderNo: integer("no"),
}, (table) => [primaryKey({ columns: [table.customerId, table.orderNo] })]);

export const lines = sqliteTable("lines", {
  customerId: integer(),
  orderNo: integer(),
}, (table) => [foreignKey({ columns: [table.customerId, table.orderNo], foreignColumns: [orders.customerId, orders.orderNo] })]);
