import { columnsOfType } from "../column-type";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column is timestamp without time zone.",
  why: `A \`timestamp\` is a picture of a calendar and a clock, not a point in time: without knowing where the clock hung, it cannot be compared with another
one. \`timestamptz\` stores a point in time and takes no more room
([Don't use timestamp (without time zone)](https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_timestamp_.28without_time_zone.29)).
Off by default, because it is Prisma's and Drizzle's default and a project that writes UTC throughout can live with it.`,
  severity: "off",
  bad: {
    drizzle: `import { integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  paidAt: timestamp("paid_at"),
//^^^^^^ orders.paid_at is timestamp without time zone
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id     Int      @id
  paidAt DateTime
//^^^^^^ Order.paidAt is timestamp(3) without time zone
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, timestamp } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  paidAt: timestamp("paid_at", { withTimezone: true }),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id     Int      @id
  paidAt DateTime @db.Timestamptz(3)
}
`,
  },
  checkTable: columnsOfType(["timestamp without time zone", "timestamp"], "it is no point in time. Use timestamp with time zone."),
};

export default rule;
