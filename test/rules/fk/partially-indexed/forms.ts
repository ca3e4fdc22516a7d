import { foreignKey, index, integer, pgTable, primaryKey, uniqueIndex } from "drizzle-orm/pg-core";

export const places = pgTable("places", { tenantId: integer("tenant_id"), number: integer("number") }, (t) => [primaryKey({ columns: [t.tenantId, t.number] })]);

export const reversed = pgTable("reversed", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), place: integer("place").notNull() }, (t) => [
  index("reversed_idx").on(t.place, t.tenantId),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
]);

export const gap = pgTable("gap", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), x: integer("x"), place: integer("place").notNull() }, (t) => [
  index("gap_idx").on(t.tenantId, t.x, t.place),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
]);

// The fix begins with the column of the index that it replaces.
export const second = pgTable("second", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), place: integer("place").notNull() }, (t) => [
  index("second_place_idx").on(t.place),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ the index second_place_idx has place but not tenant_id
]);

export const twoSingle = pgTable("two_single", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), place: integer("place").notNull() }, (t) => [
  index("two_single_tenant_id_idx").on(t.tenantId),
  index("two_single_place_idx").on(t.place),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ the index two_single_tenant_id_idx has tenant_id but not place
]);

export const byKey = pgTable("by_key", { tenantId: integer("tenant_id").notNull(), line: integer("line").notNull(), place: integer("place").notNull() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.line] }),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ the primary key has tenant_id but not place
]);

export const byUnique = pgTable("by_unique", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), place: integer("place").notNull() }, (t) => [
  uniqueIndex("by_unique_tenant_id").on(t.tenantId),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ by_unique_tenant_id
]);
