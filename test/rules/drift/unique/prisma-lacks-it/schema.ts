import { integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey().unique(),
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
}, (table) => [uniqueIndex("users_name_email").on(table.name, table.email)]);
