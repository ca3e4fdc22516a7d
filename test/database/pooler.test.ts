// Through PgBouncer: a transaction pooler is recognised by what it does, everything that is read in one transaction works
// through it, and what needs a session says so and names the direct address.
import assert from "node:assert/strict";
import { connect, type Connection } from "../../server/src/databases/connections/connect";
import { disconnect } from "../../server/src/databases/connections/disconnect";
import { directSettings, isDirect, needsSession, sharesSessions } from "../../server/src/databases/connections/pooler";
import type { ConnectionSettings } from "../../server/src/databases/connections/settings";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { settings } from "./faults-server";
import { startPgBouncer, type PgBouncer } from "./pgbouncer";

describe("poolers", () => {
  let postgres: Postgres;
  const poolers: Record<string, PgBouncer> = {};
  before(async () => {
    postgres = await startPostgres();
    await postgres.query("create table orders (id int primary key)");
    for (const mode of ["transaction", "session"] as const) poolers[mode] = await startPgBouncer(postgres, mode);
  });
  after(async () => {
    for (const pooler of Object.values(poolers)) await pooler.stop();
    await postgres?.stop();
  });

  const through = (mode: string, more = ""): ConnectionSettings => settings(`postgresql://postgres@/postgres?host=${poolers[mode]!.folder}&port=6432${more}`);
  const straight = (): ConnectionSettings => settings(`postgresql://postgres@/postgres?host=${postgres.connection.host}`);
  /** As if nothing in the address told that it is a pooler's. */
  const unmarked = (mode: string): ConnectionSettings => ({ ...through(mode), transactionPooler: false });

  async function closing<Result>(connection: Connection, work: (connection: Connection) => Promise<Result>): Promise<Result> {
    try {
      return await work(connection);
    } finally {
      await disconnect(connection);
    }
  }

  it("PgBouncer refuses the session's defaults; the connection comes about without them", async () => {
    await closing(await connect(unmarked("transaction")), async ({ client, proxied }) => {
      assert.equal(proxied, true);
      assert.deepEqual((await client.query("select 1 as one")).rows, [{ one: 1 }]);
    });
    await closing(await connect(straight()), async ({ proxied }) => assert.equal(proxied, false));
  });

  it("what pools transactions is told from what pools sessions, and from no pooler", async () => {
    for (const [address, shares] of [[unmarked("transaction"), true], [unmarked("session"), false], [straight(), false]] as const) {
      await closing(await connect(address), async (connection) => assert.equal(await sharesSessions(connection, () => connect(address)), shares));
    }
  });

  it("the server's own process answers a direct connection, and not one through a pooler", async () => {
    for (const [address, direct] of [[unmarked("session"), false], [straight(), true]] as const) {
      await closing(await connect(address), async (connection) => {
        const { rows } = await connection.client.query<{ pid: number }>("select pg_backend_pid() as pid");
        assert.equal(isDirect(connection, rows[0]!.pid), direct);
      });
    }
  });

  it("a database is read through it, again and again", async () => {
    const database = await openPostgres(through("transaction"));
    for (let time = 0; time < 3; time++) {
      const { model, server } = await database.read();
      assert.deepEqual(model.tables.map(({ name }) => name.name), ["orders"]);
      assert.equal(server.transactionPooler, true);
    }
    assert.deepEqual(await database.query("select $1::int + 1", [1]), [[2]]);
    await database.close();
  });

  it("nothing of a reading stays behind in the pooler's sessions", async () => {
    await closing(await connect(unmarked("transaction")), async ({ client }) => {
      const { rows } = await client.query("select current_setting('default_transaction_read_only') as read_only, current_setting('statement_timeout') as timeout");
      assert.deepEqual(rows, [{ read_only: "off", timeout: "0" }]);
    });
  });

  it("the server behind it is down", async () => {
    const alone = await startPostgres();
    const pooler = await startPgBouncer(alone, "transaction");
    await alone.stop();
    try {
      const address = settings(`postgresql://postgres@/postgres?host=${pooler.folder}&port=6432&connect_timeout=2`);
      const error = await connect(address, { patience: 0 }).then(() => undefined, (reason: { kind?: string; message: string }) => reason);
      assert.ok(error && ["lost", "timeout", "unreachable", "starting"].includes(error.kind!), `${error?.kind} ${error?.message}`);
      assert.match(error.message, /^Connection "shop" \(localhost:6432\/postgres\): /);
    } finally {
      await pooler.stop();
    }
  });

  describe("addresses", () => {
    const cases: readonly (readonly [url: string, pooler: boolean, direct?: string])[] = [
      ["postgresql://u@ep-cool-1-pooler.eu-central-1.aws.neon.tech/d", true, "ep-cool-1.eu-central-1.aws.neon.tech:5432"],
      ["postgresql://u@ep-cool-1.eu-central-1.aws.neon.tech/d", false],
      ["postgresql://u.ref@aws-0-eu-central-1.pooler.supabase.com:6543/d", true, "aws-0-eu-central-1.pooler.supabase.com:5432"],
      ["postgresql://u.ref@aws-0-eu-central-1.pooler.supabase.com:5432/d", false],
      ["postgresql://u@db.example.com:6543/d?pgbouncer=true&connection_limit=1", true],
      ["postgresql://u@db.example.com/d?pgbouncer=true", true],
      ["postgresql://u@db.example.com:6432/d", true],
      ["postgresql://u@db.example.com/d?pgbouncer=false", false],
    ];
    for (const [url, pooler, direct] of cases) {
      it(`${url}: ${pooler ? `a transaction pooler's${direct === undefined ? "" : `, directly ${direct}`}` : "no transaction pooler's"}`, () => {
        const address = settings(url);
        assert.equal(address.transactionPooler, pooler);
        assert.equal(directSettings(address)?.hosts.map(({ host, port }) => `${host}:${port}`).join(","), direct);
      });
    }

    it("what needs a session says so, with the direct address where it is known", () => {
      const neon = settings("postgresql://u:s3cr3t@ep-cool-1-pooler.eu.neon.tech/d");
      assert.match(needsSession(neon, "An advisory lock").message, /^Connection "shop" \(ep-cool-1-pooler\.eu\.neon\.tech\/d\): An advisory lock needs a session of its own, and this address is a transaction pooler's\. Use the direct address, ep-cool-1\.eu\.neon\.tech:5432\.$/);
      const configured = { ...neon, direct: { ...straight(), origin: { description: "DIRECT_URL from .env" } } };
      assert.match(needsSession(configured, "Migrating").message, /Use the direct address, .*:5432 \(DIRECT_URL from \.env\)\.$/);
      assert.match(needsSession(settings("postgresql://u:s3cr3t@h/d?pgbouncer=true"), "Migrating").message, /Name the database's direct address, for example as directUrl/);
      assert.doesNotMatch(needsSession(neon, "x").message, /s3cr3t/);
    });
  });
});
