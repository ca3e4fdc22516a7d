import { describeIndex, missing, plainIndex } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "An index stands in the database alone: the next push or migration drops it.",
  why: `An index that somebody added by hand, in a hurry, to a database that was slow, is in no schema. \`drizzle-kit push\` and \`prisma db push\` drop it
without a word, and a generated migration does when the next one compares with the database; then the database is slow again. Write it into the schema
(the fix does), or drop it in the database on purpose.`,
  severity: "warning",
  bad: {
    drizzle: `import { integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
//           ^^^^^^ index orders_client_id_idx on (client_id) of orders stands in the database
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => []);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
//    ^^^^^ index orders_client_id_idx on (client_id) of orders stands in the database
  id       Int @id
  clientId Int @map("client_id")

  @@map("orders")
}
`,
    sql: `create table orders (id integer primary key, client_id integer not null);
create index orders_client_id_idx on orders (client_id);
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int @map("client_id")

  @@index([clientId], map: "orders_client_id_idx")
  @@map("orders")
}
`,
    sql: `create table orders (id integer primary key, client_id integer not null);
create index orders_client_id_idx on orders (client_id);
`,
  },
  *checkPair(pair) {
    if (pair.against === "code") return;
    for (const change of pair.changes) {
      if (change.kind !== "add-index" || change.index.unique) continue;
      const { table, index } = change;
      const columns = index.keys.flatMap((key) => (key.column === undefined ? [] : [key.column]));
      yield { ...missing(pair, "left", table, [], index, (where) => `The ${describeIndex(index)} of ${table.name} stands ${where}`, { title: `Add the ${describeIndex(index)}`, preferred: true, changes: [{ kind: "add-index", table, index: plainIndex(index) }] }), columns };
    }
  },
};

export default rule;
