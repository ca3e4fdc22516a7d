// Which files make a schema follows their texts and the configs as they are typed, as if the project were opened anew.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { mergeConfigs } from "../../../server/src/config";
import { openProject, type Report } from "../../../server/src/engine";
import { workspace } from "../drizzle/memory-files";

const table = (name: string): string => `import { pgTable, uuid } from "drizzle-orm/pg-core";\nexport const ${name} = pgTable("${name}", { id: uuid() });\n`;

/** Edits one file and gives each schema's tables, which a project opened anew must give too. */
function editor(texts: Readonly<Record<string, string>>, schemas: readonly string[] = []) {
  const { files, texts: map } = workspace(texts);
  const config = mergeConfigs({ schemas });
  const project = openProject(files, config);
  project.report();
  return (path: string, from: string, to: string): readonly string[] => {
    const file = `/w/${path}`, text = map.get(file)!, start = text.indexOf(from);
    assert.notEqual(start, -1, from);
    map.set(file, text.replace(from, () => to));
    project.changed(file, [{ start, end: start + from.length, text: to }]);
    const report = project.report();
    assert.deepEqual(said(report), said(openProject(files, config).report()));
    return report.schemas.map(({ model }) => `${model.id}: ${model.tables.map(({ name }) => name.name).join(" ")}`);
  };
}

const said = ({ schemas, findings }: Report): unknown => JSON.parse(JSON.stringify({ schemas: schemas.map(({ model, problems }) => ({ model, problems })), findings }));

describe("The schemas of a project, after an edit", () => {
  it("leave a file that stops to name Drizzle, and take it back", () => {
    const edit = editor({ "a.ts": table("a"), "b.ts": table("b") });
    assert.deepEqual(edit("b.ts", '"drizzle-orm/pg-core"', '"drizzle-)`<<<<<<< HEAD\norm/pg-core"'), ["a.ts: a"]);
    assert.deepEqual(edit("b.ts", '"drizzle-)`<<<<<<< HEAD\norm/pg-core"', '"drizzle-orm/pg-core"'), [".: a b"]);
    assert.deepEqual(edit("b.ts", "pg-core", "sqlite-core"), ["a.ts: a", "b.ts: "]);
  });
  it("keep their names where only the files are others", () => {
    const edit = editor({ "a.ts": table("a"), "b.ts": table("b"), "c.ts": table("c") });
    assert.deepEqual(edit("b.ts", "drizzle-orm", "drizzle-"), [".: a c"]);
    assert.deepEqual(edit("b.ts", "drizzle-", "drizzle-orm"), [".: a b c"]);
  });
  it("follow what a config takes from elsewhere, whatever the config is called", () => {
    const edit = editor({
      "a.ts": table("a"), "b.ts": table("b"), "paths.ts": `export const schema = "./a.ts";\n`,
      "db.config.ts": `import { defineConfig } from "drizzle-kit";\nimport { schema } from "./paths";\nexport default defineConfig({ dialect: "postgresql", schema });\n`,
    });
    assert.deepEqual(edit("paths.ts", "./a.ts", "./b.ts"), ["b.ts: b"]);
    assert.deepEqual(edit("db.config.ts", "postgresql\", schema", "postgresql\", schema: \"./a.ts\""), ["a.ts: a"]);
  });
  it("of named paths follow the dialect of their files", () => {
    const edit = editor({
      "a.ts": table("a"), "pg.drizzle.config.ts": `export default { dialect: "postgresql", schema: "./a.ts", casing: "snake_case" };\n`,
      "sqlite.drizzle.config.ts": `export default { dialect: "sqlite", schema: "./a.ts", casing: "camelCase" };\n`,
    }, ["/w/a.ts"]);
    assert.deepEqual(edit("a.ts", "pg-core", "sqlite-core"), ["a.ts: "]);
    assert.deepEqual(edit("a.ts", "sqlite-core", "pg-core"), ["a.ts: a"]);
  });
});
