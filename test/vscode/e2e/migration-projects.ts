// The projects of the migrations' end-to-end tests: a shop in Drizzle, and one in Prisma with its first migration.

export const schema = `import { bigint, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: bigint("client_id", { mode: "number" }).notNull().references(() => clients.id),
  placedAt: timestamp("placed_at", { withTimezone: true }).notNull(),
});
`;

export const config = `import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" });
`;

export const prisma = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Client {
  id     BigInt  @id
  orders Order[]
}

model Order {
  id       BigInt @id
  clientId BigInt
  client   Client @relation(fields: [clientId], references: [id])
}
`;

/** As `prisma migrate dev` writes it. */
export const prismaInit = `-- CreateTable
CREATE TABLE "Client" (
    "id" BIGINT NOT NULL,

    CONSTRAINT "Client_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Order" (
    "id" BIGINT NOT NULL,
    "clientId" BIGINT NOT NULL,

    CONSTRAINT "Order_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Order" ADD CONSTRAINT "Order_clientId_fkey" FOREIGN KEY ("clientId") REFERENCES "Client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
`;

/** What `schema` makes of a database, as drizzle-kit pushes it. */
export const pushed = `create table clients (id bigint primary key not null, name text not null);
create table orders (id bigint primary key not null, client_id bigint not null, placed_at timestamp with time zone not null);
alter table orders add constraint orders_client_id_clients_id_fk foreign key (client_id) references public.clients (id) on delete no action on update no action`;
