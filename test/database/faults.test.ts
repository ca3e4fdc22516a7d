// What goes wrong between Plumbline and a database, made to go wrong for real: each fault has its kind and a sentence that
// names the connection and what to do, holds no secret, and leaves something that works again afterwards.
import assert from "node:assert/strict";
import { createServer, connect as dial, type AddressInfo, type Server, type Socket } from "node:net";
import { Client } from "pg";
import { connect, type Connection } from "../../server/src/databases/connections/connect";
import { disconnect } from "../../server/src/databases/connections/disconnect";
import { databaseError } from "../../server/src/databases/connections/errors";
import type { DatabaseError } from "../../server/src/databases/database";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { encodedPassword, failure, password, settings, startNetworkServer, startSleepingServer, type NetworkServer } from "./faults-server";

/** A way to the server that can be shut, and opened again at the same port. "silent" takes connections and says nothing. */
interface Gate {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
  silent(): void;
  speaking(): void;
}

async function gate(address: string): Promise<Gate> {
  const sockets = new Set<Socket>();
  let quiet = false;
  let port = 0;
  let server: Server;
  const open = (): Promise<void> => new Promise((resolve) => {
    server = createServer((client) => {
      const upstream = dial(5432, address);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => (sockets.delete(socket), client.destroy(), upstream.destroy()));
      }
      client.on("data", (bytes) => quiet || upstream.write(bytes));
      upstream.on("data", (bytes) => quiet || client.write(bytes));
    }).listen(port, "127.0.0.1", () => {
      port = (server.address() as AddressInfo).port;
      resolve();
    });
  });
  await open();
  return {
    port, open,
    shut: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
    silent: () => void (quiet = true),
    speaking: () => void (quiet = false),
  };
}

