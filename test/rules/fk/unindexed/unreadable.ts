import { integer, pgTable } from "drizzle-orm/pg-core";
import { auditIndexes } from "a-published-package";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });
// What auditIndexes adds is not known: nothing is said.
export const orders = pgTable("orders", { id: integer("id").primaryKey(), clientId: integer("client_id").references(() => clients.id) }, (t) => auditIndexes(t));
