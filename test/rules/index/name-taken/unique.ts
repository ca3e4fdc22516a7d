// Two constraints of one name; the new name ends as PostgreSQL's own do, and is one that nobody has.
import { integer, pgTable, unique } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  number: integer("number").notNull(),
}, (t) => [unique("number_key").on(t.number), unique("lines_number_key").on(t.number, t.id)]);

export const lines = pgTable("lines", {
  id: integer("id").primaryKey(),
  number: integer("number").notNull().unique("number_key"),
//                                    ^^^^^^^^^^^^^^^^^^^^ taken by a unique constraint of orders
});
