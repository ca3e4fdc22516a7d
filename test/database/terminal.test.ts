// `check`, `diff` and `report` against a real server, as processes: what they print, their exit codes, and what they never print.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { reloadConfiguration, startPostgres, type Postgres } from "../oracles/postgres";
import { bundled, plumbline, project, put, start, type Run } from "../unit/terminal/plumbline";
import { temporaryFolder } from "./embedded/runtime";
import { parseExposition } from "./exposition";
import { latencyProxy } from "./latency";

const schema = `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
export const clients = pgTable("clients", { id: integer("id").primaryKey(), name: text("name").notNull() });
export const orders = pgTable("orders", { id: integer("id").primaryKey(), client: integer("client").references(() => clients.id) }, (table) => [index("orders_client_idx").on(table.client)]);
`;
const tables = `
  create table clients (id integer primary key, name text not null);
  create table orders (id integer primary key, client integer constraint orders_client_clients_id_fk references clients (id));
  create index orders_client_idx on orders (client);`;
const password = "s3cret-and-long";

interface Checked {
  readonly findings: readonly { readonly rule: string; readonly message: string; readonly file: string | null; readonly line: number | null; readonly column: number | null; readonly table: string | null; readonly fixes: readonly { readonly title: string }[] }[];
  readonly summary: { readonly schemas: number; readonly tables: number; readonly foreignKeys: number; readonly fixable: number };
}

