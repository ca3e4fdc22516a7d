// Guarantee 7, the server's part: its disk is full, it is shut down in the middle, its password changes. Each time there is
// a clear error, nothing half done that the next run does not bring to its end, and in the end the undisturbed state.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up } from "../../../server/src/migrate/run/runner";
import { encodedPassword, settings as networkSettings, startNetworkServer } from "../../database/faults-server";
import { settingsOf } from "../../database/servers";
import { startPostgres, unprivilegedOwner, type Postgres } from "../../oracles/postgres";
import { arm, createArmed } from "./bombs";
import { agreed, contextOf, copyOf, outcomeOf, rowsOf, stopped, until } from "./laboratory";
import { story, writeFolder } from "./story";

describe("the server", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres(undefined, ["synchronous_commit=on"]);
  });
  after(() => server?.stop());

  for (const mode of ["fast", "immediate"] as const) {
    it(`is shut down (${mode}) in the middle: said, and gone on with when it is back`, async () => {
      const folder = story("drizzle v0");
      await createArmed(server, `armed ${mode}`);
      const done = await copyOf(server, `armed ${mode}`, `done ${mode}`);
      await up(await contextOf(folder, done), agreed);
      const outcome = await outcomeOf(folder, done);
      for (const first of [10, 55]) {
        const name = `${mode} ${first}`;
        const settings = await copyOf(server, `armed ${mode}`, name);
        await arm(server, name, { every: 1000, first, strike: "stall" });
        const context = await contextOf(folder, settings);
        const run = stopped(up(context, agreed));
        await until("the run is at it", async () => (await server.query(`select from pg_stat_activity where datname = '${name}' and wait_event = 'PgSleep'`)).length > 0);
        await server.restart(mode);
        const error = await run;
        // It may have been back before the run had looked: then it has gone on by itself.
        if (error) assert.match(error.message, /Connection "test" .*(the server ended the connection|was lost).*(Run it again to go on|Run "plumbline migrate status" as soon as the server answers)/s);
        await up(context, agreed);
        assert.deepEqual(await outcomeOf(folder, settings), outcome, error?.message);
      }
    });
  }

  it("has no room on its disk: said with what to do, nothing is left behind, and with room it goes on", async () => {
    const small = mkdtempSync(join(tmpdir(), "plumbline-disk-"));
    const mount = (...words: readonly string[]): Buffer => execFileSync(process.getuid?.() === 0 ? "mount" : "sudo", [...(process.getuid?.() === 0 ? [] : ["-n", "mount"]), ...words]);
    mount("-t", "tmpfs", "-o", "size=18m", "tmpfs", small);
    try {
      const owner = unprivilegedOwner();
      if (owner) chownSync(small, owner.uid, owner.gid);
      await server.query(`create tablespace small location '${small}'`);
      await server.query("create database full_disk tablespace small");
      const settings = settingsOf({ ...server.connection, database: "full_disk" });
      // About a kilobyte each, which does not compress.
      const rows = "select n, (select string_agg(md5((n * 31 + k)::text), '') from generate_series(1, 30) k) as text from generate_series";
      await rowsOf(settings, `create table many as ${rows}(1, 4000) n`);
      const folder = writeFolder("sql", [
        { name: "copy", up: `create table copies (id int);\ninsert into many ${rows}(4001, 20000) n;`, down: "drop table copies;" },
        { name: "index", up: "create index concurrently many_text on many (n, text);", down: "drop index concurrently many_text;" },
      ]);
      const context = await contextOf(folder, settings);
      const first = await stopped(up(context, agreed));
      assert.match(first?.message ?? "", /0000_copy\.up\.sql:2: statement 2 of 2, insert failed: could not extend file ".*": No space left on device\. \(53100\).*The server's disk is full: make room there, then run it again\. Everything that 0000_copy had done was rolled back/);
      assert.deepEqual(await rowsOf(settings, "select count(*), to_regclass('copies'), (select count(*) from schema_migrations where status = 'applied') from many"), [["4000", null, "0"]]);
      mount("-o", "remount,size=42m", small);
      const second = await stopped(up(context, agreed));
      assert.match(second?.message ?? "", /0001_index\.up\.sql:1: statement 1 of 1, create index concurrently failed: .*No space left on device\. \(53100\).*The INVALID index public\.many_text that it left was dropped/);
      assert.deepEqual(await rowsOf(settings, "select count(*), to_regclass('copies'), to_regclass('many_text') from many"), [["20000", "copies", null]]);
      mount("-o", "remount,size=400m", small);
      await up(context, agreed);
      assert.deepEqual((await outcomeOf(folder, settings)).states, ["0000_copy applied", "0001_index applied"]);
      await server.query("drop database full_disk");
      await server.query("drop tablespace small");
    } finally {
      execFileSync(process.getuid?.() === 0 ? "umount" : "sudo", process.getuid?.() === 0 ? ["-l", small] : ["-n", "umount", "-l", small]);
      rmSync(small, { recursive: true, force: true });
    }
  });

  it("has another password by the time the connection is lost: nobody is told that anything was done or not", async () => {
    const network = await startNetworkServer();
    try {
      const { postgres, address } = network;
      await createArmed(postgres, "armed");
      await postgres.query("alter role app superuser");
      await arm(postgres, "armed", { every: 1000, first: 10, strike: "stall" });
      const folder = story("sql");
      const app = networkSettings(`postgresql://app:${encodedPassword}@${address}/armed`);
      const run = stopped(up(await contextOf(folder, app), agreed));
      await until("the run is at it", async () => (await postgres.query("select from pg_stat_activity where wait_event = 'PgSleep'")).length > 0);
      await postgres.query("set password_encryption = 'scram-sha-256'; alter role app password 'another'; select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
      const error = await run;
      assert.equal(error?.kind, "lost");
      assert.match(error.message, /It could not be opened again \(Connection "shop" .*password.*\), so whether 0000_init was applied is not known here\. Run "plumbline migrate status"/);
      const other = networkSettings(`postgresql://app:another@${address}/armed`);
      await up(await contextOf(folder, other), agreed);
      assert.ok((await outcomeOf(folder, other)).states.every((state) => state.endsWith(" applied")));
    } finally {
      await network.stop();
    }
  });
});
