import { sql } from "drizzle-orm";
import { bigint, foreignKey, index, integer, pgTable, primaryKey, text, unique, uniqueIndex, type AnyPgColumn } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey(), code: text("code").unique() });
export const tags = pgTable("tags", { id: integer("id").primaryKey() });

// Covered, each in another way.
export const byIndex = pgTable("by_index", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index().on(t.clientId)]);
export const byPrefix = pgTable("by_prefix", { id: integer("id").primaryKey(), x: integer("x"), clientId: integer("client_id").references(() => clients.id) }, (t) => [index().on(t.clientId, t.x)]);
export const byUnique = pgTable("by_unique", { id: integer("id").primaryKey(), clientId: integer("client_id").unique().references(() => clients.id) });
export const byUniqueConstraint = pgTable("by_unique_constraint", { id: integer("id").primaryKey(), x: integer("x"), clientId: integer("client_id").references(() => clients.id) }, (t) => [unique().on(t.clientId, t.x)]);
export const byUniqueIndex = pgTable("by_unique_index", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [uniqueIndex().on(t.clientId)]);
export const byPrimaryKey = pgTable("by_primary_key", { clientId: integer("client_id").primaryKey().references(() => clients.id) });
export const byHash = pgTable("by_hash", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index().using("hash", t.clientId)]);
export const byDescending = pgTable("by_descending", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index().on(t.clientId.desc())]);
export const byNotNull = pgTable("by_not_null", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index().on(t.clientId).where(sql`${t.clientId} is not null`)]);

// Not covered.
export const clientTags = pgTable("client_tags", {
  clientId: integer("client_id").references(() => clients.id),
  tagId: integer("tag_id").references(() => tags.id, { onDelete: "cascade" }),
//                         ^^^^^^^^^^ client_tags.tag_id (tag_id is in the primary key, but not its first column): each delete in tags reads all of client_tags to find the rows to delete with it
}, (t) => [primaryKey({ columns: [t.clientId, t.tagId] })]);

export const second = pgTable("second", {
  id: integer("id").primaryKey(),
  x: integer("x"),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ client_id is in second_x_client, but not its first column
}, (t) => [index("second_x_client").on(t.x, t.clientId)]);

export const expression = pgTable("expression", {
  id: integer("id").primaryKey(),
  code: text("code").references(() => clients.code, { onDelete: "set null" }),
//                   ^^^^^^^^^^ expression_lower indexes an expression, not the column itself
}, (t) => [index("expression_lower").on(sql`lower(${t.code})`)]);

export const tree = pgTable("tree", {
  id: integer("id").primaryKey(),
  parentId: integer("parent_id").references((): AnyPgColumn => tree.id),
//                               ^^^^^^^^^^ tree.parent_id
});

export const places = pgTable("places", { tenantId: integer("tenant_id"), number: bigint("number", { mode: "number" }) }, (t) => [primaryKey({ columns: [t.tenantId, t.number] })]);
export const visits = pgTable("visits", {
  id: integer("id").primaryKey(),
  tenantId: integer("tenant_id").notNull(),
  place: bigint("place", { mode: "number" }).notNull(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ visits.client_id
}, (t) => [
  foreignKey({ columns: [t.tenantId, t.place], foreignColumns: [places.tenantId, places.number] }),
//^^^^^^^^^^ visits(tenant_id, place)
]);
