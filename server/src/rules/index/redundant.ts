import type { IndexLike } from "../../indexes/redundancy";
import type { Index } from "../../model/schema";
import type { Rule } from "../rule";
import { likeLabel } from "../indexes";
import { superfluousIndexes } from "../superfluous-index";

const rule: Rule = {
  summary: "An index's keys are the front of another's, which serves every query that it serves.",
  why: `A btree index on \`(client_id, created_at)\` is ordered by \`client_id\` first, so it finds and sorts by \`client_id\` alone as well
([Multicolumn Indexes](https://www.postgresql.org/docs/current/indexes-multicolumn.html)), and a btree can be read backwards, so one on
\`(created_at)\` serves \`ORDER BY created_at DESC\` too ([Indexes and ORDER BY](https://www.postgresql.org/docs/current/indexes-ordering.html)).
The narrower index then only costs: each write keeps it up to date, and it takes its share of the cache.

Never reported: a unique index because of one that is not, a primary key or a constraint's own index, another method, predicate, operator class,
collation or expression, an index with \`INCLUDE\` columns that the other lacks, and a direction that is neither the same nor the exact reverse.
In Drizzle \`.desc()\` makes \`DESC NULLS LAST\`, which is not the reverse of an ascending key; \`.desc().nullsFirst()\` is.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is the front of the index orders_client_id_created_at_idx
  index("orders_client_id_created_at_idx").on(table.clientId, table.createdAt),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id        Int      @id
  clientId  Int
  createdAt DateTime

  @@index([clientId])
//^^^^^^^^^^^^^^^^^^^ is the front of the index on clientId, createdAt
  @@index([clientId, createdAt])
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
}, (table) => [
  index("orders_client_id_created_at_idx").on(table.clientId, table.createdAt),
  index("orders_created_at_idx").on(table.createdAt),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id        Int      @id
  clientId  Int
  createdAt DateTime

  @@index([clientId, createdAt])
  @@index([createdAt])
}
`,
  },
  judgesDatabase: true,
  checkTable: (table, context) => superfluousIndexes("redundant", table, context, because),
};

function because(by: IndexLike, index: Index | undefined): string {
  const keys = by.kind === "primary key" ? by.primaryKey.columns : by.kind === "unique" ? by.unique.columns : by.index.keys;
  if (keys.length > (index?.keys.length ?? 0)) return `is the front of ${likeLabel(by)}, which serves every query that it serves.`;
  if (by.kind === "index" && by.index.keys[0]?.order === index?.keys[0]?.order) return `adds nothing to ${likeLabel(by)}, which has the same keys and more columns included.`;
  return `adds nothing to ${likeLabel(by)}, which can be read backwards.`;
}

export default rule;
