// `--database embedded` from the terminal, as users run it: the bundle, in a folder of its own.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { plumbline } from "../unit/terminal/plumbline";
import { temporaryFolder } from "./embedded/runtime";

const schema = `import { integer, pgTable, text } from "drizzle-orm/pg-core";\nexport const notes = pgTable("notes", { id: integer("id").primaryKey(), text: text("text") });\n`;

describe("plumbline model --database embedded", function () {
  this.timeout(300_000);
  const cache = temporaryFolder();
  const run = (cwd: string, more: readonly string[] = []) => plumbline(["model", "--database", "embedded", "--format", "json", ...more], { cwd, env: { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache, HOME: cache } });
  function project(files: Readonly<Record<string, string>>): string {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "drizzle/meta"), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    return cwd;
  }
  const tables = (stdout: string) => (JSON.parse(stdout) as { schemas: { source: string; tables: { name: string; columns: { name: string }[] }[] }[] }).schemas[0]!;

  it("prints what the schema becomes", async () => {
    const { code, stdout, stderr } = await run(project({ "schema.ts": schema }));
    assert.equal(code, 0, stderr);
    assert.equal(tables(stdout).source, "database");
    assert.deepEqual(tables(stdout).tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]), [["notes", ["id", "text"]]]);
  });

  it("prints what the migrations make, and says what PostgreSQL refuses of them", async () => {
    const { code, stdout, stderr } = await run(project({ "schema.ts": schema, "drizzle/meta/_journal.json": '{"entries":[{"idx":0,"when":1,"tag":"0000_a"},{"idx":1,"when":2,"tag":"0001_gone"}]}', "drizzle/0000_a.sql": "create table notes (id int);\ncreate table broken (id nothing);\n" }));
    assert.equal(code, 0, stderr);
    assert.deepEqual(tables(stdout).tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]), [["notes", ["id"]]]);
    assert.match(stderr, /drizzle\/0000_a\.sql:2: .*type "nothing" does not exist/);
    assert.match(stderr, /names the migration "0001_gone"/);
  });

  it("asks which schema is meant, and refuses another database's", async () => {
    const both = await run(project({ "schema.ts": schema, "schema.prisma": 'datasource db { provider = "postgresql" }\nmodel A { id Int @id }\n' }));
    assert.equal(both.code, 2);
    assert.match(both.stderr, /Name one with --schema/);
    const mysql = await run(project({ "schema.prisma": 'datasource db {\n  provider = "mysql"\n}\nmodel A {\n  id Int @id\n}\n' }));
    assert.equal(mysql.code, 2);
    assert.match(mysql.stderr, /is for mysql, and the embedded database is a PostgreSQL/);
  });
});
