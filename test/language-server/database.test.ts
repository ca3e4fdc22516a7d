// A connected database over the wire: what the editor is told, what is read again and when, and that nothing is left
// behind. Against a real PostgreSQL.
import assert from "node:assert/strict";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shopSql } from "./database-editor";
import { rulesOf } from "./editor";

describe("a connected database", () => {
  let server: Postgres;
  before(async function () {
    this.timeout(60_000);
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("drift is published when it is connected, follows DDL at a refresh, and goes with it", async () => {
    const editor = await databaseEditor(server, "drift", { sql: `${shopSql}; create index by_hand on orders (placed_at)` });
    try {
      editor.open("src/schema.ts");
      assert.deepEqual(rulesOf(await editor.pull("src/schema.ts")), ["fk/unindexed"]);
      assert.deepEqual(await editor.connect("shop"), { kind: "connected", root: editor.folder, name: "shop" });
      const drift = await editor.until("drift", () => editor.pull("src/schema.ts"), (found) => rulesOf(found).includes("drift/index-only-in-database"));
      assert.match(String(drift.find(({ code }) => code === "drift/index-only-in-database")!.message), /by_hand/);
      assert.equal((await editor.until("the state", () => editor.states(), ([one]) => one?.state === "connected"))[0]?.title?.startsWith("PostgreSQL "), true);

      await editor.sql("drop index by_hand; alter table clients add column note text");
      assert.deepEqual(await editor.ask("refreshDatabase", {}), { changed: 1, failures: [] });
      const after = rulesOf(await editor.pull("src/schema.ts"));
      assert.ok(!after.includes("drift/index-only-in-database") && after.includes("drift/column-missing"), after.join());
      assert.deepEqual(await editor.ask("refreshDatabase", {}), { changed: 0, failures: [] });

      await editor.ask("disconnectDatabase", editor.folder, "shop");
      assert.deepEqual(rulesOf(await editor.pull("src/schema.ts")), ["fk/unindexed"]);
      assert.deepEqual(editor.states(), []);
      await editor.until("no backend of Plumbline", () => editor.backends(), (count) => count === 0);
    } finally {
      await editor.end();
    }
  });
});
