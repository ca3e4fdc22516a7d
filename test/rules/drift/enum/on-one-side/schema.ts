import { integer, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const state = pgEnum("state", ["open"]);
//                   ^^^^^^ the enum state stands here and not in schema.prisma

export const users = pgTable("users", { id: integer("id").primaryKey() });
