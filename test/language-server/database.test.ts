// A connected database over the wire: what the editor is told, what is read again and when, and that nothing is left
// behind. Against a real PostgreSQL.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { CancellationTokenSource, WorkDoneProgress } from "vscode-languageserver/node";
import { serverCommands, trustMethod, type RefreshAnswer } from "../../server/src/lsp/protocol";
import { reloadConfiguration, startPostgres, type Postgres } from "../oracles/postgres";
import { databaseProxy, type DatabaseProxy } from "./database-proxy";
import { databaseEditor, shopSql } from "./database-editor";
import { rulesOf } from "./editor";

describe("a connected database", () => {
  let server: Postgres;
  let proxy: DatabaseProxy;
  const network = { address: "127.0.0.1", port: 0 };
  before(async () => {
    server = await startPostgres(undefined, ["password_encryption=scram-sha-256"]);
    // The socket lets everybody in but the careful.
    const { setting } = (await server.query("select setting from pg_settings where name = 'hba_file'"))[0] as { setting: string };
    writeFileSync(setting, `local all careful scram-sha-256\n${readFileSync(setting, "utf8")}`);
    await reloadConfiguration(server);
    proxy = await databaseProxy(server.connection.host);
    network.port = proxy.port;
  });
  after(async () => {
    await proxy?.close();
    await server?.stop();
  });

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

  it("what is only spelled otherwise is no drift for long, and what is typed is asked about again", async () => {
    const schema = (opens: string): string => `import { integer, pgTable, time } from "drizzle-orm/pg-core";\nexport const shops = pgTable("shops", { id: integer("id").primaryKey(), opens: time("opens").default("${opens}") });\n`;
    const editor = await databaseEditor(server, "spelling", { sql: "create table shops (id integer primary key, opens time default '8:00')", files: { "src/schema.ts": schema("08:00") } });
    const until = (what: string, drift: boolean) => editor.until(what, () => editor.pull("src/schema.ts"), (found) => rulesOf(found).includes("drift/default") === drift);
    try {
      editor.open("src/schema.ts");
      await editor.connect("shop");
      await until("the same", false);
      editor.replace("src/schema.ts", "08:00", "08:01");
      await until("another", true);
      editor.replace("src/schema.ts", "08:01", "8:00 AM");
      await until("the same again", false);
    } finally {
      await editor.end();
    }
  });

  it("a wrong password is told as such, with whose it is, and the right one connects; neither is ever written", async () => {
    await server.query("create role careful login password 'right one'");
    const editor = await databaseEditor(server, "passwords", { sql: `${shopSql}; grant select on all tables in schema public to careful`, url: `postgresql://careful@${network.address}:${network.port}/passwords` });
    try {
      const asked = await editor.connect("shop");
      assert.equal(asked.kind, "password");
      assert.equal(asked.kind === "password" && asked.address, `careful@${network.address}:${network.port}/passwords`);
      const refused = await editor.connect("shop", "wrong one");
      assert.equal(refused.kind, "password");
      assert.match(JSON.stringify(refused), /refused the password/);
      assert.equal((await editor.connect("shop", "right one")).kind, "connected");
      const written = JSON.stringify([editor.log, editor.messages, editor.states(), asked, refused]);
      assert.ok(!written.includes("wrong one") && !written.includes("right one"), written);
    } finally {
      await editor.end();
    }
  });

  it("a server that is stopped in the middle leaves the last reading, marked as lost, and is found again", async () => {
    const editor = await databaseEditor(server, "stopped", { sql: `${shopSql}; create index by_hand on orders (placed_at)`, url: `postgresql://postgres@127.0.0.1:${proxy.port}/stopped` });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      await proxy.close();
      editor.open("src/schema.ts");
      const lost = await editor.ask<RefreshAnswer>("refreshDatabase", {});
      assert.deepEqual(await editor.ask("refreshDatabase", { unasked: true }), { changed: 0, failures: [] }, "unasked it is left alone for a while");
      assert.equal(lost.changed, 0);
      assert.match(lost.failures.join(), /"shop".*(no server answers|was lost)/);
      const [state] = await editor.until("the state", () => editor.states(), ([one]) => one?.state === "lost");
      assert.match(state!.message!, /no server answers|was lost/);
      assert.ok(rulesOf(await editor.pull("src/schema.ts")).includes("drift/index-only-in-database"), "the last reading counts");

      await editor.sql("drop index by_hand");
      await proxy.listen();
      assert.deepEqual(await editor.ask("refreshDatabase", {}), { changed: 1, failures: [] });
      assert.ok(!rulesOf(await editor.pull("src/schema.ts")).includes("drift/index-only-in-database"));
      assert.equal(editor.states()[0]?.state, "connected");
    } finally {
      await editor.end();
    }
  });

  it("a server that hangs keeps nobody waiting: the editor answers, and the step can be cancelled", async () => {
    const editor = await databaseEditor(server, "hanging", { url: `postgresql://postgres@127.0.0.1:${proxy.port}/hanging` });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      proxy.hold(true);
      const told: string[] = [];
      editor.connection.onProgress(WorkDoneProgress.type, "refreshing", (value) => void (value.kind === "report" && told.push(value.message ?? "")));
      const cancelling = new CancellationTokenSource();
      const refreshed = editor.connection.sendRequest<RefreshAnswer>("workspace/executeCommand", { command: serverCommands.refreshDatabase, arguments: [{}], workDoneToken: "refreshing" }, cancelling.token);
      await editor.until("what is waited for", () => told, (some) => some.length > 0);
      assert.match(told.join(), /shop: asking whether the schema has changed/);
      editor.open("src/schema.ts");
      assert.deepEqual(rulesOf(await editor.pull("src/schema.ts")), ["fk/unindexed"]);
      cancelling.cancel();
      assert.deepEqual(await refreshed, { changed: 0, failures: [] });
      assert.equal(editor.states()[0]?.state, "connected", "a change of mind is no fault of the connection");

      const again = editor.ask<RefreshAnswer>("refreshDatabase", {});
      await editor.ask("disconnectDatabase");
      assert.deepEqual(await again, { changed: 0, failures: [] });
      assert.deepEqual(editor.states(), []);
      proxy.hold(false);
      await editor.until("no backend of Plumbline", () => editor.backends(), (count) => count === 0);
    } finally {
      proxy.hold(false);
      await editor.end();
    }
  });

  it("a connection that is being opened can be closed", async () => {
    const editor = await databaseEditor(server, "opening", { url: `postgresql://postgres@127.0.0.1:${proxy.port}/opening` });
    try {
      proxy.hold(true);
      const connected = editor.connect("shop");
      await editor.until("the state", () => editor.states(), ([one]) => one?.state === "connecting");
      await editor.ask("disconnectDatabase", editor.folder, "shop");
      assert.deepEqual(await connected, { kind: "cancelled" });
      assert.deepEqual(editor.states(), []);
    } finally {
      proxy.hold(false);
      await editor.end();
    }
  });

  it("an untrusted workspace connects to nothing, until it is trusted", async () => {
    const editor = await databaseEditor(server, "untrusted", { initializationOptions: { trusted: false } });
    try {
      for (const target of [{ kind: "named", name: "shop" }, { kind: "embedded" }, { kind: "url", url: "postgresql://postgres@localhost/untrusted" }] as const) {
        const answer = await editor.connect(target);
        assert.match(answer.kind === "failed" ? answer.message : answer.kind, /not trusted/);
      }
      assert.match(JSON.stringify(await editor.ask("databases")), /not trusted/);
      await editor.connection.sendNotification(trustMethod, { trusted: true });
      assert.equal((await editor.connect("shop")).kind, "connected");
    } finally {
      await editor.end();
    }
  });

  it("what cannot be connected to is said in a sentence", async () => {
    const editor = await databaseEditor(server, "sentences");
    try {
      const message = async (target: Parameters<typeof editor.connect>[0]): Promise<string> => {
        const answer = await editor.connect(target);
        return answer.kind === "failed" ? answer.message : answer.kind;
      };
      assert.match(await message("shpo"), /no connection "shpo".*shop/);
      assert.match(await message({ kind: "url", url: "postgresql://x:secret@127.0.0.1:1/y" }), /no server answers/);
      assert.doesNotMatch(await message({ kind: "url", url: "postgresql://x:secret@127.0.0.1:1/y" }), /secret/);
      assert.match(await message({ kind: "embedded", schema: "gone.ts" }), /no schema "gone.ts"/);
      assert.deepEqual(editor.states(), []);
    } finally {
      await editor.end();
    }
  });

  it("another database of the same schema takes the place of the one before", async () => {
    const editor = await databaseEditor(server, "replaced");
    try {
      const other = await server.createDatabase("replacing");
      assert.equal((await editor.connect("shop")).kind, "connected");
      assert.equal((await editor.connect({ kind: "url", url: `postgresql://postgres@/replacing?host=${encodeURIComponent(other.host)}` })).kind, "connected");
      assert.deepEqual(editor.states().map(({ name }) => name), ["localhost/replacing"]);
      await editor.until("no backend in the first one", () => editor.backends(), (count) => count === 0);
      editor.open("src/schema.ts");
      assert.ok(rulesOf(await editor.pull("src/schema.ts")).includes("drift/table-extra"));
    } finally {
      await editor.end();
    }
  });
});
