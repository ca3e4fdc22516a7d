// One condition of several goes, the others stay. A primary key's column is NOT NULL without saying so.
import { isNotNull, sql } from "drizzle-orm";
import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  state: text("state"),
}, (t) => [
  index("orders_open_idx").on(t.clientId).where(sql`${t.clientId} is not null and ${t.state} = 'open'`),
//^^^^^^^^^^^^^^^^^^^^^^^^ from the predicate
  index("orders_id_state_idx").on(t.state).where(sql`(${t.id} IS NOT NULL)`),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^ id is NOT NULL
  index("orders_state_idx").on(t.state).where(isNotNull(t.state)),
  index("orders_or_idx").on(t.state).where(sql`${t.clientId} is not null or ${t.state} = 'open'`),
  index("orders_lower_idx").on(t.state).where(sql`lower(${t.state}) is not null`),
]);
