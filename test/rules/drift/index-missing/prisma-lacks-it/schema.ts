import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  shopId: integer("shop_id").notNull(),
  note: text("note"),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
  index("orders_shop_id_client_id_idx").on(table.shopId, table.clientId.desc()),
  // What Prisma has no words for is not missed in it.
  index("orders_note_idx").on(sql`lower(${table.note})`),
  index("orders_open_idx").on(table.note).where(sql`${table.note} is not null`),
]);
