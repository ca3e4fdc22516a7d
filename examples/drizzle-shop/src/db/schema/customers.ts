import { boolean, pgTable, text, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
import { id, moment, timestamps } from "./columns";

export const customers = pgTable(
  "customers",
  {
    id: id(),
    email: varchar({ length: 320 }).notNull(),
    password: text().notNull(),
    name: text().notNull(),
    phone: varchar({ length: 32 }),
    acceptsMarketing: boolean().notNull().default(false),
    deletedAt: moment(),
    ...timestamps,
  },
  (table) => [uniqueIndex("customers_email_key").on(table.email)],
);

export const addresses = pgTable("addresses", {
  id: id(),
  customerId: uuid()
    .notNull()
    .references(() => customers.id, { onDelete: "cascade" }),
  recipient: text().notNull(),
  street: text().notNull(),
  postalCode: varchar({ length: 16 }).notNull(),
  city: text().notNull(),
  countryCode: varchar({ length: 2 }).notNull(),
  ...timestamps,
});
