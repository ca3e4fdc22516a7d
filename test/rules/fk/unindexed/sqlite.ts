import { index, integer, sqliteTable } from "drizzle-orm/sqlite-core";

export const clients = sqliteTable("clients", { id: integer("id").primaryKey() });
export const orders = sqliteTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ orders.client_id
  payerId: integer("payer_id").references(() => clients.id),
}, (t) => [index("orders_payer_idx").on(t.payerId)]);
