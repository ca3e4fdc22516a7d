import type { Change } from "../../model/change";
import type { Index, QualifiedName, Unique } from "../../model/schema";
import { changesOf, describeIndex, fixesToSay, indexChanges, missing, otherTable, plainIndex, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { PairDetection, SchemaPair } from "../rule";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "Columns are unique in one schema and not in the other one of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A unique index and a unique constraint are the same here, Drizzle's \`uniqueIndex\` equals Prisma's \`@unique\`, and a unique key over exactly the primary key's columns is left out. Where the database lacks it, two rows slip in that the other application takes for one; where it has it, an insert fails that this schema allows.`,
  severity: "warning",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
//^^^^^ users(email) is unique in schema.prisma and not here
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  email String @unique

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  email: text("email").notNull(),
}, (table) => [uniqueIndex("users_email_key").on(table.email)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model User {
  id Int @id
  email String @unique

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of pair.changes) {
      switch (change.kind) {
        case "add-unique": yield lacking(pair, "left", change.table, change.unique, { kind: "add-unique", table: change.table, unique: plain(change.unique) }); break;
        case "drop-unique": yield lacking(pair, "right", change.table, change.unique, { kind: "add-unique", table: change.table, unique: plain(change.unique) }); break;
        case "add-index": if (change.index.unique) yield lacking(pair, "left", change.table, asUnique(change.index), { kind: "add-index", table: change.table, index: plainIndex(change.index) }); break;
        case "drop-index": if (change.index.unique) yield lacking(pair, "right", change.table, asUnique(change.index), { kind: "add-index", table: change.table, index: plainIndex(change.index) }); break;
        default:
      }
    }
    for (const { table, from, to } of changesOf(pair, "alter-index")) {
      const [left, right] = [tableOf(pair.left, table), otherTable(pair, table)];
      if (from.unique === to.unique || !left || !right) continue;
      yield {
        schema: pair.left.id, table, columns: [], ...(from.name === undefined ? {} : { name: from.name }), at: from.at ?? tablePlace(left),
        message: `the ${describeIndex(from)} of ${table.name} is ${to.unique ? "unique" : "not unique"} in ${titleOf(pair.right)}: make both say what the database has.`,
        related: relatedAt(to.at ?? tablePlace(right), `${table.name} in ${titleOf(pair.right)}`),
        fixes: fixesToSay(pair, (of) => `Make it the ${describeIndex(of === "left" ? from : to)}`, indexChanges(from, left, to, right), indexChanges(to, right, from, left)),
      };
    }
  },
};

export default rule;

type Keys = { readonly name?: string; readonly columns: readonly string[]; readonly where?: string; readonly at?: Index["at"] };

/** A unique constraint without its place. */
function plain({ at: _, ...unique }: Unique): Unique {
  return unique;
}

function asUnique(index: Index): Keys {
  return { ...(index.name === undefined ? {} : { name: index.name }), columns: index.keys.map((key) => key.column ?? key.expression?.sql ?? "?"), ...(index.where ? { where: index.where.sql } : {}), ...(index.at ? { at: index.at } : {}) };
}

function lacking(pair: SchemaPair, side: "left" | "right", table: QualifiedName, unique: Keys, change: Change): PairDetection {
  const what = `${table.name}(${unique.columns.join(", ")})`;
  const condition = unique.where === undefined ? "" : ` where ${unique.where}`;
  return missing(pair, side, table, unique.columns, unique, (where) => `${what} is unique${condition} ${where}`, { title: `Make ${what} unique${condition}`, preferred: true, changes: [change] });
}