describe("the terminal with a database", function () {
  this.timeout(300_000);
  let server: Postgres;
  let url: string;
  let cwd: string;
  before(async () => {
    await bundled();
    server = await startPostgres(undefined, ["shared_preload_libraries=pg_stat_statements"]);
    await server.query(`create role guest login password '${password}'; create extension pg_stat_statements;`);
    const [{ hba_file: access }] = (await server.query("show hba_file")) as [{ hba_file: string }];
    writeFileSync(access, "local all guest scram-sha-256\nlocal all all trust\n");
    await reloadConfiguration(server);
    url = `postgresql://guest:${password}@/postgres?host=${encodeURIComponent(server.connection.host)}`;
    cwd = project({ "schema.ts": schema, ".env": `SHOP_URL=${url}\n`, "plumbline.config.json": '{ "connections": { "shop": { "environment": "SHOP_URL" } } }' });
  });
  after(() => server?.stop());
  beforeEach(() => server.query(`drop table if exists orders, clients, "odd ""\\ name", soft cascade; drop table if exists "line
break"; ${tables}`));

  const run = async (...args: readonly string[]): Promise<Run> => {
    const result = await plumbline(args, { cwd });
    assert.ok(![result.stdout, result.stderr].some((text) => text.includes(password)), "the password was printed");
    return result;
  };
  const checked = async (...args: readonly string[]): Promise<Checked> => JSON.parse((await run("check", "--format", "json", ...args)).stdout) as Checked;

  describe("diff", () => {
    it("finds nothing where nothing differs, in both directions, and with the connection that the folder names", async () => {
      for (const args of [["code", "db", "--database", url], ["db", "code", "--database", "shop"], ["code", "db"], ["drizzle:schema.ts", "db"]]) {
        const { code, stdout, stderr } = await run("diff", ...args);
        assert.deepEqual([code, stdout], [0, ""], stderr);
        assert.match(stderr, /^No difference between /);
      }
    });

    it("leaves alone what another schema of the workspace has in the same database", async () => {
      await server.query("create table soft (id integer primary key)");
      const soft = 'import { integer, pgTable } from "drizzle-orm/pg-core";\nexport const soft = pgTable("soft", { id: integer("id").primaryKey() });\n';
      const config = 'export default { dialect: "postgresql", schema: "./schema.ts" };\n';
      const own = { cwd: project({ "apps/a/schema.ts": schema, "apps/b/schema.ts": soft, "apps/a/drizzle.config.ts": config, "apps/b/drizzle.config.ts": config }) };
      for (const id of ["apps/a/schema.ts", "apps/b/schema.ts"]) {
        const { code, stdout, stderr } = await plumbline(["diff", "code", "db", "--schema", id, "--database", url], own);
        assert.deepEqual([code, stdout], [0, ""], stderr);
      }
      assert.match((await plumbline(["diff", "drizzle:apps/b/schema.ts", "db", "--database", url], own)).stdout, /\+ clients/, "that one schema alone is named");
    });

    it("says what the database has and what it lacks", async () => {
      await server.query("create index by_hand on clients (name); alter table orders alter column client set not null; drop index orders_client_idx");
      const forward = await run("diff", "code", "db", "--database", "shop");
      assert.equal(forward.code, 1);
      assert.equal(forward.stdout, "  clients\n    + index by_hand (name)\n  orders\n    ~ column client: nullable → not null\n    - index orders_client_idx (client)\n");
      const backward = await run("diff", "db", "code", "--database", "shop", "--format", "json");
      assert.equal(backward.code, 1);
      const { from, to, changes } = JSON.parse(backward.stdout) as { from: { id: string; source: string }; to: { id: string }; changes: { kind: string }[] };
      assert.deepEqual([from.id, from.source, to.id], ["shop", "database", "schema.ts"]);
      assert.deepEqual(changes.map(({ kind }) => kind).sort(), ["add-index", "alter-column-nullability", "drop-index"]);
    });

    it("asks an embedded PostgreSQL about what is only spelled otherwise, and so does check", async () => {
      const spelled = schema.replace("{ index, integer, pgTable, text }", "{ check, index, integer, pgTable, text, time }") + "import { sql } from \"drizzle-orm\";\nexport const soft = pgTable(\"soft\", { id: integer(\"id\").primaryKey(), opens: time(\"opens\").default(\"08:00\") }, (t) => [check(\"early\", sql`${t.opens} < $$09:00$$`)]);\n";
      const own = { cwd: project({ "schema.ts": spelled }), env: { XDG_CACHE_HOME: temporaryFolder(), LOCALAPPDATA: temporaryFolder() } };
      await server.query("create table soft (id integer primary key, opens time default '8:00 AM', constraint early check (opens < '9:00'))");
      const { code, stdout, stderr } = await plumbline(["diff", "db", "code", "--database", url], own);
      assert.deepEqual([code, stdout], [0, ""], stderr);
      await server.query("alter table soft alter opens set default '8:01'");
      const { findings } = JSON.parse((await plumbline(["check", "--database", url, "--format", "json"], own)).stdout) as Checked;
      assert.deepEqual(findings.filter(({ rule }) => rule.startsWith("drift/")).map(({ rule, table }) => [rule, table]), [["drift/default", "soft"]]);
    });

    it("knows what the migrations lead to, against code and database, from either side", async () => {
      const cache = temporaryFolder();
      const migrated = project({
        "schema.ts": schema, "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1, tag: "0000_shop", breakpoints: true }] }),
        "drizzle/0000_shop.sql": tables.replace(/create index.*/, ""), "broken/1_first.sql": "create table one (id int);\ncreate table two (id nonsense);", "empty/readme.txt": "",
      });
      const compared = (...args: readonly string[]): Promise<Run> => plumbline(["diff", ...args], { cwd: migrated, env: { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache } });
      await server.query("create index by_hand on clients (name)");
      const told = {
        "migrations code": ["  orders\n    + index orders_client_idx (client)\n", "1 change from drizzle (migrations) to schema.ts (drizzle).\n"],
        "drizzle:schema.ts migrations:drizzle": ["  orders\n    - index orders_client_idx (client)\n", "1 change from schema.ts (drizzle) to drizzle (migrations).\n"],
        "migrations db": ["  clients\n    + index by_hand (name)\n  orders\n    + index orders_client_idx (client)\n", "2 changes from drizzle (migrations) to "],
        "db migrations": ["  clients\n    - index by_hand (name)\n  orders\n    - index orders_client_idx (client)\n", ""],
      };
      for (const [sides, [changes, summary]] of Object.entries(told)) {
        const { code, stdout, stderr } = await compared(...sides.split(" "), ...(sides.includes("db") ? ["--database", url] : []));
        assert.deepEqual([code, stdout], [1, changes], stderr);
        assert.ok(stderr.startsWith(summary!), stderr);
      }
      await server.query("drop index by_hand, orders_client_idx");
      const same = await compared("migrations", "db", "--database", url, "--format", "json");
      const { from, changes } = JSON.parse(same.stdout) as { from: unknown; changes: unknown };
      assert.deepEqual([same.code, from, changes], [0, { id: "drizzle", source: "migrations", dialect: "postgresql" }, []]);
      for (const [side, reason] of [["migrations:", /"migrations:" needs a path: migrations:PATH/], ["migrations:empty", /empty holds no migrations\. Expected /], ["migrations:broken", /broken do not run on an empty database, so what they lead to is not known: .*1_first\.sql:2: .*type "nonsense" does not exist/]] as const) {
        const { code, stdout, stderr } = await compared(side, "code");
        assert.deepEqual([code, stdout], [2, ""], stderr);
        assert.match(stderr, reason);
      }
    });

    it("refuses two databases, and a database that is no side", async () => {
      for (const args of [["db", "db"], ["code", "drizzle:schema.ts", "--database", "shop"]]) {
        const { code, stdout, stderr } = await run("diff", ...args);
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, /^error: (Both sides are the database|--database names the side "db")/);
      }
    });
  });

  describe("check", () => {
    it("reports drift at its place in the code, in the documented shape", async () => {
      await server.query("create index by_hand on clients (name)");
      const { code, stdout } = await run("check", "--database", "shop", "--format", "json");
      assert.equal(code, 1);
      const { findings } = JSON.parse(stdout) as Checked;
      const drift = findings.filter(({ rule }) => rule.startsWith("drift/"));
      assert.deepEqual(drift.map(({ rule, file, line, table }) => [rule, file, line, table]), [["drift/index-only-in-database", "schema.ts", 2, "clients"]]);
      assert.equal(drift[0]!.fixes.length, 1);
      assert.deepEqual((await checked()).findings.filter(({ rule }) => rule.startsWith("drift/")), []);
    });

    it("reports what only a database knows, and exits 0 where nothing is to be said", async () => {
      assert.equal((await run("check", "--database", url)).code, 0);
      await server.query("alter table orders add constraint soft check (id > 0) not valid");
      const { findings } = await checked("--database", url);
      assert.deepEqual(findings.filter(({ rule }) => rule === "schema/not-validated").map(({ table }) => table), ["orders"]);
    });

    it("judges the database itself in a folder without a schema, without places", async () => {
      await server.query("drop index orders_client_idx");
      const empty = project({ "readme.txt": "" });
      const { code, stdout } = await plumbline(["check", "--database", url, "--format", "json"], { cwd: empty });
      const { findings, summary } = JSON.parse(stdout) as Checked;
      assert.equal(code, 1);
      assert.deepEqual([summary.schemas, summary.tables, summary.foreignKeys, summary.fixable], [1, 2, 1, 0]);
      const unindexed = findings.find(({ rule }) => rule === "fk/unindexed")!;
      assert.deepEqual([unindexed.file, unindexed.line, unindexed.column, unindexed.table], [null, null, null, "orders"]);
      for (const format of ["pretty", "sarif", "github", "gitlab", "junit", "markdown"]) {
        const printed = await plumbline(["check", "--database", url, "--format", format], { cwd: empty });
        assert.equal(printed.code, 1, printed.stderr);
        assert.match(printed.stdout, /fk\/unindexed|No index serves/);
      }
      assert.equal((await plumbline(["check"], { cwd: empty })).code, 2);
    });

    it("watches: asks for the stamp alone until the database's schema has changed", async () => {
      const child = await start(["check", "--watch", "--database", "shop"], { cwd });
      let output = "";
      for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
      const ended = new Promise((resolve) => child.on("close", resolve));
      const waitFor = async (what: (printed: string) => boolean): Promise<void> => {
        for (let waited = 0; !what(output); waited += 50) {
          assert.ok(waited < 120_000, output);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      const checks = (times: number) => (printed: string): boolean => printed.split("Waiting for changes").length > times;
      const readings = async (): Promise<number> => Number((await server.query("select coalesce(sum(calls), 0)::int as calls from pg_stat_statements where query ilike '%pg_get_indexdef%' and query not ilike '%pg_stat_statements%'"))[0]!["calls"]);
      await waitFor(checks(1));
      const before = await readings();
      assert.ok(before > 0);
      put(cwd, "schema.ts", `${schema}// one\n`);
      await waitFor(checks(2));
      assert.doesNotMatch(output, /by_hand/);
      assert.equal(await readings(), before);
      await server.query("create index by_hand on clients (name)");
      put(cwd, "schema.ts", schema);
      // A file that is seen half written is checked once more than it was written.
      await waitFor((printed) => printed.includes("drift/index-only-in-database"));
      child.kill("SIGINT");
      assert.equal(await ended, 1);
    });
  });

  it("says in a sentence or two why there is no database, with exit code 2", async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [url.replace(password, "wrong-pass"), /refused the password of "guest"/],
      [url.replace("/postgres?", "/absent?"), /there is no database "absent"/],
      [`postgresql://guest:${password}@127.0.0.1:1/postgres`, /no server answers at 127\.0\.0\.1, port 1/],
      ["shopp", /There is no connection "shopp", did you mean "?shop"?|There is no connection "shopp".*shop/],
    ];
    for (const [name, reason] of cases) {
      for (const command of [["check"], ["diff", "code", "db"], ["report"]]) {
        const { code, stdout, stderr } = await run(...command, "--database", name);
        assert.deepEqual([code, stdout], [2, ""], stderr);
        assert.match(stderr, reason);
        assert.doesNotMatch(stderr, /wrong-pass|\n\s+at /);
      }
    }
    const bare = project({ "schema.ts": schema });
    const { code, stderr } = await plumbline(["diff", "code", "db"], { cwd: bare });
    assert.equal(code, 2);
    assert.match(stderr, /No database is configured under .*--database embedded/);
  });

  it("stops at Ctrl+C, with exit code 2", async () => {
    const proxy = await latencyProxy(server.connection.host);
    try {
      proxy.breakAt(/select/i, "silent");
      const child = await start(["check", "--database", `postgresql://guest:${password}@127.0.0.1:${proxy.port}/postgres`], { cwd });
      let output = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => (output += text));
      const ended = new Promise((resolve) => child.on("close", resolve));
      for (let waited = 0; proxy.stats().statements.length === 0; waited += 50) {
        assert.ok(waited < 120_000, output);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      child.kill("SIGINT");
      assert.equal(await ended, 2);
      assert.match(output, /the reading was cancelled/);
    } finally {
      await proxy.close();
    }
  });

  describe("report", () => {
    it("prints Prometheus' format, whatever the names are", async () => {
      await server.query(`create table "odd ""\\ name" (id int); create table "line
break" (id int); grant pg_read_all_stats to guest; analyze`);
      for (let at = 0; at < 3; at++) await server.query(`select 'a"b\\c' as text, ${at} from clients`);
      const { code, stdout, stderr } = await run("report", "--database", "shop", "--format", "prometheus");
      assert.deepEqual([code, stderr], [0, ""]);
      const samples = parseExposition(stdout);
      const value = (name: string) => samples.find((sample) => sample.name === name)!.value;
      assert.equal(value("plumbline_connections_limit"), 100);
      assert.ok(value("plumbline_connections") >= 1 && value("plumbline_database_size_bytes") > 1_000_000);
      const named = samples.filter(({ name }) => name === "plumbline_table_size_bytes").map(({ labels }) => labels["table"]);
      for (const name of ["clients", 'odd "\\ name', "line\nbreak"]) assert.ok(named.includes(name), JSON.stringify(named));
      const statement = samples.find(({ name, labels }) => name === "plumbline_statement_calls_total" && /from clients$/.test(labels["statement"]!))!;
      assert.ok(statement.value >= 3);
      assert.deepEqual(samples.flatMap(({ labels }) => (/\b(create|alter|password)\b/i.test(labels["statement"] ?? "") ? [labels["statement"]] : [])), []);
    });

    it("prints a stable JSON, and a page for people", async () => {
      const document = JSON.parse((await run("report", "--database", url, "--format", "json")).stdout) as { version: number; connections: { open: number; limit: number }; tables: { name: string }[]; statements: unknown[] | null };
      assert.deepEqual([document.version, document.connections.limit], [1, 100]);
      assert.deepEqual(document.tables.map(({ name }) => name).sort(), ["clients", "orders"]);
      assert.ok(Array.isArray(document.statements));
      const { code, stdout } = await run("report", "--database", url);
      assert.equal(code, 0);
      assert.match(stdout, /\n {2}connections {2}\d+ of 100\n/);
      assert.match(stdout, /Largest tables[^]*Largest indexes[^]*orders_client_idx of orders/);
      await server.query("drop extension pg_stat_statements");
      assert.match((await run("report", "--database", url)).stdout, /pg_stat_statements, which this database does not have/);
      await server.query("create extension pg_stat_statements");
    });
  });
});
