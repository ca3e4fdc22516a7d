import type { Rule } from "../rule";
import { superfluousIndexes } from "../superfluous-index";

const rule: Rule = {
  summary: "A plain index covers exactly the primary key's columns.",
  why: `A primary key is enforced by a unique btree index of its own
([Primary Keys](https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS)): a second index over the same columns
serves no query that the first does not serve, and costs each write its upkeep.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
}, (table) => [index("orders_id_idx").on(table.id)]);
//             ^^^^^^^^^^^^^^^^^^^^^^ covers exactly the columns of the primary key
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id     Int    @id
  number String

  @@index([id])
//^^^^^^^^^^^^^ covers exactly the columns of the primary key
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id     Int    @id
  number String
}
`,
  },
  judgesDatabase: true,
  checkTable: (table, context) => superfluousIndexes("equals-primary-key", table, context, () => "covers exactly the columns of the primary key, which has an index of its own."),
};

export default rule;
