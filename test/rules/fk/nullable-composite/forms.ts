import { sql } from "drizzle-orm";
import { check, foreignKey, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const places = pgTable("places", { tenantId: integer("tenant_id"), number: integer("number") }, (t) => [primaryKey({ columns: [t.tenantId, t.number] })]);

export const both = pgTable("both", { id: integer("id").primaryKey(), tenantId: integer("tenant_id"), place: integer("place") }, (t) => [
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ where tenant_id or place is NULL. Make its columns NOT NULL
]);

export const one = pgTable("one", { id: integer("id").primaryKey(), tenantId: integer("tenant_id").notNull(), place: integer("place") }, (t) => [
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ That is right if NULL means no reference
]);

export const checked = pgTable("checked", { id: integer("id").primaryKey(), tenantId: integer("tenant_id"), place: integer("place") }, (t) => [
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
  check("both_or_none", sql`(${t.tenantId} is null) = (${t.place} is null)`),
]);

// Columns of the primary key are never NULL.
export const keyed = pgTable("keyed", { tenantId: integer("tenant_id"), place: integer("place") }, (t) => [
  primaryKey({ columns: [t.tenantId, t.place] }),
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
]);
