// Small schemas that the language server's tests share: a shop with known gaps, in Prisma and in Drizzle.

export const prismaShop = `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int         @id
  clientId Int         @map("client_id")
  client   Client      @relation(fields: [clientId], references: [id], onDelete: Cascade)
  lines    OrderLine[]

  @@map("orders")
}

model OrderLine {
  id        Int     @id
  orderId   Int     @map("order_id")
  order     Order   @relation(fields: [orderId], references: [id], onDelete: Cascade)
  productId Int     @map("product_id")
  product   Product @relation(fields: [productId], references: [id])

  @@index([productId])
  @@map("order_lines")
}

model Product {
  id    Int         @id
  lines OrderLine[]

  @@map("products")
}
`;

export const drizzleShop = `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: integer("id").primaryKey(),
});

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id, { onDelete: "cascade" }),
});

export const products = pgTable("products", {
  id: integer("id").primaryKey(),
});

export const orderLines = pgTable(
  "order_lines",
  {
    id: integer("id").primaryKey(),
    orderId: integer("order_id").notNull().references(() => orders.id, { onDelete: "cascade" }),
    productId: integer("product_id").notNull().references(() => products.id),
  },
  (table) => [
    index("order_lines_product_id_idx").on(table.productId),
  ],
);
`;
