// The import lines: where the name of a builder comes from.
import type { Case } from "./cases";
import { added, all } from "./cases";

const client = added("orders", "x", ["client_id"]);
const table = (builder: string, extra: string): string => `export const orders = ${builder}("orders", { clientId: integer("client_id") }${extra});\n`;

export const importCases: readonly Case[] = [
  {
    title: "an alias",
    before: `import { pgTable, integer, index as idx } from "drizzle-orm/pg-core";\n` + table("pgTable", ""),
    changes: all(client),
    after: `import { pgTable, integer, index as idx } from "drizzle-orm/pg-core";\n` + table("pgTable", `, (table) => [idx("x").on(table.clientId)]`),
  },
  {
    title: "a namespace",
    before: `import * as pg from "drizzle-orm/pg-core";\n` + table("pg.pgTable", "").replace("integer(", "pg.integer("),
    changes: all(client),
    after: `import * as pg from "drizzle-orm/pg-core";\n` + table("pg.pgTable", `, (table) => [pg.index("x").on(table.clientId)]`).replace("integer(", "pg.integer("),
  },
  {
    title: "builders destructured from a namespace",
    before: `import * as pg from "drizzle-orm/pg-core";\nconst { pgTable, integer, index: idx } = pg;\n` + table("pgTable", ", (t) => []"),
    changes: all(client),
    after: `import * as pg from "drizzle-orm/pg-core";\nconst { pgTable, integer, index: idx } = pg;\n` + table("pgTable", `, (t) => [idx("x").on(t.clientId)]`),
  },
  {
    title: "builders destructured from require()",
    before: `const { pgTable, integer } = require("drizzle-orm/pg-core");\n` + table("pgTable", ", (t) => []"),
    changes: all(client),
    after: `const { pgTable, integer, index } = require("drizzle-orm/pg-core");\n` + table("pgTable", `, (t) => [index("x").on(t.clientId)]`),
    untyped: true,
  },
  {
    title: "a type-only import is no value",
    before: `import type { AnyPgColumn } from "drizzle-orm/pg-core";\nimport { pgTable, integer, type PgColumn } from "drizzle-orm/pg-core";\n` + table("pgTable", ", (t) => []"),
    changes: all(client),
    after: `import type { AnyPgColumn } from "drizzle-orm/pg-core";\nimport { pgTable, integer, type PgColumn, index } from "drizzle-orm/pg-core";\n` + table("pgTable", `, (t) => [index("x").on(t.clientId)]`),
  },
  {
    title: "a list on lines that is sorted, with types last",
    before: `import {\n  integer,\n  pgTable,\n  text,\n  type AnyPgColumn,\n} from "drizzle-orm/pg-core";\nexport const t = text;\n` + table("pgTable", ", (t) => []"),
    changes: all(client, added("orders", "y", ["client_id"], { unique: true })),
    after: `import {\n  index,\n  integer,\n  pgTable,\n  text,\n  uniqueIndex,\n  type AnyPgColumn,\n} from "drizzle-orm/pg-core";\nexport const t = text;\n` + table("pgTable", `, (t) => [\n  index("x").on(t.clientId),\n  uniqueIndex("y").on(t.clientId),\n]`).replaceAll("\n  uniqueIndex(\"y", "\n  uniqueIndex(\"y"),
  },
  {
    title: "a list on lines that is not sorted",
    before: `import {\n\tpgTable,\n\tinteger\n} from "drizzle-orm/pg-core";\n` + table("pgTable", ", (t) => []"),
    changes: all(client),
    after: `import {\n\tpgTable,\n\tinteger,\n\tindex\n} from "drizzle-orm/pg-core";\n` + table("pgTable", `, (t) => [index("x").on(t.clientId)]`),
  },
  {
    title: "the name is taken in the file",
    before: `import { pgTable, integer } from "drizzle-orm/pg-core";\nexport const index = 1;\n` + table("pgTable", ", (t) => []"),
    changes: all(client),
    after: `import { pgTable, integer, index as pgIndex } from "drizzle-orm/pg-core";\nexport const index = 1;\n` + table("pgTable", `, (t) => [pgIndex("x").on(t.clientId)]`),
  },
  {
    title: "the name is hidden in the callback",
    before: `import { pgTable, integer, index } from "drizzle-orm/pg-core";\nexport const used = index;\n` + table("pgTable", ", (index) => []"),
    changes: all(client),
    after: `import { pgTable, integer, index, index as pgIndex } from "drizzle-orm/pg-core";\nexport const used = index;\n` + table("pgTable", `, (index) => [pgIndex("x").on(index.clientId)]`),
  },
  {
    title: "a new import after the others, in single quotes and without semicolons",
    before: { "kit.ts": `export { pgTable as createTable, integer } from 'drizzle-orm/pg-core'\n`, "a.ts": `// the schema\nimport { createTable, integer } from './kit'\nimport path from 'node:path'\n\nexport const orders = createTable('orders', { clientId: integer('client_id') }, (t) => [])\nexport const separator = path.sep\n` },
    changes: all(client),
    after: { "a.ts": `// the schema\nimport { createTable, integer } from './kit'\nimport path from 'node:path'\nimport { index } from 'drizzle-orm/pg-core'\n\nexport const orders = createTable('orders', { clientId: integer('client_id') }, (t) => [index('x').on(t.clientId)])\nexport const separator = path.sep\n` },
  },
  {
    title: "the builders come from a module of the project's own",
    before: { "kit.ts": `export * from "drizzle-orm/pg-core";\n`, "a.ts": `import { pgTable, integer, index } from './kit'\n\nexport const orders = pgTable('orders', { clientId: integer('client_id') }, (t) => [index('a').on(t.clientId)])\n` },
    changes: all(client),
    after: { "a.ts": `import { pgTable, integer, index } from './kit'\n\nexport const orders = pgTable('orders', { clientId: integer('client_id') }, (t) => [\n  index('a').on(t.clientId),\n  index('x').on(t.clientId),\n])\n` },
  },
  {
    title: "the table comes from elsewhere and no core module is imported",
    before: { "kit.ts": `import { pgTableCreator } from "drizzle-orm/pg-core";\nexport const table = pgTableCreator((name) => name);\nexport { integer } from "drizzle-orm/pg-core";\n`, "a.ts": `import { table, integer } from './kit'\n\nexport const orders = table('orders', { clientId: integer('client_id') })\n` },
    changes: all(client),
    after: { "a.ts": `import { table, integer } from './kit'\nimport { index } from 'drizzle-orm/pg-core'\n\nexport const orders = table('orders', { clientId: integer('client_id') }, (table) => [index('x').on(table.clientId)])\n` },
  },
];
