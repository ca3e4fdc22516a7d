import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey(), email: text("email").unique() });

export const orders = pgTable("orders", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) });

export const notes = pgTable("notes", { id: integer("id").primaryKey() });
//           ^^^^^ No migration makes the table notes
