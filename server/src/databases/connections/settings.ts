// What is needed to open one connection, as plain data, and how it follows from a connection string: parts that the
// string leaves open come from its service, libpq's environment variables and defaults. No other file is read here.
// https://www.postgresql.org/docs/current/libpq-connect.html
import { userInfo } from "node:os";
import { DatabaseError } from "../database";
import { parametersFrom, type Parameters } from "./connection-string";
import { Secret } from "./secret";
import { serverRoles, type ServerRole } from "./server-role";
import { serviceParameters } from "./service-file";

export type Environment = Readonly<Record<string, string | undefined>>;

/** One server to try. */
export interface Host {
  /** A name, an address, or the folder of a Unix socket (it begins with `/`, or `@` for an abstract one). Empty: this machine, by a socket where there is one. */
  readonly host: string;
  /** The address to reach where it is given apart from the name (`hostaddr`); certificates are checked against `host`. */
  readonly address?: string;
  readonly port: number;
}

export const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof sslModes)[number];

/** Files are paths as given, relative ones made absolute where a folder was known; they are read when the connection is opened. */
export interface TlsSettings {
  readonly mode: SslMode;
  /** PEM file, or "system": the certificates that Node trusts. Without it ~/.postgresql/root.crt counts where it exists. */
  readonly rootCertificate?: string;
  /** PEM text, where a config holds it instead of a file. */
  readonly rootCertificateText?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly keyPassword?: Secret;
  /** A PKCS#12 file with certificate and key (Prisma's `sslidentity`). */
  readonly identity?: string;
  readonly revocationList?: string;
  /** "direct" begins with the TLS handshake (PostgreSQL 17 and later). */
  readonly negotiation: "postgres" | "direct";
  readonly channelBinding: "disable" | "prefer" | "require";
}

/** Where a connection was found. */
export interface Origin {
  /** Absolute path; absent for the command line and the process's environment. */
  readonly file?: string;
  /** For messages: "drizzle.config.ts, DATABASE_URL from .env", "--database", "the environment variable DATABASE_URL". */
  readonly description: string;
}

/** One connection. Holds secrets in `Secret` only, so it may be printed. */
export interface ConnectionSettings {
  /** As messages and `--database` call it. */
  readonly name: string;
  /** At least one; the first that answers, and is what `role` wants, is taken. */
  readonly hosts: readonly Host[];
  /** Which of the hosts will do; absent: any. */
  readonly role?: ServerRole;
  readonly database: string;
  readonly user: string;
  readonly password?: Secret;
  /** Another file than ~/.pgpass to look the password up in. */
  readonly passwordFile?: string;
  readonly tls: TlsSettings;
  /** The server's command-line options (`-c search_path=sales`), as libpq's `options`. */
  readonly options?: string;
  /** For each host, in milliseconds. */
  readonly connectTimeout: number;
  /** The schema that Prisma's `?schema=` names. */
  readonly schema?: string;
  /** The address is that of a pooler that hands out another session for each transaction. */
  readonly transactionPooler: boolean;
  /** The same database without the pooler, where that is known: what needs a session goes there. */
  readonly direct?: ConnectionSettings;
  /** Written to only after its name was typed. */
  readonly production: boolean;
  readonly origin: Origin;
}

/** What a connection string does not say. */
export interface SettingsContext {
  /** libpq's variables (PGHOST, PGPASSWORD, …); the process's own by default. */
  readonly environment?: Environment;
  /** Absolute folder that relative paths of certificates count from. */
  readonly folder?: string;
  readonly production?: boolean;
  readonly origin?: Origin;
  /** By libpq's names; what the connection string says wins. */
  readonly parameters?: Parameters;
}

/** Each host gets ten seconds where nothing else is said: a serverless database that wakes up needs about five. */
const defaultConnectTimeout = 10_000;

/**
 * The settings of a URL (`postgresql://…`) or keyword/value string (`host=… dbname=…`), read as libpq does; parameters of
 * Prisma and node-postgres are understood, others ignored. `name` undefined: host and database make the name. Throws a
 * `DatabaseError` ("unsupported" for what is no PostgreSQL, "failed" for what cannot be read) that quotes no part of it.
 */
export function settingsFromUrl(url: string, name?: string, context: SettingsContext = {}): ConnectionSettings {
  const origin = context.origin ?? { description: "the given URL" };
  const parameters = new Map([...(context.parameters ?? []), ...parametersFrom(url, name ?? origin.description)]);
  return settingsFromParameters(parameters, name, { ...context, origin });
}

