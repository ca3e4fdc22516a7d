// Runs every rule's documented examples and its case files, test/rules/<group>/<name>/*.{ts,prisma,sql}.
// A case folder is one workspace: test/rules/<group>/<name>/<case>/ with several files; a single .sql is a migration.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../server/src/rules/registry";
import { check, loadParser, markersOf, type Case } from "./cases";
import assert from "node:assert/strict";

before(loadParser);

for (const [id, rule] of rules)
  describe(id, () => {
    // What compares with a database, or judges one, is run against a real one: test/database/rules.test.ts.
    if (rule.bad.sql !== undefined) return;
    for (const [title, example] of [["bad", rule.bad], ["good", rule.good]] as const) {
      const { migrations: files } = example;
      if (files === undefined) continue;
      it(`the ${title} example`, () => {
        assert.equal(Object.entries(files).some(([name, text]) => markersOf(name, text).length > 0), title === "bad");
        check(id, { files });
      });
    }
    // A rule about pairs sees both languages as one workspace.
    if (rule.checkPair) {
      for (const [title, example] of [["bad", rule.bad], ["good", rule.good]] as const) {
        // What one of the two languages cannot say has its cases in a folder, as two schemas of the other.
        if (example.drizzle === undefined || example.prisma === undefined) continue;
        const files = { "schema.ts": example.drizzle, "schema.prisma": example.prisma };
        it(`the ${title} example`, () => {
          assert.equal(Object.entries(files).some(([name, text]) => markersOf(name, text).length > 0), title === "bad");
          check(id, { files });
        });
      }
    } else for (const [language, name] of [["drizzle", "schema.ts"], ["prisma", "schema.prisma"]] as const) {
      const bad = rule.bad[language];
      const good = rule.good[language];
      if (bad !== undefined)
        it(`the bad example in ${language}`, () => {
          assert.ok(markersOf(name, bad).length > 0, "it marks nothing");
          check(id, { files: { [name]: bad } });
        });
      if (good !== undefined)
        it(`the good example in ${language}`, () => {
          assert.equal(markersOf(name, good).length, 0);
          check(id, { files: { [name]: good } });
        });
    }
    for (const [title, one] of casesOf(join(__dirname, id))) it(title, () => check(id, one));
  });

/** A file is a workspace of its own; so is a folder, whose files keep their paths, plumbline.config.json among them being the configuration. */
function casesOf(folder: string): readonly (readonly [title: string, Case])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [entry.name, { files: { [singleFile(entry.name)]: readFileSync(path, "utf8") } }];
    const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name).slice(path.length + 1));
    const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "utf8")]));
    const { "plumbline.config.json": config, ...files } = texts;
    return [entry.name, { files, config: config === undefined ? undefined : JSON.parse(config) }];
  });
}

function singleFile(name: string): string {
  return name.endsWith(".prisma") ? "schema.prisma" : name.endsWith(".sql") ? "migrations/0001_change.sql" : "schema.ts";
}
