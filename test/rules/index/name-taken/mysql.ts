// MySQL names indexes within their table.
import { index, int, mysqlTable } from "drizzle-orm/mysql-core";

export const orders = mysqlTable("orders", { id: int("id").primaryKey(), a: int("a"), b: int("b") }, (t) => [
  index("a_idx").on(t.a),
  index("a_idx").on(t.b),
//^^^^^^^^^^^^^^ taken by an index of orders
  index("orders").on(t.a, t.b),
]);

export const lines = mysqlTable("lines", { id: int("id").primaryKey(), a: int("a") }, (t) => [index("a_idx").on(t.a)]);
