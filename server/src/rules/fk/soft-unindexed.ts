import { coverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import type { Detection, Rule } from "../rule";
import { columnsOf, distinctKeys, enforcedKeys, inBrackets, placeOf, related } from "../foreign-keys";

const rule: Rule = {
  summary: "A relation without a foreign key in the database has no index on its columns.",
  why: `A relation that is declared in \`relations()\` or \`defineRelations()\` alone, or under \`relationMode = "prisma"\`, makes no constraint in the database,
and so no database brings an index for it, MySQL neither. Each query that follows the relation from the other side looks rows up by these columns,
and Prisma itself does so where it emulates \`onDelete\`
([Relation mode](https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/relation-mode#indexes)).`,
  severity: "warning",
  bad: {
    drizzle: `import { relations } from "drizzle-orm";
import { integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id"),
});

export const ordersRelations = relations(orders, ({ one }) => ({
  client: one(clients, { fields: [orders.clientId], references: [clients.id] }),
//^^^^^^ orders.client_id
}));
`,
    prisma: `datasource db {
  provider     = "mysql"
  relationMode = "prisma"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id       Int    @id
  clientId Int
  client   Client @relation(fields: [clientId], references: [id])
//                ^^^^^^^^^ Order.clientId
}
`,
  },
  good: {
    drizzle: `import { relations } from "drizzle-orm";
import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id"),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);

export const ordersRelations = relations(orders, ({ one }) => ({
  client: one(clients, { fields: [orders.clientId], references: [clients.id] }),
}));
`,
    prisma: `datasource db {
  provider     = "mysql"
  relationMode = "prisma"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id       Int    @id
  clientId Int
  client   Client @relation(fields: [clientId], references: [id])

  @@index([clientId])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    const enforced = enforcedKeys(table);
    if (enforced === table.foreignKeys) return detections;
    for (const relation of distinctKeys(table.foreignKeys.filter((key) => !key.enforced))) {
      if (enforced.some((key) => key.columns.length === relation.columns.length && key.columns.every((column) => relation.columns.includes(column)))) continue;
      const found = coverage(relation, table, context.schema.dialect, context.schema.source);
      if (found.verdict !== "missing") continue;
      detections.push({
        message: `No index serves the relation on ${columnsOf(table, relation.columns)}${inBrackets(found.nearMiss)}, and without a foreign key no database adds one. Add an index on ${relation.columns.join(", ")}.`,
        at: placeOf(relation, table),
        related: related(relation, context),
        columns: relation.columns,
        fixes: [indexFix(relation.columns, table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

export default rule;
