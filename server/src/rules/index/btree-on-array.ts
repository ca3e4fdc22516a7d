import type { Detection, Rule } from "../rule";
import { indexLabel, indexPlace } from "../indexes";

const rule: Rule = {
  summary: "A btree index stands on an array or jsonb column.",
  why: `A btree compares whole values: it finds a row whose array or document is equal to a given one, and nothing else. Queries ask what is inside
(\`@>\`, \`?\`, \`&&\`, \`= ANY\`), which only GIN answers ([GIN Indexes](https://www.postgresql.org/docs/current/gin.html),
[jsonb Indexing](https://www.postgresql.org/docs/current/datatype-json.html#JSON-INDEXING)). And a value larger than a third of a page cannot be put
into a btree at all: then the insert fails with "index row size exceeds btree maximum".

Not reported: unique indexes, and an index in which the column only follows others.`,
  severity: "warning",
  bad: {
    drizzle: `import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";

export const posts = pgTable("posts", {
  id: integer("id").primaryKey(),
  tags: text("tags").array().notNull(),
  meta: jsonb("meta"),
}, (table) => [
  index("posts_tags_idx").on(table.tags),
//^^^^^^^^^^^^^^^^^^^^^^^ posts.tags is text[]
  index("posts_meta_idx").on(table.meta),
//^^^^^^^^^^^^^^^^^^^^^^^ posts.meta is jsonb
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Post {
  id   Int      @id
  tags String[]
  meta Json

  @@index([tags])
//^^^^^^^^^^^^^^^ Post.tags is text[]
  @@index([meta])
//^^^^^^^^^^^^^^^ Post.meta is jsonb
}
`,
  },
  good: {
    drizzle: `import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";

export const posts = pgTable("posts", {
  id: integer("id").primaryKey(),
  tags: text("tags").array().notNull(),
  meta: jsonb("meta"),
}, (table) => [
  index("posts_tags_idx").using("gin", table.tags),
  index("posts_meta_idx").using("gin", table.meta.op("jsonb_path_ops")),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Post {
  id   Int      @id
  tags String[]
  meta Json

  @@index([tags], type: Gin)
  @@index([meta(ops: JsonbPathOps)], type: Gin)
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    if (schema.dialect !== "postgresql") return detections;
    for (const index of table.indexes) {
      const key = index.keys[0];
      if (index.method !== "btree" || index.unique || key?.column === undefined) continue;
      const type = table.columns.find((column) => column.name === key.column)?.type.name;
      if (type === undefined || !(type.endsWith("[]") || type === "jsonb")) continue;
      // GIN has no order, and no operator class for the scalar columns beside it without an extension (btree_gin).
      const gin = { ...index, method: "gin", keys: [{ column: key.column, order: "asc" as const }] };
      detections.push({
        message: `The ${indexLabel(index)} is a btree, but ${table.name.name}.${key.column} is ${type}: it serves no query that looks inside. Make it a GIN index.`,
        at: indexPlace(index, table),
        columns: [key.column],
        name: index.name,
        fixes: index.keys.length === 1 && index.include.length === 0 ? [{ title: `Make the ${indexLabel(index)} a GIN index`, changes: [{ kind: "alter-index", table: table.name, from: index, to: gin }], preferred: true }] : [],
      });
    }
    return detections;
  },
};

export default rule;
