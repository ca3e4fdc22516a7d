import { defaultPattern, patternedName } from "../../indexes/naming";
import type { Detection, Rule } from "../rule";
import { indexLabel, indexPlace, keyColumns } from "../indexes";

const rule: Rule = {
  summary: "An index's name is off the configured convention.",
  why: `Names that follow one pattern say what an index is for in a plan, in \`pg_stat_user_indexes\` and in an error message, and two branches that add the
same index collide instead of making it twice. The pattern may hold \`{table}\` and \`{columns}\` (the database's column names, joined by \`_\`); where the option is not given, the setting \`indexName\` counts. An index
that the code does not name is left alone, and so is one on an expression, for which a pattern has no words. Off by default.`,
  severity: "off",
  options: {
    pattern: { description: "What the name of a plain index must look like.", type: "string", default: defaultPattern, setting: "indexName" },
    uniquePattern: { description: "What the name of a unique index must look like; empty: as a plain one.", type: "string", default: "" },
  },
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("client_index").on(table.clientId)]);
//             ^^^^^^^^^^^^^^^^^^^^^ orders_client_id_idx
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId], map: "client_index")
//^^^^^^^^^^^^^^^^^^^ Order_clientId_idx
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId])
}
`,
  },
  checkTable(table, { options }) {
    const detections: Detection[] = [];
    const plain = String(options.pattern);
    const unique = String(options.uniquePattern) || plain;
    for (const index of table.indexes) {
      if (index.name === undefined || index.constraint || index.keys.some((key) => key.column === undefined)) continue;
      const to = patternedName(index.unique ? unique : plain, table.name, index);
      if (index.name === to) continue;
      detections.push({
        message: `The ${indexLabel(index)} of ${table.name.name} is off the convention: name it ${to}.`,
        at: indexPlace(index, table),
        columns: keyColumns(index),
        name: index.name,
        fixes: [{ title: `Rename the index to ${to}`, changes: [{ kind: "rename-index", table: table.name, index, to }], preferred: true }],
      });
    }
    return detections;
  },
};

export default rule;
