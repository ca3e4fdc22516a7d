// A PostgreSQL that is reached over TCP, with passwords, TLS and rules of its own about who may enter: what the socket of
// the other tests' server has none of. It listens at an address of its own in 127/8, so that the port may stay 5432.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsFromUrl, type ConnectionSettings } from "../../server/src/databases/connections/settings";
import { DatabaseError } from "../../server/src/databases/database";
import { debianBinaries, reloadConfiguration, startPostgres, unprivilegedOwner, type Postgres } from "../oracles/postgres";

export interface NetworkServer {
  /** 127.x.y.z; the port is 5432. */
  readonly address: string;
  /** With `query` as the superuser over the socket. */
  readonly postgres: Postgres;
  readonly certificates: Certificates;
  /** Other settings from now on, without a restart: `configure("ssl = off")`. */
  configure(...settings: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The only password of its users; no output may hold it. */
export const password = "s3cr3t p@ss/word%25";

/** Lines of pg_hba.conf behind the superuser's, who enters by the socket. */
const rules = [
  "hostnossl all ssl_only 127.0.0.0/8 reject",
  "hostssl all ssl_only 127.0.0.0/8 scram-sha-256",
  "hostssl all plain_only 127.0.0.0/8 reject",
  "hostnossl all plain_only 127.0.0.0/8 scram-sha-256",
  "hostssl all with_certificate 127.0.0.0/8 cert",
  "host all outsider 127.0.0.0/8 reject",
  "host all with_md5 127.0.0.0/8 md5",
  "host all with_cleartext 127.0.0.0/8 password",
  "host all all 127.0.0.0/8 scram-sha-256",
];

/** Certificates are for db.example.com and the server's address. */
export async function startNetworkServer(): Promise<NetworkServer> {
  const address = `127.${20 + (process.pid % 200)}.${1 + Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`;
  const certificates = makeCertificates(address);
  const postgres = await startPostgres(undefined, [`listen_addresses=${address}`, `ssl_cert_file=${certificates.server.certificate}`, `ssl_key_file=${certificates.server.key}`, `ssl_ca_file=${certificates.authority}`]);
  const data = join(postgres.connection.host, "data");
  certificates.giveTo(data);
  writeFileSync(join(data, "pg_hba.conf"), ["local all all trust", ...rules, ""].join("\n"));
  const configure = async (...settings: readonly string[]): Promise<void> => {
    for (const setting of settings) await postgres.query(`alter system set ${setting}`);
    await reloadConfiguration(postgres);
  };
  for (const name of ["app", "ssl_only", "plain_only", "outsider", "odd user@x", "with_cleartext", "with_certificate", "few"]) {
    await postgres.query(`create role "${name}" login password '${password}'`);
  }
  await postgres.query(`set password_encryption = md5; create role with_md5 login password '${password}'`);
  await postgres.query("alter role few connection limit 0");
  await postgres.query("create database shop");
  await configure("ssl = on");
  return {
    address, postgres, certificates, configure,
    async stop() {
      await postgres.stop();
      rmSync(certificates.folder, { recursive: true, force: true });
    },
  };
}

/** A server that is up and lets nobody in yet (57P03), until `wake`: a standby without hot_standby, promoted then. */
export async function startSleepingServer(): Promise<{ readonly folder: string; wake(): void; stop(): Promise<void> }> {
  const server = await startOther((data, run) => {
    execFileSync(join(debianBinaries(), "initdb"), ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"], run);
    writeFileSync(join(data, "standby.signal"), "");
  }, ["hot_standby=off"], "standby");
  return { ...server, wake: () => (writeFileSync(join(server.folder, "data", "promote"), ""), server.signal("SIGUSR1")) };
}

/** A streaming replica of `primary` as it is now, under the same user; its socket lies in `folder`. */
export function startStandby(primary: Postgres): Promise<{ readonly folder: string; stop(): Promise<void> }> {
  return startOther((data, run) => {
    execFileSync(join(debianBinaries(), "pg_basebackup"), ["--pgdata", data, "--host", primary.connection.host, "--username", primary.connection.user, "--checkpoint", "fast", "--write-recovery-conf", "--no-sync"], run);
  }, ["shared_buffers=32MB"], "ready");
}

/** Another server, whose data folder `make` makes; awaited until its state is that word. */
async function startOther(make: (data: string, run: object) => void, further: readonly string[], state: string) {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-other-"));
  const owner = unprivilegedOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const run = { ...owner, cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" } };
  make(data, { ...run, stdio: ["ignore", "ignore", "pipe"] });
  const server = spawn(join(debianBinaries(), "postgres"), ["-D", data, ...["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off", ...further].flatMap((setting) => ["-c", setting])], { ...run, stdio: "ignore" });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  process.once("exit", () => server.kill("SIGQUIT"));
  // The last line of postmaster.pid says how far the server is.
  const pid = join(data, "postmaster.pid");
  while (!(existsSync(pid) && readFileSync(pid, "utf8").includes(state)) && server.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    folder,
    signal: (name: NodeJS.Signals) => void server.kill(name),
    async stop() {
      server.kill("SIGQUIT");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Certificates {
  readonly folder: string;
  /** Root certificate of the one that signed the server's. */
  readonly authority: string;
  /** Another root certificate. */
  readonly stranger: string;
  readonly server: { readonly certificate: string; readonly key: string };
  /** Of the user `with_certificate`. */
  readonly client: { readonly certificate: string; readonly key: string };
  /** Lets the owner of that folder read the server's key. */
  giveTo(folder: string): void;
}

function makeCertificates(address: string): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-certificates-"));
  chmodSync(folder, 0o755);
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  for (const name of ["authority", "stranger"]) openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name} of tests`, "-keyout", `${name}.key`, "-out", `${name}.crt`);
  const sign = (name: string, subject: string, names: string): void => {
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${subject}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    writeFileSync(path(`${name}.ext`), `subjectAltName=${names}\n`);
    openssl("x509", "-req", "-in", `${name}.csr`, "-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.crt`);
  };
  sign("server", "db.example.com", `DNS:db.example.com,IP:${address}`);
  sign("client", "with_certificate", "DNS:client");
  mkdirSync(path("home"), { recursive: true });
  chmodSync(path("client.key"), 0o600);
  chmodSync(path("server.key"), 0o600);
  // As root the server runs under another user, who must own its key before it starts.
  if (process.getuid?.() === 0) chownSync(path("server.key"), Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" })), 0);
  return {
    folder, authority: path("authority.crt"), stranger: path("stranger.crt"),
    server: { certificate: path("server.crt"), key: path("server.key") },
    client: { certificate: path("client.crt"), key: path("client.key") },
    giveTo(data) {
      const { uid, gid } = statSync(data);
      if (process.getuid?.() === 0) chownSync(path("server.key"), uid, gid);
    },
  };
}

export const encodedPassword = encodeURIComponent(password);

/** Settings of a URL under the name "shop"; nothing of this machine's environment counts. */
export function settings(url: string, environment: Readonly<Record<string, string>> = {}): ConnectionSettings {
  return settingsFromUrl(url, "shop", { environment, origin: { description: "the test" } });
}

/** What psql does with a connection string: the answer to `sql`, or what it says. */
export function psql(url: string, sql: string, environment: Readonly<Record<string, string>> = {}): { readonly answer?: string; readonly error: string } {
  const { status, stdout, stderr } = spawnSync("psql", ["-X", "-A", "-t", "-c", sql, url], {
    encoding: "utf8", timeout: 120_000, env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", HOME: "/nonexistent", PGCONNECT_TIMEOUT: "20", ...environment },
  });
  return status === 0 ? { answer: stdout.trim(), error: "" } : { error: stderr };
}

/** The error of a promise that must reject with one. */
export async function failure(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof DatabaseError)) throw new Error(`no DatabaseError: ${String(error)}`);
  return error;
}
