// Starts a real PostgreSQL of its own for tests: a cluster in a temporary folder, reached through a Unix socket there,
// gone afterwards. It never touches a cluster of the machine. As root it needs the user that Debian's package makes.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { Client } from "pg";

export interface Postgres {
  /** Options for `new Client(…)`; the user may do anything. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string };
  /** Major version, such as 15. */
  readonly version: number;
  /** Runs SQL of several statements; gives the rows of the last one. After the server went down and came back by itself, over a new connection. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** A new empty database of that name; gives its connection options. */
  createDatabase(name: string): Promise<Postgres["connection"]>;
  /** Ends the server as `pg_ctl stop` does in that mode, and starts it again. */
  restart(mode: "fast" | "immediate"): Promise<void>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a server from the folder of its binaries, by default the first of PLUMBLINE_POSTGRES, else Debian's newest, with further settings ("ssl=on") where given;
 * rejects with what is missing where there is none. Takes about two seconds.
 */
export async function startPostgres(bin: string = process.env["PLUMBLINE_POSTGRES"]?.split(delimiter)[0] || debianBinaries(), further: readonly string[] = []): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-postgres-"));
  const owner = unprivilegedOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const run = { ...owner, cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" } };
  execFileSync(join(bin, "initdb"), ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync"], { ...run, stdio: ["ignore", "ignore", "pipe"] });
  // Nothing here must outlive a crash, so nothing is written through to the disk.
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "autovacuum=off", ...further];
  let log = "";
  const launch = (): ChildProcess => {
    const process = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], { ...run, stdio: ["ignore", "ignore", "pipe"] });
    process.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000)));
    exited = new Promise<void>((resolve) => process.once("exit", () => resolve()));
    return process;
  };
  let exited: Promise<void>;
  let server = launch();
  const onExit = () => server.kill("SIGQUIT");
  process.once("exit", onExit);

  const connection = { host: folder, user: "postgres", database: "postgres" };
  async function stop(): Promise<void> {
    process.removeListener("exit", onExit);
    await client?.end().catch(() => undefined);
    server.kill("SIGINT");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
  let client = await connected(connection, () => server.exitCode !== null).catch(async (error: unknown) => {
    await stopServer();
    throw new Error(`PostgreSQL did not start: ${String(error)}\n${log}`);
  });
  async function stopServer(): Promise<void> {
    process.removeListener("exit", onExit);
    server.kill("SIGQUIT");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
  let before: Promise<unknown> = Promise.resolve();
  const open = async (): Promise<Client> => (client = isOpen(client) ? client : await connected(connection, () => server.exitCode !== null));
  const query = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const asked = before.then(open).then((one) => one.query(sql));
    before = asked.catch(() => undefined);
    const answer: unknown = await asked;
    const last = (Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Record<string, unknown>[] };
    return last.rows;
  };
  return {
    connection,
    version: Math.floor(Number((await query("show server_version_num"))[0]!["server_version_num"]) / 10_000),
    query,
    async createDatabase(name) {
      await query(`create database "${name.replaceAll('"', '""')}"`);
      return { ...connection, database: name };
    },
    async restart(mode) {
      await client.end();
      server.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
      await exited;
      server = launch();
      client = await connected(connection, () => server.exitCode !== null);
    },
    stop,
  };
}

/** Has the server read its files of settings again (postgresql.conf, pg_hba.conf, those of TLS); resolves once new sessions go by them. */
export async function reloadConfiguration(server: Postgres): Promise<void> {
  // A session begins with the time that the postmaster has, which sets it before it has reloaded all and forks none meanwhile.
  const loaded = async (): Promise<string> => {
    const client = new Client(server.connection);
    await client.connect();
    return (await client.query<{ at: string }>("select extract(epoch from pg_conf_load_time())::text as at").finally(() => client.end())).rows[0]!.at;
  };
  const before = await loaded();
  await server.query("select pg_reload_conf()");
  while ((await loaded()) === before) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The folder of the newest installed server, /usr/lib/postgresql/15/bin. */
export function debianBinaries(): string {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? readdirSync(base).filter((name) => existsSync(join(base, name, "bin/initdb"))).sort((a, b) => Number(b) - Number(a)) : [];
  if (versions.length === 0) throw new Error(`no PostgreSQL server under ${base}: apt-get install postgresql`);
  return join(base, versions[0]!, "bin");
}

/** Major version of those binaries, such as 15: what their pg_dump dumps is of no later one. */
export function debianVersion(): number {
  return Number(basename(dirname(debianBinaries())));
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes. */
export function unprivilegedOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

const lost = new WeakSet<Client>();

function isOpen(client: Client): boolean {
  return !lost.has(client);
}

/** Tries for up to two minutes. */
async function connected(connection: Postgres["connection"], isGone: () => boolean): Promise<Client> {
  for (let attempt = 0; ; attempt++) {
    const client = new Client(connection);
    try {
      await client.connect();
      // A backend that is killed takes all connections with it.
      return client.on("error", () => void lost.add(client));
    } catch (error) {
      if (isGone() || attempt >= 1200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
