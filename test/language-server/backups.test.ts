// Backups over the wire, against a real PostgreSQL: made, proved, restored, and what stops them.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { trustMethod, type CreateBackupAnswer, type RestoreBackupAnswer, type VerifyBackupAnswer } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shopSql } from "./database-editor";

describe("backups", function () {
  // Each is restored into an embedded database.
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("are made and proved, and restored once the name was typed", async () => {
    const editor = await databaseEditor(server, "backups", { sql: `${shopSql}; insert into clients values (1, 'Ada'), (2, 'Grace')` });
    try {
      const database = { root: editor.folder, database: "shop" };
      const early = await editor.ask<CreateBackupAnswer>("createBackup", database);
      assert.ok(early.kind === "failed" && /"shop" is not connected/.test(early.message), JSON.stringify(early));
      assert.equal((await editor.connect("shop")).kind, "connected");
      const made = await editor.ask<CreateBackupAnswer>("createBackup", database);
      assert.ok(made.kind === "created" && made.isBackup && !made.wrong, JSON.stringify(made));
      assert.match(made.message, /^backups\/backups-\d{8}-\d{6}\.sql\.gz: 2 tables with 2 rows, .* it is a backup\.$/);
      const verified = await editor.ask<VerifyBackupAnswer>("verifyBackup", { root: editor.folder, file: made.file });
      assert.ok(verified.kind === "verified" && verified.problems.length === 0, JSON.stringify(verified));

      const restore = { ...database, file: made.file };
      await editor.sql("delete from clients");
      for (const [request, reason] of [[{ typed: "shpo", replace: true }, /not the name/], [{ typed: "shop", replace: false }, /holds|empty/]] as const) {
        const refused = await editor.ask<RestoreBackupAnswer>("restoreBackup", { ...restore, ...request });
        assert.ok(refused.kind === "failed", JSON.stringify(refused));
        assert.match(refused.message, reason);
      }
      assert.deepEqual(await editor.sql("select count(*)::int as count from clients"), [{ count: 0 }]);
      const restored = await editor.ask<RestoreBackupAnswer>("restoreBackup", { ...restore, typed: "shop", replace: true });
      assert.ok(restored.kind === "restored" && /2 tables with 2 rows/.test(restored.message), JSON.stringify(restored));
      assert.deepEqual(await editor.sql("select name from clients order by id"), [{ name: "Ada" }, { name: "Grace" }]);
    } finally {
      await editor.end();
    }
  });

  it("what does not restore is no backup, and nothing is made where the workspace is not trusted", async () => {
    const editor = await databaseEditor(server, "no_backups", { initializationOptions: { trusted: false } });
    const broken = path.join(editor.folder, "broken.sql");
    writeFileSync(broken, "create table t (a int);\ninsert into t (b) values (1);\n");
    const ask = (): Promise<VerifyBackupAnswer> => editor.ask("verifyBackup", { root: editor.folder, file: pathToFileURL(broken).href });
    try {
      const untrusted = await ask();
      assert.ok(untrusted.kind === "failed" && /not trusted/.test(untrusted.message), JSON.stringify(untrusted));
      assert.ok(!existsSync(path.join(editor.folder, "backups")));
      await editor.connection.sendNotification(trustMethod, { trusted: true });
      const answer = await ask();
      assert.ok(answer.kind === "verified" && /is no backup/.test(answer.message), JSON.stringify(answer));
      assert.match(answer.problems.join(), /"b"/);
    } finally {
      await editor.end();
    }
  });
});
