// Two projects of one workspace in one database, over the wire against a real PostgreSQL: each has its own migrations there,
// and what the other one has is none of its own.
import assert from "node:assert/strict";
import type { GenerateMigrationAnswer, MigrationList, MigrationPlan, MigrationSubject, RunMigrationsAnswer, VerifyMigrationsAnswer } from "../../server/src/lsp/protocol";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { databaseEditor, shop, shopSql, type DatabaseEditor } from "./database-editor";
import { rulesOf } from "./editor";

const billing = `import { bigint, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const method = pgEnum("method", ["cash", "card"]);

export const invoices = pgTable("invoices", { id: bigint("id", { mode: "number" }).primaryKey(), method: method("method") });
`;
const billingSql = `create type method as enum ('cash', 'card');--> statement-breakpoint
create table invoices (id bigint primary key, method method)`;

const config = (more = ""): string => `export default { dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle"${more} };\n`;

/** A folder of Drizzle's with these migrations: name, time, SQL. */
function folder(app: string, ...migrations: readonly (readonly [tag: string, when: number, sql: string])[]): Readonly<Record<string, string>> {
  const entries = migrations.map(([tag, when], idx) => ({ idx, version: "7", when, tag, breakpoints: true }));
  return {
    [`apps/${app}/drizzle/meta/_journal.json`]: JSON.stringify({ version: "7", dialect: "postgresql", entries }),
    ...Object.fromEntries(migrations.map(([tag, , sql]) => [`apps/${app}/drizzle/${tag}.sql`, sql])),
  };
}

const shopMigration = ["0000_shop", 1000, shopSql.replace(";", ";--> statement-breakpoint")] as const;
const files = {
  "src/schema.ts": "export {};\n", "apps/shop/drizzle.config.ts": config(), "apps/shop/src/schema.ts": shop, ...folder("shop", shopMigration),
  "apps/billing/drizzle.config.ts": config(), "apps/billing/src/schema.ts": billing, ...folder("billing", ["0000_billing", 2000, billingSql]),
};

