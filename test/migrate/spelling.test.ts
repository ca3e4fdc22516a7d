// An expression that the code merely spells otherwise is nothing to migrate, whatever a difference is made for; one of another
// meaning is.
import assert from "node:assert/strict";
import { defaults } from "../../server/src/config";
import { openSession } from "../../server/src/databases/postgres/session";
import { openOperations } from "../../server/src/migrate/operations/open";
import type { GenerateRequest } from "../../server/src/migrate/operations/operations";
import type { SchemaModel } from "../../server/src/model/schema";
import { settingsOf } from "../database/servers";
import { runtime, temporaryFolder } from "../database/embedded/runtime";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { readFiles, workspace } from "../unit/drizzle/memory-files";

const schema = `import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, time } from "drizzle-orm/pg-core";
export const shops = pgTable("shops", {
  id: integer("id").primaryKey(),
  name: text("name").notNull().default(sql\`encode(sha256('a'), 'hex')\`),
  opens: time("opens").default("8:00"),
  short: text("short").generatedAlwaysAs(sql\`overlay(name placing 'x' from 1 for 2)\`),
}, (t) => [
  check("named", sql\`\${t.name} similar to 'a%'\`),
  index("early").on(t.id).where(sql\`\${t.opens} < '8:00'\`),
  index("spelled").on(sql\`overlay(\${t.name} placing 'x' from 1 for 2)\`),
]);
`;
const sql = `create table shops (id integer primary key, name text not null default encode(sha256('a'), 'hex'), opens time default '08:00:00', short text generated always as (overlay(name placing 'x' from 1 for 2)) stored, constraint named check (name similar to 'a%'));
create index early on shops (id) where opens < '08:00:00';
create index spelled on shops (overlay(name placing 'x' from 1 for 2));`;

describe("expressions that are merely spelled otherwise", function () {
  this.timeout(300_000);
  let server: Postgres;
  let code: SchemaModel;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("make no migration, in the folder and in a database, and hinder no proof and no baseline", async () => {
    code = readFiles({ "schema.ts": schema }).model;
    const settings = settingsOf(await server.createDatabase("spelled"));
    const target = { kind: "connection" as const, settings };
    const session = await openSession(settings);
    await session.run(sql).finally(() => session.close());
    const { files } = workspace({ "migrations/0001_shops.sql": sql });
    const operations = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => code, embedded: { runtime: await runtime(), cache: temporaryFolder() }, by: "a test", now: () => new Date() });
    const made = async (from: GenerateRequest["from"]): Promise<readonly string[]> => (await operations.generate({ name: "again", from, proof: false })).migrations.flatMap(({ up }) => up);
    assert.deepEqual([await made("folder"), await made(target)], [[], []]);
    code = readFiles({ "schema.ts": schema.replace("  opens:", `  owner: text("owner"),\n  opens:`) }).model;
    for (const from of ["folder", target] as const) {
      const { written, proof, unproved } = await operations.generate({ name: "owner", from });
      assert.deepEqual([written.length > 0, proof, unproved], [true, [], undefined]);
    }
    code = readFiles({ "schema.ts": schema.replace("'a%'", "'b%'").replace(`default("8:00")`, `default("9:00")`) }).model;
    for (const from of ["folder", target] as const) {
      const statements = (await made(from)).join("\n");
      assert.match(statements, /similar to 'b%'/);
      assert.match(statements, /SET DEFAULT '9:00'/);
      assert.doesNotMatch(statements, /sha256|"early"/);
    }
    code = readFiles({ "schema.ts": schema }).model;
    await operations.baseline({ target, lossesConfirmed: false });
    assert.deepEqual((await operations.status(target)).migrations.map(({ state }) => state), ["applied"]);
  });
});
