import { bigint, int, mysqlTable } from "drizzle-orm/mysql-core";

export const clients = mysqlTable("clients", {
  id: int("id").autoincrement().primaryKey(),
//^^ clients.id
});
export const orders = mysqlTable("orders", {
  id: int("id", { unsigned: true }).autoincrement().primaryKey(),
//^^ 4,294,967,295
});
export const lines = mysqlTable("lines", { id: bigint("id", { mode: "number" }).autoincrement().primaryKey() });
