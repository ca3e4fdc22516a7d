import { adviceFor, changesOf, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A table stands in this schema and not in the other one, or not in the database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A push of the schema without the table drops it, rows included. Add it to the other schema, or delete it here if the database has none.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", { id: integer("id").primaryKey() });
//           ^^^^^^ orders stands here and not in schema.prisma
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
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", { id: integer("id").primaryKey() });
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id   Int    @id @default(autoincrement())
  name String

  @@map("users")
}

model Order {
  id Int @id

  @@map("orders")
}
`,
  },
  *checkPair(pair) {
    for (const { table } of changesOf(pair, "drop-table")) {
      yield {
        schema: pair.left.id, table: table.name, columns: [], at: tablePlace(table),
        message: `The table ${table.name.name} stands here and not in ${titleOf(pair.right)}: ${adviceFor(pair, "left")}.`,
        related: pair.right.tables[0] && !tableOf(pair.right, table.name) ? relatedAt(tablePlace(pair.right.tables[0]), `${titleOf(pair.right)} begins here`) : [],
      };
    }
  },
};

export default rule;
