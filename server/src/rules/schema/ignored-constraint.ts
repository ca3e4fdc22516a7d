import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "Something in a table's definition is dropped silently by the ORM.",
  why: `Drizzle's third argument takes builders (\`index()\`, \`unique()\`, \`check()\`, \`foreignKey()\`, \`primaryKey()\`); what is none of them, such as a raw
\`sql\` template or a plain object, is neither refused nor generated, so the constraint that the code shows does not exist. A dot in the table's name
makes no schema either: \`pgTable("auth.users")\` is a table of that whole name in \`public\`; \`pgSchema("auth").table("users")\` is the one in \`auth\`
([Table schemas](https://orm.drizzle.team/docs/schemas)).`,
  severity: "warning",
  bad: {
    drizzle: `import { sql } from "drizzle-orm";
import { integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  total: integer("total").notNull(),
}, () => [
  sql\`check (total >= 0)\`,
//^^^^^^^^^^^^^^^^^^^^^^^ is dropped by Drizzle
]);

export const users = pgTable("auth.users", { id: integer("id").primaryKey() });
//           ^^^^^ in the schema public
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { check, integer, pgSchema, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  total: integer("total").notNull(),
}, (table) => [check("orders_total_check", sql\`\${table.total} >= 0\`)]);

export const auth = pgSchema("auth");
export const users = auth.table("users", { id: integer("id").primaryKey() });
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    for (const ignored of table.ignored ?? []) {
      detections.push({ message: `In ${table.name.name}: ${ignored.what} is dropped by Drizzle without a word, so the database never sees it. Use one of its builders (check(), index(), unique(), …).`, at: ignored.at, name: ignored.what });
    }
    if (schema.source !== "drizzle" || schema.dialect !== "postgresql" || !table.name.name.includes(".")) return detections;
    const [first, ...rest] = table.name.name.split(".");
    if (!first || rest.length !== 1 || !rest[0]) return detections;
    detections.push({ message: `The name "${table.name.name}" has a dot in it, so the table stands under that whole name in the schema ${table.name.schema ?? "public"}. If ${first} is meant as a schema, use pgSchema("${first}").table("${rest[0]}", …).`, name: table.name.name });
    return detections;
  },
};

export default rule;
