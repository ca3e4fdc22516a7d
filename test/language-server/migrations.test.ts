// What stops migrations over the wire before anything happens: no trust, production, a database that only reads; and what
// a migration can be generated for. Against a real PostgreSQL.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import type { CodeAction } from "vscode-languageserver/node";
import { clientCommands, trustMethod, type GenerateMigrationAnswer, type MigrationList, type MigrationSubject, type RunMigrationsAnswer } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shopSql, type DatabaseEditor } from "./database-editor";

const config = `import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" });
`;

describe("migrations", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  const target = (editor: DatabaseEditor) => ({ root: editor.folder, schema: "src/schema.ts", database: "shop" });
  const difference = { kind: "difference", from: { kind: "folder" } } as const;
  async function actionsAt(editor: DatabaseEditor, marker: string): Promise<readonly CodeAction[]> {
    const at = editor.position("src/schema.ts", marker, 2);
    return editor.actions("src/schema.ts", { start: at, end: at });
  }

  it("an untrusted workspace is offered nothing, and refused everything", async () => {
    const editor = await databaseEditor(server, "migrations_untrusted", { sql: shopSql, commands: Object.values(clientCommands), initializationOptions: { trusted: false }, files: { "drizzle.config.ts": config } });
    try {
      editor.open("src/schema.ts");
      const titles = async (): Promise<readonly string[]> => (await actionsAt(editor, ".references(")).map(({ title }) => title);
      assert.ok((await titles()).includes("Add an index on orders.client_id") && !(await titles()).includes("Add index in a migration"));
      assert.deepEqual(await editor.ask("migrations"), []);
      assert.deepEqual(await editor.ask("migrationSubjects"), []);
      const asked = [["generateMigration", { name: "x", what: difference }], ["planMigrations", { ...target(editor), direction: "up" }], ["runMigrations", { ...target(editor), action: "up" }], ["verifyMigrations", target(editor)], ["testMigrations", target(editor)]] as const;
      for (const [command, request] of asked) {
        const answer = await editor.ask<{ readonly kind: string; readonly message: string }>(command, request);
        assert.equal(answer.kind, "failed", command);
        assert.match(answer.message, /not trusted/);
      }
      assert.ok(!existsSync(path.join(editor.folder, "drizzle")));
      await editor.connection.sendNotification(trustMethod, { trusted: true });
      assert.ok((await titles()).includes("Add index in a migration"));
    } finally {
      await editor.end();
    }
  });

  it("production runs nothing before its name was typed, and a database that only reads nothing at all", async () => {
    await server.createDatabase("only_reads");
    await server.query("alter database only_reads set default_transaction_read_only = on");
    const url = (name: string): string => `postgresql://postgres@/${name}?host=${encodeURIComponent(server.connection.host)}`;
    const connections = { shop: { url: url("migrations_gated"), production: true }, standby: { url: url("only_reads") } };
    const editor = await databaseEditor(server, "migrations_gated", { files: { "drizzle.config.ts": config, "plumbline.config.json": JSON.stringify({ connections }) } });
    try {
      const refused = async (request: object): Promise<string> => {
        const answer = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor), action: "up", ...request });
        assert.ok(answer.kind === "failed" && answer.stopped, JSON.stringify(answer));
        return answer.message;
      };
      assert.match(await refused({}), /"shop" is not connected/);
      assert.equal((await editor.connect("shop")).kind, "connected");
      for (const typed of [{}, { typed: "shpo" }, { typed: "" }]) assert.match(await refused(typed), /"shop" is production's/);
      assert.equal((await editor.connect("standby")).kind, "connected");
      assert.match(await refused({ database: "standby", typed: "standby" }), /only reads/);
    } finally {
      await editor.end();
    }
  });

  it("says for which tables a migration can be generated, and how many differences the connected database has", async () => {
    const editor = await databaseEditor(server, "migration_subjects", { sql: `${shopSql}; alter table orders drop column placed_at`, files: { "drizzle.config.ts": config } });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      const [subject] = await editor.ask<readonly MigrationSubject[]>("migrationSubjects");
      assert.deepEqual([subject!.schema, subject!.database, subject!.tables.map(({ name, differences }) => [name, differences])], ["src/schema.ts", { name: "shop", differences: 1 }, [["clients", 0], ["orders", 1]]]);
    } finally {
      await editor.end();
    }
  });

  it("a project without an ORM begins its folder of plain SQL with a migration that is written by hand", async () => {
    const editor = await databaseEditor(server, "migrations_by_hand", { sql: "select 1", files: { "src/schema.ts": "export {};\n" } });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      assert.deepEqual([await editor.ask("migrationSubjects"), await editor.ask("migrations")], [[], []]);
      const answer = await editor.ask<GenerateMigrationAnswer>("generateMigration", { name: "first", what: { kind: "empty" } });
      assert.ok(answer.kind === "generated", JSON.stringify(answer));
      assert.deepEqual(answer.files.map(({ uri, shown }) => [path.relative(editor.folder, new URL(uri).pathname), shown]), [["migrations/0001_first.up.sql", true], ["migrations/0001_first.down.sql", false], ["migrations/0001_first.verify.sql", false]]);
      editor.write("migrations/0001_first.up.sql", "create table a (id int);");
      const [list] = await editor.ask<readonly MigrationList[]>("migrations");
      assert.deepEqual([list!.schema, list!.folder?.format, list!.database?.name, list!.migrations.map(({ id, state }) => [id, state])], [null, "SQL", "shop", [["0001_first", "pending"]]]);
    } finally {
      await editor.end();
    }
  });
});
