import { coverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import type { Detection, Rule } from "../rule";
import { columnsOf, distinctKeys, placeOf } from "../foreign-keys";

const rule: Rule = {
  summary: "An index leads with some of a composite foreign key's columns, but does not hold them all.",
  why: `Such an index narrows a lookup down to the rows that share its columns; the rest of the key is compared row by row. That is enough where few
rows share them, and slow where many do, as with a tenant's id. An index over all columns of the key answers from the index alone. The order of the
columns is free, so the new index can begin with the ones that stand already, and take that index's place.

Two indexes on single columns of the key count as partial too: PostgreSQL may combine them
([Combining Multiple Indexes](https://www.postgresql.org/docs/current/indexes-bitmap-scans.html)), at a higher cost than one index has.`,
  severity: "information",
  bad: {
    drizzle: `import { foreignKey, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const warehouses = pgTable("warehouses", {
  tenantId: integer("tenant_id").notNull(),
  number: integer("number").notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.number] })]);

export const shelves = pgTable("shelves", {
  id: integer("id").primaryKey(),
  tenantId: integer("tenant_id").notNull(),
  warehouse: integer("warehouse").notNull(),
}, (table) => [
  index("shelves_tenant_id_idx").on(table.tenantId),
  foreignKey({ columns: [table.tenantId, table.warehouse], foreignColumns: [warehouses.tenantId, warehouses.number] }),
//^^^^^^^^^^ has tenant_id but not warehouse
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Warehouse {
  tenantId Int
  number   Int
  shelves  Shelf[]

  @@id([tenantId, number])
}

model Shelf {
  id        Int       @id
  tenantId  Int
  number    Int
  warehouse Warehouse @relation(fields: [tenantId, number], references: [tenantId, number])
//                    ^^^^^^^^^ has tenantId but not number

  @@index([tenantId])
}
`,
  },
  good: {
    drizzle: `import { foreignKey, index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const warehouses = pgTable("warehouses", {
  tenantId: integer("tenant_id").notNull(),
  number: integer("number").notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.number] })]);

export const shelves = pgTable("shelves", {
  id: integer("id").primaryKey(),
  tenantId: integer("tenant_id").notNull(),
  warehouse: integer("warehouse").notNull(),
}, (table) => [
  index("shelves_tenant_id_warehouse_idx").on(table.tenantId, table.warehouse),
  foreignKey({ columns: [table.tenantId, table.warehouse], foreignColumns: [warehouses.tenantId, warehouses.number] }),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Warehouse {
  tenantId Int
  number   Int
  shelves  Shelf[]

  @@id([tenantId, number])
}

model Shelf {
  id        Int       @id
  tenantId  Int
  number    Int
  warehouse Warehouse @relation(fields: [tenantId, number], references: [tenantId, number])

  @@index([tenantId, number])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    for (const foreignKey of distinctKeys(table.foreignKeys)) {
      const found = coverage(foreignKey, table, context.schema.dialect, context.schema.source);
      if (found.verdict !== "partial") continue;
      detections.push({
        message: `Only a part of the ${foreignKey.enforced ? "foreign key" : "relation"} ${columnsOf(table, foreignKey.columns)} is indexed: ${found.reason}. Add an index on all its columns.`,
        at: placeOf(foreignKey, table),
        related: found.index?.at ? [{ at: found.index.at, message: `${found.by} stands here` }] : [],
        columns: foreignKey.columns,
        fixes: [indexFix(foreignKey.columns, table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

export default rule;
