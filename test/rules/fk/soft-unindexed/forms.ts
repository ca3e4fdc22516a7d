import { relations } from "drizzle-orm";
import { index, int, mysqlTable } from "drizzle-orm/mysql-core";

export const clients = mysqlTable("clients", { id: int("id").primaryKey() });

export const orders = mysqlTable("orders", {
  id: int("id").primaryKey(),
  // A real foreign key: InnoDB indexes it.
  clientId: int("client_id").references(() => clients.id),
  payerId: int("payer_id"),
  sellerId: int("seller_id"),
}, (t) => [index("orders_payer_id_idx").on(t.payerId)]);

export const ordersRelations = relations(orders, ({ one }) => ({
  client: one(clients, { fields: [orders.clientId], references: [clients.id] }),
  payer: one(clients, { fields: [orders.payerId], references: [clients.id] }),
  seller: one(clients, { fields: [orders.sellerId], references: [clients.id] }),
//^^^^^^ orders.seller_id
}));
