// What every kind of database offers to the doors: a reading of its schema, its facts, and a stamp that tells whether the
// schema has changed. Opening one is its kind's affair (postgres/, embedded/); writing to one is the migrations'.
import type { DatabaseFacts } from "../model/facts";
import type { SchemaModel } from "../model/schema";

/** A schema as a database has it. */
export interface DatabaseReading {
  /** `source` is "database", `id` the name of the connection. */
  readonly model: SchemaModel;
  readonly server: ServerDescription;
  /** Changes with any committed DDL; compare it with `Database.stamp()`. */
  readonly stamp: string;
  /** What could not be read, in full sentences: a schema without permission, a catalogue column that the server lacks. */
  readonly problems: readonly string[];
}

export interface ServerDescription {
  /** As server_version_num has it: 150013. */
  readonly version: number;
  /** "PostgreSQL 15.13", or what speaks its protocol. */
  readonly title: string;
  readonly database: string;
  readonly user: string;
  readonly extensions: readonly { readonly name: string; readonly version: string }[];
  /** A standby, or default_transaction_read_only: nothing can be written. */
  readonly readOnly: boolean;
  /** A pooler that hands out another session for each transaction: what needs a session cannot run there. */
  readonly transactionPooler: boolean;
}

/** An open database. Each method that reads costs one round trip, and rejects with a `DatabaseError`. */
export interface Database {
  /** Name of the connection: from the settings, "embedded", or host and database without user and password. */
  readonly name: string;
  /** The schema that it searches in place of public (Prisma's `?schema=`). */
  readonly searched?: string | undefined;
  read(signal?: AbortSignal): Promise<DatabaseReading>;
  /** Schema and facts together, in one round trip. */
  readAll(signal?: AbortSignal): Promise<{ readonly reading: DatabaseReading; readonly facts: DatabaseFacts }>;
  facts(signal?: AbortSignal): Promise<DatabaseFacts>;
  /** One row: differs from the last reading's stamp where DDL was committed since. */
  stamp(signal?: AbortSignal): Promise<string>;
  /** Runs SELECTs for pages and oracles, in a READ ONLY transaction with the same timeouts; rows as arrays. */
  query(sql: string, parameters?: readonly unknown[], signal?: AbortSignal): Promise<readonly (readonly unknown[])[]>;
  /** Ends everything that it started. Never rejects. */
  close(): Promise<void>;
}

/** Why a database could not be reached or read. The message is for people, names the connection and what to do, and holds no secret. */
export class DatabaseError extends Error {
  constructor(
    message: string,
    /** What happened, for the doors to decide whether to try again, ask for a password or stop. */
    readonly kind: "unreachable" | "refused password" | "no such database" | "tls" | "permission" | "timeout" | "cancelled" | "lost" | "starting" | "too many connections" | "unsupported" | "failed",
    /** SQLSTATE, where the server gave one. */
    readonly code?: string,
  ) {
    super(message);
    this.name = "DatabaseError";
  }
}
