import { comparedColumn, conjunctsOf, notNullColumn } from "../../indexes/expression-text";
import type { Fix } from "../../model/finding";
import type { Expression, Index, Table, Unique } from "../../model/schema";
import type { Detection, Rule, RuleContext } from "../rule";
import { indexLabel, indexPlace } from "../indexes";

const rule: Rule = {
  summary: "A unique index with a nullable column lets duplicates of NULL through.",
  why: `By default two NULLs are not equal, so rows that agree in all other columns are let through as soon as one column is NULL
([Unique Constraints](https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS)). Over several columns that is
rarely meant: \`UNIQUE (email, deleted_at)\` lets the same address stand twice among the rows that are not deleted. Declare the column NOT NULL, make the
index partial (\`WHERE deleted_at IS NULL\`), or, from PostgreSQL 15 on, say \`NULLS NOT DISTINCT\`.

Over one column it is often meant: many rows without a value, and no value twice. The option \`singleColumns\` leaves those out. Never reported: a single
column that is a foreign key (an optional one-to-one relation), an index whose predicate leaves the NULLs out, and one that holds all columns of another key.`,
  severity: "hint",
  options: { singleColumns: { description: "Also report unique indexes over a single column.", type: "boolean", default: true } },
  bad: {
    drizzle: `import { integer, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
  deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, (table) => [
  uniqueIndex("users_email_key").on(table.email, table.deletedAt),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ deleted_at is nullable
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id        Int       @id
  email     String
  deletedAt DateTime?

  @@unique([email, deletedAt])
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^ deletedAt is nullable
}
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { integer, pgTable, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
  deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, (table) => [
  uniqueIndex("users_email_key").on(table.email).where(sql\`\${table.deletedAt} is null\`),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id        Int       @id
  email     String    @unique
  deletedAt DateTime?
}
`,
  },
  // SQL Server takes two NULLs for equal; MongoDB indexes a missing value as one.
  checkTable: (table, context) => (context.schema.dialect === "sqlserver" || context.schema.dialect === "mongodb" || !holdsNulls(table) ? none : detectionsOf(table, context)),
};

const none: readonly never[] = [];

/** Whether a unique index or constraint of the table has a nullable column: most tables are done here. */
function holdsNulls(table: Table): boolean {
  for (const { columns } of table.uniques) for (const name of columns) if (isNullable(name, table)) return true;
  for (const { unique, keys } of table.indexes) if (unique) for (const { column } of keys) if (column !== undefined && isNullable(column, table)) return true;
  return false;
}

function detectionsOf(table: Table, context: RuleContext): readonly Detection[] {
  const detections: Detection[] = [];
  for (const unique of table.uniques) judge(unique, unique.columns, undefined, table, context, detections);
  for (const index of table.indexes) if (index.unique && !index.constraint) judge(index, index.keys.map((key) => key.column), index.where, table, context, detections);
  return detections;
}

/** Adds a detection where NULLs let duplicates through. */
function judge(unique: Index | Unique, columns: readonly (string | undefined)[], where: Expression | undefined, table: Table, { schema, options }: RuleContext, detections: Detection[]): void {
  if (unique.nullsNotDistinct || (where && !where.complete)) return;
  if (columns.length === 1 && (options.singleColumns === false || isForeign(columns[0], table))) return;
  const settled: readonly (string | undefined)[] = where ? conjunctsOf(where.sql).map((conjunct) => notNullColumn(conjunct) ?? comparedColumn(conjunct)) : none;
  const nullable = columns.filter((name): name is string => name !== undefined && !settled.includes(name) && isNullable(name, table));
  if (nullable.length === 0 || holdsAnotherKey(columns, unique, table)) return;
  const label = "keys" in unique ? indexLabel(unique) : `unique constraint ${unique.name ?? `on ${unique.columns.join(", ")}`}`;
  detections.push({
    message: `The ${label} of ${table.name.name} lets duplicates through where ${nullable.join(" or ")} is NULL, because ${nullable.length === 1 ? `${nullable[0]} is nullable` : "these columns are nullable"} and two NULLs are not equal. ${schema.dialect === "postgresql" ? "Make it NOT NULL or NULLS NOT DISTINCT, if that is not meant." : "Make it NOT NULL, if that is not meant."}`,
    at: indexPlace(unique, table),
    columns: nullable,
    name: unique.name,
    // Prisma has no word for it.
    fixes: schema.dialect === "postgresql" && schema.source === "drizzle" ? [notDistinct(unique, where, label, table)].filter((fix) => fix !== undefined) : [],
  });
}

function notDistinct(unique: Index | Unique, where: Expression | undefined, label: string, table: Table): Fix | undefined {
  const title = `Treat NULLs as equal in the ${label}`;
  if (!("keys" in unique)) return { title, changes: [{ kind: "drop-unique", table: table.name, unique }, { kind: "add-unique", table: table.name, unique: { ...unique, at: undefined, nullsNotDistinct: true } }] };
  return where ? undefined : { title, changes: [{ kind: "alter-index", table: table.name, from: unique, to: { ...unique, nullsNotDistinct: true } }] };
}

/** True where a part of the columns is unique by itself and never NULL: then no two rows can be duplicates. Such a wider key is made for a composite foreign key to refer to. */
function holdsAnotherKey(columns: readonly (string | undefined)[], unique: Index | Unique, table: Table): boolean {
  const isHeld = (key: readonly (string | undefined)[]): boolean => key.length > 0 && key.every((column) => column !== undefined && columns.includes(column) && !isNullable(column, table));
  if (table.primaryKey && isHeld(table.primaryKey.columns)) return true;
  for (const each of table.uniques) if (each !== unique && isHeld(each.columns)) return true;
  for (const each of table.indexes) if (each !== unique && each.unique && !each.where && isHeld(each.keys.map((key) => key.column))) return true;
  return false;
}

/** Whether a foreign key consists of the column alone. */
function isForeign(column: string | undefined, table: Table): boolean {
  for (const { columns } of table.foreignKeys) if (columns.length === 1 && columns[0] === column) return true;
  return false;
}

function isNullable(name: string, table: Table): boolean {
  for (const column of table.columns) if (column.name === name) return column.nullable && !table.primaryKey?.columns.includes(name);
  return false;
}

export default rule;
