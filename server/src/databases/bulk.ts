// What dumping and restoring need of a database: statements, and COPY in both directions as streams of bytes. One backend
// from opening to closing. Opening one is its kind's affair (postgres/bulk.ts, embedded/bulk.ts).
import type { ServerVersion } from "./postgres/server-version";

export interface BulkSession {
  /** Name of the connection. */
  readonly name: string;
  readonly version: ServerVersion;
  /** Runs statements in one message; gives the rows of each, values as text or null. Rejects with a `DatabaseError` that has the server's own words and SQLSTATE. */
  run(sql: string): Promise<readonly BulkRows[]>;
  /** `sql` is `COPY … FROM stdin`; `data` is sent as it comes. Gives the number of rows. */
  copyIn(sql: string, data: AsyncIterable<Uint8Array>): Promise<number>;
  /** `sql` is `COPY … TO stdout`. */
  copyOut(sql: string): AsyncIterable<Uint8Array>;
  /** Never rejects. */
  close(): Promise<void>;
}

export type BulkRows = readonly (readonly (string | null)[])[];
