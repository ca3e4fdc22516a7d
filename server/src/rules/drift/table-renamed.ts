import { changesOf, fixesToSay, otherTable, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A table has another name in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A table that is missing on one side and an extra one on the other are taken for one where their columns, their primary key and what they reference say so, and no other table could be meant. A push of one of the schemas would drop the table, rows included, and make an empty one. Give both the database's name.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
//           ^^^^^^^ clients looks renamed: it is customers in schema.prisma
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
  phone: text("phone"),
  city: text("city"),
});

export const products = pgTable("products", { id: integer("id").primaryKey(), name: text("name") });

export const tags = pgTable("tags", { id: integer("id").primaryKey(), name: text("name") });
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Customer {
  id    Int     @id
  email String
  phone String?
  city  String?

  @@map("customers")
}

model Product {
  id   Int     @id
  name String?

  @@map("products")
}

model Tag {
  id   Int     @id
  name String?

  @@map("tags")
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("customers", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
  phone: text("phone"),
  city: text("city"),
});

export const products = pgTable("products", { id: integer("id").primaryKey(), name: text("name") });

export const tags = pgTable("tags", { id: integer("id").primaryKey(), name: text("name") });
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Customer {
  id    Int     @id
  email String
  phone String?
  city  String?

  @@map("customers")
}

model Product {
  id   Int     @id
  name String?

  @@map("products")
}

model Tag {
  id   Int     @id
  name String?

  @@map("tags")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "rename-table")) {
      const { from, to } = change;
      const [left, right] = [tableOf(pair.left, from), otherTable(pair, from)];
      yield {
        schema: pair.left.id, table: from, columns: [], name: to.name, at: tablePlace(left),
        message: `The table ${from.name} looks renamed: it is ${to.name} in ${titleOf(pair.right)}, with the same columns. Give both the name that the database has.`,
        related: pair.against === "code" ? relatedAt(tablePlace(right), `${to.name} in ${titleOf(pair.right)}`) : relatedAt(tablePlace(left), `${titleOf(pair.right)} has ${to.name} (${(right?.columns ?? []).map(({ name }) => name).join(", ")})`),
        fixes: fixesToSay(pair, (of) => (of === "left" ? `Rename the table ${to.name} to ${from.name}` : `Rename the table ${from.name} to ${to.name}`), [change], [{ kind: "rename-table", from: to, to: from }]),
      };
    }
  },
};

export default rule;
