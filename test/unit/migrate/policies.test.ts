// Row level security where a part of it cannot be read from the code, and of tables that go: no row is hidden or shown that
// is not to be.
import assert from "node:assert/strict";
import { generate } from "../../../server/src/migrate/generate/generate";
import { policyChanges, withReadPolicies } from "../../../server/src/migrate/generate/policies";
import type { Policy, SchemaModel } from "../../../server/src/model/schema";
import { workspace } from "../drizzle/memory-files";

function schema(policies: string): SchemaModel {
  const { session } = workspace({ "schema.ts": `import { sql } from "drizzle-orm";\nimport { integer, pgPolicy, pgTable } from "drizzle-orm/pg-core";\nexport const clients = pgTable("clients", { id: integer("id") }, () => [${policies}]);\n`, "package.json": "{}", "drizzle.config.ts": 'export default { dialect: "postgresql", schema: "./schema.ts" };' });
  return session.read(session.discover()[0]!).model;
}

const readable = 'pgPolicy("own", { using: sql`id > 0` })', unread = "pgPolicy(\"odd\", { using: sql`${process.argv[2]} = 1` })", nameless = "pgPolicy(process.argv[3]!, { using: sql`true` })";

describe("policies of a table", () => {
  /** What is made of them where `names` stand. */
  const made = (code: string, enabled: boolean, ...names: readonly string[]): readonly string[] => {
    const wanted = schema(code);
    const policy = (name: string): Policy => ({ name, as: "permissive", for: "all", to: ["public"], using: { sql: name === "own" ? "id > 5" : "id > 0", columns: ["id"], complete: true }, complete: true });
    const before: SchemaModel = { ...wanted, source: "sql", tables: wanted.tables.map(({ rowSecurity: _, ...table }) => ({ ...table, rowSecurity: { enabled, policies: names.map(policy) } })) };
    return policyChanges(before, withReadPolicies(wanted, before), undefined).map((change) => `${change.kind} ${"policy" in change ? change.policy.name : change.kind === "alter-policy" ? change.to.name : ""}`.trimEnd());
  };

  it("one that cannot be read stays as it stands; what would hide rows without it is not turned on; one without a name may be any that stands", () => {
    assert.deepEqual(made(readable, false), ["enable-row-security", "add-policy own"]);
    assert.deepEqual(made(`${readable}, ${unread}`, false), []);
    assert.deepEqual(made(`${readable}, ${unread}`, true, "odd", "past"), ["drop-policy past", "add-policy own"]);
    assert.deepEqual(made(`${readable}, ${nameless}`, true, "own", "past"), ["alter-policy own"]);
  });

  it("are for everybody where they are for everybody and a role, and for nobody else where they are for a role", () => {
    const to = (roles: string): string => `pgPolicy("all", { to: [${roles}], using: sql\`id > 0\` })`;
    assert.deepEqual(made(to('"public", "reader"'), true, "all"), []);
    assert.deepEqual(made(to('"reader"'), true, "all"), ["alter-policy all"]);
    assert.deepEqual(made(to('"current_user"'), true, "all"), ["alter-policy all"]);
  });

  it("go in the transaction in which their table goes", () => {
    const before: SchemaModel = { ...schema(readable), source: "sql" };
    const { migrations } = generate({ name: "gone", format: "sql", before, wanted: { ...before, tables: [] } });
    assert.deepEqual(migrations.map(({ changes }) => changes.map(({ kind }) => kind)), [["drop-policy", "drop-table"]]);
  });
});
