import { coverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import type { ForeignKey, Table } from "../../model/schema";
import { rowsText, sizeText } from "../amounts";
import type { Detection, Rule, RuleContext } from "../rule";
import { columnsOf, describeDelete, distinctKeys, enforcedKeys, inBrackets, placeOf, related } from "../foreign-keys";

const rule: Rule = {
  summary: "No index serves a lookup by a foreign key's columns.",
  why: `PostgreSQL, CockroachDB, SQLite and SQL Server index the referenced side of a foreign key (it must be unique), not the referencing side.
Without an index there, each delete of a referenced row, and each change of its key, reads the whole referencing table to look for rows that point
at it, and holds its locks meanwhile; joins and filters by the key read it whole as well. The PostgreSQL manual therefore advises to index the
referencing columns ([Foreign Keys](https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK)).

An index counts when it would serve \`WHERE c1 = $1 AND … AND cn = $n\`: its first column is one of the key's, and all of the key's columns are
columns of it, in any order, others between them allowed. The primary key and unique constraints count; an index on an expression, a column that is
only in \`INCLUDE\`, and a column that is not reached from the front do not. MySQL's InnoDB creates the index itself, so nothing is reported there.

With a connected database the message says how large the table is, and a key to a table of few rows (a list of countries or states) is only an
information: such rows are hardly ever deleted.`,
  severity: "warning",
  bad: {
    drizzle: `import { bigint, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//                               ^^^^^^^^^^ orders.client_id
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id       Int     @id
  clientId Int?
  client   Client? @relation(fields: [clientId], references: [id])
//                 ^^^^^^^^^ Order.clientId
}
`,
  },
  good: {
    drizzle: `import { bigint, index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]
}

model Order {
  id       Int     @id
  clientId Int?
  client   Client? @relation(fields: [clientId], references: [id])

  @@index([clientId])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    for (const foreignKey of distinctKeys(enforcedKeys(table))) {
      const found = coverage(foreignKey, table, context.schema.dialect, context.schema.source);
      if (found.verdict !== "missing") continue;
      detections.push({
        ...(referencesFewRows(foreignKey, context) ? { severity: "information" as const } : {}),
        message: `No index serves the foreign key ${columnsOf(table, foreignKey.columns)}${inBrackets(found.nearMiss)}: ${describeDelete(foreignKey, table)}${sizeOf(table, context)}. Add an index on ${foreignKey.columns.join(", ")}.`,
        at: placeOf(foreignKey, table),
        related: related(foreignKey, context),
        columns: foreignKey.columns,
        fixes: [indexFix(foreignKey.columns, table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

export default rule;

// A table of that many rows fits into a few pages and is a list of kinds rather than of things.
const fewRows = 200;

function referencesFewRows(foreignKey: ForeignKey, context: RuleContext): boolean {
  const parent = context.facts(foreignKey.references.table);
  return parent?.rows !== undefined && parent.lastAnalyzed !== undefined && parent.rows > 0 && parent.rows <= fewRows;
}

/** `, about 12 M rows (3.1 GB)`, where a database says so. */
function sizeOf(table: Table, context: RuleContext): string {
  const known = context.facts(table.name);
  return known?.rows === undefined || known.rows === 0 ? "" : `, about ${rowsText(known.rows)} (${sizeText(known.size)})`;
}
