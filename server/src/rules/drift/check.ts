import { changesOf, missing } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A check constraint stands in one schema and not in the other one of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. Prisma has no words for checks, so that a Prisma schema is never reported for the lack of one: this rule compares schemas that both can say them.`,
  severity: "warning",
  bad: {},
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id   Int    @id @default(autoincrement())
  name String

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const { table, check } of changesOf(pair, "add-check")) yield missing(pair, "left", table, [], check, (where) => `${table.name} has the check ${check.name ?? check.expression.sql} ${where}`);
    for (const { table, check } of changesOf(pair, "drop-check")) yield missing(pair, "right", table, [], check, (where) => `${table.name} has the check ${check.name ?? check.expression.sql} ${where}`);
  },
};

export default rule;
