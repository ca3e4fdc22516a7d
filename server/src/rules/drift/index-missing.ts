import type { Index, QualifiedName } from "../../model/schema";
import { describeIndex, missing, plainIndex } from "../pair";
import type { PairDetection, SchemaPair } from "../rule";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "An index stands in one schema and not in the other one, or not in the database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A push or a migration of the schema that lacks the index drops it, and the queries that it served become slow without a word. Indexes are compared by method, keys and uniqueness. What a language has no words for (expression keys and INCLUDE in Prisma, predicates without its preview feature) is not missed in it.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
//           ^^^^^^ index orders_client_id_idx on (client_id) of orders stands in schema.prisma and not here
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => []);
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
  },
  *checkPair(pair) {
    for (const change of pair.changes) {
      // What only a database has is told by drift/index-only-in-database.
      if (change.kind === "add-index" && !change.index.unique && pair.against === "code") yield lacking(pair, "left", change.table, change.index);
      if (change.kind === "drop-index" && !change.index.unique) yield lacking(pair, "right", change.table, change.index);
    }
  },
};

export default rule;

function lacking(pair: SchemaPair, side: "left" | "right", table: QualifiedName, index: Index): PairDetection {
  const fix = { title: `Add the ${describeIndex(index)}`, preferred: true, changes: [{ kind: "add-index" as const, table, index: plainIndex(index) }] };
  const found = missing(pair, side, table, [], index, (where) => `The ${describeIndex(index)} of ${table.name} stands ${where}`, pair.against === "code" ? fix : undefined);
  return { ...found, columns: index.keys.flatMap((key) => (key.column === undefined ? [] : [key.column])) };
}
