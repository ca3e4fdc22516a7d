import { sql } from "drizzle-orm";
import { foreignKey, index, integer, numeric, pgEnum, pgTable, primaryKey, smallint, text, uuid, varchar } from "drizzle-orm/pg-core";
import { variants } from "./catalog";
import { id, moment, timestamps } from "./columns";
import { addresses, customers } from "./customers";

export const orderStatus = pgEnum("order_status", ["pending", "paid", "shipped", "delivered", "cancelled"]);

export const carts = pgTable(
  "carts",
  {
    id: id(),
    customerId: uuid().references(() => customers.id, { onDelete: "cascade" }),
    orderedAt: moment(),
    ...timestamps,
  },
  (table) => [
    // One open cart per customer is looked up on every page.
    index("carts_open_customer_id_idx")
      .on(table.customerId)
      .where(sql`${table.orderedAt} is null`),
  ],
);

export const cartItems = pgTable(
  "cart_items",
  {
    cartId: uuid()
      .notNull()
      .references(() => carts.id, { onDelete: "cascade" }),
    variantId: uuid()
      .notNull()
      .references(() => variants.id),
    quantity: smallint().notNull().default(1),
  },
  (table) => [primaryKey({ columns: [table.cartId, table.variantId] })],
);

export const orders = pgTable(
  "orders",
  {
    id: id(),
    number: varchar({ length: 20 }).notNull().unique(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    shippingAddressId: uuid()
      .notNull()
      .references(() => addresses.id),
    billingAddressId: uuid()
      .notNull()
      .references(() => addresses.id),
    status: orderStatus().notNull().default("pending"),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    note: text(),
    placedAt: moment().notNull().defaultNow(),
    ...timestamps,
  },
  (table) => [
    index("orders_shipping_address_id_idx").on(table.shippingAddressId),
    index("orders_status_idx").on(table.status),
    index("orders_status_placed_at_idx").on(table.status, table.placedAt.desc()),
  ],
);

export const orderItems = pgTable(
  "order_items",
  {
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    line: smallint().notNull(),
    variantId: uuid()
      .notNull()
      .references(() => variants.id),
    quantity: smallint().notNull(),
    unitPrice: numeric({ precision: 12, scale: 2 }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.line] })],
);

export const shipments = pgTable(
  "shipments",
  {
    id: id(),
    orderId: uuid()
      .notNull()
      .references(() => orders.id, { onDelete: "cascade" }),
    carrier: text().notNull(),
    trackingCode: varchar({ length: 64 }),
    shippedAt: moment(),
    ...timestamps,
  },
  (table) => [
    index("shipments_order_id_idx").on(table.orderId),
    index("shipments_order_idx").on(table.orderId),
  ],
);

/** Which lines of an order went into which parcel. */
export const shipmentItems = pgTable(
  "shipment_items",
  {
    shipmentId: uuid()
      .notNull()
      .references(() => shipments.id, { onDelete: "cascade" }),
    orderId: uuid().notNull(),
    orderLine: smallint().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shipmentId, table.orderId, table.orderLine] }),
    foreignKey({
      name: "shipment_items_order_line_fkey",
      columns: [table.orderId, table.orderLine],
      foreignColumns: [orderItems.orderId, orderItems.line],
    }),
    index("shipment_items_order_id_idx").on(table.orderId),
  ],
);
