// A PostgreSQL server over its wire protocol: one connection, which is opened anew for the next reading when it was lost.
// Each reading is one message in a READ ONLY transaction. How a connection comes about is connections/' affair.
import { randomUUID } from "node:crypto";
import type { QueryArrayResult } from "pg";
import type { DatabaseFacts } from "../../model/facts";
import { DatabaseError, type Database, type DatabaseReading } from "../database";
import { connect, lockTimeout, statementTimeout, type Connection, type ConnectOptions } from "../connections/connect";
import { disconnect } from "../connections/disconnect";
import { accounted, databaseError } from "../connections/errors";
import type { ConnectionSettings } from "../connections/settings";
import { cancelStatement } from "./cancel";
import { databaseFacts, factsSql } from "./facts";
import { literal } from "./literal";
import { readOnlyMessage, rollback, type Timeouts } from "./message";
import { schemaReading, schemaSql, stampSql } from "./reading";
import { serverVersion, type ServerVersion } from "./server-version";

export interface OpenOptions extends Pick<ConnectOptions, "signal" | "onProgress" | "patience"> {
  /** By default a minute for a statement, five seconds for a lock. */
  readonly timeouts?: Timeouts;
  /** How long after a statement's timeout an answer is waited for, in milliseconds: nothing else notices a network that swallows everything. */
  readonly grace?: number;
}

/** Connects, so that what is wrong with the settings is known at once. Rejects with a `DatabaseError`, also where the server is none that can be read. */
export async function openPostgres(settings: ConnectionSettings, options: OpenOptions = {}): Promise<Database> {
  const database = new PostgresDatabase(settings, options);
  await database.open(options.signal);
  return database;
}

/** One connection while it lasts. */
interface Session {
  readonly connection: Connection;
  readonly version: ServerVersion;
  /** Process numbers of the server's backends that have answered; a pooler's transactions have several. */
  readonly backends: Set<number>;
}

