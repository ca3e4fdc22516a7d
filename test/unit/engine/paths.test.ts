import assert from "node:assert/strict";
import { defaults } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import { memoryFiles, root } from "../../rules/cases";

const table = (name: string) => `import { pgTable, integer } from "drizzle-orm/pg-core";\nexport const ${name} = pgTable("${name}", { id: integer().primaryKey() });\n`;

function tablesOf(...paths: readonly string[]): readonly string[] {
  const files = memoryFiles(new Map([
    [`${root}/shop/drizzle.config.ts`, `import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ dialect: "postgresql", schema: "./src/db/schema.ts" });\n`],
    [`${root}/shop/src/db/schema.ts`, table("orders")],
    [`${root}/flat/a.ts`, table("a")],
    [`${root}/flat/below/b.ts`, table("b")],
  ]));
  const report = openProject(files, defaults, { paths: paths.map((path) => `${root}/${path}`) }).report();
  assert.deepEqual(report.failures, []);
  return report.schemas.flatMap(({ model }) => model.tables.map(({ name }) => name.name));
}

describe("paths", () => {
  it("reads the direct files of a folder that holds tables, as drizzle-kit does", () => assert.deepEqual(tablesOf("flat"), ["a"]));
  it("finds the schemas below a project's folder that holds none itself", () => assert.deepEqual(tablesOf("shop"), ["orders"]));
  it("reads one file alone", () => assert.deepEqual(tablesOf("flat/below/b.ts"), ["b"]));
});
