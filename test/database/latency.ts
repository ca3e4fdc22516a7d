// The benchmarks' latency proxy and schema generator, with their types.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import type { Postgres } from "../oracles/postgres";

export interface LatencyProxy {
  readonly port: number;
  stats(): { readonly connections: number; readonly roundTrips: number; readonly statements: readonly string[]; readonly bytesUp: number; readonly bytesDown: number };
  reset(): void;
  /** The next statement that fits breaks the connection, or is never answered. */
  breakAt(pattern: RegExp | undefined, how?: "at once" | "silent"): void;
  /** From now on nothing comes through, nor that the client has gone, until `breakAll`. */
  freeze(): void;
  breakAll(): void;
  close(): Promise<void>;
}

interface GeneratedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly notNull?: boolean }[];
  readonly fks: readonly { readonly name: string; readonly column: string; readonly to: string }[];
  readonly indexes: readonly { readonly name: string }[];
  readonly uniques: readonly { readonly name: string }[];
  readonly checks: readonly { readonly name: string }[];
}

export interface Generator {
  buildModel(tables: number): { readonly tables: readonly GeneratedTable[] };
  toSql(model: unknown): string;
  toDrizzle(model: unknown): string;
  toPrisma(model: unknown, withUrl?: boolean): string;
}

const bench = (file: string) => pathToFileURL(join(__dirname, "../bench", file)).href;

/** In front of the server whose sockets lie in the folder `host`, port 5432. */
export async function latencyProxy(host: string): Promise<LatencyProxy> {
  const { startLatencyProxy } = (await import(bench("latency-proxy.mjs"))) as { startLatencyProxy(options: { target: { path: string } }): Promise<LatencyProxy> };
  return startLatencyProxy({ target: { path: join(host, ".s.PGSQL.5432") } });
}

/** Runs a generated schema's statements, some hundred in a transaction: all of them at once hold more locks than a server has room for. */
export async function createGenerated(connection: Postgres["connection"], sql: string): Promise<void> {
  const statements = sql.split(/;\n/).filter((statement) => statement.trim() !== "");
  const client = new Client(connection);
  await client.connect();
  for (let at = 0; at < statements.length; at += 500) await client.query(statements.slice(at, at + 500).join(";\n"));
  await client.end();
}

export const generator = (): Promise<Generator> => import(bench("gen.mjs")) as Promise<Generator>;
