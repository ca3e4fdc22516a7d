import { changesOf, columnDifference, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has another type in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. Types are compared by what they hold and not by how an ORM spells them: \`varchar(20)\` and \`String @db.VarChar(20)\` are one, \`timestamp(6)\` and \`timestamp\` too. A push of either schema rewrites the column, or fails where the values do not fit.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  phone: integer("phone"),
//^^^^^ users.phone is integer here and text in schema.prisma
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  phone String?

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  phone: text("phone"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  phone String?

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "alter-column-type")) {
      const { table, column, from, to } = change;
      yield* columnDifference(pair, change, () => `${table.name}.${column} is ${from.name} here and ${to.name} in ${titleOf(pair.right)}: give both the type that the database has.`, ({ type }) => type.name);
    }
  },
};

export default rule;
