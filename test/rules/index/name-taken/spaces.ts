// Tables and constraints take names too; another schema has names of its own; long names are cut before they are compared.
import { index, integer, pgSchema, pgTable, unique, uniqueIndex } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  a: integer("a"),
}, (t) => [
  index("lines").on(t.a),
//^^^^^^^^^^^^^^ taken by the table lines
  unique("orders_key").on(t.a, t.id),
]);

export const lines = pgTable("lines", {
  id: integer("id").primaryKey(),
  a: integer("a"),
}, (t) => [
  uniqueIndex("orders_key").on(t.id, t.a),
//^^^^^^^^^^^^^^^^^^^^^^^^^ taken by a unique constraint of orders
  index("a_name_that_is_so_long_that_postgresql_cuts_its_end_off_silently_1").on(t.a),
  index("a_name_that_is_so_long_that_postgresql_cuts_its_end_off_silently_2").on(t.a.desc()),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ of long names PostgreSQL keeps 63 bytes
  index("Lines").on(t.a, t.id),
]);

export const archive = pgSchema("archive");
export const archived = archive.table("orders", {
  id: integer("id").primaryKey(),
  a: integer("a"),
}, (t) => [index("lines").on(t.a), unique("orders_key").on(t.a, t.id)]);
