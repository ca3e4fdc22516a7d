import { integer, pgTable, primaryKey, text, uuid, varchar } from "drizzle-orm/pg-core";
import { variants } from "./catalog";
import { id, timestamps } from "./columns";

export const warehouses = pgTable("warehouses", {
  id: id(),
  code: varchar({ length: 8 }).notNull().unique(),
  city: text().notNull(),
});

export const stockLevels = pgTable(
  "stock_levels",
  {
    warehouseId: uuid()
      .notNull()
      .references(() => warehouses.id, { onDelete: "cascade" }),
    variantId: uuid()
      .notNull()
      .references(() => variants.id, { onDelete: "cascade" }),
    available: integer().notNull().default(0),
    reserved: integer().notNull().default(0),
    ...timestamps,
  },
  (table) => [primaryKey({ columns: [table.warehouseId, table.variantId] })],
);
