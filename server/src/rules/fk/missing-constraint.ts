import type { ForeignKey } from "../../model/schema";
import { columnPlace, columnsOf, defaultActions } from "../foreign-keys";
import { describeImplied, impliedReferences, type ImpliedReference } from "../implied-reference";
import type { Detection, Rule, RuleContext } from "../rule";

const rule: Rule = {
  summary: "A column is named and typed like a reference to a known table, and no foreign key keeps it true.",
  why: `Without a foreign key the database accepts ids of rows that do not exist, and keeps the ids of rows that are gone. Declare the foreign key where both
tables live in one database and are written together. Where you do without on purpose (sharding, an archive that outlives its parents), turn the rule
off, or silence the line.

The column is recognised as for [fk/implied-unindexed](implied-unindexed.md). Nothing is reported where the relations around it make no constraints
either, as under \`relationMode = "prisma"\`.`,
  severity: "hint",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
//^^^^^^^^ like a reference to clients.id
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
//^^^^^^^^ like a reference to Client.id

  @@index([clientId])
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id),
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
  id       Int    @id
  clientId Int
  client   Client @relation(fields: [clientId], references: [id])

  @@index([clientId])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    if (context.schema.dialect === "mongodb") return detections;
    for (const implied of impliedReferences(table, context)) {
      if (livesWithoutConstraints([...table.foreignKeys, ...implied.target.foreignKeys], implied, context)) continue;
      const { column, target, targetColumn } = implied;
      const foreignKey: ForeignKey = { columns: [column.name], references: { table: target.name, columns: [targetColumn] }, ...defaultActions(context.schema.source, column.nullable), enforced: true };
      detections.push({
        message: `${describeImplied(implied, table)}, but no foreign key keeps it true. Declare one, if both are written together.`,
        at: columnPlace(column.name, table),
        columns: [column.name],
        fixes: [{ title: `Make ${columnsOf(table, [column.name])} a foreign key to ${columnsOf(target, [targetColumn])}`, changes: [{ kind: "add-foreign-key", table: table.name, foreignKey }] }],
      });
    }
    return detections;
  },
};

/** Relations stand around the column, and none of them is a constraint: this schema does without. */
function livesWithoutConstraints(keys: readonly ForeignKey[], { target }: ImpliedReference, context: RuleContext): boolean {
  const around = [...keys, ...context.referencedBy(target.name).map((reference) => reference.foreignKey)];
  return around.length > 0 && around.every((key) => !key.enforced);
}

export default rule;
