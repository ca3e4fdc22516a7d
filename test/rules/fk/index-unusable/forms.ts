import { and, isNotNull, isNull, sql } from "drizzle-orm";
import { index, integer, pgTable, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const a = pgTable("a", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ its predicate "deleted_at" is null
  deletedAt: timestamp("deleted_at"),
}, (t) => [uniqueIndex("a_client_id_key").on(t.clientId).where(sql`${t.deletedAt} is null`)]);

export const b = pgTable("b", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ the index is partial
  deletedAt: timestamp("deleted_at"),
}, (t) => [index("b_idx").on(t.clientId).where(and(isNotNull(t.clientId), isNull(t.deletedAt))!)]);

// The lookup implies the predicate.
export const c = pgTable("c", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index("c_idx").on(t.clientId).where(isNotNull(t.clientId))]);
export const d = pgTable("d", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => [index("d_idx").on(t.clientId).where(sql`client_id IS NOT NULL`)]);

// A whole index stands beside the partial one.
export const e = pgTable("e", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id), x: integer("x") }, (t) => [
  index("e_partial").on(t.clientId).where(sql`${t.x} > 1`),
  index("e_whole").on(t.clientId),
]);
