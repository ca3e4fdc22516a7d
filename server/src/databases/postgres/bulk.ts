// A session for dumping and restoring over PostgreSQL's wire protocol: no timeouts, COPY as streams. A signal cancels the
// running statement on the server and ends the session.
import type { QueryArrayResult, QueryConfig } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { StatementError, type BulkRows, type BulkSession } from "../bulk";
import { connect, type Connection, type ConnectOptions } from "../connections/connect";
import { disconnect } from "../connections/disconnect";
import { accounted, databaseError, sqlState } from "../connections/errors";
import { directSettings, isDirect, needsSession, sharesSessions } from "../connections/pooler";
import { redact } from "../connections/redact";
import type { ConnectionSettings, Host } from "../connections/settings";
import { DatabaseError } from "../database";
import { cancelStatement } from "./cancel";
import { serverVersion, type ServerVersion } from "./server-version";

export interface BulkOptions extends Pick<ConnectOptions, "signal" | "onProgress" | "patience"> {
  /** What it is opened for, for messages: "A dump", "Restoring". */
  readonly purpose: string;
  /** Nothing can be written. */
  readonly readOnly?: boolean;
}

/** Connects, past a transaction pooler where the direct address is known. Rejects with a `DatabaseError`. */
export async function openBulkSession(given: ConnectionSettings, options: BulkOptions): Promise<BulkSession> {
  const settings = given.transactionPooler ? directSettings(given) : given;
  if (settings === undefined) throw needsSession(given, options.purpose);
  const connection = await connect(settings, { ...options, writes: options.readOnly !== true });
  try {
    const version = serverVersion(connection.parameters);
    if (version.unsupported !== undefined) throw accounted({ kind: "unsupported", happened: "it cannot be read.", advice: version.unsupported }, settings);
    const session = new PostgresBulkSession(connection, version, options.signal);
    const [rows] = await session.run("select pg_backend_pid(), pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool");
    const [backend, readOnly] = rows![0]!;
    if (!isDirect(connection, Number(backend)) && (await sharesSessions(connection, () => connect(settings, options)))) throw needsSession(settings, options.purpose);
    if (options.readOnly !== true && readOnly === "t") throw accounted({ kind: "permission", happened: "it is read only (a standby, or default_transaction_read_only), so nothing can be changed there.", advice: "Use the primary's address, or another user." }, settings);
    const timeouts = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", ...(version.major >= 14 ? ["idle_session_timeout"] : []), ...(version.major >= 17 ? ["transaction_timeout"] : [])];
    await session.run([...timeouts.map((name) => `set ${name} = 0`), `set default_transaction_read_only = ${options.readOnly === true ? "on" : "off"}`, "set client_encoding = 'UTF8'"].join("; "));
    return session;
  } catch (error) {
    await disconnect(connection);
    throw error;
  }
}

const asText = { getTypeParser: () => (value: string) => value };

class PostgresBulkSession implements BulkSession {
  readonly name: string;
  readonly host: Host;
  private readonly abort: () => void;
  /** Statements that the running message has carried out. */
  private completed = 0;

  constructor(private readonly connection: Connection, readonly version: ServerVersion, private readonly signal: AbortSignal | undefined) {
    this.name = connection.settings.name;
    this.host = connection.host;
    (connection.client as unknown as { readonly connection: NodeJS.EventEmitter }).connection.on("commandComplete", () => this.completed++);
    this.abort = () => {
      cancelStatement(connection);
      void disconnect(connection);
    };
    signal?.addEventListener("abort", this.abort, { once: true });
  }

  async run(sql: string): Promise<readonly BulkRows[]> {
    this.completed = 0;
    return this.told(async () => {
      const answer = (await this.connection.client.query({ text: sql, rowMode: "array", types: asText } as unknown as QueryConfig)) as unknown as QueryArrayResult | readonly QueryArrayResult[];
      return (Array.isArray(answer) ? answer : [answer]).map(({ rows }: QueryArrayResult) => rows as BulkRows);
    }, sql);
  }

  async copyIn(sql: string, data: AsyncIterable<Uint8Array>): Promise<number> {
    return this.told(async () => {
      const stream = this.connection.client.query(copyFrom(sql));
      // An error of the server comes at any time, also while `data` is being read.
      let failure: Error | undefined;
      const ended = new Promise<void>((resolve) => {
        stream.once("finish", resolve);
        stream.once("error", (error: Error) => ((failure = error), resolve()));
      });
      try {
        for await (const piece of data) {
          if (failure !== undefined) break;
          if (!stream.write(piece) && failure === undefined) await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), ended]);
        }
      } catch (error) {
        // The server is told that nothing more comes, and forgets what came.
        if (failure === undefined) stream.destroy(error as Error);
        await ended;
        throw error;
      }
      if (failure === undefined) stream.end();
      await ended;
      if (failure !== undefined) throw failure;
      return stream.rowCount;
    });
  }

  async *copyOut(sql: string): AsyncIterable<Uint8Array> {
    const stream = this.connection.client.query(copyTo(sql));
    try {
      for await (const piece of stream) yield piece as Uint8Array;
    } catch (error) {
      throw this.failure(error);
    }
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener("abort", this.abort);
    await disconnect(this.connection);
  }

  private async told<Result>(work: () => Promise<Result>, sql?: string): Promise<Result> {
    if (this.signal?.aborted) throw this.cancelled();
    try {
      return await work();
    } catch (error) {
      throw this.failure(error, sql);
    }
  }

  private failure(error: unknown, sql?: string): unknown {
    const { settings } = this.connection;
    if (error instanceof DatabaseError) return error;
    if (this.signal?.aborted) return this.cancelled();
    const code = sqlState(error);
    const { message, detail, position, where } = error as { readonly message?: string; readonly detail?: string; readonly position?: string; readonly where?: string };
    const gone = this.connection.lost();
    if (gone || code === undefined) return gone ?? ((error as { readonly code?: unknown }).code === undefined ? error : databaseError(error, settings));
    // PostgreSQL counts characters from 1.
    const offset = position === undefined || sql === undefined ? undefined : [...sql].slice(0, Number(position) - 1).join("").length;
    return new StatementError(redact(`${message ?? ""}${detail === undefined ? "" : ` (${detail})`}`, [settings.password], [settings.user, settings.database]), code, this.completed, offset, where);
  }

  private cancelled(): DatabaseError {
    return new DatabaseError("It was cancelled.", "cancelled");
  }
}
