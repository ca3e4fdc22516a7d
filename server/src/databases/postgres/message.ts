// What goes over the wire for a reading: one message of the simple protocol, so that it costs one round trip. It leaves
// no trace in the session, and a pooler that hands out another session for each transaction can pass it on.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT

import { postgres } from "../../dialects/postgres";

export interface Timeouts {
  /** For each statement, in milliseconds. */
  readonly statement: number;
  /** For each lock that is waited for, in milliseconds. */
  readonly lock: number;
}

/**
 * What the text of expressions, types and constants depends on, made the same for every user and server. With only `public`
 * in the search path, names of other schemas are always printed with their schema.
 */
export const printing: Readonly<Record<string, string>> = {
  search_path: "public",
  quote_all_identifiers: "off",
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  timezone: "UTC",
  extra_float_digits: "1",
  bytea_output: "hex",
};

/**
 * The statements in a READ ONLY transaction of their own, under timeouts. A server that refuses one of them leaves the transaction open: `rollback` ends it.
 * `searched`: the schema whose names are printed without it as well, where the connection searches one in place of public.
 */
export function readOnlyMessage(statements: readonly string[], timeouts: Timeouts, searched?: string): string {
  // Compiling a statement that runs once takes longer than running it.
  const settings = { jit: "off", statement_timeout: String(timeouts.statement), lock_timeout: String(timeouts.lock), ...printing };
  const set = Object.entries(settings).map(([name, value]) => `set local ${name} = '${value}'`);
  if (searched !== undefined) set.push(`set local search_path = ${postgres.quote(searched)}, public`);
  return ["begin read only", ...set, ...statements, "commit"].join("; ");
}

export const rollback = "rollback";
