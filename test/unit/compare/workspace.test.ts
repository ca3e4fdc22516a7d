// Both schemas of one database in one workspace, through the engine: nothing is reported, and what is put in is, once.
import { strict as assert } from "node:assert";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { defaults } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import type { Finding } from "../../../server/src/model/finding";
import { memoryFiles, root } from "../../rules/cases";

interface Generator { buildModel(n: number): unknown; toDrizzle(model: unknown): string; toPrisma(model: unknown): string }

async function drift(edit: (prisma: string) => string = (text) => text): Promise<readonly Finding[]> {
  const { buildModel, toDrizzle, toPrisma } = (await import(pathToFileURL(path.join(__dirname, "../../bench/gen.mjs")).href)) as Generator;
  const model = buildModel(174);
  const files = memoryFiles(new Map([[`${root}/src/schema.ts`, toDrizzle(model)], [`${root}/prisma/schema.prisma`, edit(toPrisma(model))]]));
  const report = openProject(files, defaults).report();
  assert.deepEqual(report.failures, []);
  assert.deepEqual(report.schemas.map(({ model: { source, tables } }) => [source, tables.length]), [["drizzle", 174], ["prisma", 174]]);
  return report.findings.filter(({ rule }) => rule.startsWith("drift/") || rule === "fk/action-mismatch");
}

describe("a workspace with both schemas of one database", () => {
  it("reports no drift in 174 tables", async () => assert.deepEqual((await drift()).map(({ rule, message }) => `${rule} ${message}`), [])).timeout(30_000);

  const planted: readonly (readonly [rule: string, find: RegExp, replacement: string])[] = [
    ["drift/index-missing", /\n {2}@@index\(\[\w+Id\][^\n]*/, ""],
    ["drift/nullability", /(\n {2}notes String)\?/, "$1"],
    ["drift/column-renamed", /(\n {2})externalId( String\??[^\n]*)@map\("external_id"\)/, '$1externalRef$2@map("external_ref")'],
    ["drift/type", /@db\.VarChar\(254\)/, "@db.VarChar(255)"],
    ["fk/action-mismatch", /onDelete: Cascade/, "onDelete: Restrict"],
  ];
  for (const [rule, find, replacement] of planted) it(`finds one ${rule}`, async () => {
    const findings = await drift((text) => {
      const edited = text.replace(find, replacement);
      assert.notEqual(edited, text);
      return edited;
    });
    assert.deepEqual(findings.map((finding) => finding.rule), [rule]);
    assert.ok(findings[0]!.at && findings[0]!.related.length > 0);
  }).timeout(30_000);
});
