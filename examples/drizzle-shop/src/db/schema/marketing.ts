import { index, integer, numeric, pgTable, primaryKey, uuid, varchar } from "drizzle-orm/pg-core";
import { id, moment, timestamps } from "./columns";
import { customers } from "./customers";
import { orders } from "./orders";

export const coupons = pgTable("coupons", {
  id: id(),
  code: varchar({ length: 32 }).notNull().unique(),
  percent: numeric({ precision: 5, scale: 2 }).notNull(),
  maxRedemptions: integer(),
  expiresAt: moment(),
  ...timestamps,
});

export const couponRedemptions = pgTable(
  "coupon_redemptions",
  {
    couponId: uuid()
      .notNull()
      .references(() => coupons.id, { onDelete: "cascade" }),
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    customerId: uuid()
      .notNull()
      .references(() => customers.id, { onDelete: "cascade" }),
    redeemedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.couponId, table.orderId] }),
    index("coupon_redemptions_order_id_idx").on(table.orderId),
    index("coupon_redemptions_coupon_id_order_id_idx").on(table.couponId, table.orderId),
  ],
);
