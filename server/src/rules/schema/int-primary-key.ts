import { bareType } from "../column-type";
import { columnPlace } from "../foreign-keys";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A primary key is serial or a four-byte integer.",
  why: `An \`integer\` ends at 2,147,483,647 ([Numeric Types](https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT)), and a sequence
counts on when inserts fail, are rolled back or meet a conflict. When it ends, every insert fails, and the way out is to rewrite the table and every
table that references it. A \`bigint\` costs four bytes a row more, often none because of alignment, and does not end. For a new table choose
\`bigint\`; for a small one that stays small the hint can be ignored.

Not reported: a key of several columns, and one that is itself a foreign key, since it holds what the referenced table has.`,
  severity: "hint",
  bad: {
    drizzle: `import { pgTable, serial, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: serial("id").primaryKey(),
//^^ clients.id
  name: text("name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id   Int    @id @default(autoincrement())
//^^ Client.id
  name String
}
`,
  },
  good: {
    drizzle: `import { bigint, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  name: text("name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Client {
  id   BigInt @id @default(autoincrement())
  name String
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    const key = table.primaryKey?.columns;
    const name = key?.[0];
    if (name === undefined || key!.length > 1 || table.implicit || table.foreignKeys.some((key) => key.columns.includes(name))) return detections;
    const column = table.columns.find((each) => each.name === name);
    if (!column || column.type.name.endsWith("]")) return detections;
    const type = bareType(column.type.name).toLowerCase();
    const isInt = schema.dialect === "postgresql" ? /^(integer|int|int4|serial)$/.test(type) : schema.dialect === "mysql" && /^(int|integer)( unsigned)?$/.test(type);
    if (!isInt) return detections;
    const last = type.endsWith("unsigned") ? "4,294,967,295" : "2,147,483,647";
    detections.push({ message: `The primary key ${table.name.name}.${name} is ${column.generated === "serial" ? "serial" : column.type.name}, which ends at ${last}. Use a bigint, unless the table stays small.`, at: columnPlace(name, table), columns: [name] });
    return detections;
  },
};

export default rule;
