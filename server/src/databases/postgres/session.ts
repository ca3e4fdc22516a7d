// A session of a PostgreSQL server that writes: one backend from opening to closing. Where a transaction pooler hands
// out another backend each time, it goes to the direct address, or refuses, unless it is only read. What is run in it is
// the runner's affair.
import type { QueryArrayResult } from "pg";
import type { Socket } from "node:net";
import { connect, type Connection, type ConnectOptions } from "../connections/connect";
import { disconnect } from "../connections/disconnect";
import { databaseError, sqlState } from "../connections/errors";
import { directSettings, isDirect, needsSession, sharesSessions } from "../connections/pooler";
import { redact } from "../connections/redact";
import type { ConnectionSettings } from "../connections/settings";
import { postgres } from "../../dialects/postgres";
import { DatabaseError, type ServerDescription } from "../database";
import { SessionError, type Session, type StatementResult } from "../session";
import { cancelStatement } from "./cancel";
import { serverVersion } from "./server-version";

export interface SessionOptions extends Pick<ConnectOptions, "signal" | "onProgress" | "patience"> {
  /** Each message will be a READ ONLY transaction, or one SELECT, that needs nothing of the session: then a transaction pooler does where the direct address is not known. */
  readonly reads?: boolean;
}

/** The address is a transaction pooler's, and the direct one is not known; the message says what to name instead. */
export class PoolerError extends DatabaseError {}

/** Rejects with a `DatabaseError`; a `PoolerError` where sessions do not last. A standby is opened too: `server.readOnly` tells. */
export async function openSession(settings: ConnectionSettings, options: SessionOptions = {}): Promise<Session> {
  const direct = settings.transactionPooler ? directSettings(settings) : settings;
  if (!direct) return openPooled(settings, options);
  const open = (): Promise<Connection> => connect(direct, { ...options, writes: true });
  const connection = await open();
  try {
    // What is set through a transaction pooler stays behind in a session that others are given.
    const server = await (connection.proxied ? described : begin)(connection, direct);
    // Behind a pooler that keeps sessions the process number differs as well: a second connection tells.
    if (isDirect(connection, server.backend) || !(await sharesSessions(connection, open))) return new PostgresSession(settings, connection, connection.proxied ? await begin(connection, direct) : server);
  } catch (error) {
    await disconnect(connection);
    throw databaseError(error, settings);
  }
  await disconnect(connection);
  const other = settings.transactionPooler ? undefined : directSettings(settings);
  return other ? openSession({ ...other, name: settings.name, production: settings.production }, options) : openPooled(direct, options);
}

/** Through a transaction pooler. */
async function openPooled(settings: ConnectionSettings, options: SessionOptions): Promise<Session> {
  if (!options.reads) throw refusal(settings);
  const connection = await connect(settings, { ...options, writes: true });
  try {
    return new PostgresSession(settings, connection, { ...(await described(connection, settings)), transactionPooler: true });
  } catch (error) {
    await disconnect(connection);
    throw databaseError(error, settings);
  }
}

function refusal(settings: ConnectionSettings): PoolerError {
  return new PoolerError(needsSession(settings, "Running migrations").message, "unsupported");
}

interface Begun extends ServerDescription {
  readonly backend: number;
  readonly reset: readonly string[];
}

/**
 * A long index build must not end by a timeout that the user has for queries, and a pause between two attempts not by one
 * for idle sessions. Keepalives tell a vanished network within a minute.
 */
function settingsSql(major: number, schema: string | undefined): readonly string[] {
  return [
    "statement_timeout = 0", "lock_timeout = 0", "idle_in_transaction_session_timeout = 0",
    ...(major >= 14 ? ["idle_session_timeout = 0"] : []), ...(major >= 17 ? ["transaction_timeout = 0"] : []),
    "tcp_keepalives_idle = 20", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3",
    // As Prisma's engine does for `?schema=` in its URLs.
    ...(schema === undefined ? [] : [`search_path = ${postgres.quote(schema)}`]),
  ].map((setting) => `set ${setting}`);
}

/** How soon the server notices that the runner is gone, and frees its locks: without it they stay to the end of the statement (11.5 s measured for pg_sleep(12), 0.6 s with it). */
const checkInterval = "set client_connection_check_interval = '500ms'";

const describe = `select pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num'), pg_catalog.current_database(), current_user,
  pg_catalog.pg_is_in_recovery() or pg_catalog.current_setting('default_transaction_read_only')::bool,
  coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object('name', extname, 'version', extversion) order by extname) from pg_catalog.pg_extension), '[]')`;

/** One round trip; two where the system cannot tell that a client has gone (PostgreSQL on Windows). */
function begin(connection: Connection, settings: ConnectionSettings): Promise<Begun> {
  const { major } = serverVersion(connection.parameters);
  const plain = settingsSql(major, settings.schema);
  return described(connection, settings, major >= 14 ? [[...plain, checkInterval], plain] : [plain]);
}

