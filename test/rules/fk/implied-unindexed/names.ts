import { bigint, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });
export const categories = pgTable("categories", { id: uuid("id").primaryKey() });
export const address = pgTable("address", { id: integer("id").primaryKey() });
export const people = pgTable("people", { personId: integer("person_id").primaryKey() });
export const team = pgTable("team", { id: integer("id").primaryKey() });
export const teams = pgTable("teams", { id: integer("id").primaryKey() });
export const pairs = pgTable("pairs", { a: integer("a"), b: integer("b") }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export const stripeCustomers = pgTable("stripe_customers", { id: text("id").primaryKey() });
export const shopBoxes = pgTable("shop_boxes", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id"),
//^^^^^^^^ orders.client_id is named and typed like a reference to clients.id
  categoryId: uuid("category_id"),
//^^^^^^^^^^ categories.id
  addressId: integer("addressId"),
//^^^^^^^^^ address.id
  personId: integer("person_id"),
//^^^^^^^^ people.person_id
  // Another type, two tables that fit, a composite key, another system's id, no table, an id of its own.
  payerId: integer("payer_id"),
  teamId: integer("team_id"),
  pairId: integer("pair_id"),
  stripeCustomerId: text("stripe_customer_id"),
  orderId: integer("order_id"),
  paid: integer("paid"),
});

export const events = pgTable("events", {
  id: integer("id").primaryKey(),
  clientId: bigint("client_id", { mode: "number" }),
  categoryId: text("category_id"),
  addressType: text("address_type"),
  addressId: integer("address_id"),
});

export const shopItems = pgTable("shop_items", {
  id: integer("id").primaryKey(),
  boxId: integer("box_id"),
//^^^^^ shop_boxes.id
});

export const byKey = pgTable("by_key", { clientId: integer("client_id").primaryKey() });
