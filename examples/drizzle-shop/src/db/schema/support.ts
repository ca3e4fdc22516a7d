import { boolean, index, jsonb, pgTable, serial, text, uuid } from "drizzle-orm/pg-core";
import { id, moment, timestamps } from "./columns";
import { customers } from "./customers";
import { orders } from "./orders";

export const agents = pgTable("agents", {
  id: id(),
  name: text().notNull(),
  active: boolean().notNull().default(true),
});

export const tickets = pgTable(
  "tickets",
  {
    id: id(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id, { onDelete: "cascade" }),
    orderId: uuid().references(() => orders.id, { onDelete: "set null" }),
    // Agents come from the identity provider and may be gone: related in relations.ts, not in the database.
    agentId: uuid(),
    subject: text().notNull(),
    closedAt: moment(),
    ...timestamps,
  },
  (table) => [index("tickets_customer_id_idx").on(table.customerId)],
);

export const auditEvents = pgTable("audit_events", {
  id: serial().primaryKey(),
  subjectType: text().notNull(),
  subjectId: uuid().notNull(),
  action: text().notNull(),
  payload: jsonb(),
  happenedAt: moment().notNull().defaultNow(),
});
