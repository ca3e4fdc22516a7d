// An optional one-to-one relation, a predicate that leaves NULL out, NULLs that are equal already, NOT NULL, a key that holds another.
import { eq, isNotNull } from "drizzle-orm";
import { integer, pgTable, text, unique, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  managerId: integer("manager_id").unique(),
//                                 ^^^^^^^^ manager_id is nullable
  profileId: integer("profile_id").unique().references(() => profiles.id),
  phone: text("phone"),
  name: text("name").notNull(),
}, (t) => [
  uniqueIndex("users_phone_key").on(t.phone).where(isNotNull(t.phone)),
  unique("users_name_phone_key").on(t.name, t.phone).nullsNotDistinct(),
  unique("users_id_manager_key").on(t.id, t.managerId),
  uniqueIndex("users_phone_chief_key").on(t.phone, t.name).where(eq(t.phone, "1")),
  uniqueIndex("users_name_key").on(t.name, t.id),
  uniqueIndex("users_manager_name_key").on(t.managerId, t.name),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ manager_id is nullable
]);

export const profiles = pgTable("profiles", { id: integer("id").primaryKey() });
