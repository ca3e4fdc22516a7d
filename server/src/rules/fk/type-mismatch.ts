import type { Column, Table } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { columnPlace, columnsOf } from "../foreign-keys";
import { compareReferenceType } from "../reference-type";

const rule: Rule = {
  summary: "A foreign key's column has another type than the column that it references.",
  why: `A column that is too small for the key that it copies works until the first value that does not fit: \`integer\` beside a \`bigint\` key fails at
2,147,483,648, \`varchar(20)\` beside \`text\` at the first longer key. Columns of different kinds (\`text\` beside \`uuid\`) cannot be compared at all: PostgreSQL
refuses the constraint, and a join needs a cast, which takes the index out of play.

A serial column is an integer with a default, so \`integer\` beside \`serial\` is the same type. So are \`text\` and \`varchar\`, where the reference can hold
all values. Change the column's type to that of the referenced one, in a migration: widening an integer rewrites the table.`,
  severity: "warning",
  bad: {
    drizzle: `import { bigserial, index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: bigserial("id", { mode: "number" }).primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").references(() => clients.id),
//^^^^^^^^ orders.client_id is integer, but clients.id is bigint
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  code   String  @id
  orders Order[]
}

model Order {
  id         Int    @id
  clientCode String @db.VarChar(20)
//^^^^^^^^^^ too small for all values
  client     Client @relation(fields: [clientCode], references: [code])

  @@index([clientCode])
}
`,
  },
  good: {
    drizzle: `import { bigint, bigserial, index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: bigserial("id", { mode: "number" }).primaryKey() });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: bigint("client_id", { mode: "number" }).references(() => clients.id),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  code   String  @id
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
    const reported: string[] = [];
    for (const foreignKey of table.foreignKeys) {
      const target = context.table(foreignKey.references.table);
      for (let position = 0; position < foreignKey.columns.length; position++) {
        const name = foreignKey.columns[position]!;
        const column = columnNamed(table, name);
        const referenced = target && columnNamed(target, foreignKey.references.columns[position]);
        if (!target || !column || !referenced || reported.includes(name)) continue;
        const answer = compareReferenceType(column.type, referenced.type, context.schema.dialect);
        // Without a constraint no insert fails for a length; a relation may also be declared from its other side.
        if (answer !== "differs" && !(answer === "narrower" && foreignKey.enforced)) continue;
        reported.push(name);
        const types = `${columnsOf(table, [name])} is ${column.type.name}, but ${columnsOf(target, [referenced.name])} is ${referenced.type.name}`;
        const at = columnPlace(referenced.name, target);
        detections.push({
          message: answer === "narrower" ? `${types}: too small for all values that it may refer to. Give both the same type.` : `${types}: a reference needs the type of what it refers to. Give both the same type.`,
          at: columnPlace(name, table),
          related: at ? [{ at, message: `${columnsOf(target, [referenced.name])} is ${referenced.type.name}` }] : [],
          columns: [name],
        });
      }
    }
    return detections;
  },
};

function columnNamed(table: Table, name: string | undefined): Column | undefined {
  for (const column of table.columns) if (column.name === name) return column;
  return undefined;
}

export default rule;
