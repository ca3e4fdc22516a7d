import type { Detection, Rule } from "../rule";
import { columnPlace } from "../foreign-keys";

const rule: Rule = {
  summary: "A table or column has a name that must always be quoted.",
  why: `PostgreSQL folds a name without quotes to lower case, and takes a reserved word for itself
([Identifiers and Key Words](https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS)). ORMs always quote, so it shows
only in SQL that people write: \`select * from user\` gives the current user's name instead of the table's rows, and \`select createdAt\` fails. Off by
default.`,
  severity: "off",
  options: { mixedCase: { description: "Also report names with upper-case letters and other characters that need quotes.", type: "boolean", default: true } },
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("user", {
//           ^^^^^ user is a reserved word
  id: integer("id").primaryKey(),
  firstName: text("firstName"),
//^^^^^^^^^ firstName has characters
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model orders {
  id    Int @id
  order Int
//^^^^^ order is a reserved word
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  firstName: text("first_name"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id     Int @id
  number Int

  @@map("orders")
}
`,
  },
  checkTable(table, { schema, options }) {
    const detections: Detection[] = [];
    if (schema.dialect !== "postgresql" || table.implicit) return detections;
    const reason = (name: string) => (reserved.has(name) ? "is a reserved word" : options.mixedCase !== false && !/^[\p{Ll}\p{Lo}_][\p{Ll}\p{Lo}\p{Nd}_$]*$/u.test(name) ? "has characters that PostgreSQL does not keep without quotes" : undefined);
    const own = reason(table.name.name);
    if (own) detections.push({ message: `The table's name ${table.name.name} ${own}: it must always be quoted. Choose another.`, name: table.name.name });
    for (const { name } of table.columns) {
      const why = reason(name);
      if (why) detections.push({ message: `The column's name ${name} ${why}: it must always be quoted. Choose another.`, at: columnPlace(name, table), columns: [name] });
    }
    return detections;
  },
};

/** pg_get_keywords() of PostgreSQL 15, catcode R and T: the words that cannot name a table without quotes. */
const reserved = new Set(`all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do
else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar
some symmetric table tablesample then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/));

export default rule;
