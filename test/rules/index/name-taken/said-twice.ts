// One constraint, said of the column and of the table: drizzle-kit makes it once, so nothing is taken.
import { integer, pgTable, text, unique } from "drizzle-orm/pg-core";

export const admins = pgTable("admins", {
  id: integer("id").primaryKey(),
  email: text("email").notNull().unique(),
}, (t) => [unique("admins_email_unique").on(t.email)]);