/** The same from parameters by libpq's names, as a config gives them one by one. */
export function settingsFromParameters(said: Parameters, name: string | undefined, context: SettingsContext = {}): ConnectionSettings {
  const environment = context.environment ?? process.env;
  const origin = context.origin ?? { description: "the given parameters" };
  const service = said.get("service") ?? (environment["PGSERVICE"] || undefined);
  const given: Parameters = service === undefined ? said : new Map([...serviceParameters(service, environment, (reason) => fail(reason)), ...said]);
  const get = (parameter: string): string | undefined => given.get(parameter) ?? (environment[variables[parameter] ?? ""] || undefined);
  function fail(message: string): never {
    throw new DatabaseError(`The connection ${name === undefined ? "" : `"${name}" `}(${origin.description}) cannot be used: ${message}`, "failed");
  }
  const hosts = hostsFrom(get, fail);
  const role = roleFrom(get("target_session_attrs"), fail);
  const user = get("user") ?? systemUser() ?? fail("it names no user. Write one before the host: postgresql://user@host/database.");
  const database = get("dbname") ?? user;
  const password = get("password");
  const transactionPooler = isTrue(given.get("pgbouncer")) || hosts.some(isPoolersAddress);
  return {
    name: name ?? `${hosts[0]!.host.replace(/^([/@].*)?$/, "localhost")}/${database}`,
    hosts,
    ...optional("role", role),
    database,
    user,
    ...(password !== undefined && { password: new Secret(password) }),
    ...optional("passwordFile", get("passfile")),
    tls: tlsFrom(given, get, context.folder, fail),
    ...optional("options", get("options")),
    connectTimeout: timeoutFrom(get("connect_timeout"), fail),
    ...optional("schema", given.get("schema")),
    transactionPooler,
    production: context.production ?? false,
    origin,
  };
}

/** Host and database for messages: "db.example.com/shop", with the port where it is not 5432; a socket's host is localhost. Never user or password. */
export function addressOf(settings: Pick<ConnectionSettings, "hosts" | "database">): string {
  const hosts = settings.hosts.map(({ host, port }) => `${/^($|[/@])/.test(host) ? "localhost" : host.includes(":") ? `[${host}]` : host}${port === 5432 ? "" : `:${port}`}`);
  return `${hosts.join(",")}/${settings.database}`;
}

/** Parameters that a variable of the environment stands in for. https://www.postgresql.org/docs/current/libpq-envars.html */
const variables: Readonly<Record<string, string>> = {
  host: "PGHOST", hostaddr: "PGHOSTADDR", port: "PGPORT", dbname: "PGDATABASE", user: "PGUSER", password: "PGPASSWORD", passfile: "PGPASSFILE",
  options: "PGOPTIONS", connect_timeout: "PGCONNECT_TIMEOUT", sslmode: "PGSSLMODE", sslrootcert: "PGSSLROOTCERT", sslcert: "PGSSLCERT", sslkey: "PGSSLKEY",
  sslcrl: "PGSSLCRL", sslnegotiation: "PGSSLNEGOTIATION", channel_binding: "PGCHANNELBINDING", target_session_attrs: "PGTARGETSESSIONATTRS",
};

