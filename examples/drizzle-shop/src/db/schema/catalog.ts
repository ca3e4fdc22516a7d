import { type AnyPgColumn, index, integer, jsonb, numeric, pgTable, smallint, text, unique, uuid, varchar } from "drizzle-orm/pg-core";
import { id, moment, timestamps } from "./columns";
import { customers } from "./customers";

export const brands = pgTable("brands", {
  id: id(),
  name: text().notNull(),
  slug: varchar({ length: 80 }).notNull().unique(),
});

export const categories = pgTable("categories", {
  id: id(),
  parentId: uuid().references((): AnyPgColumn => categories.id, { onDelete: "restrict" }),
  name: text().notNull(),
  slug: varchar({ length: 80 }).notNull().unique(),
  position: smallint().notNull().default(0),
});

export const products = pgTable(
  "products",
  {
    id: id(),
    brandId: uuid()
      .notNull()
      .references(() => brands.id),
    categoryId: uuid()
      .notNull()
      .references(() => categories.id),
    name: text().notNull(),
    slug: varchar({ length: 120 }).notNull().unique(),
    description: text().notNull().default(""),
    attributes: jsonb().notNull().default({}),
    publishedAt: moment(),
    ...timestamps,
  },
  (table) => [
    index("products_category_id_idx").on(table.categoryId),
    index("products_slug_idx").on(table.slug),
    index("products_attributes_idx").using("gin", table.attributes),
  ],
);

export const variants = pgTable(
  "variants",
  {
    id: id(),
    productId: uuid()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    sku: varchar({ length: 64 }).notNull(),
    color: text().notNull(),
    size: text().notNull(),
    price: numeric({ precision: 12, scale: 2 }).notNull(),
    weightGrams: integer(),
    ...timestamps,
  },
  (table) => [
    unique("variants_sku_key").on(table.sku),
    unique("variants_product_id_color_size_key").on(table.productId, table.color, table.size),
  ],
);

export const reviews = pgTable(
  "reviews",
  {
    id: id(),
    productId: uuid()
      .notNull()
      .references(() => products.id, { onDelete: "cascade" }),
    customerId: uuid()
      .notNull()
      .references(() => customers.id, { onDelete: "cascade" }),
    rating: smallint().notNull(),
    body: text(),
    ...timestamps,
  },
  (table) => [
    unique("reviews_product_id_customer_id_key").on(table.productId, table.customerId),
    index("reviews_product_id_idx").on(table.productId),
  ],
);
