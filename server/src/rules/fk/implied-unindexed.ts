import { columnCoverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import { columnPlace } from "../foreign-keys";
import { describeImplied, impliedReferences } from "../implied-reference";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A column is named and typed like a reference to a known table, is declared as none, and has no index.",
  why: `A column such as \`client_id\` beside a table \`clients\` is looked up and joined by, whether a foreign key says so or not. Without a constraint no
database brings an index for it, MySQL neither.

To be reported, the column's name must be that of exactly one table of the schema (singular or plural) with \`_id\` or \`Id\` after it, and its type that of
the table's primary key. Ids that other systems give out (\`stripe_customer_id\`) and pairs such as \`owner_type\`, \`owner_id\` are left alone.`,
  severity: "information",
  bad: {
    drizzle: `import { integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
//^^^^^^^^ like a reference to clients.id
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id Int @id
}

model Order {
  id       Int @id
  clientId Int
//^^^^^^^^ like a reference to Client.id
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id Int @id
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    for (const implied of impliedReferences(table, context)) {
      const { name } = implied.column;
      // Any index that the column leads serves the joins; whether a predicate rules some out is for the queries to say.
      if (columnCoverage([name], table, context.schema.dialect, context.schema.source).verdict !== "missing") continue;
      detections.push({
        message: `${describeImplied(implied, table)}, and no index starts with it. Add an index on ${name}, or declare the reference.`,
        at: columnPlace(name, table),
        columns: [name],
        fixes: [indexFix([name], table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

export default rule;
