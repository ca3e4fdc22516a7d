import { check, integer, pgTable } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";

export const orders = pgTable("orders", {
//           ^^^^^^ orders has the check orders_number_check in right/schema.ts and not here
  id: integer("id").primaryKey(),
  number: integer("number").notNull(),
}, (table) => [check("orders_id_check", sql`${table.id} > 0`)]);
