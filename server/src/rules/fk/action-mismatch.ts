import { pairedActions } from "../foreign-key-pairs";
import { columnPlace, otherTable, relatedAt, tableOf, titleOf } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "ON DELETE or ON UPDATE of a foreign key differ between two schemas of the same database.",
  why: `What a delete does is decided by the schema that was pushed last: the other one's authors expect an error and get deleted rows, or the reverse. Compared are the effective actions, the ORMs' own defaults filled in: Prisma's are \`onDelete: SetNull\` for an optional relation, \`Restrict\` for a required one, and \`onUpdate: Cascade\`, Drizzle's are NO ACTION for both.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id, { onDelete: "restrict" }),
//                                         ^^^^^^^^^^ on delete is restrict here and cascade in schema.prisma
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  clientId Int    @map("client_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade, onUpdate: NoAction)

  @@index([clientId])
  @@map("orders")
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id, { onDelete: "cascade" }),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  clientId Int    @map("client_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: Cascade, onUpdate: NoAction)

  @@index([clientId])
  @@map("orders")
}
`,
  },
  *checkPair(pair) {
    for (const { table, left, right } of pairedActions(pair).values()) {
      const parts = [
        ...(left.onDelete === right.onDelete ? [] : [`on delete is ${left.onDelete} here and ${right.onDelete} in ${titleOf(pair.right)}`]),
        ...(left.onUpdate === right.onUpdate ? [] : [`on update is ${left.onUpdate} here and ${right.onUpdate} in ${titleOf(pair.right)}`]),
      ];
      yield {
        schema: pair.left.id, table, columns: left.columns, ...(left.name === undefined ? {} : { name: left.name }), at: left.at ?? columnPlace(tableOf(pair.left, table), left.columns[0]),
        message: `The foreign key ${table.name}(${left.columns.join(", ")}) to ${left.references.table.name}: ${parts.join(", ")}. Make both say what the database does.`,
        related: relatedAt(right.at ?? columnPlace(otherTable(pair, table), right.columns[0]), `the same key in ${titleOf(pair.right)}`),
      };
    }
  },
};

export default rule;
