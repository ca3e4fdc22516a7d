// What drivers, sockets, TLS and servers report, as `DatabaseError`s: which connection, what happened, what to do. The
// server's own words are quoted where they say more, never with a secret in them.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
import { DatabaseError } from "../database";
import { redact } from "./redact";
import { addressOf, type ConnectionSettings } from "./settings";

type Kind = DatabaseError["kind"];
type About = Pick<ConnectionSettings, "name" | "hosts" | "database" | "user" | "tls" | "origin"> & Partial<Pick<ConnectionSettings, "password" | "transactionPooler">>;

/** What happened, and what to do about it: two sentences. */
interface Account {
  readonly kind: Kind;
  readonly happened: string;
  readonly advice: string;
}

/** The connection as messages name it: `"shop" (db.example.com/shop)`. */
export function connectionTitle(settings: Pick<ConnectionSettings, "name" | "hosts" | "database">): string {
  const address = addressOf(settings);
  return settings.name === address ? `"${address}"` : `"${settings.name}" (${address})`;
}

/** `error` as a `DatabaseError`; one that is already stays as it is. */
export function databaseError(error: unknown, settings: About): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const cause = causeOf(error);
  const account = accountOf(cause, settings);
  return accounted(account, settings, sqlState(error));
}

/** The code that a server gave; undefined for what this machine reports, of whose codes one (EPIPE) is as long. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = (typeof error === "object" && error !== null ? error : {}) as { readonly code?: unknown; readonly severity?: unknown };
  return typeof severity === "string" && typeof code === "string" ? code : undefined;
}

/** An account of what went wrong, made by Plumbline itself. */
export function accounted({ kind, happened, advice }: Account, settings: About, code?: string): DatabaseError {
  return new DatabaseError(`Connection ${connectionTitle(settings)}: ${happened} ${advice}`, kind, code);
}

interface Cause {
  readonly code: string;
  /** Without secrets. */
  readonly text: string;
  readonly name: string;
}

function causeOf(error: unknown, secrets: readonly ConnectionSettings["password"][] = []): Cause {
  // Node tries all addresses of a name, and reports them together.
  const inner = error instanceof AggregateError && error.errors.length > 0 ? (error.errors as unknown[])[0] : error;
  const { code, message, name } = (typeof inner === "object" && inner !== null ? inner : { message: String(inner) }) as { code?: unknown; message?: unknown; name?: unknown };
  return { code: typeof code === "string" ? code : "", text: redact(String(message ?? "").trim(), secrets), name: String(name ?? "") };
}

function accountOf(raw: Cause, settings: About): Account {
  const shown = [settings.user, settings.database, ...settings.hosts.map(({ host }) => host)];
  const cause = { ...raw, text: redact(raw.text, [settings.password], shown) };
  return networkAccount(cause, settings) ?? tlsAccount(cause, settings) ?? driverAccount(cause, settings) ?? serverAccount(cause, settings);
}

function networkAccount({ code, text, name }: Cause, settings: About): Account | undefined {
  const [first] = settings.hosts;
  const where = settings.hosts.length > 1 ? `any of ${settings.hosts.map(place).join(", ")}` : place(first!);
  const check = `Check that the server runs and that the address (from ${settings.origin.description}) is right.`;
  if (name === "AbortError") return { kind: "cancelled", happened: "it was cancelled.", advice: "Nothing was changed; try again when you like." };
  switch (code) {
    case "ECONNREFUSED": return { kind: "unreachable", happened: `no server answers at ${where}.`, advice: check };
    case "ENOENT": return { kind: "unreachable", happened: `there is no server's socket at ${where}.`, advice: `${check} A server in a container or elsewhere is reached by host name and port.` };
    case "EACCES": return { kind: "permission", happened: `the socket at ${where} may not be used by you.`, advice: "Ask for access to its folder, or connect through localhost." };
    case "ENOTFOUND": case "EAI_AGAIN": case "EAI_FAIL": case "EAI_NONAME":
      return { kind: "unreachable", happened: `the host name of ${where} cannot be resolved${code === "EAI_AGAIN" ? " at the moment (DNS does not answer)" : ""}.`, advice: "Check its spelling, and that this machine is online and in the network (or VPN) that knows the name." };
    case "EHOSTUNREACH": case "ENETUNREACH": case "EADDRNOTAVAIL":
      return { kind: "unreachable", happened: `there is no way in the network to ${where}.`, advice: "Check that this machine is online, and whether the address is IPv6 alone: some providers offer IPv4 through their pooler only." };
    case "ETIMEDOUT": return { kind: "timeout", happened: `${where} did not answer in time.`, advice: "Check the address, the firewall and the list of allowed IP addresses; a larger connect_timeout (seconds) in the URL gives it longer." };
    case "ECONNRESET": case "EPIPE": case "ECONNABORTED": case "ERR_STREAM_DESTROYED": case "ERR_STREAM_WRITE_AFTER_END":
      return lost(where);
  }
  if (/^Connection terminated|not queryable|was closed|socket hang up/i.test(text)) return lost(where);
  return undefined;
}