describe("two projects in one database", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  const target = (editor: DatabaseEditor, app: string) => ({ root: editor.folder, schema: `apps/${app}/src/schema.ts`, database: "shop" });
  const states = async (editor: DatabaseEditor): Promise<readonly unknown[]> =>
    (await editor.ask<readonly MigrationList[]>("migrations")).map(({ folder: at, database, problems, migrations }) => [at?.path, database?.name, problems, migrations.map(({ state }) => state)]);
  const drift = async (editor: DatabaseEditor): Promise<readonly (readonly string[])[]> =>
    Promise.all(["billing", "shop"].map(async (app) => rulesOf(await editor.pull(`apps/${app}/src/schema.ts`)).filter((rule) => /^(drift|journal)\//.test(rule))));

  it("each is applied, taken for what it is, and compared with its own tables, though both record in one table", async () => {
    const editor = await databaseEditor(server, "two_projects", { sql: "select 1", files });
    try {
      assert.equal((await editor.connect("shop")).kind, "connected");
      for (const app of ["billing", "shop"]) editor.open(`apps/${app}/src/schema.ts`);
      const up = (app: string): Promise<RunMigrationsAnswer> => editor.ask("runMigrations", { ...target(editor, app), action: "up" });
      assert.equal((await up("shop")).kind, "done");
      assert.deepEqual(await states(editor), [["apps/billing/drizzle", "shop", [], ["pending"]], ["apps/shop/drizzle", "shop", [], ["applied"]]]);
      assert.deepEqual(await drift(editor), [[], []], "nothing of the second one is there yet, and the first one lacks nothing");
      const plan = await editor.ask<MigrationPlan>("planMigrations", { ...target(editor, "billing"), direction: "up" });
      assert.ok(plan.kind === "plan", JSON.stringify(plan));
      assert.deepEqual([plan.migrations, plan.obstacles], [["0000_billing"], []]);
      const done = await up("billing");
      assert.deepEqual(done.kind === "done" && done.migrations, ["0000_billing"], JSON.stringify(done));

      assert.deepEqual(await states(editor), [["apps/billing/drizzle", "shop", [], ["applied"]], ["apps/shop/drizzle", "shop", [], ["applied"]]]);
      assert.deepEqual(await drift(editor), [[], []]);
      assert.deepEqual((await editor.ask<readonly MigrationSubject[]>("migrationSubjects")).map(({ database }) => database), [{ name: "shop", differences: 0 }, { name: "shop", differences: 0 }]);
      assert.deepEqual(await editor.ask<VerifyMigrationsAnswer>("verifyMigrations", target(editor, "billing")), { kind: "verified", migrations: 1, problems: [], notes: [] });
      for (const app of ["billing", "shop"]) {
        const answer = await editor.ask<GenerateMigrationAnswer>("generateMigration", { ...target(editor, app), name: "all_drift", what: { kind: "difference", from: { kind: "database" } } });
        assert.equal(answer.kind, "nothing", `of ${app}, what the other one has is not dropped: ${JSON.stringify(answer)}`);
      }

      // drizzle-orm looks at the newest row alone, whosever it is.
      for (const [file, text] of Object.entries(folder("shop", shopMigration, ["0001_late", 1500, "select 1"]))) editor.write(file, text);
      const late = await up("shop");
      assert.ok(late.kind === "failed" && late.stopped, JSON.stringify(late));
      assert.match(late.message, /0001_late\.sql is pending, but 0000_billing of billing\/drizzle, which comes after it, .*Both folders record in drizzle\.__drizzle_migrations/);

      // By its record, the second one is still known where nothing else of it is there.
      await editor.sql("drop table invoices");
      await editor.ask("refreshDatabase", {});
      assert.deepEqual(await drift(editor), [["drift/table-extra"], []]);
      assert.deepEqual((await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor, "billing"), action: "baseline" })).kind, "failed");
    } finally {
      await editor.end();
    }
  });

  it("a project whose config names another database is not taken to belong here, unless those that name the same one do", async () => {
    const named = (database: string): string => config(`, dbCredentials: { url: "postgresql://app@elsewhere/${database}" }`);
    const editor = await databaseEditor(server, "one_of_two", { files: { ...files, "apps/shop/drizzle.config.ts": named("main"), "apps/billing/drizzle.config.ts": named("billing") } });
    try {
      const connected = async (): Promise<readonly unknown[]> => {
        assert.equal((await editor.connect("shop")).kind, "connected");
        return (await editor.ask<readonly MigrationList[]>("migrations")).map(({ database }) => database?.name);
      };
      assert.deepEqual(await connected(), [undefined, "shop"]);
      const refused = await editor.ask<RunMigrationsAnswer>("runMigrations", { ...target(editor, "billing"), action: "up" });
      assert.ok(refused.kind === "failed" && refused.stopped && /"shop" holds nothing of apps\/billing\/src\/schema\.ts, whose config names another database/.test(refused.message), JSON.stringify(refused));
      editor.write("apps/billing/drizzle.config.ts", named("main"));
      assert.deepEqual(await connected(), ["shop", "shop"]);
      editor.write("apps/shop/drizzle.config.ts", config());
      assert.deepEqual(await connected(), [undefined, "shop"]);

      // An empty database is that of the project whose config names it, and takes the place of no other one.
      await server.createDatabase("empty_one");
      editor.write("apps/billing/drizzle.config.ts", config(`, dbCredentials: { url: "postgresql://postgres@/empty_one?host=${encodeURIComponent(server.connection.host)}" }`));
      editor.write("apps/shop/drizzle.config.ts", named("main"));
      assert.deepEqual(await connected(), [undefined, "shop"]);
      assert.equal((await editor.connect("apps/billing/drizzle.config.ts")).kind, "connected");
      assert.deepEqual((await editor.ask<readonly MigrationList[]>("migrations")).map(({ database }) => database?.name), ["apps/billing/drizzle.config.ts", "shop"]);
      assert.deepEqual(await drift(editor), [["drift/enum", "drift/table-extra"], []]);
    } finally {
      await editor.end();
    }
  });
});
