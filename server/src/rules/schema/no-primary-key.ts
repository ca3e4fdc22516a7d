import type { Table } from "../../model/schema";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A table has no primary key.",
  why: `Without a primary key nothing tells two equal rows apart: an update or delete of one row has to name all its values, and may hit several. Logical
replication cannot publish updates and deletes of such a table until it is given a replica identity
([Replica Identity](https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY)), and
many tools refuse it. A join table whose columns are a unique key is told as information: make that key the primary key.`,
  severity: "warning",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const notes = pgTable("notes", {
//           ^^^^^ notes has no primary key
  clientId: integer("client_id").notNull(),
  body: text("body").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Note {
//    ^^^^ Note has no primary key
  number Int    @unique
  body   String
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const readers = pgTable("readers", {
  clientId: integer("client_id").notNull(),
  noteId: integer("note_id").notNull(),
}, (table) => [primaryKey({ columns: [table.clientId, table.noteId] })]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Reader {
  clientId Int
  noteId   Int

  @@id([clientId, noteId])
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    // A document of MongoDB always has its _id.
    if (table.primaryKey || !table.complete || table.implicit || table.columns.length === 0 || schema.dialect === "mongodb") return detections;
    const keys = uniqueKeys(table);
    const join = keys.find((columns) => isJoin(columns, table));
    const key = join ?? keys.find((columns) => columns.every((name) => table.columns.some((column) => column.name === name && !column.nullable)));
    const replication = schema.dialect === "postgresql" ? ", and logical replication cannot publish its updates and deletes" : "";
    const name = table.name.name;
    detections.push({
      message: key
        ? `${name} has no primary key, though ${key.join(", ")} ${key.length === 1 ? "is" : "are"} unique${replication && ": logical replication still cannot publish its updates and deletes"}. Make ${key.length === 1 ? "it" : "them"} the primary key.`
        : `${name} has no primary key: nothing tells two equal rows apart${replication}. Add one.`,
      severity: join ? "information" : undefined,
    });
    return detections;
  },
};

/** The columns of every key that is unique for all rows. */
function uniqueKeys(table: Table): readonly (readonly string[])[] {
  return [
    ...table.uniques.map((unique) => unique.columns),
    ...table.indexes.filter((index) => index.unique && !index.where && index.keys.every((key) => key.column !== undefined)).map((index) => index.keys.map((key) => key.column!)),
  ];
}

/** True of the unique key of a pure join table: it consists of foreign keys, as all other columns do. */
function isJoin(columns: readonly string[], table: Table): boolean {
  const foreign = new Set(table.foreignKeys.flatMap((key) => key.columns));
  return table.foreignKeys.length >= 2 && columns.length >= 2 && columns.every((column) => foreign.has(column)) && table.columns.every((column) => foreign.has(column.name));
}

export default rule;
