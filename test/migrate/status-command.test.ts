// `plumbline migrate status` and `plan` as processes, on real servers' databases that drizzle-orm itself has migrated.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { bundled, plumbline } from "../unit/terminal/plumbline";

describe("plumbline migrate, reading", function () {
  this.timeout(300_000);
  let server: Postgres;
  let root: string;
  const url = (database: string): string => `postgresql://postgres@/${database}?host=${encodeURIComponent(server.connection.host)}`;
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
    root = join(mkdtempSync(join(tmpdir(), "plumbline-status-")), "shop");
    cpSync(join(__dirname, "../../examples/drizzle-shop"), root, { recursive: true });
    const client = new Client(await server.createDatabase("staging"));
    await server.createDatabase("live");
    await client.connect();
    await migrate(drizzle(client), { migrationsFolder: join(root, "drizzle") });
    await client.end();
    writeFileSync(join(root, "plumbline.config.json"), JSON.stringify({ connections: { staging: { url: url("staging") }, live: { url: url("live"), production: true } } }));
  });
  after(() => server?.stop());

  const states = async (...databases: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await plumbline(["migrate", "status", "--format", "json", "--database", ...databases], { cwd: root });
    assert.notEqual(code, 2, stderr);
    const { databases: read } = JSON.parse(stdout) as { databases: { database: string; migrations: { state: string }[] }[] };
    return [code, ...read.map(({ database, migrations }) => [database, ...migrations.map(({ state }) => state)])];
  };

  it("shows what drizzle-orm has applied to one database and the other lacks", async () => {
    assert.deepEqual(await states("staging"), [0, ["staging", "applied", "applied"]]);
    assert.deepEqual(await states("staging", "live"), [1, ["staging", "applied", "applied"], ["live", "pending", "pending"]]);
  });

  it("shows the databases that it can read beside one that it cannot", async () => {
    const down = "postgresql://postgres@127.0.0.1:1/none";
    const { code, stdout } = await plumbline(["migrate", "status", "--format", "json", "--database", down, "staging"], { cwd: root });
    const { databases } = JSON.parse(stdout) as { databases: { unread?: string; migrations: { state: string }[] }[] };
    assert.deepEqual([code, databases.map(({ migrations }) => migrations.map(({ state }) => state))], [2, [[], ["applied", "applied"]]]);
    assert.match(databases[0]!.unread ?? "", /no server answers at 127\.0\.0\.1, port 1/);
    assert.match((await plumbline(["migrate", "status", "--database", "staging", down], { cwd: root })).stdout, /0000_shop +applied +not read\n/);
  });

  it("plans what is pending and writes nothing", async () => {
    const { code, stdout } = await plumbline(["migrate", "plan", "--format", "json", "--database", "live"], { cwd: root });
    const planned = JSON.parse(stdout) as { production: boolean; migrations: { id: string }[]; lockBudget: { granted: number }; obstacles: string[] };
    assert.deepEqual([code, planned.production, planned.migrations.map(({ id }) => id), planned.obstacles], [0, true, ["0000_shop", "0001_orders_by_day"], []]);
    assert.ok(planned.lockBudget.granted > 0);
    assert.deepEqual(await states("live"), [1, ["live", "pending", "pending"]]);
  });

  it("names an applied file that was edited, with both hashes, and the plan stops on it", async () => {
    const file = join(root, "drizzle/0001_orders_by_day.sql");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n-- edited\n`);
    assert.deepEqual(await states("staging"), [1, ["staging", "applied", "edited"]]);
    const { code, stdout } = await plumbline(["migrate", "plan", "--database", "staging"], { cwd: root });
    assert.equal(code, 1);
    assert.match(stdout, /stops: drizzle\/0001_orders_by_day\.sql was changed after it had been applied: .*SHA-256 [0-9a-f]{64}, the file has [0-9a-f]{64}/);
  });

  it("a file that cannot be read stops the plan, and is no good status", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-latin-1-"));
    writeFileSync(join(folder, "0001_a.sql"), Buffer.from("create table a (id int); -- ä", "latin1"));
    for (const command of ["status", "plan", "verify"]) {
      const { code, stdout, stderr } = await plumbline(["migrate", command, "--folder", folder, "--database", "staging"], { cwd: root });
      assert.deepEqual([code, (stdout + stderr).includes("0001_a.sql is there but cannot be read: it is no UTF-8 text")], [1, true], stdout + stderr);
    }
  });
});
