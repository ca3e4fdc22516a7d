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
import { databaseFacts, factsPieces, factsSql } from "./facts";
import { literal } from "./literal";
import { readOnlyMessage, rollback, type Timeouts } from "./message";
import { schemaPieces, schemaReading, schemaSql, stampSql } from "./reading";
import type { Piece } from "./section";
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

/** SQLSTATE of a column, table or function that the server does not have, or keeps to itself. */
function isRefusal(error: unknown): boolean {
  return ["42703", "42P01", "42883", "42501"].includes(String((error as { readonly code?: unknown }).code));
}

class PostgresDatabase implements Database {
  readonly name: string;
  readonly searched: string | undefined;
  private readonly timeouts: Timeouts;
  private readonly patience: number;
  private readonly closing = new AbortController();
  private session: Session | undefined;
  /** The end of what was asked last: one after another, since there is one connection. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: ConnectionSettings, private readonly options: OpenOptions) {
    this.name = settings.name;
    this.searched = settings.schema;
    this.timeouts = options.timeouts ?? { statement: statementTimeout, lock: lockTimeout };
    this.patience = this.timeouts.statement + (options.grace ?? 10_000);
  }

  open(signal?: AbortSignal): Promise<void> {
    return this.inTurn(async () => {}, signal);
  }

  read(signal?: AbortSignal): Promise<DatabaseReading> {
    return this.inTurn(async (session) => {
      const { json, problems } = await this.document(session, schemaSql(session.version), () => schemaPieces(session.version));
      return this.reading(json, problems, session);
    }, signal);
  }

  readAll(signal?: AbortSignal): Promise<{ readonly reading: DatabaseReading; readonly facts: DatabaseFacts }> {
    return this.inTurn(async (session) => {
      try {
        const values = await this.values(session, [schemaSql(session.version), factsSql]);
        return { reading: this.reading(values.get("schema")!, [], session), facts: databaseFacts(values.get("facts")!) };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const schema = await this.pieces(session, schemaPieces(session.version));
        const facts = await this.pieces(session, factsPieces);
        return { reading: this.reading(schema.json, [...schema.problems, ...facts.problems], session), facts: databaseFacts(facts.json) };
      }
    }, signal);
  }

  facts(signal?: AbortSignal): Promise<DatabaseFacts> {
    return this.inTurn(async (session) => databaseFacts((await this.document(session, factsSql, () => factsPieces)).json), signal);
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

  private reading(json: string, problems: readonly string[], session: Session): DatabaseReading {
    const { backend, ...reading } = schemaReading(json, this.name, session.version, this.settings.transactionPooler, this.settings.schema);
    session.backends.add(backend);
    return { ...reading, problems: [...problems, ...reading.problems], server: { ...reading.server, transactionPooler: reading.server.transactionPooler || session.backends.size > 1 } };
  }

  /** A document as one JSON text, in one message. Where the server lacks something, or refuses it, its sections are asked for one by one. */
  private async document(session: Session, sql: string, split: () => readonly Piece[]): Promise<{ readonly json: string; readonly problems: readonly string[] }> {
    try {
      return { json: [...(await this.values(session, [sql])).values()][0]!, problems: [] };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return await this.pieces(session, split());
    }
  }

  private async pieces(session: Session, split: readonly Piece[]): Promise<{ readonly json: string; readonly problems: readonly string[] }> {
    const problems: string[] = [];
    let document: Readonly<Record<string, unknown>> = {};
    for (const { what, sql, without } of split) {
      try {
        document = { ...document, ...(JSON.parse([...(await this.values(session, [sql])).values()][0]!) as Readonly<Record<string, unknown>>) };
      } catch (error) {
        if (!isRefusal(error) || without === undefined) throw error;
        document = { ...document, ...without };
        problems.push(`${what[0]!.toUpperCase()}${what.slice(1)} could not be read, and are missing: ${databaseError(error, this.settings).message}`);
      }
    }
    return { json: JSON.stringify(document), problems };
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
      void cancelStatement(session.connection);
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
  private async send({ connection, version }: Session, statements: readonly string[], afterwards?: string): Promise<readonly QueryArrayResult<unknown[]>[]> {
    const { client } = connection;
    // Each statement has its own timeout: a role's for whole transactions is meant for other work.
    const unbounded = version.major >= 17 ? ["set local transaction_timeout = 0"] : [];
    try {
      // The driver gives a list for several statements, which its types do not know.
      return (await client.query<unknown[]>({ text: readOnlyMessage([...unbounded, ...statements], this.timeouts, this.settings.schema), rowMode: "array" })) as unknown as readonly QueryArrayResult<unknown[]>[];
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
