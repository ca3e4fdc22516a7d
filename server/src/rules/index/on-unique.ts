import type { Rule } from "../rule";
import { likeLabel } from "../indexes";
import { superfluousIndexes } from "../superfluous-index";

const rule: Rule = {
  summary: "A plain index stands on columns that are unique already.",
  why: `A unique constraint is enforced by a unique btree index, so "there's no need to manually create indexes on unique columns; doing so would just
duplicate the automatically-created index" ([Unique Indexes](https://www.postgresql.org/docs/current/indexes-unique.html)). It is a common
misunderstanding that a unique index only guards and a second one is needed to search.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull().unique(),
}, (table) => [index("users_email_idx").on(table.email)]);
//             ^^^^^^^^^^^^^^^^^^^^^^^^ repeats the unique constraint on email
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id
  email String @unique

  @@index([email])
//^^^^^^^^^^^^^^^^ repeats the unique constraint on email
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull().unique(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id
  email String @unique
}
`,
  },
  judgesDatabase: true,
  checkTable: (table, context) => superfluousIndexes("on-unique", table, context, (by) => `repeats ${likeLabel(by)}, whose own index serves the same queries.`),
};

export default rule;
