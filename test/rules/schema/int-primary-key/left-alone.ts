// A key that is a foreign key has no say in its type; keys of several columns and other types do not count up.
import { bigserial, integer, pgTable, primaryKey, smallint, uuid } from "drizzle-orm/pg-core";

export const users = pgTable("users", { id: bigserial("id", { mode: "number" }).primaryKey() });
export const profiles = pgTable("profiles", { userId: integer("user_id").primaryKey().references(() => users.id) });
export const tokens = pgTable("tokens", { id: uuid("id").primaryKey() });
export const kinds = pgTable("kinds", { id: smallint("id").primaryKey() });
export const pairs = pgTable("pairs", { a: integer("a"), b: integer("b") }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export const plain = pgTable("plain", {
  id: integer("id").primaryKey(),
//^^ plain.id is integer, which ends at 2,147,483,647
});
export const identity = pgTable("identity", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
//^^ identity.id
});
