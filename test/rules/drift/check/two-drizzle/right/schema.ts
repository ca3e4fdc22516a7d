import { check, integer, pgTable } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  number: integer("number").notNull(),
}, (table) => [
  check("orders_id_check", sql`"id" > 0`),
  check("orders_number_check", sql`${table.number} > 0`),
]);
