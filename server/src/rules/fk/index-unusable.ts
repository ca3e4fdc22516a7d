import { coverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import type { Detection, Rule } from "../rule";
import { columnsOf, distinctKeys, placeOf } from "../foreign-keys";

const rule: Rule = {
  summary: "The only index over a foreign key's columns cannot serve it.",
  why: `An index can have the right columns and still be of no use to the lookups that a foreign key's checks run:

- It is partial, and the lookup does not imply its predicate. A lookup by \`client_id = $1\` implies \`client_id IS NOT NULL\`, so that predicate does
  no harm; it does not imply \`deleted_at IS NULL\`, because the check must find deleted rows too
  ([Partial Indexes](https://www.postgresql.org/docs/current/indexes-partial.html)).
- It has another collation than the column, and an index supports one collation only
  ([Indexes and Collations](https://www.postgresql.org/docs/current/indexes-collations.html)).
- It is INVALID: its concurrent build failed, and PostgreSQL keeps it up to date without ever reading it
  ([Building Indexes Concurrently](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY)).

The fix adds a plain index beside it. Drop the old one only if no query of yours asks for exactly its rows.`,
  severity: "warning",
  bad: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ the index is partial
  deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, (table) => [index("orders_client_id_active_idx").on(table.clientId).where(sql\`\${table.deletedAt} is null\`)]);
`,
    prisma: `generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id        Int       @id
  clientId  Int?
  client    Client?   @relation(fields: [clientId], references: [id])
//                    ^^^^^^^^^ the index is partial
  deletedAt DateTime?

  @@index([clientId], where: { deletedAt: null })
}
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
}, (table) => [index("orders_client_id_idx").on(table.clientId).where(sql\`\${table.clientId} is not null\`)]);
`,
    prisma: `generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id       Int     @id
  clientId Int?
  client   Client? @relation(fields: [clientId], references: [id])

  @@index([clientId], where: { clientId: { not: null } })
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    for (const foreignKey of distinctKeys(table.foreignKeys)) {
      const found = coverage(foreignKey, table, context.schema.dialect, context.schema.source);
      if (found.verdict !== "unusable") continue;
      detections.push({
        message: `The index ${found.by} cannot serve the ${foreignKey.enforced ? "foreign key" : "relation"} ${columnsOf(table, foreignKey.columns)}: ${found.reason}. Add a plain index on ${foreignKey.columns.join(", ")}.`,
        at: placeOf(foreignKey, table),
        related: found.index?.at ? [{ at: found.index.at, message: `${found.by} stands here` }] : [],
        columns: foreignKey.columns,
        fixes: [indexFix(foreignKey.columns, table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

export default rule;
