import type { ForeignKey } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { columnsOf, placeOf } from "../foreign-keys";

const rule: Rule = {
  summary: "Two foreign keys over the same columns refer to the same target.",
  why: `The second one forbids nothing that the first does not, but every insert and update checks both, and every delete of a referenced row looks
for referring rows twice. Where their actions differ, which of them decides is hard to tell. In Drizzle it comes about when a column has
\`.references()\` and the table's third argument has a \`foreignKey()\` for the same column. Keep the one whose actions you mean.`,
  severity: "warning",
  bad: {
    drizzle: `import { foreignKey, index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
  foreignKey({ name: "orders_client_fk", columns: [table.clientId], foreignColumns: [clients.id] }),
//^^^^^^^^^^ a second foreign key from orders.client_id to clients.id
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[] @relation("orders")
  bought Order[] @relation("bought")
}

model Order {
  id       Int    @id
  clientId Int
  client   Client @relation("orders", fields: [clientId], references: [id])
  buyer    Client @relation("bought", fields: [clientId], references: [id], map: "Order_buyer_fkey")
//                ^^^^^^^^^ a second foreign key from Order.clientId to Client.id

  @@index([clientId])
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
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
  id       Int    @id
  clientId Int
  client   Client @relation(fields: [clientId], references: [id])

  @@index([clientId])
}
`,
  },
  checkTable(table) {
    const detections: Detection[] = [];
    if (!anyShareTarget(table.foreignKeys)) return detections;
    const first = new Map<string, ForeignKey>();
    for (const foreignKey of table.foreignKeys) {
      if (!foreignKey.enforced) continue;
      const identity = JSON.stringify([foreignKey.references.table.schema, foreignKey.references.table.name, ...pairsOf(foreignKey)]);
      const earlier = first.get(identity);
      if (!earlier) {
        first.set(identity, foreignKey);
        continue;
      }
      const target = { name: foreignKey.references.table };
      const alike = earlier.onDelete === foreignKey.onDelete && earlier.onUpdate === foreignKey.onUpdate;
      detections.push({
        message: `This is a second foreign key from ${columnsOf(table, foreignKey.columns)} to ${columnsOf(target, foreignKey.references.columns)}${alike ? "" : ", with other actions"}. Remove one of the two.`,
        at: placeOf(foreignKey, table),
        related: earlier.at ? [{ at: earlier.at, message: "the first one" }] : [],
        columns: foreignKey.columns,
        name: foreignKey.name,
        fixes: [{ title: `Remove the second foreign key on ${columnsOf(table, foreignKey.columns)}`, changes: [{ kind: "drop-foreign-key", table: table.name, foreignKey }] }],
      });
    }
    return detections;
  },
};

/** Few tables have two keys to one table, so the others are done here. */
function anyShareTarget(keys: readonly ForeignKey[]): boolean {
  for (let at = 1; at < keys.length; at++) {
    const { name } = keys[at]!.references.table;
    for (let before = 0; before < at; before++) if (keys[before]!.references.table.name === name) return true;
  }
  return false;
}

/** Column and referenced column, in the order of the columns' names: the order in the key makes no difference. */
const pairsOf = (key: ForeignKey) => key.columns.map((column, position) => `${column}\u0000${key.references.columns[position]}`).sort();

export default rule;
