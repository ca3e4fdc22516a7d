import { foreignKeyKey, pairedActions } from "../foreign-key-pairs";
import { missing } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A foreign key stands in one schema and not in the other one of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. Keys are compared by their columns and their target, not by their names, which every ORM makes up differently. Relations that make no constraint (\`relations()\` alone, \`relationMode = "prisma"\`) are none here. Keys that differ in their actions only are reported by \`fk/action-mismatch\`.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
//^^^^^^^^ orders(client_id) references clients(id) in schema.prisma and not here
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  clientId Int    @map("client_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade, onUpdate: NoAction)

  @@index([clientId])
  @@map("orders")
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id, { onDelete: "cascade" }),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  clientId Int    @map("client_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade, onUpdate: NoAction)

  @@index([clientId])
  @@map("orders")
}
`,
  },
  *checkPair(pair) {
    const inBoth = pairedActions(pair);
    for (const change of pair.changes) {
      if (change.kind !== "add-foreign-key" && change.kind !== "drop-foreign-key") continue;
      const { table, foreignKey } = change;
      if (inBoth.has(foreignKeyKey(table, foreignKey))) continue;
      const { references, columns } = foreignKey;
      yield missing(pair, change.kind === "add-foreign-key" ? "left" : "right", table, columns, foreignKey,
        (where) => `${table.name}(${columns.join(", ")}) references ${references.table.schemaInDatabase === undefined ? "" : `${references.table.schemaInDatabase}.`}${references.table.name}(${references.columns.join(", ")}) ${where}`,
        { title: `Add the foreign key on ${table.name}(${columns.join(", ")})`, changes: [{ kind: "add-foreign-key", table, foreignKey: { ...foreignKey, name: undefined } }] });
    }
  },
};

export default rule;
