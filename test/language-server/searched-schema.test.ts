// Prisma's `?schema=` over the wire and in the terminal: the schema that the URL names is what the code is compared with, what
// is recorded there is read there, and SQL to be run by hand names it.
import assert from "node:assert/strict";
import { migrateEngine } from "../oracles/prisma/migrate-engine";
import { prismaSql } from "../oracles/prisma/schema-engine";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { plumbline } from "../unit/terminal/plumbline";
import { databaseEditor, type DatabaseEditor } from "./database-editor";
import { rulesOf } from "./editor";

const code = `datasource db {
  provider = "postgresql"
}

enum State {
  open
  paid
}

model Client {
  id     BigInt  @id @default(autoincrement())
  orders Order[]
}

model Order {
  id       BigInt @id @default(autoincrement())
  clientId BigInt
  state    State  @default(open)
  client   Client @relation(fields: [clientId], references: [id])

  @@index([state])
}
`;
const schema = "prisma/schema.prisma", init = "20240101000000_init";

describe("a Prisma project in another schema than public", function () {
  this.timeout(300_000);
  let server: Postgres;
  let editor: DatabaseEditor;
  let url: string;
  before(async () => {
    server = await startPostgres();
    const sql = await prismaSql({ "schema.prisma": code }, server.connection);
    url = `postgresql://${server.connection.user}@/searched?host=${encodeURIComponent(server.connection.host)}&schema=shop`;
    editor = await databaseEditor(server, "searched", { sql: 'create table "Order" (id text)', url, files: {
      "src/schema.ts": "export {};\n", [schema]: code, [`prisma/migrations/${init}/migration.sql`]: sql, "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    } });
    const engine = migrateEngine({ migrations: `${editor.folder}/prisma/migrations`, schema: code, server: { ...server.connection, database: "searched" }, searched: "shop" });
    assert.deepEqual(await engine.deploy(), [init]);
    await editor.sql('insert into shop."Client" select from generate_series(1, 30); analyze');
  });
  after(async () => {
    await editor?.end();
    await server?.stop();
  });

  it("is as its migrations made it: no drift, nothing pending, in the editor and in the terminal", async () => {
    editor.open(schema);
    assert.deepEqual(await editor.connect("shop"), { kind: "connected", root: editor.folder, name: "shop" });
    assert.deepEqual(rulesOf(await editor.pull(schema)), ["fk/unindexed"]);
    for (const args of [["migrate", "verify"], ["check", "--database", url, "--format", "json"]]) {
      const { code: exit, stdout, stderr } = await plumbline(args, { cwd: editor.folder });
      if (args[0] !== "check") assert.equal(exit, 0, `${args.join(" ")}: ${stdout}${stderr}`);
      else assert.deepEqual((JSON.parse(stdout) as { findings: { rule: string; table: string }[] }).findings.map(({ rule, table }) => `${rule} ${table}`), ["fk/unindexed Order"], stdout);
    }
  });

  it("a difference is told once, and SQL by hand names the schema", async () => {
    await editor.sql('drop index shop."Order_state_idx"; alter table shop."Order" add column note text');
    assert.deepEqual(await editor.ask("refreshDatabase", {}), { changed: 1, failures: [] });
    const found = await editor.pull(schema);
    assert.deepEqual([...rulesOf(found)].sort(), ["drift/column-missing", "drift/index-missing", "fk/unindexed"]);
    const { range } = found.find(({ code: rule }) => rule === "fk/unindexed")!;
    const sql = String(await editor.ask("createIndexSql", editor.uri(schema), range.start));
    assert.match(sql, /^CREATE INDEX CONCURRENTLY "Order_clientId_idx" ON "shop"\."Order" \("clientId"\);$/);
    await editor.sql(sql);
    await editor.sql('create index "Order_state_idx" on shop."Order" (state)');
    assert.deepEqual(await editor.ask("refreshDatabase", {}), { changed: 1, failures: [] });
    assert.deepEqual([...rulesOf(await editor.pull(schema))].sort(), ["drift/column-missing", "drift/index-only-in-database", "fk/unindexed"]);
  });

  it("the tree names the schema, with what the code says of its tables", async () => {
    const tables = await editor.ask<readonly { schema: string; name: string; facts: string; findings: number; place?: object }[]>("databaseTables", editor.folder, "shop");
    assert.deepEqual(tables.map(({ schema: at, name, findings, place }) => `${at}.${name} ${findings} ${place !== undefined}`), ["public.Order 0 false", "shop.Client 0 true", "shop.Order 3 true", "shop._prisma_migrations 0 false"]);
    assert.match(tables[1]!.facts, /^30 rows/);
  });

  it("what is recorded there is read there", async () => {
    await editor.sql('update shop."_prisma_migrations" set finished_at = null');
    await editor.ask("refreshDatabase", {});
    const file = `prisma/migrations/${init}/migration.sql`;
    editor.open(file);
    assert.ok(rulesOf(await editor.pull(file)).includes("journal/half-applied"));
    await editor.sql('update shop."_prisma_migrations" set finished_at = now()');
  });
});
