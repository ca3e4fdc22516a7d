import { changesOf, columnDifference, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column is NOT NULL in one schema and not in the other one of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. Where the database allows NULL and the code does not expect it, a row breaks the code at run time. Columns of the primary key are NOT NULL, whatever the code says; lists are left out, because Prisma has no words for a list that may be NULL.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  phone: text("phone"),
//^^^^^ users.phone may be NULL here and not in schema.prisma
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  phone String

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  phone: text("phone").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  phone String

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "alter-column-nullability")) {
      const { table, column, nullable } = change;
      yield* columnDifference(pair, change, () => nullable
        ? `${table.name}.${column} is NOT NULL here and may be NULL in ${titleOf(pair.right)}: make both say what the database holds.`
        : `${table.name}.${column} may be NULL here and not in ${titleOf(pair.right)}: make both say what the database holds.`, (one) => (one.nullable ? "nullable" : "NOT NULL"));
    }
  },
};

export default rule;
