// Each format of `plumbline check`, and the model's JSON, against committed golden files; and each against what its
// reader demands: SARIF's own schema, GitHub's and XML's escapes, GitLab's unique fingerprints.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { bundled, golden, plumbline, project } from "./plumbline";

/** A comma, a percent sign and brackets: what formats must escape. */
const file = "db/shop, 100% [v1].prisma";
const text = `datasource db {
  provider = "postgresql"
}

/// Everybody who buys | <b>bold</b>
model Client {
  id     Int     @id @default(autoincrement())
  mail   String? @unique
  orders Order[]

  @@map("clients & <co>")
}

model Order {
  id       Int    @id @default(autoincrement())
  clientId Int
  client   Client @relation(fields: [clientId], references: [id])
  state    String

  @@index([state])
  @@index([state, id])
}
`;

describe("the formats of check", function () {
  this.timeout(60_000);
  before(bundled);
  const root = project({ [file]: text, "plumbline.config.json": `{ "rules": { "schema/*": "off" } }` });
  const printed = async (format: string, env: Readonly<Record<string, string>> = {}, cwd = root): Promise<string> => {
    const { stdout, stderr, code } = await plumbline(["check", "--format", format, file], { cwd, env });
    assert.equal(code, 1, stderr);
    if (format !== "pretty") assert.equal(stderr, "");
    return stdout;
  };

  for (const [format, extension] of [["pretty", "txt"], ["json", "json"], ["sarif", "json"], ["github", "txt"], ["gitlab", "json"], ["junit", "xml"], ["markdown", "md"]] as const) {
    it(`${format} is as committed`, async () => {
      const stdout = await printed(format);
      assert.equal(stdout, golden(`check.${format}.${extension}`, stdout));
    });
  }

  it("the model's JSON is as committed", async () => {
    const { stdout, code } = await plumbline(["model", "--format", "json", file], { cwd: root });
    assert.deepEqual([code, stdout], [0, golden("model.json", stdout)]);
  });

  it("sarif keeps to SARIF 2.1.0's own schema, and its fixes are the edits that fix makes", async () => {
    const log = JSON.parse(await printed("sarif")) as Sarif;
    // The schema is of draft 04, but uses nothing that later drafts read otherwise, save for the names of these two.
    const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(join(__dirname, "../report/sarif-2.1.0.schema.json"), "utf8")) as Record<string, unknown>;
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    assert.ok(valid(log), JSON.stringify(valid.errors));
    const [uncovered] = log.runs[0]!.results.filter(({ ruleId }) => ruleId === "fk/unindexed");
    const [replacement] = uncovered!.fixes![0]!.artifactChanges[0]!.replacements;
    const { startLine, startColumn } = replacement!.deletedRegion;
    const lines = text.split("\n");
    const offset = lines.slice(0, startLine - 1).join("\n").length + 1 + startColumn - 1;
    assert.match(text.slice(0, offset) + replacement!.insertedContent.text + text.slice(offset), /@@index\(\[clientId\]\)/);
  });

  it("json has exactly the documented fields", async () => {
    const { version, findings, summary } = JSON.parse(await printed("json")) as { version: number; findings: readonly object[]; summary: object };
    assert.equal(version, 1);
    assert.ok(findings.length > 2);
    for (const found of findings) {
      assert.deepEqual(Object.keys(found), ["rule", "severity", "message", "file", "line", "column", "endLine", "endColumn", "table", "columns", "key", "fixes"]);
    }
    assert.deepEqual(Object.keys(summary), ["error", "warning", "information", "hint", "baseline", "fixable", "schemas", "tables", "foreignKeys"]);
  });

  it("github escapes what would end a property, and names files from the repository's top", async () => {
    for (const line of (await printed("github")).trimEnd().split("\n")) {
      assert.match(line, /^::(warning|notice) file=db\/shop%2C 100%25 \[v1\]\.prisma,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?title=\w+\/[\w-]+::[^\n]+$/);
    }
    const [, above, folder] = /^(.*)\/([^/]+)$/.exec(root)!;
    assert.match(await printed("github", { GITHUB_WORKSPACE: above! }), new RegExp(`^::\\w+ file=${folder}/db/`));
  });

  it("gitlab gives every issue a fingerprint of its own", async () => {
    const issues = JSON.parse(await printed("gitlab")) as readonly { readonly fingerprint: string; readonly severity: string }[];
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
    for (const { severity } of issues) assert.ok(["info", "minor", "major", "critical", "blocker"].includes(severity));
  });

  it("junit is well-formed XML", async () => {
    const xml = await printed("junit");
    if (existsSync("/usr/bin/xmllint")) execFileSync("xmllint", ["--noout", "-"], { input: xml });
    const tags = [...xml.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)];
    const open: string[] = [];
    for (const [, closing, name, empty] of tags) {
      if (closing) assert.equal(open.pop(), name);
      else if (!empty) open.push(name!);
    }
    assert.deepEqual(open, []);
    assert.equal(xml.replaceAll(/<[^<>]*>/g, "").includes("<"), false);
    assert.doesNotMatch(xml, /&(?!amp;|lt;|gt;|quot;|#\d+;)/);
  });

  it("prints an empty report of each machine's format where nothing is found", async () => {
    const clean = project({ "schema.prisma": "model A {\n  id String @id\n}\n" });
    const outputs = await Promise.all(["json", "sarif", "github", "gitlab", "junit", "markdown"].map((format) => plumbline(["check", "--format", format], { cwd: clean })));
    assert.deepEqual(outputs.map(({ code, stderr }) => [code, stderr]), outputs.map(() => [0, ""]));
    const [json, sarif, github, gitlab, junit, markdown] = outputs.map(({ stdout }) => stdout);
    assert.deepEqual((JSON.parse(json!) as { findings: unknown }).findings, []);
    assert.deepEqual((JSON.parse(sarif!) as Sarif).runs[0]!.results, []);
    assert.deepEqual([github, JSON.parse(gitlab!)], ["", []]);
    assert.match(junit!, /tests="1" failures="0"/);
    assert.match(markdown!, /Nothing found/);
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly fixes?: readonly { readonly artifactChanges: readonly { readonly replacements: readonly { readonly deletedRegion: { readonly startLine: number; readonly startColumn: number }; readonly insertedContent: { readonly text: string } }[] }[] }[];
    }[];
  }[];
}
