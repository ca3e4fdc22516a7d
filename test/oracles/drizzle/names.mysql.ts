// As names.pg.ts, for MySQL, where indexes cannot go without a name.
import { foreignKey, int, mysqlTable, primaryKey, unique, varchar } from "drizzle-orm/mysql-core";

export const customers = mysqlTable("customers", {
  id: int().primaryKey().autoincrement(),
  emailAddress: varchar({ length: 100 }).unique(),
  fullName: varchar({ length: 100 }).notNull(),
  bornOn: int(),
}, (table) => [unique().on(table.fullName), unique().on(table.fullName, table.bornOn), unique("customers_born").on(table.bornOn)]);

export const orders = mysqlTable("orders", {
  customerId: int().references(() => customers.id),
  orderNo: int("no"),
}, (table) => [primaryKey({ columns: [table.customerId, table.orderNo] })]);

export const lines = mysqlTable("lines", {
  customerId: int(),
  orderNo: int(),
}, (table) => [foreignKey({ columns: [table.customerId, table.orderNo], foreignColumns: [orders.customerId, orders.orderNo] })]);

export const returns = mysqlTable("a_table_with_quite_a_long_name_indeed", {
  aColumnWithQuiteALongName: int().references(() => customers.id),
});
