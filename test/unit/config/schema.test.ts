// The JSON schema and the VS Code settings follow from the table of settings: committed ones are current, and the
// schema takes and refuses what the parser takes and refuses.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import Ajv from "ajv";
import { configurable, parseConfig } from "../../../server/src/config";
import { configSchema } from "../../../server/src/config-schema";
import { rules } from "../../../server/src/rules/registry";

const root = join(__dirname, "../../..");

describe("the config's schema", () => {
  it("is current, in client/media and in package.json", () => {
    execFileSync(process.execPath, [join(root, "server/build/schema.mjs"), "--check"], { stdio: "pipe" });
  });

  const known = configurable(rules);
  const validate = new Ajv({ strict: false }).compile(configSchema(known));
  const texts: readonly string[] = [
    `{}`,
    `{ "$schema": "./schema.json", "schemas": ["a.ts"], "exclude": [], "pairs": [["a", "b"]], "baseline": "b.json", "indexName": "{table}_{columns}_idx" }`,
    `{ "rules": { "fk/unindexed": "error", "index/*": "off", "suppression/unused": { "severity": "hint" } } }`,
    `{ "schemas": "a.ts" }`,
    `{ "schemas": [""] }`,
    `{ "rules": [] }`,
    `{ "rules": { "fk/nothing": "error" } }`,
    `{ "rules": { "fk/unindexed": "warn" } }`,
    `{ "rules": { "fk/unindexed": { "colour": 1 } } }`,
    `{ "pairs": [["a"]] }`,
    `{ "indexName": "idx_{table}" }`,
    `{ "baseline": 1 }`,
    `{ "connections": { "shop": { "environment": "SHOP_URL", "production": true }, "local": { "url": "postgres://a:\${PW}@h/d", "direct": "DIRECT_URL" } } }`,
    `{ "connections": { "shop": { "url": "postgres://a:pw@h/d" } } }`,
    `{ "connections": { "shop": { "production": true } } }`,
    `{ "connections": { "embedded": { "environment": "A" } } }`,
    `{ "connections": { "shop": { "url": "postgres://h/d", "environment": "A" } } }`,
    `{ "connections": { "shop": { "environment": "not a name" } } }`,
    `{ "migrations": "db/migrations" }`,
    `{ "migrations": { "folder": "db/migrations", "table": "done", "schema": "ops" } }`,
    `{ "migrations": { "table": "done" } }`,
    `{ "migrations": { "folder": "" } }`,
    `{ "migrations": { "folder": "a", "tabel": "b" } }`,
    `{ "migrations": ["a"] }`,
    `{ "unknown": true }`,
  ];
  for (const text of texts) {
    it(`judges as the parser does: ${text}`, () => {
      const { problems } = parseConfig(text, "/f", known);
      assert.equal(validate(JSON.parse(text)), problems.length === 0, JSON.stringify([problems, validate.errors]));
    });
  }
});
