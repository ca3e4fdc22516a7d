import type { Rule } from "../rule";

const rule: Rule = {
  summary: "One table name is defined twice: the last definition wins.",
  why: `Two definitions of one name come about by copy and paste, or when the same table is written down in two files with two shapes. The ORM's generator
takes the last one that it loads and says nothing, so columns, keys and indexes of the other never reach the database, while queries through it still
compile. Give the copy its own table name, or keep one definition and import it.`,
  severity: "warning",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
//           ^^^^^^^ clients is defined again
  id: integer("id").primaryKey(),
});

export const suppliers = pgTable("clients", {
  id: integer("id").primaryKey(),
  name: text("name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
//    ^^^^^^ clients is defined again
  id Int @id

  @@map("clients")
}

model Supplier {
  id   Int    @id
  name String

  @@map("clients")
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: integer("id").primaryKey(),
});

export const suppliers = pgTable("suppliers", {
  id: integer("id").primaryKey(),
  name: text("name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id Int @id

  @@map("clients")
}

model Supplier {
  id   Int    @id
  name String

  @@map("suppliers")
}
`,
  },
  *checkSchema(schema, context) {
    for (const hidden of schema.hidden ?? []) {
      const winner = context.table(hidden.name);
      const at = winner?.nameAt ?? winner?.at;
      const by = winner && winner.property !== hidden.property ? ` as ${winner.property}` : "";
      yield {
        message: `The table ${hidden.name.name} is defined again${by}, and the last definition wins: this one is ignored. Give it another table name, or keep one of the two.`,
        at: hidden.nameAt ?? hidden.at,
        related: at ? [{ at, message: `this definition of ${hidden.name.name} wins` }] : [],
        table: hidden.name,
        name: hidden.property,
      };
    }
  },
};

export default rule;
