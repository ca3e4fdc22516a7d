// `plumbline backup …`, `migrate run` and the dump before a migration that loses data, as processes: output, exit codes, and
// what is on disk and on the server afterwards.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { bundled, plumbline, start, type Run } from "../unit/terminal/plumbline";
import { Client } from "pg";

describe("plumbline backup and migrate run", function () {
  this.timeout(300_000);
  let server: Postgres;
  let root: string;
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
    root = mkdtempSync(join(tmpdir(), "plumbline-backups-"));
    const url = (database: string): string => `postgresql://postgres@/${database}?host=${encodeURIComponent(server.connection.host)}`;
    writeFileSync(join(root, "plumbline.config.json"), JSON.stringify({ migrations: "db", connections: { shop: { url: url("shop") }, copy: { url: url("copy") }, live: { url: url("main"), production: true } } }));
    for (const name of ["shop", "copy", "main"]) await server.createDatabase(name);
    await query("shop", "create table clients (id int primary key, name text); insert into clients select n, 'client ' || n from generate_series(1, 100) n");
  });
  after(() => server?.stop());

  const run = (...words: readonly string[]): Promise<Run> => plumbline(words, { cwd: root });
  const query = async (database: string, sql: string): Promise<readonly unknown[]> => {
    const client = new Client({ ...server.connection, database });
    await client.connect();
    try {
      return ((await client.query({ text: sql, rowMode: "array" })) as { readonly rows?: unknown[] }).rows ?? [];
    } finally {
      await client.end();
    }
  };

  it("calls a dump a backup once it was restored", async () => {
    const made = await run("backup", "create", "--database", "shop", "--out", "shop.sql.gz", "--no-verify");
    assert.deepEqual([made.code, made.stdout], [0, `${join(root, "shop.sql.gz")}\n`], made.stderr);
    assert.match(made.stderr, /1 table, 100 rows/);
    assert.match(made.stderr, /A dump that was never restored is no backup yet: plumbline backup verify/);
    const proved = await run("backup", "verify", "shop.sql.gz");
    assert.deepEqual([proved.code, proved.stdout], [0, ""], proved.stderr);
    assert.match(proved.stderr, /It is a backup: restored into the embedded PostgreSQL .*, 1 table with 100 rows; compared with the manifest shop\.sql\.gz\.json/);
    await query("shop", "insert into clients values (0, 'late')");
    const later = await run("backup", "verify", "shop.sql.gz", "--against", "shop");
    assert.deepEqual([later.code, later.stdout], [0, ""], later.stderr);
    assert.match(later.stderr, /By what "shop" holds now, which may have changed since the dump: The table public\.clients has 100 rows, and should have 101 rows\./);
    await query("shop", "delete from clients where id = 0");
    writeFileSync(join(root, "short.sql"), gunzipSync(readFileSync(join(root, "shop.sql.gz"))).subarray(0, -200));
    const short = await run("backup", "verify", "short.sql", "--database", "shop");
    assert.equal(short.code, 1);
    assert.match(short.stdout, /breaks off/);
    assert.match(short.stderr, /It is no backup: 1 problem/);
    assert.equal((await run("backup", "verify", "nowhere.sql")).code, 2);
  });

  it("reads a dump from standard input, and leaves no database behind after Ctrl+C; what a killed one left, the next one drops", async () => {
    const sql = gunzipSync(readFileSync(join(root, "shop.sql.gz")));
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, [await bundled(), "backup", "verify", "-", "--database", "copy", "--against", "shop"], { cwd: root, stdio: ["pipe", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stdin.end(sql);
    assert.deepEqual([(await once(child, "close"))[0], /It is a backup/.test(said)], [0, true], said);
    // A statement that lasts until it is cancelled.
    writeFileSync(join(root, "slow.sql"), "create table a (id int);\nselect pg_sleep(600);\n");
    const databases = async (): Promise<unknown> => (await query("postgres", "select datname from pg_database where datname like 'plumbline_verify%' order by 1")).flat();
    const asleep = async (): Promise<string[]> => (await query("postgres", "select datname from pg_stat_activity where query like '%pg_sleep(600)%' and datname like 'plumbline_verify%'")).flat() as string[];
    const slowly = async (): Promise<readonly [ChildProcess, string]> => {
      const before = await asleep();
      const slow = await start(["backup", "verify", "slow.sql", "--database", "copy"], { cwd: root });
      for (;;) {
        const [database] = (await asleep()).filter((one) => !before.includes(one));
        if (database !== undefined) return [slow, database];
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const [interrupted, lasting] = await slowly();
    const [killed, left] = await slowly();
    killed.kill("SIGKILL");
    await once(killed, "close");
    // Its two sessions: the server may not have seen yet that nobody is behind the one that kept the database.
    await query("postgres", `select pg_terminate_backend(a.pid, 60000) from pg_stat_activity a, pg_database d where d.datname = '${left}' and (a.datid = d.oid or shobj_description(d.oid, 'pg_database') like '%kept by session ' || a.pid || ' of %')`);
    await query("postgres", "create database plumbline_verify_0123456789ab");
    const next = await run("backup", "verify", "shop.sql.gz", "--database", "copy");
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, new RegExp(`The database ${left}, which a killed verification had left, was dropped\\.`));
    assert.match(next.stderr, /a database plumbline_verify_0123456789ab that nothing marks as Plumbline's: it was left alone/);
    // The other one is still at work.
    assert.deepEqual(await databases(), ["plumbline_verify_0123456789ab", lasting].sort());
    await query("postgres", "drop database plumbline_verify_0123456789ab");
    interrupted.kill("SIGINT");
    assert.equal((await once(interrupted, "close"))[0], 2);
    assert.deepEqual(await databases(), []);
  });

  it("restores where the name was given", async () => {
    const unasked = await run("backup", "restore", "shop.sql.gz", "--database", "copy");
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /add --confirm copy/);
    const restored = await run("backup", "restore", "shop.sql.gz", "--database", "copy", "--confirm", "copy");
    assert.equal(restored.code, 0, restored.stderr);
    assert.deepEqual(await query("copy", "select count(*)::int from clients"), [[100]]);
    const production = await run("backup", "restore", "shop.sql.gz", "--database", "live", "--confirm", "main");
    assert.equal(production.code, 2);
    assert.match(production.stderr, /--confirm live/);
  });

  it("dumps before a migration that loses data, unless that is not wanted", async () => {
    mkdirSync(join(root, "db"));
    writeFileSync(join(root, "db/0001_note.up.sql"), "alter table clients add note text;\n");
    writeFileSync(join(root, "db/0001_note.down.sql"), "alter table clients drop column note;\n");
    assert.equal((await run("migrate", "up", "--database", "shop", "--yes")).code, 0);
    assert.ok(!existsSync(join(root, "backups")));
    const down = await run("migrate", "down", "--database", "shop", "--yes");
    assert.equal(down.code, 0, down.stderr);
    assert.match(down.stderr, /Backup .*backups\/shop-.*\.sql\.gz, restored on the embedded/);
    const [dump] = readdirSync(join(root, "backups")).filter((name) => name.endsWith(".gz"));
    assert.match(String(gunzipSync(readFileSync(join(root, "backups", dump!)))), /note text/);
    await run("migrate", "up", "--database", "shop", "--yes");
    assert.equal((await run("migrate", "down", "--database", "shop", "--yes", "--no-backup")).code, 0);
    assert.equal(readdirSync(join(root, "backups")).filter((name) => name.endsWith(".gz")).length, 1);
  });

  it("runs a SQL file by hand", async () => {
    writeFileSync(join(root, "fix.sql"), "update clients set name = upper(name) where id <= 10;\n");
    const plan = await run("migrate", "run", "fix.sql", "--database", "shop", "--dry-run");
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(plan.stdout, /row exclusive on (public\.)?clients/);
    assert.match((await run("migrate", "run", "fix.sql", "--database", "shop")).stderr, /add --yes/);
    const wrong = await run("migrate", "run", "fix.sql", "--database", "shop", "--yes", "--transaction", "--format", "json", "--expect", "select count(*) = 11 from clients where name like 'CLIENT%'");
    assert.deepEqual(JSON.parse(wrong.stdout), { version: 1, database: "shop", file: "fix.sql", statements: null, milliseconds: null, expected: false });
    assert.equal(wrong.code, 1, wrong.stderr);
    assert.deepEqual(await query("shop", "select count(*)::int from clients where name like 'CLIENT%'"), [[0]]);
    const right = await run("migrate", "run", "fix.sql", "--database", "shop", "--yes", "--no-backup", "--expect", "select count(*) = 10 from clients where name like 'CLIENT%'");
    assert.equal(right.code, 0, right.stderr);
    assert.deepEqual(await query("shop", "select count(*)::int from clients where name like 'CLIENT%'"), [[10]]);
    assert.equal((await run("migrate", "run", "nowhere.sql", "--database", "shop", "--yes")).code, 2);
  });
});