/** Behind the first of `ways` that the server takes: what is set for the session. */
async function described(connection: Connection, settings: ConnectionSettings, ways: readonly (readonly string[])[] = [[]]): Promise<Begun> {
  const version = serverVersion(connection.parameters);
  if (version.unsupported !== undefined) throw new DatabaseError(`Connection "${settings.name}": nothing can be migrated there. ${version.unsupported}`, "unsupported");
  for (const set of ways) {
    try {
      const answer: unknown = await connection.client.query<string[]>({ text: [...set, describe].join("; "), rowMode: "array", types: asText });
      const last = (Array.isArray(answer) ? answer.at(-1) : answer) as QueryArrayResult<string[]>;
      const [backend, number, database, user, readOnly, extensions] = last.rows[0] as [string, string, string, string, string, string];
      return {
        backend: Number(backend), version: Number(number), title: version.title, database, user, readOnly: readOnly === "t",
        extensions: JSON.parse(extensions) as ServerDescription["extensions"], transactionPooler: false,
        reset: set.length === 0 ? [] : ["reset session authorization", "reset role", "reset all", ...set],
      };
    } catch (error) {
      if (set === ways.at(-1) || (error as { readonly code?: unknown }).code !== "22023") throw error;
    }
  }
  throw new Error("unreachable");
}

const asText = { getTypeParser: () => (value: string | Buffer) => String(value) };

/** Milliseconds that an answer is waited for once the statement was cancelled; then the connection is given up. */
const cancelPatience = 15_000;

class PostgresSession implements Session {
  readonly name: string;
  readonly production: boolean;
  readonly server: ServerDescription;
  readonly backend: number;
  readonly searched: string | undefined;
  readonly reset: readonly string[];
  private readonly listeners: ((message: string) => void)[] = [];
  /** Tags of the statements that the running message has carried out. */
  private tags: string[] = [];
  private gone: SessionError | undefined;

  constructor(private readonly settings: ConnectionSettings, private readonly connection: Connection, { backend, reset, ...server }: Begun) {
    this.name = settings.name;
    this.production = settings.production;
    this.server = server;
    this.backend = backend;
    this.searched = settings.schema;
    this.reset = reset;
    const { connection: wire } = connection.client as unknown as { readonly connection: NodeJS.EventEmitter & { readonly stream: Socket } };
    wire.on("commandComplete", ({ text }: { readonly text: string }) => this.tags.push(text));
    wire.stream.setKeepAlive(true, 20_000);
    connection.client.on("notice", ({ message }) => this.listeners.forEach((listener) => listener(message ?? "")));
    connection.client.once("end", () => (this.gone ??= this.lost(undefined)));
  }

  get open(): boolean {
    return this.gone === undefined && this.connection.lost() === undefined;
  }

  onNotice(listener: (message: string) => void): void {
    this.listeners.push(listener);
  }

  another(signal?: AbortSignal): Promise<Session> {
    return openSession(this.settings, { signal, patience: 0 });
  }

  async close(): Promise<void> {
    await disconnect(this.connection);
  }

  async run(sql: string, signal?: AbortSignal): Promise<readonly StatementResult[]> {
    if (signal?.aborted) throw new SessionError("It was cancelled before it was sent.", "cancelled");
    if (!this.open) throw this.gone ?? this.lost(undefined);
    this.tags = [];
    const cancelling: Promise<void>[] = [];
    let timer: NodeJS.Timeout | undefined;
    let giveUp: NodeJS.Timeout | undefined;
    // Again and again: a request that comes before the statement has begun is of no effect.
    const cancel = (): void => {
      cancelling.push(cancelStatement(this.connection));
      timer = setTimeout(cancel, 500);
    };
    const abort = (): void => {
      giveUp = setTimeout(() => (this.connection.client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream.destroy(), cancelPatience);
      cancel();
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const answer: unknown = await this.connection.client.query<(string | null)[]>({ text: sql, rowMode: "array", types: asText });
      const results = (Array.isArray(answer) ? answer : [answer]) as readonly QueryArrayResult<(string | null)[]>[];
      return results.map(({ fields, rows }, at) => ({ command: this.tags[at] ?? "", fields: fields.map(({ name }) => name), rows }));
    } catch (error) {
      throw this.failure(error, sql, this.tags.length, signal?.aborted === true);
    } finally {
      signal?.removeEventListener("abort", abort);
      clearTimeout(timer);
      clearTimeout(giveUp);
      // A request still under way would strike what is sent next.
      await Promise.all(cancelling);
    }
  }

  private failure(error: unknown, sql: string, completed: number, aborted: boolean): SessionError {
    const code = sqlState(error);
    const { message, position, detail, hint } = error as { message?: string; position?: string; detail?: string; hint?: string };
    if (code === undefined) return (this.gone ??= this.lost(error));
    // Class 08 and these of 57: the server ended the session, https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (/^(08|57P0[1-5]|25P03|25P04)/.test(code)) return (this.gone ??= this.lost(error, code));
    const hide = (text: string | undefined): string | undefined => (text === undefined ? undefined : redact(text, [this.settings.password]));
    // PostgreSQL counts characters from 1.
    const offset = position === undefined ? undefined : [...sql].slice(0, Number(position) - 1).join("").length;
    return new SessionError(hide(message) ?? "", code === "57014" && aborted ? "cancelled" : "refused", code, offset, hide(detail), hide(hint), completed);
  }

  private lost(error: unknown, code?: string): SessionError {
    const cause = error ?? this.connection.lost() ?? Object.assign(new Error("Connection terminated"), { code: "ECONNRESET" });
    return new SessionError(databaseError(cause, this.settings).message.replace(" Nothing was changed by what was being read.", ""), "lost", code);
  }
}

