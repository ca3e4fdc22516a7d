// The parser of plumbline.config.json: what it takes, and that each mistake is named at its place with what was expected.
import assert from "node:assert/strict";
import { configFromValues, defaults, mergeConfigs, parseConfig, rebase, relativePath, type KnownRules } from "../../../server/src/config";

const rules: KnownRules = new Map([
  ["fk/unindexed", { summary: "", severity: "warning", options: { ignoreTables: { description: "", type: "string[]", default: [] }, minimum: { description: "", type: "number", default: 3 } } }],
  ["index/naming", { summary: "", severity: "off" }],
]);

/** [marked text, message]: the text at the problem's place, and what is said about it. */
function mistakes(text: string): readonly (readonly [string, string])[] {
  return parseConfig(text, "/p/plumbline.config.json", rules).problems.map(({ at, message }) => [text.slice(at.start, at.end), message] as const);
}

describe("config", () => {
  it("reads every setting, comments and trailing commas included", () => {
    const { config, problems } = parseConfig(`{
      "$schema": "x",
      // a comment
      "schemas": ["a.ts"], "exclude": ["**/old/**"],
      "rules": { "fk/unindexed": { "severity": "error", "ignoreTables": ["log"] }, "index/*": "off" },
      "indexName": "idx_{table}_{columns}",
      "pairs": [["a", "b"]],
      "connections": { "shop": { "environment": "SHOP_URL", "direct": "postgres://a@h/d", "production": true }, "local": { "url": "postgres://a:\${PW}@h/d" } },
      "baseline": "b.json",
    }`, "/p/plumbline.config.json", rules);
    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      schemas: ["a.ts"], exclude: ["**/old/**"],
      rules: { "fk/unindexed": { severity: "error", ignoreTables: ["log"] }, "index/*": { severity: "off" } },
      indexName: "idx_{table}_{columns}", pairs: [["a", "b"]], baseline: "b.json",
      connections: { shop: { environment: "SHOP_URL", direct: "postgres://a@h/d", production: true }, local: { url: "postgres://a:${PW}@h/d" } },
    });
  });

  const cases: readonly (readonly [name: string, text: string, marked: string, message: RegExp])[] = [
    ["a mistyped setting", `{ "rule": {} }`, `"rule"`, /unknown setting "rule"; did you mean "rules"\?/],
    ["a setting nobody knows", `{ "zzzzzzzzzz": 1 }`, `"zzzzzzzzzz"`, /there are schemas, exclude, rules, indexName, pairs, connections, migrations, backups and baseline/],
    ["a mistyped rule", `{ "rules": { "fk/unindxed": "error" } }`, `"fk/unindxed"`, /unknown rule "fk\/unindxed"; did you mean "fk\/unindexed"\?/],
    ["a mistyped group", `{ "rules": { "idnex/*": "error" } }`, `"idnex/*"`, /did you mean "index\/\*"\?/],
    ["a word of another tool", `{ "rules": { "fk/unindexed": "warn" } }`, `"warn"`, /must be "off", "error", "warning", "information" or "hint"; found "warn"; did you mean "warning"\?/],
    ["a number for a rule", `{ "rules": { "fk/unindexed": 2 } }`, `2`, /or an object such as \{ "severity": "error" \}; found 2/],
    ["an unknown option", `{ "rules": { "fk/unindexed": { "ignoreTable": [] } } }`, `"ignoreTable"`, /has no option "ignoreTable"; did you mean "ignoreTables"\?/],
    ["an option's type", `{ "rules": { "fk/unindexed": { "minimum": "3" } } }`, `"3"`, /option "minimum" of "fk\/unindexed" must be a number, for example 3; found "3"/],
    ["a path for a list", `{ "schemas": "a.ts" }`, `"a.ts"`, /"schemas" must be a list of paths or globs, for example .*; found "a.ts"/],
    ["a number in a list", `{ "exclude": ["a", 1] }`, `1`, /"exclude" must be a list .* found 1/],
    ["a word that the migrations do not know", `{ "migrations": { "folder": "a", "tabel": "b" } }`, `"tabel"`, /"migrations" has no "tabel"; did you mean "table"/],
    ["migrations without a folder", `{ "migrations": { "table": "a" } }`, `{ "table": "a" }`, /found an object without "folder"/],
    ["a pair of one", `{ "pairs": [["a"]] }`, `["a"]`, /found a list of 1/],
    ["a name without columns", `{ "indexName": "idx_{table}" }`, `"idx_{table}"`, /must contain \{columns\} or \{column\}/],
    ["an unknown part of a name", `{ "indexName": "{tabel}_{columns}" }`, `"{tabel}_{columns}"`, /knows \{table\}, \{column\} and \{columns\}, not \{tabel\}/],
    ["a missing comma", `{ "schemas": [] "exclude": [] }`, `"exclude"`, /not valid JSON: expected a comma/],
    ["another kind of file", `[]`, `[]`, /expected an object with the settings .* found a list/],
    ["a connection that is a text", `{ "connections": { "shop": "postgres://a:s3cret@h/d" } }`, `"postgres://a:s3cret@h/d"`, /"shop" must be an object such as .*; found a string$/],
    ["a password in a URL", `{ "connections": { "shop": { "url": "postgres://a:s3cret@h/d" } } }`, `"postgres://a:s3cret@h/d"`, /"shop" has its password in the settings.*\$\{NAME\}/],
    ["a password among keywords", `{ "connections": { "shop": { "url": "host=h password=s3cret" } } }`, `"host=h password=s3cret"`, /has its password in the settings/],
    ["a password beside the URL", `{ "connections": { "shop": { "url": "postgres://h/d", "password": "s3cret" } } }`, `"password"`, /has no "password"; a password is never written here/],
    ["a URL for a variable", `{ "connections": { "shop": { "environment": "postgres://a:s3cret@h/d" } } }`, `"postgres://a:s3cret@h/d"`, /must be the name of a variable/],
    ["a connection without an address", `{ "connections": { "shop": { "production": true } } }`, `{ "production": true }`, /found neither/],
    ["a connection with two addresses", `{ "connections": { "shop": { "url": "postgres://h/d", "environment": "A" } } }`, `{ "url": "postgres://h/d", "environment": "A" }`, /found both/],
    ["the name of the embedded database", `{ "connections": { "embedded": { "environment": "A" } } }`, `"embedded"`, /give this connection another name/],
    ["a word for production", `{ "connections": { "shop": { "environment": "A", "production": "yes" } } }`, `"yes"`, /must be true or false/],
    ["an empty file", ``, ``, /the file is empty|expected a value/],
  ];
  for (const [name, text, marked, message] of cases) {
    it(`names ${name} at its place`, () => {
      const [first, ...more] = mistakes(text);
      assert.ok(first, "no problem");
      assert.equal(first[0], marked);
      assert.match(first[1], message);
      assert.doesNotMatch(first[1], /s3cret/);
      assert.deepEqual(more, []);
    });
  }

  it("keeps what is right beside a mistake", () => {
    const { config } = parseConfig(`{ "rules": { "fk/unindexed": "error", "nope/nope": "error" }, "schemas": 1 }`, "/f", rules);
    assert.deepEqual(config, { rules: { "fk/unindexed": { severity: "error" } } });
  });

  it("never throws, whatever the text", () => {
    for (const text of ["{", "{\"rules\"", "{\"rules\":{\"fk/unindexed\":", "nul", "\"", "/*", "{\"pairs\":[[", "\u0000", "💥", "{\"a\":1,}"]) {
      assert.ok(parseConfig(text, "/f", rules).problems.length > 0, text);
    }
  });

  it("takes an editor's values, null as not given", () => {
    const { config, problems } = configFromValues({ rules: { "fk/unindexed": "off" }, indexName: null, trace: "off" }, rules);
    assert.deepEqual([config, problems], [{ rules: { "fk/unindexed": { severity: "off" } } }, []]);
  });

  it("merges rule by rule, the last one winning", () => {
    const merged = mergeConfigs({ rules: { "fk/unindexed": { severity: "error", minimum: 1 } }, schemas: ["a"] }, { rules: { "fk/unindexed": { severity: "hint" } } });
    assert.deepEqual(merged, { ...defaults, schemas: ["a"], rules: { "fk/unindexed": { severity: "hint", minimum: 1 } } });
    assert.deepEqual(mergeConfigs({ connections: { a: { environment: "A" }, b: { environment: "B" } } }, { connections: { b: { url: "postgres://h/d" } } }).connections, { a: { environment: "A" }, b: { url: "postgres://h/d" } });
  });

  it("makes the paths of a file in another folder absolute, and pairs relative to the root", () => {
    assert.deepEqual(rebase({ schemas: ["db/*.ts", "/x.ts"], exclude: ["!a", "../b"], pairs: [["db", "../p/s.prisma"]], migrations: { folder: "./m", table: "done" }, baseline: "./b.json" }, "/r/a", "/r"), {
      schemas: ["/r/a/db/*.ts", "/x.ts"], exclude: ["!/r/a/a", "/r/b"], pairs: [["a/db", "p/s.prisma"]], migrations: { folder: "/r/a/m", table: "done" }, baseline: "/r/a/b.json",
    });
    assert.deepEqual([relativePath("/a/b", "/a/b"), relativePath("/a/b", "/a/c"), relativePath("/a", "/"), relativePath("/", "/a")], [".", "../b", "a", ".."]);
  });
});
