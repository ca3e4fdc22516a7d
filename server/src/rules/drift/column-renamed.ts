import { changesOf, columnPlace, fixesToSay, otherTable, relatedAt, tableOf, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has another name in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A column that is missing on one side and an extra one on the other are taken for one where the type is the same and the names, the place in the table, the property in the code or the referenced table say so. A push of one of the schemas would drop the column and add an empty one. Give both the database's name.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  password: text("password").notNull(),
//^^^^^^^^ users.password is password_hash in schema.prisma
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  passwordHash String @map("password_hash")

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { boolean, integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  password: text("password_hash").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  passwordHash String @map("password_hash")

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "rename-column")) {
      const { table: name, from, to } = change;
      const other = otherTable(pair, name);
      yield {
        schema: pair.left.id, table: name, columns: [from], name: to, at: columnPlace(tableOf(pair.left, name), from),
        message: `${name.name}.${from} is ${to} in ${titleOf(pair.right)}: give both the name that the database has.`,
        related: relatedAt(columnPlace(other, to), `${name.name}.${to} in ${titleOf(pair.right)}`),
        fixes: fixesToSay(pair, (of) => (of === "left" ? `Rename the column ${name.name}.${to} to ${from}` : `Rename the column ${name.name}.${from} to ${to}`), [change], [{ kind: "rename-column", table: other?.name ?? name, from: to, to: from }]),
      };
    }
  },
};

export default rule;
