import assert from "node:assert/strict";
import { configurable, parseConfig, type Config } from "../../../server/src/config";
import { readSettings } from "../../../server/src/lsp/settings";
import { rules } from "../../../server/src/rules/registry";

/** What counts when the editor says `values` and the file `text`. */
function settingsOf(values: Readonly<Record<string, unknown>>, text: string): Config {
  const known = configurable(rules);
  const file = "/w/plumbline.config.json";
  const parsed = parseConfig(text, file, known);
  assert.deepEqual(parsed.problems, []);
  return readSettings({ root: "/w", values, rules: known, nearest: { file, ...parsed }, read: () => undefined, warn: assert.fail }).config;
}

describe("settings of a folder", () => {
  it("take the editor's where the file says nothing", () => assert.deepEqual(settingsOf({ schemas: ["a.ts"] }, "{}").schemas, ["a.ts"]));
  it("take the file's before the editor's", () => assert.deepEqual(settingsOf({ schemas: ["a.ts"] }, '{ "schemas": ["b.ts"] }').schemas, ["b.ts"]));
  it("take the file's word that there are no pairs", () => assert.deepEqual(settingsOf({}, '{ "pairs": [] }').pairs, []));
  it("look for pairs where nobody says so", () => assert.equal(settingsOf({}, "{}").pairs, undefined));
});
