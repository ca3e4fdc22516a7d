// The 33 foreign keys of fixture.sql as Drizzle and as Prisma: read by the real sources, judged as expected.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaults } from "../../server/src/config";
import { openProject } from "../../server/src/engine";
import { coverage } from "../../server/src/indexes/coverage";
import { memoryFiles, root } from "../rules/cases";
import { expected } from "./fixture/expected";

for (const [language, name] of [["drizzle", "schema.ts"], ["prisma", "schema.prisma"]] as const)
  it(`the 33 keys in ${language}`, () => {
    const text = readFileSync(join(__dirname, "fixture", name), "utf8");
    const report = openProject(memoryFiles(new Map([[`${root}/${name}`, text]])), defaults).report();
    assert.deepEqual(report.failures, []);
    assert.equal(report.schemas.length, 1);
    const { model, problems } = report.schemas[0]!;
    assert.deepEqual(problems, []);
    const found = model.tables.flatMap((table) => table.foreignKeys.map((key) => `${table.name.name}(${key.columns.join(", ")}): ${coverage(key, table, model.dialect, model.source).verdict}`));
    const wanted = expected.filter((each) => !each[language]?.absent).map((each) => `${each.table}(${each.columns.join(", ")}): ${each[language]?.verdict ?? each.verdict}`);
    assert.deepEqual(found.sort(), wanted.sort());
  });
