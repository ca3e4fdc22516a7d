import { changesOf, columnDifference, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has another default in the other schema of the same database.",
  why: `Rows that the two applications insert differ in what they did not say. Defaults are compared as values: casts, quotes around numbers and the names of the clock (\`now()\`, \`CURRENT_TIMESTAMP\`) make no difference. What an ORM fills in itself (\`$defaultFn\`, \`@default(uuid())\`, \`@updatedAt\`) is no default of the database.`,
  severity: "hint",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  active: boolean("active").notNull().default(false),
//^^^^^^ the default of users.active is false here and true in schema.prisma
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  active Boolean @default(true)

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  active: boolean("active").notNull().default(true),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  active Boolean @default(true)

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "alter-column-default")) {
      const { table, column, from, to } = change;
      const say = (sql: string | undefined): string => sql ?? "none";
      yield* columnDifference(pair, change, () => `the default of ${table.name}.${column} is ${say(from?.sql)} here and ${say(to?.sql)} in ${titleOf(pair.right)}: give both the one that the database has.`, (one) => (one.default ? `default to ${one.default.sql}` : "have no default"));
    }
  },
};

export default rule;
