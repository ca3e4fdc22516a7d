// Two names of one table are no two tables, and another schema may have one of the same name.
import { integer, pgSchema, pgTable } from "drizzle-orm/pg-core";

export const userTable = pgTable("users", { id: integer("id").primaryKey() });
export const user = userTable;
export const archive = pgSchema("archive");
export const archivedUsers = archive.table("users", { id: integer("id").primaryKey() });
