// Opens a connection: hosts in turn, TLS as the settings ask, patience with servers that are waking up. What is read over
// it, and in which transaction, is the caller's affair.
import { Client } from "pg";
import { DatabaseError } from "../database";
import { accounted, connectionTitle, databaseError } from "./errors";
import { passwordFromFile } from "./password-file";
import { isPoolersRefusal, isProxied } from "./pooler";
import { fits, type ServerRole } from "./server-role";
import { openSocket, settled } from "./socket";
import type { ConnectionSettings, Host } from "./settings";
import { encryptions, isSocket } from "./tls";

export interface ConnectOptions {
  /** Stops waiting and connecting; the promise rejects with kind "cancelled". */
  readonly signal?: AbortSignal;
  /** What is being waited for, as a sentence without its full stop, for a progress notification. */
  readonly onProgress?: (message: string) => void;
  /**
   * How long a server that does not answer yet is tried again, in milliseconds. By default half a minute, but not at all
   * where nothing listens on this machine: a server here is not started by connecting to it.
   */
  readonly patience?: number;
  /** The session is left as the server opens it for this user: neither READ ONLY nor with timeouts. */
  readonly writes?: boolean;
}

/** An open connection, ready for queries. */
export interface Connection {
  readonly client: Client;
  readonly settings: ConnectionSettings;
  /** The one that answered. */
  readonly host: Host;
  readonly encrypted: boolean;
  /** Something stands between, a pooler most likely; `sharesSessions` (pooler.ts) tells which kind. */
  readonly proxied: boolean;
  /** What the server reported of itself when the session started (server_version, …), by name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Why the connection is gone, once it is. */
  lost(): DatabaseError | undefined;
}

/** For each statement and each lock, in milliseconds: a reading that blocks others, or waits for them, is worth less than none. */
export const statementTimeout = 60_000;
export const lockTimeout = 5_000;

const defaultPatience = 30_000;

/** Rejects with a `DatabaseError`. Unless it `writes`, the session is READ ONLY by default and has timeouts, except behind poolers, which take no such options. */
export async function connect(settings: ConnectionSettings, options: ConnectOptions = {}): Promise<Connection> {
  const signal = options.signal ?? new AbortController().signal;
  const start = Date.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectOnce(settings, signal, options.writes ? openPlain : openWithOptions);
    } catch (error) {
      const failure = signal.aborted ? cancelled(settings) : databaseError(error, settings);
      const pause = pauseBefore(attempt + 1);
      if (!isTemporary(failure, settings, options.patience) || Date.now() + pause - start > (options.patience ?? defaultPatience)) throw failure;
      options.onProgress?.(`waiting for the server of ${connectionTitle(settings)} to start, attempt ${attempt + 1}`);
      await delay(pause, signal).catch(() => {
        throw cancelled(settings);
      });
    }
  }
}

/** Milliseconds: a quarter of a second, doubled each time, five seconds at most. */
function pauseBefore(attempt: number): number {
  return Math.min(250 * 2 ** (attempt - 2), 5_000);
}

function isTemporary({ kind, message }: DatabaseError, settings: ConnectionSettings, patience: number | undefined): boolean {
  if (kind === "starting") return true;
  if (kind !== "unreachable" && kind !== "timeout" && kind !== "lost") return false;
  if (/cannot be resolved\./.test(message)) return false;
  return patience !== undefined || settings.hosts.some((host) => !isLocal(settled(host)));
}

function isLocal(host: Host): boolean {
  return isSocket(host) || /^(localhost|127\.|::1$)/.test(host.address ?? host.host);
}

type Opening = (settings: ConnectionSettings, host: Host, way: "plain" | "tls", signal: AbortSignal) => Promise<Connection>;

/** A host of the wanted role; where a standby is only preferred, any other if there is none. */
async function connectOnce(settings: ConnectionSettings, signal: AbortSignal, open: Opening): Promise<Connection> {
  const { role = "any" } = settings;
  if (role !== "prefer-standby") return connectTo(role, settings, signal, open);
  return connectTo("standby", settings, signal, open).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return connectTo("any", settings, signal, open);
  });
}

/** Every host, each in libpq's order of encryptions. A host that answers and refuses ends the search, as in libpq; one of another role does not. */
async function connectTo(role: ServerRole, settings: ConnectionSettings, signal: AbortSignal, open: Opening): Promise<Connection> {
  let failure: unknown;
  hosts: for (const host of settings.hosts) {
    const ways = encryptions(settings.tls.mode, host);
    for (const [at, way] of ways.entries()) {
      try {
        const connection = await open(settings, host, way, signal);
        if (await fits(connection, role, open === openPlain)) return connection;
        await connection.client.end();
        failure = accounted({ kind: "failed", happened: `no server that answers is ${roleTitles[role]}, which target_session_attrs=${settings.role} asks for.`, advice: "Name such a server, or leave target_session_attrs out." }, settings);
        continue hosts;
      } catch (error) {
        failure = error;
        if (signal.aborted) throw error;
        if (at + 1 < ways.length && mayHelp(error, way, settings)) continue;
        break;
      }
    }
    const { kind } = databaseError(failure, settings);
    if (kind !== "unreachable" && kind !== "timeout" && kind !== "starting" && kind !== "lost") break;
  }
  throw failure;
}

