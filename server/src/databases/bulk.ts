// What dumping and restoring need of a database: statements, and COPY in both directions as streams of bytes. One backend
// from opening to closing. Opening one is its kind's affair (postgres/bulk.ts, embedded/bulk.ts).
import type { Host } from "./connections/settings";
import { DatabaseError } from "./database";
import type { ServerVersion } from "./postgres/server-version";

export interface BulkSession {
  /** Name of the connection. */
  readonly name: string;
  readonly version: ServerVersion;
  /** The server that answered, for programs that connect to it too; undefined for the embedded database. */
  readonly host?: Host;
  /** Runs statements in one message; gives the rows of each, values as text or null. Rejects with a `StatementError` where the server refuses one of them, else with a `DatabaseError`. */
  run(sql: string): Promise<readonly BulkRows[]>;
  /** `sql` is `COPY … FROM stdin`; `data` is sent as it comes. Gives the number of rows. */
  copyIn(sql: string, data: AsyncIterable<Uint8Array>): Promise<number>;
  /** `sql` is `COPY … TO stdout`. */
  copyOut(sql: string): AsyncIterable<Uint8Array>;
  /** Never rejects. */
  close(): Promise<void>;
}

export type BulkRows = readonly (readonly (string | null)[])[];

/** A statement that the server refused, in its own words. */
export class StatementError extends DatabaseError {
  constructor(
    message: string,
    code: string,
    /** How many statements of the message were carried out before it. */
    readonly completed: number,
    /** UTF-16 offset in the message that was sent, where the server names a place. */
    readonly offset?: number,
    /** Where in a COPY: "COPY orders, line 3". */
    readonly where?: string,
  ) {
    super(message, "failed", code);
  }
}
