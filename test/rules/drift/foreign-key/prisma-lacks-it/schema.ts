import { foreignKey, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const tenants = pgTable("tenants", {
  region: integer("region").notNull(),
  id: integer("id").notNull(),
}, (t) => [primaryKey({ columns: [t.region, t.id] })]);

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  region: integer("region").notNull(),
  tenantId: integer("tenant_id").notNull(),
}, (t) => [
  index("orders_region_tenant_id_idx").on(t.region, t.tenantId),
  foreignKey({ columns: [t.region, t.tenantId], foreignColumns: [tenants.region, tenants.id] }),
]);
