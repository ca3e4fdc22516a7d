import { generationText } from "../../model/generation-text";
import { changesOf, columnDifference, columnPlace, definitionOf, otherTable, relatedAt, tableOf, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has another default in the other schema of the same database, or comes by its values in another way.",
  why: `Rows that the two applications insert differ in what they did not say. Defaults are compared as values: casts, quotes around numbers and the names of the clock (\`now()\`, \`CURRENT_TIMESTAMP\`) make no difference. What an ORM fills in itself (\`$defaultFn\`, \`@default(uuid())\`, \`@updatedAt\`) is no default of the database. How a column is generated is compared too: the expression that it is computed by, and what an identity column counts by (start, increment, limits, cache, cycle). Prisma has no words for that.`,
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
    for (const { table, from, to } of changesOf(pair, "alter-column-generation")) {
      const [left, right] = [tableOf(pair.left, table), otherTable(pair, table)];
      yield {
        schema: pair.left.id, table, columns: [from.name], at: columnPlace(left, from.name),
        message: `${table.name}.${from.name} is ${generationText(from)} here and ${generationText(to)} in ${titleOf(pair.right)}: make both what the database has.`,
        related: pair.against === "code" ? relatedAt(columnPlace(right, to.name), `${table.name}.${to.name} in ${titleOf(pair.right)}`) : relatedAt(columnPlace(left, from.name), `${titleOf(pair.right)} has ${definitionOf(to)} ${generationText(to)}`),
      };
    }
  },
};

export default rule;
