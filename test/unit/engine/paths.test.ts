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

describe("reading in steps", () => {
  it("leaves the same schemas as reading at once, broken and missing files among them", () => {
    const relation = `import { relations } from "drizzle-orm";\nimport { a } from "./a";\nimport { b } from "./b";\nexport const ofA = relations(a, ({ many }) => ({ all: many(b) }));\n`;
    const files = memoryFiles(new Map([
      [`${root}/drizzle.config.ts`, `import { defineConfig } from "drizzle-kit";\nexport default defineConfig({ dialect: "postgresql", schema: ["./a.ts", "./b.ts", "./broken.ts", "./relation.ts", "./gone.ts"] });\n`],
      [`${root}/a.ts`, table("a")],
      [`${root}/b.ts`, `import { a } from "./a";\n${table("b").replace("id:", "of: integer().references(() => a.id), id:")}`],
      [`${root}/broken.ts`, `${table("c")}export const d = pgTable("d", { id: integer(`],
      [`${root}/relation.ts`, relation],
      [`${root}/schema.prisma`, `datasource db {\n  provider = "postgresql"\n}\nmodel E {\n  id Int @id\n}\n`],
    ]));
    const [whole, stepwise] = [openProject(files, defaults), openProject(files, defaults)];
    let steps = 0;
    for (const _ of stepwise.readInSteps()) steps++;
    assert.ok(steps > 5, String(steps));
    assert.deepEqual(stepwise.schemas(), whole.report().schemas);
    assert.deepEqual(stepwise.report(), whole.report());
    assert.deepEqual(stepwise.schemas().map(({ model }) => model.tables.map(({ name }) => name.name)), [["a", "b", "c", "d"], ["E"]]);
  });
});
