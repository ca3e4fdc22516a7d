// What a push would do, over the wire: the scripts that push, and against a real PostgreSQL what would be dropped, on top;
// and how the database is doing, as a page.
import assert from "node:assert/strict";
import { pushPreviewMethod, pushScriptsMethod, type HealthAnswer, type PushPreview, type PushPreviewRequest, type PushScript } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shop, shopSql, type DatabaseEditor } from "./database-editor";

const scripts = JSON.stringify({ name: "shop", scripts: { "db:push": "dotenv -- drizzle-kit push --force", old: "drizzle-kit push:pg", sync: "npx prisma db push", migrate: "drizzle-kit migrate", "push": "git push", pusher: "prisma db pushes" } }, undefined, 2);

describe("a push, before it is done", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  const preview = (editor: DatabaseEditor, tool: PushScript["tool"] = "drizzle"): Promise<PushPreview> =>
    editor.connection.sendRequest(pushPreviewMethod, { uri: editor.uri("package.json"), tool } satisfies PushPreviewRequest);

  async function withDatabase(name: string, sql: string, use: (editor: DatabaseEditor) => Promise<void>, code = shop): Promise<void> {
    const editor = await databaseEditor(server, name, { sql, files: { "package.json": scripts, "src/schema.ts": code } });
    try {
      await use(editor);
    } finally {
      await editor.end();
    }
  }

  it("shows what would be dropped on top, then the rest, and changes nothing", () => withDatabase("push_all", `${shopSql}; alter table clients add column legacy text; create index by_hand on orders (placed_at); alter table clients alter column name drop not null; alter table orders drop column placed_at; alter table orders add column placed_by text; alter table orders rename client_id to client_ident`, async (editor) => {
    const found = await editor.connection.sendRequest<readonly PushScript[]>(pushScriptsMethod, { text: scripts });
    assert.deepEqual(found.map(({ name, tool, range }) => [name, tool, range.start.line]), [["db:push", "drizzle", 3], ["old", "drizzle", 4], ["sync", "prisma", 5]]);
    assert.equal((await preview(editor)).kind, "not connected");
    assert.equal((await preview(editor, "prisma")).kind, "no schema");
    await editor.connect("shop");
    const shown = await preview(editor);
    assert.ok(shown.kind === "preview");
    const lines = shown.text.split("\n");
    const at = (part: string): number => {
      const line = lines.findIndex((one) => one.includes(part));
      assert.ok(line >= 0, `${part} in\n${shown.text}`);
      return line;
    };
    assert.match(lines[at("column legacy text")]!, /^- clients: /);
    assert.match(lines[at("column name: ")]!, /^! clients: /);
    assert.match(lines[at("column placed_at")]!, /^\+ orders: /);
    assert.match(shown.text, /^# By the look of it, orders: column client_ident renamed to client_id: drizzle-kit asks whether it is, and drops it where the answer is no\.$/m);
    assert.match(lines[at("column client_ident bigint")]!, /^- orders: /);
    assert.ok(at("Would be dropped, with the data in it") < at("column legacy") && at("column legacy") < at("Would be altered") && at("column name: ") < at("Would be added"));
    assert.deepEqual((await editor.sql("select count(*)::int as count from pg_attribute where attname = 'legacy'"))[0], { count: 1 });
  }));

  it("says that nothing would happen, and keeps names on their line", async () => {
    const spelled = shop.replace(`timestamp("placed_at", { withTimezone: true }).notNull(),`, `$&\n  opens: time("opens").default("8:00"),`).replace("timestamp }", "time, timestamp }");
    await withDatabase("push_none", `${shopSql}; alter table orders add opens time default '08:00:00'`, async (editor) => {
      await editor.connect("shop");
      const shown = await preview(editor);
      assert.ok(shown.kind === "preview");
      assert.match(shown.text, /# Nothing: the database has what the code says\.\n$/);
    }, spelled);
    await withDatabase("push_names", `${shopSql}; alter table clients add column "a\n+ clients: column b" text`, async (editor) => {
      await editor.connect("shop");
      const shown = await preview(editor);
      assert.ok(shown.kind === "preview");
      assert.match(shown.text, /^- clients: column a·\+ clients: column b text$/m);
    });
  });

  it("a database's health is a page with sizes, and what has grown since the last look", () => withDatabase("health", `${shopSql}; create table "[x](command:quit)" (id int); insert into clients select n, 'client' from generate_series(1, 1000) n; analyze`, async (editor) => {
    await editor.connect("shop");
    const first = await editor.ask<HealthAnswer>("databaseHealth", editor.folder, "shop", null);
    assert.ok(first.kind === "health");
    assert.match(first.markdown, /^# shop\n[^]*\| Connections \| \d+ of \d+, \d+ % \|[^]*\| clients \| 1,000 \| [\d.]+ kB/);
    assert.doesNotMatch(first.markdown, /since|[^\\]\]\(command/);
    await editor.sql("insert into clients select n, repeat('x', 100) from generate_series(1001, 20000) n");
    const second = await editor.ask<HealthAnswer>("databaseHealth", editor.folder, "shop", first.snapshot);
    assert.ok(second.kind === "health");
    assert.match(second.markdown, /\| Size \| [\d.]+ MB \(\+[\d.]+ MB since \d{4}-/);
    assert.match(second.markdown, /\| clients \| [^\n]* \| \+[\d.]+ MB \|/);
  }));
});
