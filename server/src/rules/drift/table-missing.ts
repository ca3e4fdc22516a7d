import { adviceFor, changesOf, schemaPlace, tablePlace, titleOf } from "../pair";
import type { Fix } from "../../model/finding";
import type { Table } from "../../model/schema";
import type { Rule, SchemaPair } from "../rule";

const rule: Rule = {
  summary: "A table stands only in the other schema of the same database, or only in the database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. The code that uses this schema cannot see the table, and a push of this schema drops it, rows included. The finding stands at the table in the schema that has it.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id   Int    @id @default(autoincrement())
  name String

  @@map("users")
}

model Order {
//    ^^^^^ orders stands here and not in schema.ts
  id Int @id

  @@map("orders")
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", { id: integer("id").primaryKey() });
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id   Int    @id @default(autoincrement())
  name String

  @@map("users")
}

model Order {
  id Int @id

  @@map("orders")
}
`,
  },
  *checkPair(pair) {
    for (const { table } of changesOf(pair, "add-table")) {
      if (pair.against === "database") {
        yield { schema: pair.left.id, table: table.name, columns: [], at: schemaPlace(pair.left), message: `The table ${table.name.name} stands in ${titleOf(pair.right)} and not here: ${adviceFor(pair, "right")}.`, fixes: fixesOf(table, pair) };
      } else yield {
        schema: pair.right.id, table: table.name, columns: [], at: tablePlace(table),
        message: `The table ${table.name.name} stands here and not in ${titleOf(pair.left)}: add it there, or delete it here.${table.implicit ? " Prisma makes it for a many-to-many relation." : ""}`,
      };
    }
  },
};

export default rule;

/** A foreign table or a partition is none of the code's: there is no fix for those. */
function fixesOf(table: Table, { left, right, changes }: SchemaPair): readonly Fix[] {
  if (table.kind) return [];
  const enums = changes.filter((change) => change.kind === "add-enum" && table.columns.some(({ type }) => type.enum?.name === change.enum.name.name && type.enum.schema === change.enum.name.schema));
  return [{ title: `Add the table ${table.name.name}, as in ${titleOf(right)}`, preferred: true, changes: [...enums, { kind: "add-table", table }], schema: left.id }];
}
