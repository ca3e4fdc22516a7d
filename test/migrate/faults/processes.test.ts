// Guarantees 1, 2 and 4 with processes of the terminal: two at once, one that is killed, and one behind a transaction pooler.
import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { readFolder } from "../../../server/src/migrate/folders/formats";
import { up } from "../../../server/src/migrate/run/runner";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { startStandby } from "../../database/faults-server";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { bundled, plumbline, project, start, type Run } from "../../unit/terminal/plumbline";
import { latencyProxy } from "../../database/latency";
import { startPgBouncer } from "../../database/pgbouncer";
import { arm, createArmed } from "./bombs";
import { agreed, contextOf, copyOf, outcomeOf, stopped, until } from "./laboratory";
import { story, writeFolder, type Chapter, type StoryFormat } from "./story";

/** It lasts as long as the test holds a lock. */
const raise: readonly Chapter[] = [
  { name: "raise", up: "update accounts set balance = balance + 100;\nselect hold();", down: "update accounts set balance = balance - 100;" },
];

describe("processes", function () {
  this.timeout(300_000);
  let server: Postgres;
  const clients: Client[] = [];
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
    await createArmed(server, "armed");
  });
  after(async () => {
    for (const client of clients) await client.end();
    await server?.stop();
  });

  const url = (database: string, host = server.connection.host, port = 5432): string => `postgresql://postgres@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}`;
  /** A project whose folder of migrations is of that format, and its database. */
  function projectOf(format: StoryFormat, chapters: readonly Chapter[], address: string): string {
    const root = project({ "package.json": "{}" });
    const folder = join(root, "migrations");
    writeFolder(format, chapters, folder);
    writeFileSync(join(root, "plumbline.config.json"), JSON.stringify({ connections: { shop: { url: address } }, migrations: { folder: "migrations" }, backups: "never" }));
    return root;
  }
  const migrate = (root: string, ...words: readonly string[]): Promise<Run> => plumbline(["migrate", ...words, "--database", "shop", "--yes"], { cwd: root });
  async function accounts(name: string): Promise<Client> {
    const client = new Client(await server.createDatabase(name));
    clients.push(client);
    await client.connect();
    await client.query("create table accounts (balance int); insert into accounts values (100); create function hold() returns void language plpgsql as $$ begin while not pg_try_advisory_xact_lock(1) loop perform pg_sleep(0.02); end loop; end $$; select pg_advisory_lock(1)");
    return client;
  }
  const balance = async (client: Client): Promise<unknown> => (await client.query<{ balance: number }>("select balance from accounts")).rows[0]!.balance;
  /** A run that is left alone for now. */
  async function begun(root: string): Promise<{ said(): string; readonly code: Promise<number | null> }> {
    const child = await start(["migrate", "up", "--database", "shop", "--yes"], { cwd: root });
    let said = "";
    child.stderr!.on("data", (text: Buffer) => (said += text.toString()));
    return { said: () => said, code: new Promise((resolve) => child.on("close", resolve)) };
  }
  /** The session of the database that is in the middle of a statement, held up by the test. */
  const atWork = async (database: string): Promise<number | undefined> => (await server.query(`select pid from pg_stat_activity where datname = '${database}' and application_name = 'plumbline' and state = 'active' and (query ~ 'select hold[(]' or wait_event = 'PgSleep')`))[0]?.["pid"] as number | undefined;

  for (const format of ["drizzle v0", "prisma", "sql"] as const) {
    it(`${format}: two at once apply a data migration once; the second names the first, waits, and finds nothing to do`, async () => {
      const name = `two ${format}`;
      const client = await accounts(name);
      const root = projectOf(format, raise, url(name));
      const [first, second] = [await begun(root), await begun(root)];
      await until("one waits for the other", async () => first.said().includes("Waiting") || second.said().includes("Waiting"));
      await until("the first is at it", async () => (await atWork(name)) !== undefined);
      const pid = await atWork(name);
      const [winner, waiting] = first.said().includes("Waiting") ? [second, first] : [first, second];
      await client.query("select pg_advisory_unlock(1)");
      assert.deepEqual([await winner.code, await waiting.code], [0, 0], winner.said() + waiting.said());
      assert.match(waiting.said(), new RegExp(`Waiting for another run to end \\(process ${pid}, user postgres, plumbline`));
      assert.match(waiting.said(), /There was nothing to do/);
      assert.equal(await balance(client), 200);
    });
  }

  it("prisma: Prisma's own lock keeps Plumbline out, and Plumbline's run holds it", async () => {
    const client = await accounts("with prisma");
    const root = projectOf("prisma", raise, url("with prisma"));
    const [{ pid }] = (await client.query<{ pid: number }>("select pg_backend_pid() as pid, pg_advisory_lock(72707369)")).rows as [{ pid: number }];
    const run = await begun(root);
    await until("it says who holds the lock", () => Promise.resolve(run.said().includes(`Waiting for another run to end (process ${pid}, user postgres`)));
    assert.equal(await balance(client), 100);
    await client.query("select pg_advisory_unlock(72707369)");
    await until("the run is at it", async () => (await atWork("with prisma")) !== undefined);
    assert.deepEqual((await client.query("select pg_try_advisory_lock(72707369) as taken")).rows, [{ taken: false }]);
    await client.query("select pg_advisory_unlock(1)");
    assert.equal(await run.code, 0, run.said());
    assert.equal(await balance(client), 200);
  });

  it("behind a transaction pooler: refused, with how to go on", async () => {
    const client = await accounts("pooled");
    const pooler = await startPgBouncer(server, "transaction");
    try {
      // Where neither the port nor the URL tells, the sessions themselves do.
      symlinkSync(".s.PGSQL.6432", join(pooler.folder, ".s.PGSQL.5499"));
      for (const address of [url("pooled", pooler.folder, 6432), `${url("pooled", pooler.folder, 6432)}&pgbouncer=true`, url("pooled", pooler.folder, 5499)]) {
        const { code, stderr } = await migrate(projectOf("sql", raise, address), "up");
        assert.equal(code, 2);
        assert.match(stderr, /Running migrations needs a session of its own, and this address is a transaction pooler's\. Name the database's direct address, for example as directUrl/);
      }
      const known = url("pooled", pooler.folder, 6432);
      const plan = await plumbline(["migrate", "plan", "--database", `${known}&pgbouncer=true`], { cwd: projectOf("sql", raise, known) });
      assert.deepEqual([plan.code, /^stops: .*Running migrations needs a session of its own/m.test(plan.stdout)], [1, true], plan.stdout);
      // What merely looks needs no session, and leaves nothing behind in those that others are given.
      for (const address of [known, url("pooled", pooler.folder, 5499)]) {
        const verified = await plumbline(["migrate", "verify", "--database", address], { cwd: projectOf("sql", raise, address) });
        assert.deepEqual([verified.code, /read through a transaction pooler/.test(verified.stderr), /1 of 1 migrations not applied/.test(verified.stderr)], [1, true, true], verified.stderr);
      }
      const through = new Client({ host: pooler.folder, port: 6432, user: "postgres", database: "pooled" });
      await through.connect();
      assert.deepEqual((await through.query("show client_connection_check_interval").finally(() => through.end())).rows, [{ client_connection_check_interval: "0" }]);
      assert.equal(await balance(client), 100);
      assert.deepEqual((await client.query("select to_regclass('schema_migrations') as made")).rows, [{ made: null }]);
    } finally {
      await pooler.stop();
    }
  });

  it("a streaming standby: refused before anything happens; what only reads reads it", async () => {
    const settings = settingsOf(await server.createDatabase("replicated"));
    const chapters: readonly Chapter[] = ["one", "two"].map((name) => ({ name, up: `create table ${name} (id int primary key);`, down: `drop table ${name};` }));
    const root = projectOf("sql", chapters, url("replicated"));
    await up(await contextOf(readFolder(join(root, "migrations"), diskFiles(root))!, settings), { ...agreed, count: 1 });
    const standby = await startStandby(server);
    try {
      const run = (...words: readonly string[]): Promise<Run> => plumbline([...words, "--database", url("replicated", standby.folder)], { cwd: root });
      for (const words of [["up"], ["down"]]) {
        const { code, stderr } = await run("migrate", ...words, "--yes");
        assert.deepEqual([code, /standby/.test(stderr)], [2, true], stderr);
      }
      const read = {
        "migrate status": [1, /0000_one.*applied[\s\S]*0001_two.*pending/], "migrate verify": [1, /0 problems, 1 of 2 migrations not applied/],
        "migrate plan": [1, /only reads: it is a standby/], "check --format json": [0, /"tables": 2/],
      } as const;
      for (const [words, [code, said]] of Object.entries(read)) {
        const done = await run(...words.split(" "));
        assert.equal(done.code, code, done.stdout + done.stderr);
        assert.match(done.stdout + done.stderr, said);
      }
    } finally {
      await standby.stop();
    }
  });

  it("killed in the middle of statements: the locks are free again, and the next run goes on to the same end", async () => {
    const folder = story("sql");
    const done = await copyOf(server, "armed", "kill done");
    await up(await contextOf(folder, done), agreed);
    const outcome = await outcomeOf(folder, done);
    const other = new Client(server.connection);
    clients.push(other);
    await other.connect();
    for (const [first, frozen] of [[5, false], [65, false], [8, true]] as const) {
      const name = `kill ${first}`;
      const settings = await copyOf(server, "armed", name);
      await arm(server, name, { every: 1000, first, strike: "stall" });
      const proxy = await latencyProxy(server.connection.host);
      try {
        const root = project({ "package.json": "{}" });
        const address = `postgresql://postgres@127.0.0.1:${proxy.port}/${encodeURIComponent(name)}?sslmode=disable`;
        const child = await start(["migrate", "up", "--folder", folder.folder, "--database", address, "--yes"], { cwd: root });
        const ended = new Promise((resolve) => child.on("close", resolve));
        await until(`step ${first} is reached`, async () => (await atWork(name)) !== undefined);
        const pid = (await atWork(name))!;
        // What any other session could not have meanwhile: the runner's lock, and those of its transaction.
        const held = async (): Promise<string> => (await other.query<{ held: string }>(`select count(*) as held from pg_locks where pid = ${pid} and (locktype = 'advisory' or mode = 'AccessExclusiveLock')`)).rows[0]!.held;
        assert.notEqual(await held(), "0");
        if (frozen) proxy.freeze();
        child.kill("SIGKILL");
        await ended;
        if (frozen) {
          // The server cannot know that nobody is there any more: the next run says who holds the lock, and does nothing.
          const error = await stopped(up(await contextOf(folder, settings), { ...agreed, runnerPatience: 0 }));
          assert.equal(error?.kind, "locked");
          assert.match(error.message, new RegExp(`process ${pid}, user postgres`));
          proxy.breakAll();
        }
        // The statement itself would go on for ten minutes.
        await until("the server notices, and frees the locks", async () => (await held()) === "0");
      } finally {
        proxy.breakAll();
        await proxy.close();
      }
      await up(await contextOf(folder, settings), agreed);
      const { record, ...rest } = await outcomeOf(folder, settings);
      // What was done by the process is recorded under its user.
      assert.deepEqual({ ...rest, record: record.map((row) => row.replace(/"applied_by": "[^"]*"/, '"applied_by": "test"')) }, outcome);
    }
  });
});
