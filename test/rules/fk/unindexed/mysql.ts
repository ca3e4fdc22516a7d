import { int, mysqlTable } from "drizzle-orm/mysql-core";

// InnoDB creates the index itself.
export const clients = mysqlTable("clients", { id: int("id").primaryKey() });
export const orders = mysqlTable("orders", { id: int("id").primaryKey(), clientId: int("client_id").references(() => clients.id) });
