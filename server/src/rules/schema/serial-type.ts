import { typeDetection } from "../column-type";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A column is serial instead of an identity column.",
  why: `"The serial types have some weird behaviors that make schema, dependency, and permission management unnecessarily cumbersome": who may insert into
the table may still lack the right to its sequence, and nothing keeps an explicit value from colliding with a later generated one. "For new
applications, identity columns should be used instead" ([Don't use serial](https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_serial)).

Not reported in Prisma schemas, because \`@default(autoincrement())\` is the only word that they have for a counter.`,
  severity: "hint",
  bad: {
    drizzle: `import { pgTable, serial, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: serial("id").primaryKey(),
//^^ clients.id is serial
  name: text("name"),
});
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id   Int    @id @default(autoincrement())
  name String
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    if (context.schema.source === "prisma" || context.schema.dialect !== "postgresql" || table.implicit) return detections;
    for (const column of table.columns) if (column.generated === "serial") detections.push(typeDetection(column, table, "PostgreSQL's wiki advises identity columns instead. Use generatedAlwaysAsIdentity()."));
    return detections;
  },
};

export default rule;
