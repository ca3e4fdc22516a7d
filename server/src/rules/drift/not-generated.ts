import type { UnrecordedTable } from "../../model/migration";
import type { Rule } from "../rule";

/** Parts that a message names. */
const named = 3;

const journal = JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1767225600000, tag: "0000_init", breakpoints: true }] });
const config = `export default { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" };\n`;
const init = `CREATE TABLE "orders" ("id" integer PRIMARY KEY NOT NULL, "client_id" integer NOT NULL);\n`;
const column = (name: string, primaryKey: boolean): object => ({ name, type: "integer", primaryKey, notNull: true });
const snapshot = JSON.stringify({
  id: "6f7a6d3c-0000-4000-8000-000000000000", prevId: "00000000-0000-0000-0000-000000000000", version: "7", dialect: "postgresql", enums: {}, schemas: {},
  tables: { "public.orders": { name: "orders", schema: "", columns: { id: column("id", true), client_id: column("client_id", false) }, indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, checkConstraints: {} } },
});
const folder = { "drizzle.config.ts": config, "drizzle/0000_init.sql": init, "drizzle/meta/_journal.json": journal, "drizzle/meta/0000_snapshot.json": snapshot };

const rule: Rule = {
  summary: "The schema has changes for which no migration exists.",
  why: `A change of the schema that nobody generates a migration for works on the machine where it was pushed, and nowhere else: the next deployment runs code
that asks for a column that is not there, and the next \`drizzle-kit generate\`, of somebody who changed something else, writes it into a migration that is
not about it. The schema is held against the snapshot that drizzle-kit keeps beside each migration, without any database; where a folder has none, as Prisma's
and plain SQL have not, the embedded database tells the same as drift. Generate the migration.`,
  severity: "warning",
  bad: {
    migrations: {
      ...folder,
      "schema.ts": `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
//           ^^^^^^ orders has 2 changes that no migration makes: column note, index orders_client_id_idx
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
  note: text("note"),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    },
  },
  good: {
    migrations: {
      ...folder,
      "schema.ts": `import { integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
});
`,
    },
  },
  *checkUnrecorded(tables) {
    for (const one of tables) yield { schema: one.schema, table: one.name, at: one.at, message: messageOf(one) };
  },
};

function messageOf({ name, parts }: UnrecordedTable): string {
  const [only] = parts;
  if (only?.what === "the table") return only.kind === "added" ? `No migration makes the table ${name.name}. Generate one.` : `The table ${name.name} is gone from the schema, and no migration drops it. Generate one.`;
  const some = parts.slice(0, named).map(({ kind, what }) => (kind === "added" ? what : `${what} ${kind === "gone" ? "is gone" : "differs"}`));
  return `${name.name} has ${parts.length === 1 ? "a change" : `${parts.length} changes`} that no migration makes: ${some.join(", ")}${parts.length > named ? ` and ${parts.length - named} more` : ""}. Generate one.`;
}

export default rule;