const roleTitles: Readonly<Record<ServerRole, string>> = { any: "there", "read-write": "open for writing", "read-only": "read-only", primary: "a primary", standby: "a standby", "prefer-standby": "a standby" };

/** The other encryption is worth a try after a refusal by pg_hba.conf, or after a handshake that failed. */
function mayHelp(error: unknown, way: "plain" | "tls", settings: ConnectionSettings): boolean {
  const { code } = error as { code?: unknown };
  return code === "28000" || (way === "tls" && (code === "ECONNRESET" || databaseError(error, settings).kind === "tls"));
}

function openPlain(settings: ConnectionSettings, host: Host, way: "plain" | "tls", signal: AbortSignal): Promise<Connection> {
  return openWithin(settings, host, way, settings.options, signal);
}

/** With the session's defaults; without them where a pooler refuses to pass them on. */
async function openWithOptions(settings: ConnectionSettings, host: Host, way: "plain" | "tls", signal: AbortSignal): Promise<Connection> {
  if (settings.transactionPooler) return openWithin(settings, host, way, settings.options, signal);
  const defaults = `-c statement_timeout=${statementTimeout} -c lock_timeout=${lockTimeout}`;
  const own = `${defaults}${settings.options === undefined ? "" : ` ${settings.options}`} -c default_transaction_read_only=on`;
  try {
    return await openWithin(settings, host, way, own, signal);
  } catch (error) {
    if (!isPoolersRefusal(error)) throw error;
    return { ...(await openWithin(settings, host, way, settings.options, signal)), proxied: true };
  }
}

/** One try within `connectTimeout`. */
async function openWithin(settings: ConnectionSettings, host: Host, way: "plain" | "tls", options: string | undefined, signal: AbortSignal): Promise<Connection> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })), settings.connectTimeout);
  try {
    return await open(settings, host, way, options, AbortSignal.any([signal, timeout.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function open(settings: ConnectionSettings, host: Host, way: "plain" | "tls", options: string | undefined, signal: AbortSignal): Promise<Connection> {
  const { socket, encrypted } = await openSocket(settings, host, way, signal);
  const secret = settings.password ?? passwordFromFile(settings, host);
  // The driver opens its stream itself: this one says that it is open already.
  Object.assign(socket, { connect: () => (process.nextTick(() => socket.emit("connect")), socket) });
  const client = new Client({
    stream: () => socket,
    ssl: false,
    host: host.host || "localhost",
    port: host.port,
    user: settings.user,
    database: settings.database,
    // A function, because the driver would look into the environment for anything empty.
    password: () => secret?.reveal() as string,
    application_name: "plumbline",
    enableChannelBinding: settings.tls.channelBinding === "require",
  } as ConstructorParameters<typeof Client>[0]);
  // Set afterwards, because the driver would take PGOPTIONS for none, and a pooler refuses any.
  (client as unknown as { readonly connectionParameters: { options: string | undefined } }).connectionParameters.options = options;
  const parameters = new Map<string, string>();
  (client as unknown as { readonly connection: NodeJS.EventEmitter }).connection.on("parameterStatus", (status: { readonly parameterName: string; readonly parameterValue: string }) => parameters.set(status.parameterName, status.parameterValue));
  let gone: DatabaseError | undefined;
  let ready = false;
  client.on("error", (error) => {
    if (ready) gone ??= databaseError(error, settings);
  });
  const binding = settings.tls.channelBinding === "require" ? requireChannelBinding(client, settings) : undefined;
  const abort = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) throw signal.reason;
    await client.connect();
    binding?.check();
    ready = true;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : (binding?.failure() ?? error);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return { client, settings, host: settled(host), encrypted, proxied: settings.transactionPooler || isProxied(client), parameters, lost: () => gone };
}

/** channel_binding=require: the login must be tied to this very TLS connection, or the password is not used at all. */
function requireChannelBinding(client: Client, settings: ConnectionSettings): { check(): void; failure(): DatabaseError | undefined } {
  const refused = accounted({ kind: "tls", happened: "the server offers no channel binding, which channel_binding=require asks for.", advice: "Use TLS and a SCRAM password, or channel_binding=prefer." }, settings);
  const { connection } = client as unknown as { readonly connection: NodeJS.EventEmitter };
  let bound = false;
  let failure: DatabaseError | undefined;
  const refuse = (): void => {
    failure = refused;
    connection.emit("error", refused);
  };
  connection.prependListener("authenticationSASL", ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    bound = mechanisms.includes("SCRAM-SHA-256-PLUS");
    if (!bound) refuse();
  });
  for (const weaker of ["authenticationCleartextPassword", "authenticationMD5Password"]) connection.prependListener(weaker, refuse);
  return {
    check() {
      if (!bound) throw (failure = refused);
    },
    failure: () => failure,
  };
}

function cancelled(settings: ConnectionSettings): DatabaseError {
  return accounted({ kind: "cancelled", happened: "connecting was cancelled.", advice: "Try again when you like." }, settings);
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}
