import { adviceFor, changesOf, columnPlace, definitionOf, otherTable, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Column } from "../../model/schema";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column of this table stands only in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. Inserts through this schema leave the column out, which fails where it is NOT NULL without a default, and a push of this schema drops it.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
//           ^^^^^ users.phone stands in schema.prisma and not here
  id: integer("id").primaryKey(),
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
    for (const { table: name, column } of changesOf(pair, "add-column")) {
      yield {
        schema: pair.left.id, table: name, columns: [column.name], at: tablePlace(tableOf(pair.left, name)),
        message: `${name.name}.${column.name} stands in ${titleOf(pair.right)} and not here: ${pair.against === "code" ? "add it, or delete it there" : adviceFor(pair, "right")}.`,
        related: pair.against === "code"
          ? relatedAt(columnPlace(otherTable(pair, name), column.name), `${name.name}.${column.name} in ${titleOf(pair.right)}`)
          : relatedAt(tablePlace(tableOf(pair.left, name)), `${titleOf(pair.right)} has ${column.name} ${definitionOf(column)}`),
        fixes: [{ title: `Add the column ${name.name}.${column.name}, as in ${titleOf(pair.right)}`, preferred: pair.against === "database", changes: [{ kind: "add-column", table: name, column: unplaced(column) }], schema: pair.left.id }],
      };
    }
  },
};

export default rule;

function unplaced({ at: _, nameAt: __, cased: ___, ...column }: Column): Column {
  return column;
}