function lost(where: string): Account {
  return { kind: "lost", happened: `the connection to ${where} was lost.`, advice: "Nothing was changed by what was being read. Check the network and the server, then refresh." };
}

const certificateProblems: Readonly<Record<string, readonly [happened: string, advice: string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the server's certificate is signed by itself, so nobody vouches for it", "root"],
  SELF_SIGNED_CERT_IN_CHAIN: ["the server's certificate comes from an authority that is not trusted here", "root"],
  UNABLE_TO_GET_ISSUER_CERT: ["the server's certificate comes from an authority that is not trusted here", "root"],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the server's certificate comes from an authority that is not trusted here", "root"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server's certificate comes from an authority that is not trusted here", "root"],
  CERT_SIGNATURE_FAILURE: ["the server's certificate is not signed by the authority that is trusted here", "root"],
  INVALID_CA: ["the trusted root certificate is not that of an authority", "root"],
  CERT_HAS_EXPIRED: ["the server's certificate has expired", "Whoever runs the server must renew it; check the clock of this machine too."],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet", "Check the clock of this machine and of the server."],
  CERT_REVOKED: ["the server's certificate has been revoked", "Whoever runs the server must replace it."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the server's certificate is for another host name", "Use the name that the certificate is for as the host. sslmode=verify-ca checks the authority without the name."],
};

function tlsAccount({ code, text }: Cause, settings: About): Account | undefined {
  const known = certificateProblems[code];
  if (known) {
    const root = `Name the authority's root certificate with sslrootcert=FILE (now: ${rootOf(settings)}); sslmode=require encrypts without checking who answers.`;
    return { kind: "tls", happened: `${known[0]} (sslmode=${settings.tls.mode}).`, advice: known[1] === "root" ? root : known[1] };
  }
  if (/^(ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO)/.test(code)) {
    return { kind: "tls", happened: `TLS could not be set up: ${sentence(text.replace(/^.*?:SSL routines:[^:]*:|^\w+:error:[0-9A-F]+:/, "").replace(/:(\.\.\/|ssl\/).*$/s, ""))}`, advice: "Check that the port is PostgreSQL's and that client certificate and key belong together." };
  }
  return undefined;
}

function rootOf({ tls }: About): string {
  if (tls.rootCertificateText !== undefined) return "the one that the config holds";
  return tls.rootCertificate === undefined || tls.rootCertificate === "system" ? "those that Node trusts" : tls.rootCertificate;
}

function driverAccount({ text }: Cause, settings: About): Account | undefined {
  if (/client password must be/.test(text)) {
    return { kind: "refused password", happened: `the server asks for the password of "${settings.user}", and none is given.`, advice: "Enter it, or put it into ~/.pgpass, PGPASSWORD or the .env file that holds the URL." };
  }
  if (/^timeout expired|connection timeout/.test(text)) return networkAccount({ code: "ETIMEDOUT", text, name: "" }, settings);
  if (/^SASL|server signature|authentication type|SCRAM/i.test(text)) {
    return { kind: "failed", happened: `the server and Plumbline do not agree on how to log in: ${sentence(text)}`, advice: "Set the user's password anew with password_encryption = scram-sha-256." };
  }
  return undefined;
}

function serverAccount({ code, text }: Cause, settings: About): Account {
  const said = `The server says: ${sentence(text)}`;
  if (code === "28P01") {
    return { kind: "refused password", happened: `the server refused the password of "${settings.user}".`, advice: settings.password === undefined ? `None was given; ${settings.origin.description} holds no password.` : `Check the one of ${settings.origin.description}; special characters must be percent-encoded in a URL.` };
  }
  if (code === "28000") return refusedEntry(text, settings);
  if (/too many (clients|connections)|connection slots are reserved|no more connections allowed|max client connections|remaining connection slots/i.test(text) || code === "53300") {
    return { kind: "too many connections", happened: "the server has no connection left.", advice: `Close some, raise max_connections, or go through a pooler. ${said}` };
  }
  switch (code) {
    case "3D000": return { kind: "no such database", happened: `there is no database "${settings.database}" on that server.`, advice: `Create it, or correct its name in ${settings.origin.description}.` };
    case "57P03": return { kind: "starting", happened: "the server is not ready for connections yet.", advice: `It is starting, stopping or recovering; try again in a few seconds. ${said}` };
    case "55P03": return { kind: "timeout", happened: "a lock was not granted in time: another session changes the schema or holds a table.", advice: `Wait for it to end, then refresh. ${said}` };
    case "57014": return stopped(text);
    case "57P01": case "57P02": case "57P05": case "25P03": return { kind: "lost", happened: "the server ended the connection.", advice: `It was shut down, restarted, or an administrator ended the session; refresh to connect again. ${said}` };
    case "57P04": return { kind: "no such database", happened: `the database "${settings.database}" was dropped.`, advice: "Connect to another one." };
    case "42501": return { kind: "permission", happened: `user "${settings.user}" may not read something that is needed: ${sentence(text)}`, advice: "Grant it (for a schema: GRANT USAGE ON SCHEMA …), or connect as another user; no superuser is needed." };
    case "40001": case "40P01": return { kind: "cancelled", happened: "the server cancelled the statement in favour of another.", advice: `Try again. ${said}` };
    case "0A000": case "42883": case "42P01": case "42703": case "42704": return { kind: "unsupported", happened: `the server does not know something that was asked of it: ${sentence(text)}`, advice: "PostgreSQL 13 to 18 are supported; behind a pooler, use the direct address." };
  }
  if (code.startsWith("08") || /server closed the connection|query_wait_timeout|server_login_retry|client_idle_timeout|pooler error/i.test(text)) {
    return { kind: "lost", happened: "the pooler or server gave the connection up.", advice: `Try again, or use the direct address. ${said}` };
  }
  return { kind: "failed", happened: code === "" ? sentence(text || "something went wrong without a message") : `the server answered with an error: ${sentence(text)}`, advice: code === "" ? "Try again; if it stays so, look into the server's log." : `Its code is ${code}.` };
}

/** 28000: pg_hba.conf, TLS or the way of logging in. */
function refusedEntry(text: string, settings: About): Account {
  if (/certificate/i.test(text)) {
    return { kind: "tls", happened: `the server refused the client's certificate: ${sentence(text)}`, advice: "Name certificate and key of that user with sslcert=FILE and sslkey=FILE." };
  }
  // Where TLS was tried as well, its absence is not the reason.
  if (/insecure|SSL.*required|requires? SSL/i.test(text) || (settings.tls.mode === "disable" && /no encryption|SSL off/.test(text))) {
    return { kind: "tls", happened: `the server lets user "${settings.user}" not in without encryption.`, advice: `Use sslmode=require or verify-full (now: ${settings.tls.mode}).` };
  }
  if (/pg_hba\.conf/.test(text)) {
    return { kind: "permission", happened: `the server lets user "${settings.user}" not in from here: ${sentence(text)}`, advice: "Whoever runs the server must add this machine's address to pg_hba.conf, or to the provider's list of allowed addresses." };
  }
  if (/role .* does not exist/.test(text)) {
    return { kind: "permission", happened: `there is no user "${settings.user}" on that server.`, advice: `Correct it in ${settings.origin.description}, or create it.` };
  }
  if (/peer|ident/i.test(text)) {
    return { kind: "permission", happened: `the server takes user "${settings.user}" only from the system's user of that name: ${sentence(text)}`, advice: "Connect through localhost with a password instead of the socket." };
  }
  return { kind: "permission", happened: `the server refused user "${settings.user}": ${sentence(text)}`, advice: "Check the user's rights (LOGIN, CONNECT)." };
}

/** 57014: the statement was stopped on the server. */
function stopped(text: string): Account {
  if (/timeout/i.test(text)) {
    return { kind: "timeout", happened: "the server stopped the statement because it took too long (statement_timeout).", advice: "Try again when the server is less busy." };
  }
  return { kind: "cancelled", happened: "the statement was cancelled on the server.", advice: "Somebody (an administrator, or you) asked for that; refresh to try again." };
}

function place({ host, port }: ConnectionSettings["hosts"][number]): string {
  if (host === "") return `this machine, port ${port}`;
  return host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host}, port ${port}`;
}

/** Another's words as one sentence of ours. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
