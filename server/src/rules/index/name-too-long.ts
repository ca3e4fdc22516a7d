import { indexNameOf, uniqueNameOf } from "../../indexes/default-name";
import { fitsPostgres, shortened } from "../../indexes/naming";
import type { SourceName, Table } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { indexPlace, namedIndexes, renameFix } from "../indexes";

/** Bytes; NAMEDATALEN - 1. */
const longest = 63;

const rule: Rule = {
  summary: "An index's name, given or generated, is over 63 bytes, so PostgreSQL cuts it.",
  why: `"The system uses no more than NAMEDATALEN-1 bytes of an identifier; longer names can be written in commands, but they will be truncated", and
NAMEDATALEN is 64 ([Identifiers](https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS)). The index then has another
name than the code says: tools that compare the two see one index missing and another one extra, and offer to drop and create it again and again. Two
long names with the same first 63 bytes even collide.

The fix keeps 54 bytes and adds 8 digits of a hash of the whole name, which tell it from its like. Only indexes and unique constraints are looked at;
names that Prisma generates are cut by Prisma itself and agree.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const subscriptions = pgTable("subscriptions", {
  id: integer("id").primaryKey(),
  billingAccountId: integer("billing_account_id").notNull(),
}, (table) => [
  index("subscriptions_billing_account_id_for_the_monthly_invoice_run_idx").on(table.billingAccountId),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ has 64 bytes
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Subscription {
  id               Int @id
  billingAccountId Int

  @@index([billingAccountId], map: "subscriptions_billing_account_id_for_the_monthly_invoice_run_idx")
//^^^^^^^^^^^^^^^^^^^^^^^^^^^ has 64 bytes
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const subscriptions = pgTable("subscriptions", {
  id: integer("id").primaryKey(),
  billingAccountId: integer("billing_account_id").notNull(),
}, (table) => [index("subscriptions_billing_account_id_idx").on(table.billingAccountId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Subscription {
  id               Int @id
  billingAccountId Int

  @@index([billingAccountId], map: "subscriptions_billing_account_id_idx")
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    if (schema.dialect !== "postgresql") return detections;
    if (allFit(table, schema.source)) return detections;
    for (const { name, given, columns, of } of namedIndexes(table, schema)) {
      if (fitsPostgres(name)) continue;
      const bytes = Buffer.byteLength(name, "utf8");
      const to = shortened(name);
      detections.push({
        message: `The name ${name}${given ? "" : ", which is generated,"} has ${bytes} bytes: PostgreSQL cuts it to ${longest}, and tools that compare see another index. ${given ? "Shorten it" : "Give it a shorter one"}, for example ${to}.`,
        at: indexPlace(of.kind === "index" ? of.index : of.unique, table),
        columns,
        name,
        fixes: [renameFix(of, to, table, `Shorten the name to ${to}`)],
      });
    }
    return detections;
  },
};

/** Whether no name is too long, as in most tables. */
function allFit(table: Table, source: SourceName): boolean {
  for (const unique of table.uniques) if (!fitsPostgres(uniqueNameOf(unique, table, source))) return false;
  for (const index of table.indexes) if (!fitsPostgres(indexNameOf(index, table, source))) return false;
  return true;
}

export default rule;
