import type { Rule } from "../rule";
import { likeLabel } from "../indexes";
import { superfluousIndexes } from "../superfluous-index";

const rule: Rule = {
  summary: "An index is the same as another one of its table.",
  why: `Two indexes are the same when they have the same method, keys, order, operator classes, collations, predicate and \`INCLUDE\` columns, whatever
their names. The database never needs both, but it writes to both on every insert, and on every update that is not HOT, and it keeps both on disk and
in memory. PostgreSQL does not object to a second one; its wiki has a query that finds them
([Duplicate Indexes](https://wiki.postgresql.org/wiki/Index_Maintenance#Duplicate_Indexes)).

Of the two, the fix removes the one that owns no constraint; where neither does, the one that stands later in the code.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
  index("idx_orders_client").on(table.clientId),
//^^^^^^^^^^^^^^^^^^^^^^^^^^ is the same as the index orders_client_id_idx
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId])
  @@index([clientId], map: "idx_orders_client")
//^^^^^^^^^^^^^^^^^^^ is the same as the index on clientId
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId])
}
`,
  },
  judgesDatabase: true,
  checkTable: (table, context) => superfluousIndexes("duplicate", table, context, (by) => `is the same as ${likeLabel(by)}${by.kind === "primary key" ? ", which is unique already" : ": each write keeps both up to date"}.`),
};

export default rule;
