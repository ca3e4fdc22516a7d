// pg_dump and pg_restore as installed on this machine: where they are, which version they have, and how they are told of a
// connection without a word of it on the command line, which every user of the machine can read.
// https://www.postgresql.org/docs/current/libpq-envars.html
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { ConnectionSettings, Host } from "../databases/connections/settings";

export interface Program {
  /** Absolute path. */
  readonly path: string;
  readonly major: number;
  /** "pg_dump 15.18". */
  readonly title: string;
}

/** Those that are installed, in the order of PATH first; each folder once. Never rejects. */
export async function installedPrograms(name: "pg_dump" | "pg_restore", folders: readonly string[] = usualFolders()): Promise<readonly Program[]> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const paths = [...new Set(folders)].map((folder) => join(folder, file)).filter((path) => existsSync(path));
  const found = await Promise.all(paths.map(async (path): Promise<readonly Program[]> => {
    const text = await output(path, ["--version"]);
    const version = /\(PostgreSQL\) (\d+)(\.\d+)?/.exec(text);
    return version ? [{ path, major: Number(version[1]), title: `${name} ${version[1]}${version[2] ?? ""}` }] : [];
  }));
  return found.flat();
}

/** Of the server's version, else the oldest that is newer; undefined: none can dump that server. */
export function fitting(programs: readonly Program[], major: number): Program | undefined {
  return programs.filter((one) => one.major >= major).sort((a, b) => a.major - b.major)[0];
}

/** PATH, and where packages of PostgreSQL put their programs. */
function usualFolders(): readonly string[] {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const versions = (base: string): readonly string[] => (existsSync(base) ? readdirSync(base).map((version) => join(base, version, "bin")) : []);
  return process.platform === "win32" ? [...path, ...versions("C:\\Program Files\\PostgreSQL")] : [...path, ...versions("/usr/lib/postgresql"), ...versions("/Applications/Postgres.app/Contents/Versions"), "/opt/homebrew/opt/libpq/bin", "/usr/local/opt/libpq/bin"];
}

function output(path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => execFile(path, [...args], { timeout: 10_000 }, (error, stdout) => resolve(error ? "" : stdout)));
}

/** The environment for a program of libpq, to reach the database at `host`; undefined where libpq cannot be told all (a certificate that is no file of PEM). */
export function libpqEnvironment(settings: ConnectionSettings, host: Host): NodeJS.ProcessEnv | undefined {
  const { tls } = settings;
  if (tls.rootCertificateText !== undefined || tls.identity !== undefined || tls.keyPassword !== undefined) return undefined;
  const file = (path: string | undefined): string | undefined => path?.replace(/^~(?=\/)/, homedir());
  const own: Record<string, string | undefined> = {
    PGHOST: host.host, PGHOSTADDR: host.address, PGPORT: String(host.port), PGDATABASE: settings.database, PGUSER: settings.user,
    PGPASSWORD: settings.password?.reveal(), PGPASSFILE: file(settings.passwordFile) ?? process.env["PGPASSFILE"], PGOPTIONS: settings.options,
    PGSSLMODE: tls.mode, PGSSLROOTCERT: file(tls.rootCertificate), PGSSLCERT: file(tls.certificate), PGSSLKEY: file(tls.key), PGSSLCRL: file(tls.revocationList),
    PGSSLNEGOTIATION: tls.negotiation === "postgres" ? undefined : tls.negotiation, PGCHANNELBINDING: tls.channelBinding,
    PGCONNECT_TIMEOUT: String(Math.ceil(settings.connectTimeout / 1000)), PGCLIENTENCODING: "UTF8", PGAPPNAME: "plumbline", LC_MESSAGES: "C", LANGUAGE: "C",
  };
  // What the user's shell says of another database must not be mixed in.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PG")));
  return { ...inherited, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}
