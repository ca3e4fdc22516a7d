// A SQL file by hand, over the wire, against a real PostgreSQL: its plan, the run, its check, and what stops it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { trustMethod, type MigrationPlan, type RunSqlFileAnswer, type RunSqlFileRequest, type SqlFileRequest } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shopSql, type DatabaseEditor } from "./database-editor";

describe("a SQL file by hand", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  function file(editor: DatabaseEditor, sql: string): SqlFileRequest {
    const written = path.join(editor.folder, "fix.sql");
    writeFileSync(written, sql);
    return { root: editor.folder, database: "shop", file: pathToFileURL(written).href, transaction: false };
  }
  const run = (editor: DatabaseEditor, request: RunSqlFileRequest): Promise<RunSqlFileAnswer> => editor.ask("runSqlFile", request);
  async function refused(editor: DatabaseEditor, request: RunSqlFileRequest): Promise<string> {
    const answer = await run(editor, request);
    assert.ok(answer.kind === "failed", JSON.stringify(answer));
    return answer.message;
  }

  it("is planned, run and checked; what its check refuses is taken back with its transaction", async () => {
    const editor = await databaseEditor(server, "sql_files", { sql: shopSql });
    try {
      const request = file(editor, "-- two of them; and a dollar quote\ninsert into clients values (1, $$one; two$$);\nupdate clients set name = name || '!' where id = 1;\n");
      assert.match(await refused(editor, request), /"shop" is not connected/);
      assert.equal((await editor.connect("shop")).kind, "connected");
      const plan = await editor.ask<MigrationPlan>("planSqlFile", request);
      assert.ok(plan.kind === "plan" && plan.obstacles.length === 0, JSON.stringify(plan));
      assert.equal(plan.statements, 2);
      assert.match(plan.markdown, /insert into clients/);
      assert.deepEqual(await editor.sql("select * from clients"), []);
      const answer = await run(editor, { ...request, expect: "select count(*) = 1 from clients" });
      assert.ok(answer.kind === "done" && answer.statements === 2, JSON.stringify(answer));
      assert.deepEqual(await editor.sql("select name from clients"), [{ name: "one; two!" }]);
      const again = file(editor, "insert into clients values (2, 'second');");
      assert.match(await refused(editor, { ...again, transaction: true, expect: "select count(*) = 7 from clients" }), /select count\(\*\) = 7/);
      assert.deepEqual(await editor.sql("select count(*)::int as count from clients"), [{ count: 1 }]);
    } finally {
      await editor.end();
    }
  });

  it("runs nowhere untrusted, and where data is lost only once the name was typed", async () => {
    const editor = await databaseEditor(server, "sql_files_gated", { sql: `${shopSql}; insert into clients values (1, 'one')`, initializationOptions: { trusted: false } });
    try {
      const request = file(editor, "alter table clients drop column name;");
      assert.match(await refused(editor, request), /not trusted/);
      const plan = await editor.ask<MigrationPlan>("planSqlFile", request);
      assert.ok(plan.kind === "failed" && /not trusted/.test(plan.message), JSON.stringify(plan));
      await editor.connection.sendNotification(trustMethod, { trusted: true });
      assert.equal((await editor.connect("shop")).kind, "connected");
      const planned = await editor.ask<MigrationPlan>("planSqlFile", request);
      assert.ok(planned.kind === "plan" && planned.losses.length === 1, JSON.stringify(planned));
      assert.match(await refused(editor, request), /name|lose|lost/);
      assert.match(await refused(editor, { ...request, typed: "shpo" }), /not the name/);
      assert.deepEqual(await editor.sql("select name from clients"), [{ name: "one" }]);
      assert.match(await refused(editor, { ...request, typed: "shop" }), /must be confirmed/);
      const other = file(editor, "drop table clients cascade;");
      assert.match(await refused(editor, { ...other, typed: "shop", shown: planned.shown }), /fix\.sql is another one than was shown/);
      file(editor, "alter table clients drop column name;");
      assert.equal((await run(editor, { ...request, typed: "shop", shown: planned.shown })).kind, "done");
      assert.deepEqual(await editor.sql("select * from clients"), [{ id: "1" }]);
    } finally {
      await editor.end();
    }
  });
});
