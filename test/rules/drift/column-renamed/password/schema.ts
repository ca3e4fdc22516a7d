import { index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: uuid("id").defaultRandom().primaryKey(),
  email: text("email").notNull(),
  password: text("password").notNull(),
//^^^^^^^^ users.password is passwordHash in schema.prisma: give both
  teamId: uuid("team_id").references(() => teams.id),
//^^^^^^ users.team_id is groupId in schema.prisma: give both
  createdAt: timestamp("created_at", { precision: 3 }).notNull().defaultNow(),
//^^^^^^^^^ users.created_at is createdAt in schema.prisma: give both
}, (table) => [index("users_team_id_idx").on(table.teamId)]);

export const teams = pgTable("teams", { id: uuid("id").defaultRandom().primaryKey() });
