import type { ForeignKey, Table } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { columnsOf, placeOf } from "../foreign-keys";

const rule: Rule = {
  summary: "A composite foreign key has nullable columns.",
  why: `As soon as one column of a composite key is NULL, the key is not checked at all (MATCH SIMPLE, the default and the only way that Drizzle and Prisma
can say): a row with tenant 7 and no warehouse passes, and so does one whose tenant does not exist. Make the columns NOT NULL, or, where the reference
is optional, add a check that they are NULL together, such as \`num_nulls(tenant_id, warehouse) in (0, 2)\`; the rule is silent then.
Where only one column is nullable, which is how an optional reference within a tenant is said, it is a hint
([CREATE TABLE](https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES)).`,
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
  warehouse: integer("warehouse"),
}, (table) => [
  index("shelves_tenant_id_warehouse_idx").on(table.tenantId, table.warehouse),
  foreignKey({ columns: [table.tenantId, table.warehouse], foreignColumns: [warehouses.tenantId, warehouses.number] }),
//^^^^^^^^^^ is not checked where warehouse is NULL
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
  id        Int        @id
  tenantId  Int?
  number    Int?
  warehouse Warehouse? @relation(fields: [tenantId, number], references: [tenantId, number])
//                     ^^^^^^^^^ is not checked where tenantId or number is NULL

  @@index([tenantId, number])
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
  checkTable(table) {
    const detections: Detection[] = [];
    for (const foreignKey of table.foreignKeys) {
      if (!foreignKey.enforced || foreignKey.columns.length < 2) continue;
      const nullable = foreignKey.columns.filter((name) => isNullable(name, table));
      if (nullable.length === 0 || isChecked(nullable, table)) continue;
      const unchecked = `The foreign key ${columnsOf(table, foreignKey.columns)} is not checked where ${nullable.join(" or ")} is NULL.`;
      // One nullable column beside NOT NULL ones is how an optional reference within a tenant is said.
      const optional = nullable.length === 1;
      detections.push({
        message: `${unchecked} ${optional ? "That is right if NULL means no reference; otherwise make it NOT NULL." : "Make its columns NOT NULL, or add a check that they are NULL together."}`,
        severity: optional ? "hint" : undefined,
        at: placeOf(foreignKey, table),
        columns: foreignKey.columns,
        name: nameWhereAmbiguous(foreignKey, table),
      });
    }
    return detections;
  },
};

function isNullable(name: string, table: Table): boolean {
  return !table.primaryKey?.columns.includes(name) && table.columns.find((column) => column.name === name)?.nullable === true;
}

/** A check that speaks of all the nullable columns and of NULL says what half-null rows may be. */
function isChecked(nullable: readonly string[], table: Table): boolean {
  return !table.complete || table.checks.some(({ expression }) => /null/i.test(expression.sql) && nullable.every((name) => expression.columns.includes(name)));
}

/** Two keys over the same columns to two tables are two findings. */
function nameWhereAmbiguous(foreignKey: ForeignKey, table: Table): string | undefined {
  const alike = table.foreignKeys.filter((key) => key.columns.join() === foreignKey.columns.join());
  return alike.length > 1 ? (foreignKey.name ?? foreignKey.references.table.name) : undefined;
}

export default rule;
