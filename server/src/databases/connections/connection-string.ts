// Connection strings into parameters by libpq's names: URLs and keyword/value strings, with libpq's own rules for
// percent-encoding, IPv6, several hosts and quotes. What the parameters mean is the settings' business.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
import { DatabaseError } from "../database";

/** By libpq's names (host, port, dbname, user, password, sslmode, …); lists stay one text with commas. */
export type Parameters = ReadonlyMap<string, string>;

/** Throws a `DatabaseError` that quotes nothing of the text; `where` says whose text it is. */
export function parametersFrom(text: string, where: string): Parameters {
  const trimmed = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  const fail = (reason: string, kind: DatabaseError["kind"] = "failed"): never => {
    throw new DatabaseError(`The connection of ${where} cannot be used: ${reason}`, kind);
  };
  if (trimmed === "") fail("it is empty. Give a URL such as postgresql://user@host/database.");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return /^\s*[A-Za-z_]+\s*=/.test(trimmed) ? fromKeywords(trimmed, fail) : fail("it is neither a URL (postgresql://user@host/database) nor a list such as host=localhost dbname=shop.");
  if (scheme === "prisma+postgres" || scheme === "prisma") return fromPrismaServer(trimmed, where, fail);
  if (!postgresSchemes.has(scheme)) fail(`${schemeNames[scheme] ?? `"${scheme}://"`} is no PostgreSQL, and Plumbline connects to PostgreSQL alone.`, "unsupported");
  return fromUrl(trimmed.slice(scheme.length + 3), fail);
}

const postgresSchemes: ReadonlySet<string> = new Set(["postgres", "postgresql", "cockroachdb", "cockroach", "crdb", "postgis"]);
const schemeNames: Readonly<Record<string, string>> = {
  mysql: "MySQL", mariadb: "MariaDB", sqlite: "SQLite", file: "SQLite", libsql: "Turso (SQLite)", sqlserver: "SQL Server", mssql: "SQL Server", mongodb: "MongoDB", "mongodb+srv": "MongoDB",
  http: "An HTTP address", https: "An HTTP address",
};

type Fail = (reason: string, kind?: DatabaseError["kind"]) => never;

/** What stands behind `postgresql://`. */
function fromUrl(text: string, fail: Fail): Parameters {
  const parameters = new Map<string, string>();
  const set = (name: string, encoded: string): void => {
    const value = decoded(encoded, fail);
    if (value !== "") parameters.set(name, value);
  };
  const [, userinfo, rest = ""] = /^(?:([^@/]*)@)?(.*)$/s.exec(text)!;
  if (userinfo !== undefined) {
    const colon = userinfo.indexOf(":");
    set("user", colon < 0 ? userinfo : userinfo.slice(0, colon));
    if (colon >= 0) set("password", userinfo.slice(colon + 1));
  }
  const [, authority = "", database, query] = /^((?:\[[^\]]*\]|[^/?[])*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? fail("a [ of an IPv6 address is not closed.");
  const hosts: string[] = [];
  const ports: string[] = [];
  for (const one of authority === "" ? [] : authority.split(/,(?![^[]*\])/)) {
    const [, bracketed, plain = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(one) ?? fail("its host cannot be read. An IPv6 address stands in brackets: postgresql://user@[::1]:5432/database.");
    hosts.push(bracketed ?? decoded(plain, fail));
    ports.push(decoded(port, fail));
  }
  if (hosts.some((host) => host !== "")) parameters.set("host", hosts.join(","));
  if (ports.some((port) => port !== "")) parameters.set("port", ports.join(","));
  // A slash in the password ends the host too early, and the rest of it would be taken for the database.
  if (userinfo === undefined && database?.includes("@")) fail("the user's name or password holds a character that must be percent-encoded: / is %2F, @ is %40, # is %23, ? is %3F, : is %3A.");
  if (database !== undefined) set("dbname", database);
  for (const pair of query?.split("&") ?? []) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    set(decoded(equals < 0 ? pair : pair.slice(0, equals), fail), equals < 0 ? "" : pair.slice(equals + 1));
  }
  return withAliases(parameters);
}

/** Prisma's names for what libpq has under others, and node-postgres's. */
function withAliases(parameters: Map<string, string>): Parameters {
  for (const [alias, name] of [["socket", "host"], ["database", "dbname"]] as const) {
    const value = parameters.get(alias);
    if (value !== undefined) parameters.set(name, value);
  }
  return parameters;
}

/** As libpq: + is a plus sign, a % needs two hexadecimal digits, and %00 is none. */
function decoded(text: string, fail: Fail): string {
  if (!text.includes("%")) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) fail("a % is not followed by two hexadecimal digits. A % of the password itself is written %25.");
  try {
    const value = decodeURIComponent(text);
    return value.includes("\0") ? fail("it holds %00, which no part of a connection may.") : value;
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    return fail("its percent-encoding is no UTF-8.");
  }
}

/** `host=localhost dbname='my shop'`: values with spaces in single quotes, \' and \\ inside. */
function fromKeywords(text: string, fail: Fail): Parameters {
  const parameters = new Map<string, string>();
  const pair = /\s*([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\']|\\.)(?:[^\s\\]|\\.)*)?)(?=\s|$)/gsy;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    pair.lastIndex = at;
    const [whole, name, quoted, plain] = pair.exec(text) ?? fail("it is no list of keyword=value. A value with spaces stands in single quotes: password='…', with \\' for a quote in it.");
    at += whole!.length;
    const value = (quoted ?? plain ?? "").replace(/\\(.)/gs, "$1");
    if (value !== "") parameters.set(name!, value);
  }
  return withAliases(parameters);
}

/** `prisma dev` hands out an address whose key names the database behind it; Prisma's own cloud does not. */
function fromPrismaServer(text: string, where: string, fail: Fail): Parameters {
  const key = /[?&]api_key=([^&]*)/.exec(text)?.[1];
  if (key !== undefined && /^prisma\+postgres:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/?]/i.test(text)) {
    try {
      const said = JSON.parse(Buffer.from(decodeURIComponent(key), "base64url").toString("utf8")) as { databaseUrl?: unknown };
      if (typeof said.databaseUrl === "string" && /^postgres(ql)?:/.test(said.databaseUrl)) return parametersFrom(said.databaseUrl, where);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
    }
  }
  return fail("it is the address of Prisma Accelerate, which answers Prisma's client alone. Name the database's own address, as directUrl or in another variable.", "unsupported");
}
