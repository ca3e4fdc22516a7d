import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "A table has more indexes than the configured bound.",
  why: `Each insert writes an entry into every index of the table, each update into those that are not spared by a heap-only tuple update, which
PostgreSQL can do only where no indexed column changes ([Heap-Only Tuples](https://www.postgresql.org/docs/current/storage-hot.html)). The primary key
and unique constraints count, because their indexes cost the same. How many are too many depends on how the table is written to, so the rule is off
until a bound is set.`,
  severity: "off",
  options: { most: { description: "The largest number of indexes that a table may have, those of constraints included.", type: "number", default: 10 } },
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const events = pgTable("events", {
//           ^^^^^^ events has 11 indexes
  id: integer("id").primaryKey(),
  a: integer("a"), b: integer("b"), c: integer("c"), d: integer("d"), e: integer("e"),
  f: integer("f"), g: integer("g"), h: integer("h"), i: integer("i"), j: integer("j"),
}, (t) => [
  index("a").on(t.a), index("b").on(t.b), index("c").on(t.c), index("d").on(t.d), index("e").on(t.e),
  index("f").on(t.f), index("g").on(t.g), index("h").on(t.h), index("i").on(t.i), index("j").on(t.j),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Event {
//    ^^^^^ Event has 11 indexes
  id Int @id
  a  Int @unique
  b  Int @unique
  c  Int @unique
  d  Int @unique
  e  Int @unique
  f  Int @unique
  g  Int @unique
  h  Int @unique

  @@index([a, b])
  @@index([b, a])
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const events = pgTable("events", {
  id: integer("id").primaryKey(),
  a: integer("a"),
}, (t) => [index("a").on(t.a)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Event {
  id Int @id
  a  Int

  @@index([a])
}
`,
  },
  checkTable(table, { options }) {
    const detections: Detection[] = [];
    const most = Number(options.most);
    let own = 0;
    // What a database lists beside its constraint is that constraint's index.
    for (const { constraint } of table.indexes) if (constraint === undefined || constraint === "exclusion") own++;
    const count = own + table.uniques.length + (table.primaryKey ? 1 : 0);
    if (count > most) detections.push({ message: `${table.name.name} has ${count} indexes, those of constraints included; ${most} are allowed. Look for ones that no query needs.` });
    return detections;
  },
};

export default rule;
