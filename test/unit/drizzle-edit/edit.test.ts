import { strict as assert } from "node:assert";
import { edit } from "../../../server/src/sources/drizzle/edit";
import type { Change } from "../../../server/src/model/change";
import type { SchemaModel } from "../../../server/src/model/schema";
import type { Case } from "./cases";
import { tableOf } from "./cases";
import { columnCases } from "./column-cases";
import { importCases } from "./import-cases";
import { indexCases } from "./index-cases";
import { keyCases } from "./key-cases";
import { applied, filesOf, schemaOf } from "./schema-of";

describe("editing Drizzle schemas", () => {
  for (const example of [...indexCases, ...importCases, ...keyCases, ...columnCases]) it(example.title, () => check(example));

  it("a column of Drizzle 1.0 is left to its property where the table's own casing makes the name of it, and nowhere else", () => {
    const table = (make: string, name: string, more = ""): string => `export const ${name} = ${make}("${name}", {\n  theNumber: integer(),\n${more}});\n`;
    const imports = `import { integer, pgTable, snakeCase } from "drizzle-orm/pg-core";\n`;
    const others = { "package.json": `{ "dependencies": { "drizzle-orm": "1.0.0-rc.5" } }`, "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./a.ts", casing: "camelCase" };` };
    const adding = (name: string) => (schema: SchemaModel): readonly Change[] => ["cased", "plain"].map((one) => ({ kind: "add-column", table: tableOf(schema, one).name, column: { name, property: name, type: { name: "integer" }, nullable: true } }));
    const before = { ...others, "a.ts": imports + table("snakeCase.table", "cased") + table("pgTable", "plain") };
    const after = (cased: string, plain: string): string => imports + table("snakeCase.table", "cased", `  ${cased},\n`) + table("pgTable", "plain", `  ${plain},\n`);
    check({ title: "", before, changes: adding("made_at"), after: { "a.ts": after("madeAt: integer()", `madeAt: integer("made_at")`) } });
    check({ title: "", before, changes: adding("madeAt"), after: { "a.ts": after(`madeAt: integer("madeAt")`, "madeAt: integer()") } });
    check({ title: "", before, changes: (schema) => [{ kind: "add-table", table: { ...tableOf(schema, "plain"), name: { schema: "public", name: "fresh" }, columns: [{ name: "made_at", property: "made_at", type: { name: "integer" }, nullable: true }] } }], after: { "a.ts": `${before["a.ts"]}\nexport const fresh = pgTable("fresh", {\n  madeAt: integer("made_at"),\n});\n` } });
  });
});

function check({ before, after, changes, dialect }: Case): void {
  const texts = typeof before === "string" ? { "a.ts": before } : before;
  const schema = schemaOf(texts, dialect);
  const edits = edit(changes(schema), schema, filesOf(texts));
  if (after === undefined) return assert.equal(edits, undefined);
  assert.ok(edits, "nothing was written");
  const expected = typeof after === "string" ? { "a.ts": after } : { ...texts, ...after };
  const result = applied(texts, edits);
  for (const [path, text] of Object.entries(expected)) assert.equal(result[path], text);
}
