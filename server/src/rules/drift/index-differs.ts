import type { Index } from "../../model/schema";
import { changesOf, describeIndex, fixesToSay, indexChanges, otherTable, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "An index has another method, order, operator class, predicate or name in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. The index that the database has may not serve the queries for which the other was written. Another name alone is a hint: a push of either schema drops the index and builds it anew.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
//             ^^^^^ the index orders_client_id_idx of orders has method hash in schema.prisma and btree here
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int @map("client_id")

  @@index([clientId], type: Hash, map: "orders_client_id_idx")
  @@map("orders")
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").using("hash", table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int @map("client_id")

  @@index([clientId], type: Hash, map: "orders_client_id_idx")
  @@map("orders")
}
`,
  },
  *checkPair(pair) {
    for (const { table, from, to } of changesOf(pair, "alter-index")) {
      const [left, right] = [tableOf(pair.left, table), otherTable(pair, table)];
      if (from.unique !== to.unique || !left || !right) continue;
      yield {
        schema: pair.left.id, table, columns: [], ...(from.name === undefined ? {} : { name: from.name }), at: from.at ?? tablePlace(left),
        message: `the index ${from.name ?? describeIndex(from)} of ${table.name} has ${differences(from, to, titleOf(pair.right))}: make both say what the database has.`,
        related: relatedAt(to.at ?? tablePlace(right), `the index in ${titleOf(pair.right)}`),
        fixes: fixesToSay(pair, (of) => `Make it the ${describeIndex(of === "left" ? from : to)}`, indexChanges(from, left, to, right), indexChanges(to, right, from, left)),
      };
    }
    for (const change of changesOf(pair, "rename-index")) {
      const { table, index, to } = change;
      const right = otherTable(pair, table);
      const other = right?.indexes.find(({ name }) => name === to);
      yield {
        schema: pair.left.id, table, columns: [], name: index.name, severity: "hint", at: index.at ?? tablePlace(tableOf(pair.left, table)),
        message: `the index ${index.name} of ${table.name} is called ${to} in ${titleOf(pair.right)}: give both the name that the database has.`,
        related: relatedAt(other?.at, `the index in ${titleOf(pair.right)}`),
        fixes: fixesToSay(pair, (of) => `Rename the index to ${of === "left" ? index.name : to}`, [change], right && other && index.name !== undefined ? [{ kind: "rename-index", table: right.name, index: other, to: index.name }] : []),
      };
    }
  },
};

export default rule;

function differences(here: Index, there: Index, title: string): string {
  const say = (what: string, own: string, other: string): string[] => (own === other ? [] : [`${what} ${other} in ${title} and ${own} here`]);
  const keys = (index: Index): string => `(${index.keys.map((key) => `${key.column ?? key.expression?.sql ?? "?"}${key.order === "desc" ? " desc" : ""}${key.nulls ? ` nulls ${key.nulls}` : ""}${key.operatorClass ? ` ${key.operatorClass}` : ""}`).join(", ")})`;
  const parts = [
    ...say("method", here.method, there.method),
    ...say("keys", keys(here), keys(there)),
    ...say("the predicate", here.where?.sql ?? "none", there.where?.sql ?? "none"),
    ...say("NULLS", here.nullsNotDistinct ? "not distinct" : "distinct", there.nullsNotDistinct ? "not distinct" : "distinct"),
  ];
  return parts.length > 0 ? parts.join(", ") : "other parameters";
}
