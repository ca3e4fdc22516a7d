import type { Table } from "../../model/schema";
import { columnsOf, placeOf, related } from "../foreign-keys";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A foreign key refers to columns that are neither primary key nor unique.",
  why: `"A foreign key must reference columns that either are a primary key or form a unique constraint, or are columns from a non-partial unique index"
([Foreign Keys](https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK)). Exactly those columns, in any order: one column of a
composite key is not enough. PostgreSQL, CockroachDB and SQL Server refuse to create any other, and SQLite fails on the first write. ORMs do not notice
before the migration runs; Prisma's own validation does. MySQL is left out, since InnoDB lets it pass up to 8.4 where any index leads with the columns.`,
  severity: "error",
  bad: {
    drizzle: `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: integer("id").primaryKey(),
  code: text("code").notNull(),
});

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientCode: text("client_code").references(() => clients.code),
//                                ^^^^^^^^^^ clients.code is neither
}, (table) => [index("orders_client_code_idx").on(table.clientCode)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  code   String
  orders Order[]
}

model Order {
  id         Int    @id
  clientCode String
  client     Client @relation(fields: [clientCode], references: [code])
//                  ^^^^^^^^^ Client.code is neither

  @@index([clientCode])
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: integer("id").primaryKey(),
  code: text("code").notNull().unique(),
});

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientCode: text("client_code").references(() => clients.code),
}, (table) => [index("orders_client_code_idx").on(table.clientCode)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  code   String  @unique
  orders Order[]
}

model Order {
  id         Int    @id
  clientCode String
  client     Client @relation(fields: [clientCode], references: [code])

  @@index([clientCode])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    const { dialect } = context.schema;
    if (dialect === "mysql" || dialect === "mongodb") return detections;
    for (const foreignKey of table.foreignKeys) {
      const { columns } = foreignKey.references;
      if (!foreignKey.enforced || columns.length === 0) continue;
      const target = context.table(foreignKey.references.table);
      // What cannot be read in full may have the constraint in the part that is missing.
      if (!target?.complete || isUnique(columns, target) || !columns.every((name) => target.columns.some((column) => column.name === name))) continue;
      detections.push({
        message: `The foreign key ${columnsOf(table, foreignKey.columns)} refers to ${columnsOf(target, columns)}, but ${columnsOf(target, columns)} is neither the primary key nor unique: the database refuses it. Make ${columns.length === 1 ? "it" : "these columns together"} unique, or refer to the primary key.`,
        at: placeOf(foreignKey, table),
        related: related(foreignKey, context),
        columns: foreignKey.columns,
        name: foreignKey.name,
      });
    }
    return detections;
  },
};

function isUnique(columns: readonly string[], target: Table): boolean {
  if (columns.length === 1 && target.primaryKey?.columns.length === 1 && target.primaryKey.columns[0] === columns[0]) return true;
  const wanted = new Set(columns);
  const same = (key: readonly (string | undefined)[]) => key.length === wanted.size && key.every((column) => column !== undefined && wanted.has(column));
  return (target.primaryKey !== undefined && same(target.primaryKey.columns))
    || target.uniques.some((unique) => same(unique.columns))
    || target.indexes.some((index) => index.unique && !index.where && index.valid !== false && same(index.keys.map((key) => key.column)));
}

export default rule;
