// A join table whose columns are unique together only lacks the word; a unique key elsewhere is named.
import { index, integer, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", { id: integer("id").primaryKey() });
export const teams = pgTable("teams", { id: integer("id").primaryKey() });

export const members = pgTable("members", {
//           ^^^^^^^ though user_id, team_id are unique: logical replication still cannot
  userId: integer("user_id").notNull().references(() => users.id),
  teamId: integer("team_id").notNull().references(() => teams.id),
}, (t) => [unique().on(t.userId, t.teamId), index("members_team_id_idx").on(t.teamId)]);

export const tokens = pgTable("tokens", {
//           ^^^^^^ though token is unique
  token: text("token").notNull(),
}, (t) => [uniqueIndex("tokens_token_key").on(t.token)]);

export const owners = pgTable("owners", {
  userId: integer("user_id").notNull(),
  teamId: integer("team_id").notNull(),
}, (t) => [primaryKey({ columns: [t.userId, t.teamId] })]);
