// `plumbline model --database`, as a process, on a real server.
import * as assert from "node:assert/strict";
import { Client } from "pg";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { plumbline, project } from "../unit/terminal/plumbline";
import { createNasty } from "./nasty";

interface Printed {
  readonly version: number;
  readonly problems: readonly { readonly file: null; readonly line: null; readonly message: string; readonly table: null }[];
  readonly schemas: readonly {
    readonly id: string;
    readonly source: string;
    readonly dialect: string;
    readonly config: null;
    readonly tables: readonly { readonly schema: string; readonly name: string; readonly file: null; readonly line: null; readonly indexes: readonly { readonly name: string }[]; readonly foreignKeys: readonly { readonly coverage: { readonly verdict: string; readonly by: string | null } }[] }[];
  }[];
}

describe("plumbline model --database", () => {
  let server: Postgres;
  let url: string;
  let cwd: string;
  before(async () => {
    server = await startPostgres();
    const { host, user, database } = await createNasty(server);
    url = `postgresql://${user}:secret@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}`;
    cwd = project({ "src/schema.ts": `import { pgTable, integer } from "drizzle-orm/pg-core";\nexport const other = pgTable("other", { id: integer("id") });\n`, ".env": `SHOP_URL=${url}\n`, "plumbline.config.json": `{ "connections": { "shop": { "environment": "SHOP_URL" } } }` });
  });
  after(() => server?.stop());

  it("prints the documented JSON, of a URL and of a configured name", async () => {
    const [byUrl, byName] = [await plumbline(["model", "--database", url, "--format", "json"], { cwd }), await plumbline(["model", "--database", "shop", "--format", "json"], { cwd })];
    assert.equal(byUrl.stderr, "");
    assert.equal(byUrl.code, 0);
    const printed = JSON.parse(byUrl.stdout) as Printed;
    assert.deepEqual({ version: printed.version, problems: printed.problems, schemas: printed.schemas.length }, { version: 1, problems: [], schemas: 1 });
    const [schema] = printed.schemas;
    assert.deepEqual([schema!.source, schema!.dialect, schema!.config], ["database", "postgresql", null]);
    assert.deepEqual([...new Set(schema!.tables.map((table) => table.schema))], ['Big "Schema" %s', "private", "public", "sales"]);
    const orders = schema!.tables.find(({ name }) => name === "Orders %d")!;
    assert.deepEqual([orders.file, orders.line], [null, null]);
    assert.deepEqual(orders.indexes.map(({ name }) => name), ["clients_range_idx", 'idx " on % strange', "no_overlap"]);
    assert.deepEqual(orders.foreignKeys.map(({ coverage }) => coverage.verdict), ["missing", "missing", "missing", "missing"]);
    const named = JSON.parse(byName.stdout) as Printed;
    assert.equal(named.schemas[0]!.id, "shop");
    assert.deepEqual(named.schemas[0]!.tables, schema!.tables);
  });

  it("prints a schema for people, and tells what is out of reach", async () => {
    await server.query("create role modest login");
    const { code, stdout, stderr } = await plumbline(["model", "--database", url.replace("postgres:secret@", "modest@")], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /\n {2}sales\.Orders %d\n/);
    assert.match(stderr, /note: The user "modest" has no USAGE privilege on the schema "private"/);
  });

  it("says in one sentence why a database cannot be read, without its password", async () => {
    for (const [name, reason] of [[url.replace("nasty", "absent"), /there is no database "absent/], ["shopp", /There is no connection "shopp"/]] as const) {
      const { code, stdout, stderr } = await plumbline(["model", "--database", name], { cwd });
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /secret/);
    }
    const both = await plumbline(["model", "--database", url, "src/schema.ts"], { cwd });
    assert.equal(both.code, 2);
    assert.match(both.stderr, /leave out src\/schema\.ts, or --database/);
  });

  it("leaves no session behind", async () => {
    await plumbline(["model", "--database", url], { cwd });
    const client = new Client(server.connection);
    await client.connect();
    const { rows } = await client.query("select from pg_stat_activity where application_name = 'plumbline'");
    await client.end();
    assert.equal(rows.length, 0);
  });
});