/** The variables that count beside a connection string. */
export const variableNames: readonly string[] = [...Object.values(variables), "PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "HOME", "APPDATA"];

type Get = (parameter: string) => string | undefined;
type Fail = (message: string) => never;

/** `host` and `port` may be lists; one port counts for all hosts. No host at all: a Unix socket where there is one, else localhost. */
function hostsFrom(get: Get, fail: Fail): readonly Host[] {
  const names = get("host")?.split(",") ?? [];
  const addresses = get("hostaddr")?.split(",") ?? [];
  const ports = get("port")?.split(",") ?? [];
  const count = Math.max(names.length, addresses.length, 1);
  if (names.length > 0 && addresses.length > 0 && names.length !== addresses.length) fail(`it has ${names.length} hosts and ${addresses.length} values of hostaddr; give as many of each.`);
  if (ports.length > 1 && ports.length !== count) fail(`it has ${count} hosts and ${ports.length} ports; give one port, or one for each host.`);
  return Array.from({ length: count }, (_, at) => {
    const address = addresses[at] || undefined;
    const host = names[at] || address || "";
    // The @ is what an unencoded password leaves there, so the text is not shown.
    if (host.includes("@", 1) || /[\s/?#]/.test(host.replace(/^[/@].*$/, ""))) fail("its host cannot be read. Special characters in the user's name or password must be percent-encoded: @ is %40, / is %2F, # is %23, ? is %3F, : is %3A.");
    const port = ports[ports.length === 1 ? 0 : at] || "5432";
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) fail("its port is no number from 1 to 65535. If the password holds : or /, write them %3A and %2F.");
    return { host, ...(address !== undefined && { address }), port: Number(port) };
  });
}

/** `ssl` and `sslaccept` are node-postgres's and Prisma's. Prisma's `sslcert` is the root certificate, not the client's. */
function tlsFrom(given: Parameters, get: Get, folder: string | undefined, fail: Fail): TlsSettings {
  const prisma = given.has("sslaccept") || given.has("sslidentity");
  const said = get("sslmode") ?? sslModeOf(given.get("ssl"));
  const rootCertificate = prisma ? (given.get("sslcert") ?? get("sslrootcert")) : get("sslrootcert");
  const strict = given.get("sslaccept") === "strict" && said !== "disable";
  const mode = strict ? "verify-full" : said === "no-verify" ? "require" : (said ?? (rootCertificate === "system" ? "verify-full" : "prefer"));
  if (!isSslMode(mode)) fail(`sslmode "${mode}" does not exist. There are ${sslModes.join(", ")}.`);
  if (rootCertificate === "system" && mode !== "verify-full") fail(`sslrootcert=system needs sslmode=verify-full; with ${mode} anybody's certificate would do.`);
  const negotiation = get("sslnegotiation") ?? "postgres";
  if (negotiation !== "postgres" && negotiation !== "direct") fail(`sslnegotiation "${negotiation}" does not exist. There are postgres and direct.`);
  if (negotiation === "direct" && !["require", "verify-ca", "verify-full"].includes(mode)) fail("sslnegotiation=direct needs sslmode=require, verify-ca or verify-full.");
  const channelBinding = get("channel_binding") ?? "prefer";
  if (channelBinding !== "disable" && channelBinding !== "prefer" && channelBinding !== "require") fail(`channel_binding "${channelBinding}" does not exist. There are disable, prefer and require.`);
  const path = (file: string | undefined): string | undefined => (file === undefined || file === "system" || folder === undefined || /^([/\\]|[A-Za-z]:|~\/)/.test(file) ? file : `${folder}/${file}`);
  const keyPassword = given.get("sslpassword");
  return {
    mode: mode as SslMode,
    negotiation: negotiation as TlsSettings["negotiation"],
    channelBinding: channelBinding as TlsSettings["channelBinding"],
    ...optional("rootCertificate", path(rootCertificate)),
    ...optional("rootCertificateText", given.get("sslrootcerttext")),
    ...optional("certificate", prisma ? undefined : path(get("sslcert"))),
    ...optional("key", path(get("sslkey"))),
    ...optional("identity", path(given.get("sslidentity"))),
    ...optional("revocationList", path(get("sslcrl"))),
    ...(keyPassword !== undefined && { keyPassword: new Secret(keyPassword) }),
  };
}

/** libpq takes `ssl=true` for JDBC's sake; node-postgres knows more values of it. */
function sslModeOf(ssl: string | undefined): string | undefined {
  if (ssl === undefined) return undefined;
  if (ssl === "true" || ssl === "1" || ssl === "") return "require";
  return ssl === "false" || ssl === "0" ? "disable" : ssl;
}

function roleFrom(text: string | undefined, fail: Fail): ServerRole | undefined {
  if (text === undefined || text === "any") return undefined;
  const role = serverRoles.find((one) => one === text);
  return role ?? fail(`target_session_attrs "${text}" does not exist. There are ${serverRoles.join(", ")}.`);
}

function isSslMode(mode: string): mode is SslMode {
  return (sslModes as readonly string[]).includes(mode);
}

/** Seconds into milliseconds; 0 waits for ever in libpq, and five minutes here. A value of one second counts as two there. */
function timeoutFrom(text: string | undefined, fail: Fail): number {
  if (text === undefined) return defaultConnectTimeout;
  const seconds = Number(text);
  if (!Number.isInteger(seconds)) fail("connect_timeout must be a whole number of seconds.");
  return seconds <= 0 ? 300_000 : Math.max(seconds, 2) * 1000;
}

/** Supabase's pooler listens on 6543, PgBouncer on 6432 by default; Neon's host names end in -pooler. */
function isPoolersAddress({ host, port }: Host): boolean {
  return port === 6543 || port === 6432 || /-pooler\./.test(host);
}

function isTrue(value: string | undefined): boolean {
  return value === "true" || value === "1";
}

function systemUser(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}
