import { adviceFor, changesOf, columnPlace, otherTable, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column stands in this schema and not in the other one of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A push of the schema without the column drops it with all that it holds. Add it to the other schema, or delete it here if the database has none.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  phone: text("phone"),
//^^^^^ users.phone stands here and not in schema.prisma
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id

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
    for (const { table: name, column } of changesOf(pair, "drop-column")) {
      const other = otherTable(pair, name);
      yield {
        schema: pair.left.id, table: name, columns: [column.name], at: columnPlace(tableOf(pair.left, name), column.name),
        message: `${name.name}.${column.name} stands here and not in ${titleOf(pair.right)}: ${adviceFor(pair, "left")}.`,
        related: relatedAt(tablePlace(other), `${name.name} in ${titleOf(pair.right)}`),
      };
    }
  },
};

export default rule;
