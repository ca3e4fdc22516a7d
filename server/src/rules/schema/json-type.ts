import { columnsOfType } from "../column-type";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has the type json instead of jsonb.",
  why: `A \`json\` column keeps the text as it was typed, parses it again at each use, has no equality operator (so \`DISTINCT\`, \`GROUP BY\` and \`UNION\`
fail on it) and cannot be indexed. "In general, most applications should prefer to store JSON data as jsonb, unless there are quite specialized needs,
such as legacy assumptions about ordering of object keys" ([JSON Types](https://www.postgresql.org/docs/current/datatype-json.html)).`,
  severity: "hint",
  bad: {
    drizzle: `import { integer, json, pgTable } from "drizzle-orm/pg-core";

export const events = pgTable("events", {
  id: integer("id").primaryKey(),
  payload: json("payload"),
//^^^^^^^ events.payload is json
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Event {
  id      Int  @id
  payload Json @db.Json
//^^^^^^^ Event.payload is json
}
`,
  },
  good: {
    drizzle: `import { integer, jsonb, pgTable } from "drizzle-orm/pg-core";

export const events = pgTable("events", {
  id: integer("id").primaryKey(),
  payload: jsonb("payload"),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Event {
  id      Int  @id
  payload Json
}
`,
  },
  checkTable: columnsOfType(["json"], "it is parsed again at each use and cannot be compared or indexed. Use jsonb."),
};

export default rule;
