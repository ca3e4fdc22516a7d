// `plumbline migrate new`, `up`, `verify` and `down` as processes: an index that the code has and the database lacks, from
// the file to the server and back.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { bundled, plumbline } from "../unit/terminal/plumbline";

describe("plumbline migrate, writing", function () {
  this.timeout(300_000);
  let server: Postgres;
  let client: Client;
  let root: string;
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
    root = join(mkdtempSync(join(tmpdir(), "plumbline-run-")), "shop");
    cpSync(join(__dirname, "../../examples/drizzle-shop"), root, { recursive: true });
    client = new Client(await server.createDatabase("shop"));
    await client.connect();
    await server.createDatabase("live");
    const url = (database: string): string => `postgresql://postgres@/${database}?host=${encodeURIComponent(server.connection.host)}`;
    writeFileSync(join(root, "plumbline.config.json"), JSON.stringify({ connections: { shop: { url: url("shop") }, live: { url: url("live"), production: true } } }));
  });
  after(async () => {
    await client?.end();
    await server?.stop();
  });

  const migrate = async (...words: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> => plumbline(["migrate", ...words], { cwd: root });
  const indexes = async (): Promise<readonly string[]> => (await client.query<{ name: string }>("select indexname as name from pg_indexes where schemaname = 'public' and indexname = 'added_by_a_test'")).rows.map(({ name }) => name);

  it("asks for --yes where nobody can be asked, and for the name of a production database", async () => {
    const unasked = await migrate("up", "--database", "shop");
    assert.deepEqual([unasked.code, unasked.stdout], [2, ""]);
    assert.match(unasked.stderr, /add --yes/);
    const production = await migrate("up", "--database", "live", "--yes");
    assert.equal(production.code, 2);
    assert.match(production.stderr, /"live" is marked as production: add --confirm live/);
    assert.deepEqual((await client.query("select 1 from pg_namespace where nspname = 'drizzle'")).rows, []);
  });

  it("applies the folder, adds an index in a migration of its own, verifies it and takes it back", async () => {
    const first = await migrate("up", "--database", "shop", "--yes");
    assert.equal(first.code, 0, first.stderr);
    const before = readdirSync(join(root, "drizzle"));
    await migrate("new", "catch-up", "--no-rename");
    const caughtUp = await migrate("up", "--database", "shop", "--yes");
    assert.equal(caughtUp.code, 0, caughtUp.stderr);
    const orders = join(root, "src/db/schema", "orders.ts");
    const text = readFileSync(orders, "utf8");
    const edited = text.replace(/index\("[^"]+"\)\.on\(([^)]*)\)/, (whole, keys: string) => `${whole}, index("added_by_a_test").on(${keys})`);
    assert.notEqual(edited, text);
    writeFileSync(orders, edited);
    const made = await migrate("new", "a test's index", "--no-rename");
    assert.equal(made.code, 0, made.stderr);
    const paths = made.stdout.trim().split("\n");
    assert.ok(paths.length >= 4, made.stdout);
    const sql = readFileSync(join(root, paths.find((path) => /\d_a_test_s_index\.sql$/.test(path))!), "utf8");
    assert.match(sql, /-- plumbline: concurrently\n+CREATE INDEX "added_by_a_test"/);
    assert.ok(readdirSync(join(root, "drizzle")).length > before.length);
    assert.equal((await migrate("verify", "--database", "shop")).code, 1);
    const journal = readFileSync(join(root, "drizzle/meta/_journal.json"), "utf8");
    const up = await migrate("up", "--database", "shop", "--yes");
    assert.equal(up.code, 0, up.stderr);
    assert.deepEqual(await indexes(), ["added_by_a_test"]);
    const verified = await migrate("verify", "--database", "shop");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const planned = await migrate("new", "from the database", "--no-rename", "--no-proof", "--plan", "--database", "live");
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stderr, /not proved/);
    assert.match(planned.stdout, /_from_the_database\.sql\n[^]*CREATE TABLE[^]*lock  /);
    for (const file of planned.stdout.split("\n").filter((line) => /^drizzle\/\S+$/.test(line))) {
      if (file.endsWith("_journal.json")) writeFileSync(join(root, file), journal);
      else rmSync(join(root, file));
    }
    const again = await migrate("new", "nothing", "--no-rename");
    assert.deepEqual([again.code, again.stdout], [0, ""]);
    const down = await migrate("down", "--database", "shop", "--yes");
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(await indexes(), []);
  });
});
