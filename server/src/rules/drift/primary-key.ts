import { fixesToSay, otherTable, relatedAt, tableOf, tablePlace, titleOf } from "../pair";
import type { Change } from "../../model/change";
import type { Table } from "../../model/schema";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A table has another primary key in the other schema of the same database.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. The order of the columns counts: it is the order of the key's index.`,
  severity: "warning",
  bad: {
    drizzle: `import { integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const members = pgTable("members", {
//           ^^^^^^^ the primary key of members is (team_id) here and (team_id, user_id) in schema.prisma
  teamId: integer("team_id").notNull(),
  userId: integer("user_id").notNull(),
}, (table) => [primaryKey({ columns: [table.teamId] })]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Member {
  teamId Int @map("team_id")
  userId Int @map("user_id")

  @@id([teamId, userId])
  @@map("members")
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const members = pgTable("members", {
  teamId: integer("team_id").notNull(),
  userId: integer("user_id").notNull(),
}, (table) => [primaryKey({ columns: [table.teamId, table.userId] })]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Member {
  teamId Int @map("team_id")
  userId Int @map("user_id")

  @@id([teamId, userId])
  @@map("members")
}
`,
  },
  *checkPair(pair) {
    const seen = new Set<unknown>();
    for (const change of pair.changes) {
      if (change.kind !== "add-primary-key" && change.kind !== "drop-primary-key") continue;
      const left = tableOf(pair.left, change.table);
      const right = otherTable(pair, change.table);
      if (!left || !right || seen.has(left)) continue;
      seen.add(left);
      const say = (columns: readonly string[] | undefined): string => (columns ? `(${columns.join(", ")})` : "none");
      yield {
        schema: pair.left.id, table: change.table, columns: [], at: tablePlace(left),
        message: `the primary key of ${change.table.name} is ${say(left.primaryKey?.columns)} here and ${say(right.primaryKey?.columns)} in ${titleOf(pair.right)}: give both the one that the database has.`,
        fixes: fixesToSay(pair, (of) => `Make the primary key of ${change.table.name} ${say((of === "left" ? left : right).primaryKey?.columns)}`, keyChanges(left, right), keyChanges(right, left)),
        related: relatedAt(right.primaryKey?.at ?? tablePlace(right), `${change.table.name} in ${titleOf(pair.right)}`),
      };
    }
  },
};

export default rule;

/** What gives `from` the key of `to`. A column that leaves the key stays NOT NULL where it is so there: the key alone said it before. */
function keyChanges(from: Table, to: Table): readonly Change[] {
  const table = from.name;
  const stays = to.columns.filter(({ name, nullable }) => !nullable && from.primaryKey?.columns.includes(name) && !to.primaryKey?.columns.includes(name));
  return [
    ...(from.primaryKey ? [{ kind: "drop-primary-key" as const, table, primaryKey: from.primaryKey }] : []),
    ...stays.map(({ name }) => ({ kind: "alter-column-nullability" as const, table, column: name, nullable: false })),
    ...(to.primaryKey ? [{ kind: "add-primary-key" as const, table, primaryKey: { columns: to.primaryKey.columns } }] : []),
  ];
}
