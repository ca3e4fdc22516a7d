import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [
  index("orders_by_client").on(table.clientId),
//^^^^^ the index orders_by_client of orders is called orders_client_id_idx in schema.prisma
]);