describe("faults of a connection", () => {
  let server: NetworkServer;
  let admin: Client;
  const url = (user: string, more = "", host = server.address): string => `postgresql://${user}:${encodedPassword}@${host}/shop?sslmode=disable&connect_timeout=60${more}`;

  before(async () => {
    server = await startNetworkServer();
    admin = new Client({ host: server.postgres.connection.host, user: "postgres", database: "shop" });
    await admin.connect();
    await admin.query("create schema private; create table private.secrets (id int); create table open_to_all (id int); grant select on open_to_all to app");
  });
  after(async () => {
    await admin?.end();
    await server?.stop();
  });

  /** The message is one for people: it begins with the connection, is made of full sentences, and holds no secret. */
  function assertReadable(error: DatabaseError, kind: DatabaseError["kind"], message: RegExp): void {
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    assert.match(error.message, /^Connection "shop" \([^)]*\): [^.]+.*[.!]$/s);
    for (const secret of [password, encodedPassword, "s3cr3t"]) assert.ok(!`${error.message}${error.stack}${JSON.stringify(error)}`.includes(secret));
  }

  const refusals: readonly (readonly [name: string, address: () => string, kind: DatabaseError["kind"], message: RegExp])[] = [
    ["a server that is down", () => url("app", "&port=1"), "unreachable", /no server answers at 127.*, port 1\. Check that the server runs and that the address \(from the test\) is right/],
    ["no socket", () => url("app", "&host=/nowhere"), "unreachable", /no server's socket at \/nowhere\/\.s\.PGSQL\.5432/],
    ["a host name that does not exist", () => url("app", "", "db.nowhere.invalid"), "unreachable", /host name of db\.nowhere\.invalid, port 5432 cannot be resolved/],
    ["several hosts that are down", () => url("app", "", "127.0.0.1:1,127.0.0.1:2"), "unreachable", /no server answers at any of 127\.0\.0\.1, port 1, 127\.0\.0\.1, port 2/],
    ["a wrong password", () => `postgresql://app:s3cr3t-wrong@${server.address}/shop`, "refused password", /refused the password of "app"\. Check the one of the test/],
    ["no password, of a SCRAM user", () => `postgresql://app@${server.address}/shop`, "refused password", /asks for the password of "app", and none is given\. Enter it/],
    ["no password, of an MD5 user", () => `postgresql://with_md5@${server.address}/shop`, "refused password", /password of "with_md5"/],
    ["no password, of a user who sends it plain", () => `postgresql://with_cleartext@${server.address}/shop`, "refused password", /password of "with_cleartext"/],
    ["a user that pg_hba.conf rejects", () => url("outsider").replace("disable", "prefer"), "permission", /lets user "outsider" not in from here: .*pg_hba\.conf/],
    ["a user who may not log in", () => "postgresql://pg_monitor@/shop?host=$S", "permission", /pg_monitor/],
    ["a user that does not exist", () => "postgresql://nobody_here@/shop?host=$S", "permission", /there is no user "nobody_here"/],
    ["a database that does not exist", () => url("app").replace("/shop?", "/shoop?"), "no such database", /there is no database "shoop" on that server/],
    ["a user with no connection left", () => url("few"), "too many connections", /no connection left.*too many connections for role "few"/],
    ["something else at the port", () => `${url("app", "&port=$E").replace(server.address, "127.0.0.1")}&sslmode=require`, "tls", /speaks no PostgreSQL/],
  ];
  for (const [name, address, kind, message] of refusals) {
    it(`${name}: ${kind}`, async () => {
      const echo = createServer((socket) => void socket.on("error", () => undefined).write("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
      await new Promise((resolve) => echo.once("listening", resolve));
      const text = address().replace("$S", server.postgres.connection.host).replace("$E", String((echo.address() as AddressInfo).port));
      const error = await failure(connect(settings(text)));
      echo.close();
      assertReadable(error, kind, message);
    });
  }

  it("too many connections for the server", async () => {
    const held: Connection[] = [];
    let error: unknown;
    while (error === undefined && held.length < 200) {
      await connect(settings(url("app"))).then((connection) => held.push(connection), (reason: unknown) => (error = reason));
    }
    assertReadable(error as DatabaseError, "too many connections", /no connection left\. Close some, raise max_connections, or go through a pooler/);
    await Promise.all(held.map(disconnect));
  });

  /** Until the statement of that session, or of any, runs: what is cancelled before that goes on. */
  async function running(pid?: number): Promise<void> {
    while ((await admin.query("select from pg_stat_activity where pid = coalesce($1, pid) and pid <> pg_backend_pid() and state = 'active' and query like '%pg_sleep%'", [pid])).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  describe("while a statement runs", () => {
    /** The error of `sql` over a connection of its own, while `meanwhile` happens to its session. */
    async function errorOf(sql: string, meanwhile: (pid: number) => Promise<unknown> = async () => undefined): Promise<DatabaseError> {
      const connection = await connect(settings(url("app")));
      const pid = (connection.client as unknown as { processID: number }).processID;
      const result = connection.client.query(sql).then(() => undefined, (reason: unknown) => databaseError(reason, connection.settings));
      await meanwhile(pid);
      const error = await result;
      await disconnect(connection);
      assert.ok(error, "no error");
      return error;
    }

    it("cancelled by an administrator", async () => {
      assertReadable(await errorOf("select pg_sleep(60)", async (pid) => (await running(pid), admin.query("select pg_cancel_backend($1)", [pid]))), "cancelled", /the statement was cancelled on the server/);
    });

    it("its session ended by an administrator", async () => {
      assertReadable(await errorOf("select pg_sleep(60)", async (pid) => (await running(pid), admin.query("select pg_terminate_backend($1)", [pid]))), "lost", /the server ended the connection.*refresh to connect again/);
    });

    it("the statement's timeout", async () => {
      assertReadable(await errorOf("set statement_timeout = 100; select pg_sleep(60)"), "timeout", /took too long \(statement_timeout\)/);
    });

    it("the lock's timeout", async () => {
      await admin.query("begin; lock open_to_all");
      try {
        assertReadable(await errorOf("set lock_timeout = 100; select * from open_to_all"), "timeout", /a lock was not granted in time/);
      } finally {
        await admin.query("rollback");
      }
    });

    it("no permission on a schema", async () => {
      assertReadable(await errorOf("select * from private.secrets"), "permission", /user "app" may not read .*permission denied for schema private.*GRANT USAGE ON SCHEMA/);
    });

    it("a server that quotes a secret", async () => {
      const error = await errorOf(`select 'postgresql://app:${encodedPassword}@h/d password=${password.replaceAll(" ", "")}'::int`);
      assert.equal(error.kind, "failed");
      assert.doesNotMatch(error.message, /s3cr3t/);
    });
  });

  it("dropped in the middle of a reading, and read again", async () => {
    const way = await gate(server.address);
    const database = await openPostgres(settings(`postgresql://app:${encodedPassword}@127.0.0.1:${way.port}/shop?sslmode=disable`));
    const before = await database.stamp();
    const reading = failure(database.query("select pg_sleep(60)"));
    await running();
    await way.shut();
    const error = await reading;
    assert.ok(error.kind === "lost" || error.kind === "unreachable", error.message);
    assertReadable(error, error.kind, /was lost|no server answers/);
    // For long: every attempt says so at once, and the first one after the return works.
    for (let attempt = 0; attempt < 3; attempt++) assertReadable(await failure(database.read()), "unreachable", /no server answers/);
    await way.open();
    assert.equal(await database.stamp(), before);
    await database.close();
    await way.shut();
  });

  it("a connection that was lost while nobody used it ends no process, and says why", async () => {
    const connection = await connect(settings(url("app")));
    const ended = new Promise((resolve) => connection.client.once("end", resolve));
    await admin.query("select pg_terminate_backend($1)", [(connection.client as unknown as { processID: number }).processID]);
    await ended;
    assertReadable(connection.lost()!, "lost", /the server ended the connection/);
  });

  it("a server that takes the connection and says nothing: a timeout", async () => {
    const way = await gate(server.address);
    way.silent();
    const error = await failure(connect(settings(`postgresql://app@127.0.0.1:${way.port}/shop?connect_timeout=2`)));
    assertReadable(error, "timeout", /127\.0\.0\.1, port \d+ did not answer in time.*connect_timeout/);
    await way.shut();
  });

  it("a network that goes silent does not hold the end up", async () => {
    const way = await gate(server.address);
    const connection = await connect(settings(`postgresql://app:${encodedPassword}@127.0.0.1:${way.port}/shop?sslmode=disable`));
    way.silent();
    await disconnect(connection);
    await way.shut();
  });

  describe("a server that is waking up", () => {
    const address = (port: number): string => `postgresql://app:${encodedPassword}@127.0.0.1:${port}/shop?sslmode=disable&connect_timeout=2`;

    it("refusing at first: tried again, with progress, until it answers", async () => {
      const way = await gate(server.address);
      await way.shut();
      const progress: string[] = [];
      const connection = await connect(settings(address(way.port)), {
        patience: 20_000,
        onProgress: (message) => {
          progress.push(message);
          if (progress.length === 3) void way.open();
        },
      });
      assert.deepEqual(progress.slice(0, 3), [2, 3, 4].map((attempt) => `waiting for the server of "shop" (127.0.0.1:${way.port}/shop) to start, attempt ${attempt}`));
      await disconnect(connection);
      await way.shut();
    });

    it("silent at first: tried again", async () => {
      const way = await gate(server.address);
      way.silent();
      const connection = await connect(settings(address(way.port)), { patience: 20_000, onProgress: () => way.speaking() });
      await disconnect(connection);
      await way.shut();
    });

    it("letting nobody in at first: tried again without being told to, until it lets in", async () => {
      const sleeping = await startSleepingServer();
      try {
        const address = settings(`postgresql://postgres@/postgres?host=${sleeping.folder}`);
        assertReadable(await failure(connect(address, { patience: 0 })), "starting", /not ready for connections yet\. It is starting, stopping or recovering/);
        const progress: string[] = [];
        const connection = await connect(address, {
          onProgress: (message) => {
            progress.push(message);
            if (progress.length === 2) sleeping.wake();
          },
        });
        assert.ok(progress.length >= 2);
        await disconnect(connection);
      } finally {
        await sleeping.stop();
      }
    });

    it("not for ever", async () => {
      const error = await failure(connect(settings(address(1)), { patience: 600 }));
      assertReadable(error, "unreachable", /no server answers/);
    });

    it("until it is cancelled", async () => {
      const stop = new AbortController();
      const error = await failure(connect(settings(address(1)), { patience: 60_000, signal: stop.signal, onProgress: () => stop.abort() }));
      assertReadable(error, "cancelled", /connecting was cancelled/);
      assertReadable(await failure(connect(settings(url("app")), { signal: AbortSignal.abort() })), "cancelled", /connecting was cancelled/);
      const way = await gate(server.address);
      way.silent();
      const hanging = new AbortController();
      setTimeout(() => hanging.abort(), 200);
      assertReadable(await failure(connect(settings(address(way.port)), { signal: hanging.signal })), "cancelled", /connecting was cancelled/);
      await way.shut();
    });

    it("a wrong password is not tried twice", async () => {
      const progress: string[] = [];
      await failure(connect(settings(`postgresql://app:wrong@${server.address}/shop`), { patience: 20_000, onProgress: (message) => progress.push(message) }));
      assert.deepEqual(progress, []);
    });
  });
});
