import { conjunctsOf, notNullColumn } from "../../indexes/expression-text";
import type { Index, Table } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { indexLabel, indexPlace } from "../indexes";

const rule: Rule = {
  summary: "An index's predicate asks a NOT NULL column not to be NULL.",
  why: `\`WHERE column IS NOT NULL\` leaves out no row where the column is declared NOT NULL: the index is a full one that looks like a partial one.
It also serves fewer queries, because the planner must prove the predicate from the query's own conditions before it may use the index
([Partial Indexes](https://www.postgresql.org/docs/current/indexes-partial.html)): PostgreSQL 15 reads the whole table for \`d = 5\` beside an index on
\`(d) WHERE c IS NOT NULL\`, although \`c\` is NOT NULL. Remove the predicate.`,
  severity: "information",
  bad: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId).where(sql\`\${table.clientId} is not null\`),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ client_id is NOT NULL
]);
`,
    prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId], where: raw("\\"clientId\\" is not null"))
//^^^^^^^^^^^^^^^^^^^ clientId is NOT NULL
}
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id"),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId).where(sql\`\${table.clientId} is not null\`),
]);
`,
    prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Order {
  id       Int  @id
  clientId Int?

  @@index([clientId], where: raw("\\"clientId\\" is not null"))
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    if (schema.dialect === "mongodb") return detections;
    for (const index of table.indexes) {
      if (!index.where?.complete) continue;
      const conjuncts = conjunctsOf(index.where.sql);
      const columns = conjuncts.map((conjunct) => notNullColumn(conjunct));
      const useless = columns.filter((column): column is string => column !== undefined && isNotNull(column, table));
      if (useless.length === 0) continue;
      const left = conjuncts.filter((_, at) => columns[at] === undefined || !useless.includes(columns[at]));
      const rest = withPredicate(index, left);
      detections.push({
        message: `The ${indexLabel(index)} of ${table.name.name} asks for "${useless[0]} IS NOT NULL", but ${useless[0]} is NOT NULL: the condition leaves out no row. Remove it${left.length > 0 ? " from the predicate" : ", and the index is a plain one"}.`,
        at: indexPlace(index, table),
        columns: useless,
        name: index.name,
        fixes: [{ title: `Remove "${useless[0]} IS NOT NULL" from the ${indexLabel(index)}`, changes: [{ kind: "alter-index", table: table.name, from: index, to: rest }], preferred: true }],
      });
    }
    return detections;
  },
};

function isNotNull(name: string, table: Table): boolean {
  const column = table.columns.find((each) => each.name === name);
  return column !== undefined && (!column.nullable || table.primaryKey?.columns.includes(name) === true);
}

function withPredicate(index: Index, conjuncts: readonly string[]): Index {
  const { where, ...rest } = index;
  if (!where || conjuncts.length === 0) return rest;
  const sql = conjuncts.join(" AND ");
  return { ...rest, where: { sql, columns: where.columns.filter((column) => sql.includes(column)), complete: true } };
}

export default rule;
