import { columnsOfType } from "../column-type";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has the type money.",
  why: `"The money data type isn't actually very good for storing monetary values": it has no currency, it cannot hold fractions of a cent, and how it is
read and written depends on the server's \`lc_monetary\`, so a dump can be restored with other values
([Don't use money](https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_money)). Use \`numeric\`, with the currency in a column beside it where
there is more than one.`,
  severity: "hint",
  bad: {
    drizzle: `import { customType, integer, pgTable } from "drizzle-orm/pg-core";

const money = customType<{ data: string }>({ dataType: () => "money" });

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  total: money("total"),
//^^^^^ orders.total is money
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id    Int     @id
  total Decimal @db.Money
//^^^^^ Order.total is money
}
`,
  },
  good: {
    drizzle: `import { integer, numeric, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  total: numeric("total", { precision: 12, scale: 2 }),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id    Int     @id
  total Decimal @db.Decimal(12, 2)
}
`,
  },
  checkTable: columnsOfType(["money"], "it rounds to the cent and depends on the server's locale. Use numeric."),
};

export default rule;
