import { changesOf, missing } from "../pair";
import type { Check, QualifiedName } from "../../model/schema";
import type { PairDetection, Rule, SchemaPair } from "../rule";

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
    for (const { table, check } of changesOf(pair, "add-check")) yield lacking(pair, "left", table, check);
    for (const { table, check } of changesOf(pair, "drop-check")) yield lacking(pair, "right", table, check);
  },
};

export default rule;

function lacking(pair: SchemaPair, side: "left" | "right", table: QualifiedName, check: Check): PairDetection {
  const name = check.name ?? check.expression.sql;
  const { at: _, validated: __, ...plain } = check;
  return missing(pair, side, table, [], check, (where) => `${table.name} has the check ${name} ${where}`, { title: `Add the check ${name}`, preferred: true, changes: [{ kind: "add-check", table, check: plain }] });
}
