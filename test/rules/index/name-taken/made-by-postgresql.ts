// PostgreSQL names unnamed keys and sequences with the table: an index that comes later finds the name taken. For a constraint
// of another table nobody knows which of the two comes first, and PostgreSQL takes another name if it is the later one.
import { index, integer, pgTable, primaryKey, serial, unique, uniqueIndex } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: serial("id").primaryKey(),
  number: integer("number").notNull().unique(),
}, (t) => [
  unique("orders_id_seq").on(t.number, t.id),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by the sequence of id of orders
]);

export const lines = pgTable("lines", {
  order: integer("order").notNull(),
  line: integer("line").generatedAlwaysAsIdentity(),
  a: integer("a"),
}, (t) => [
  primaryKey({ columns: [t.order, t.line] }),
  index("orders_pkey").on(t.a),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by the primary key of orders
  index("lines_order_line_pk").on(t.a, t.line),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by the primary key of lines
  uniqueIndex("lines_line_seq").on(t.a, t.order),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by the sequence of line of lines
  index("orders_number_unique").on(t.a, t.line, t.order),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by a unique constraint of orders
  index("lines_pkey").on(t.line, t.a),
  unique("payments_pkey").on(t.a, t.line),
]);

export const payments = pgTable("payments", {
  id: serial("id").primaryKey(),
});

export const long = pgTable("a_table_with_a_name_that_is_long_enough_to_be_cut_off", {
  aColumnWithANameThatIsAlsoLong: serial("a_column_with_a_name_that_is_also_long").primaryKey(),
  a: integer("a"),
}, (t) => [
  index("a_table_with_a_name_that_is_l_a_column_with_a_name_that_is__seq").on(t.a),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ taken by the sequence of a_column_with_a_name_that_is_also_long
]);
