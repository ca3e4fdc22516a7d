import { foreignKey, index, numeric, pgEnum, pgTable, smallint, text, uuid, varchar } from "drizzle-orm/pg-core";
import { id, moment, timestamps } from "./columns";
import { orderItems, orders } from "./orders";

export const paymentMethod = pgEnum("payment_method", ["card", "paypal", "invoice"]);

export const payments = pgTable(
  "payments",
  {
    id: id(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id),
    method: paymentMethod().notNull(),
    amount: numeric({ precision: 12, scale: 2 }).notNull(),
    providerReference: varchar({ length: 128 }).unique(),
    capturedAt: moment(),
    ...timestamps,
  },
  (table) => [index("payments_order_id_idx").on(table.orderId)],
);

/** A refund names the order's line that it is for, or none where it is for the whole payment. */
export const refunds = pgTable(
  "refunds",
  {
    id: id(),
    paymentId: uuid()
      .notNull()
      .references(() => payments.id),
    orderId: uuid(),
    orderLine: smallint(),
    amount: numeric({ precision: 12, scale: 2 }).notNull(),
    reason: text(),
    ...timestamps,
  },
  (table) => [
    foreignKey({
      name: "refunds_order_line_fkey",
      columns: [table.orderId, table.orderLine],
      foreignColumns: [orderItems.orderId, orderItems.line],
    }),
  ],
);
