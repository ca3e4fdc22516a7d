import type { Detection, Rule } from "../rule";
import type { Index, Table } from "../../model/schema";
import type { Fix } from "../../model/finding";
import { indexLabel, indexPlace } from "../indexes";

const rule: Rule = {
  summary: "A single boolean column is the whole key of an index.",
  why: `A boolean has two values, and a planner that must fetch a large part of the rows reads the whole table instead: an index on a boolean alone pays
only where one value is rare and the queries ask for it. Then a partial index holds just those rows: it is small, and writes of the other rows leave it
alone ([Partial Indexes](https://www.postgresql.org/docs/current/indexes-partial.html)). Better still, make the column that those queries
sort or join by its key: \`(created_at) WHERE NOT processed\`.

Not reported: a unique index, which is how a table is kept to one row with \`true\`, and one that is partial already.`,
  severity: "information",
  bad: {
    drizzle: `import { boolean, index, integer, pgTable } from "drizzle-orm/pg-core";

export const jobs = pgTable("jobs", {
  id: integer("id").primaryKey(),
  done: boolean("done").notNull().default(false),
}, (table) => [index("jobs_done_idx").on(table.done)]);
//             ^^^^^^^^^^^^^^^^^^^^^^ boolean column done
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Job {
  id   Int     @id
  done Boolean @default(false)

  @@index([done])
//^^^^^^^^^^^^^^^ boolean column done
}
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable } from "drizzle-orm/pg-core";

export const jobs = pgTable("jobs", {
  id: integer("id").primaryKey(),
  done: boolean("done").notNull().default(false),
}, (table) => [index("jobs_open_idx").on(table.id).where(sql\`not \${table.done}\`)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Job {
  id        Int      @id
  done      Boolean  @default(false)
  createdAt DateTime

  @@index([done, createdAt])
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    for (const index of table.indexes) {
      const key = index.keys[0]?.column;
      if (index.method !== "btree" || index.unique || index.where || index.keys.length !== 1 || index.include.length > 0 || key === undefined) continue;
      if (!isBoolean(table.columns.find((column) => column.name === key)?.type.name)) continue;
      const partial = schema.dialect === "postgresql" || schema.dialect === "cockroachdb" || schema.dialect === "sqlite";
      detections.push({
        message: `The ${indexLabel(index)} of ${table.name.name} has nothing but the boolean column ${key} as its key: it pays only where one of the two values is rare. ${partial ? "Make it a partial index on that value, or remove it." : "Put a column behind it that tells rows apart, or remove it."}`,
        at: indexPlace(index, table),
        columns: [key],
        name: index.name,
        fixes: partial && index.name !== undefined ? [partialOn(index, table, key, true), partialOn(index, table, key, false)] : [],
      });
    }
    return detections;
  },
};

/** Which value is rare only the developer knows, so neither of the two is preferred. */
function partialOn(index: Index, table: Table, column: string, value: boolean): Fix {
  const where = { sql: `"${column.replaceAll('"', '""')}" = ${value}`, columns: [column], complete: true };
  return { title: `Keep only the rows where ${column} is ${value} in the ${indexLabel(index)}`, changes: [{ kind: "alter-index", table: table.name, from: index, to: { ...index, where } }] };
}

const isBoolean = (type: string | undefined) => type === "boolean" || type === "bool" || type === "tinyint(1)";

export default rule;