class PostgresDatabase implements Database {
  readonly name: string;
  private readonly timeouts: Timeouts;
  private readonly patience: number;
  private readonly closing = new AbortController();
  private session: Session | undefined;
  /** The end of what was asked last: one after another, since there is one connection. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: ConnectionSettings, private readonly options: OpenOptions) {
    this.name = settings.name;
    this.timeouts = options.timeouts ?? { statement: statementTimeout, lock: lockTimeout };
    this.patience = this.timeouts.statement + (options.grace ?? 10_000);
  }

  open(signal?: AbortSignal): Promise<void> {
    return this.inTurn(async () => {}, signal);
  }

  read(signal?: AbortSignal): Promise<DatabaseReading> {
    return this.inTurn(async (session) => this.reading(await this.values(session, [schemaSql(session.version)]), session), signal);
  }

  readAll(signal?: AbortSignal): Promise<{ readonly reading: DatabaseReading; readonly facts: DatabaseFacts }> {
    return this.inTurn(async (session) => {
      const values = await this.values(session, [schemaSql(session.version), factsSql]);
      return { reading: this.reading(values, session), facts: databaseFacts(values.get("facts")!) };
    }, signal);
  }

  facts(signal?: AbortSignal): Promise<DatabaseFacts> {
    return this.inTurn(async (session) => databaseFacts((await this.values(session, [factsSql])).get("facts")!), signal);
  }

  stamp(signal?: AbortSignal): Promise<string> {
    return this.inTurn(async (session) => (await this.values(session, [stampSql])).get("stamp")!, signal);
  }

  query(sql: string, parameters: readonly unknown[] = [], signal?: AbortSignal): Promise<readonly (readonly unknown[])[]> {
    return this.inTurn(async (session) => {
      if (parameters.length === 0) return (await this.send(session, [sql])).at(-2)!.rows;
      // PREPARE takes parameters within the one message. It outlives the transaction, hence a name that nothing else has.
      const name = `plumbline_${randomUUID().replaceAll("-", "")}`;
      const statements = [`prepare ${name} as ${sql}`, `execute ${name}(${parameters.map(literal).join(", ")})`, `deallocate ${name}`];
      return (await this.send(session, statements, `deallocate ${name}`)).at(-3)!.rows;
    }, signal);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.last;
    await this.drop();
  }

  private reading(values: ReadonlyMap<string, string>, session: Session): DatabaseReading {
    const { backend, ...reading } = schemaReading(values.get("schema")!, this.name, session.version, this.settings.transactionPooler);
    session.backends.add(backend);
    return session.backends.size === 1 ? reading : { ...reading, server: { ...reading.server, transactionPooler: true } };
  }

  /** Runs when everything before it has ended. A connection that turns out to be lost is opened anew once, since reading twice does no harm. */
  private inTurn<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const result = this.last.then(async () => {
      const kept = this.session;
      try {
        return await this.attempt(work, either);
      } catch (error) {
        if (!kept || either.aborted || databaseError(error, this.settings).kind !== "lost") throw databaseError(error, this.settings);
        return await this.attempt(work, either).catch((second: unknown) => {
          throw databaseError(second, this.settings);
        });
      }
    });
    this.last = result.catch(() => undefined);
    return result;
  }

  private async attempt<Result>(work: (session: Session) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    if (signal.aborted) throw this.cancelled();
    const session = await this.connected(signal);
    let stopped: DatabaseError | undefined;
    const stop = (error: DatabaseError): void => {
      stopped ??= error;
      cancelStatement(session.connection);
      // The driver breaks the connection off, so that what waits for an answer ends now.
      void this.drop();
    };
    const abort = (): void => stop(this.cancelled());
    const timer = setTimeout(() => stop(this.silent()), this.patience);
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await work(session);
    } catch (error) {
      throw stopped ?? error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  private async connected(signal: AbortSignal): Promise<Session> {
    if (this.session && !this.session.connection.lost()) return this.session;
    await this.drop();
    const connection = await connect(this.settings, { ...this.options, signal });
    const version = serverVersion(connection.parameters);
    this.session = { connection, version, backends: new Set() };
    if (version.unsupported === undefined) return this.session;
    await this.drop();
    throw accounted({ kind: "unsupported", happened: "it cannot be read.", advice: version.unsupported }, this.settings);
  }

  /** The first value of each statement that gives one, by the name of its column. */
  private async values(session: Session, statements: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const results = await this.send(session, statements);
    return new Map(results.flatMap(({ fields, rows }) => (fields.length === 0 ? [] : [[fields[0]!.name, rows[0]![0] as string] as const])));
  }

  /** One message, one round trip; `afterwards` is what an error would leave behind, besides the open transaction. */
  private async send({ connection }: Session, statements: readonly string[], afterwards?: string): Promise<readonly QueryArrayResult<unknown[]>[]> {
    const { client } = connection;
    try {
      // The driver gives a list for several statements, which its types do not know.
      return (await client.query<unknown[]>({ text: readOnlyMessage(statements, this.timeouts), rowMode: "array" })) as unknown as readonly QueryArrayResult<unknown[]>[];
    } catch (error) {
      if (!connection.lost()) {
        await client.query(rollback).catch(() => undefined);
        if (afterwards !== undefined) await client.query(afterwards).catch(() => undefined);
      }
      throw error;
    }
  }

  private async drop(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    if (session) await disconnect(session.connection);
  }

  private cancelled(): DatabaseError {
    const happened = this.closing.signal.aborted ? "it was closed." : "the reading was cancelled.";
    return accounted({ kind: "cancelled", happened, advice: "Nothing was changed; read again when you like." }, this.settings);
  }

  private silent(): DatabaseError {
    return accounted({ kind: "timeout", happened: `no answer came within ${this.patience / 1000} seconds.`, advice: "Check the network and the server, then refresh." }, this.settings);
  }
}
