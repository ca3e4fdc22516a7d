// Poolers: how one is recognised by what it answers, and where the same database is reached without it. A transaction
// pooler hands out another session for each transaction, so prepared statements, advisory locks and SET do not last.
// https://www.pgbouncer.org/features.html
import type { Client } from "pg";
import type { DatabaseError } from "../database";
import type { Connection } from "./connect";
import { disconnect } from "./disconnect";
import { accounted, databaseError } from "./errors";
import type { ConnectionSettings } from "./settings";

/** PgBouncer and Neon's proxy refuse options at the start of a session, which PostgreSQL itself takes. */
export function isPoolersRefusal(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return /unsupported startup parameter|unrecognized configuration parameter|unsupported.*options/i.test(String(message)) && (code === undefined || /^(08|0A|42|22)/.test(String(code)));
}

/** PostgreSQL's cancel key begins with the process number of the backend, which Linux keeps below 2^22; poolers make theirs up. */
export function isProxied(client: Client): boolean {
  const { processID } = client as unknown as { readonly processID: number | null };
  return processID === null || processID <= 0 || processID > 4_194_304;
}

/**
 * `backendPid` is what pg_backend_pid() gave over this connection: where it is the one of the start, the server itself
 * answers, and no pooler.
 */
export function isDirect(connection: Connection, backendPid: number): boolean {
  return (connection.client as unknown as { readonly processID: number | null }).processID === backendPid;
}

/**
 * True where two transactions of one connection may have different sessions. Asks at most five times: while this
 * connection is idle, another one that is given its session proves it. Rejects with a `DatabaseError`.
 */
export async function sharesSessions(connection: Connection, connectAnother: () => Promise<Connection>): Promise<boolean> {
  const ask = async ({ client, settings }: Connection, sql: string): Promise<number> => {
    const { rows } = await client.query<{ pid: number }>(sql).catch((error: unknown) => {
      throw databaseError(error, settings);
    });
    return rows[0]?.pid ?? 0;
  };
  const pid = "select pg_backend_pid() as pid";
  const first = await ask(connection, pid);
  if (isDirect(connection, first)) return false;
  const other = await connectAnother();
  try {
    await ask(other, "begin read only");
    const held = await ask(other, pid);
    const again = await ask(connection, pid);
    await ask(other, "commit");
    return held === first || again !== first;
  } finally {
    await disconnect(other);
  }
}

/** The database without its transaction pooler: as configured, or by the provider's rule for its addresses; undefined where it is not known. */
export function directSettings(settings: ConnectionSettings): ConnectionSettings | undefined {
  if (settings.direct) return settings.direct;
  if (!settings.transactionPooler) return undefined;
  const hosts = settings.hosts.map((one) => {
    // Neon: https://neon.com/docs/connect/connection-pooling. Supabase: 5432 of the same host keeps sessions.
    if (/-pooler\./.test(one.host)) return { ...one, host: one.host.replace("-pooler.", ".") };
    return /\.pooler\.supabase\.com$/.test(one.host) && one.port === 6543 ? { ...one, port: 5432 } : one;
  });
  const moved = hosts.some(({ host, port }, at) => host !== settings.hosts[at]!.host || port !== settings.hosts[at]!.port);
  return moved ? { ...settings, hosts, transactionPooler: false } : undefined;
}

/** Why `what` ("An advisory lock", "Running migrations") is not done over this connection, and what to name instead. */
export function needsSession(settings: ConnectionSettings, what: string): DatabaseError {
  const direct = directSettings(settings);
  const instead = direct
    ? `Use the direct address, ${direct.hosts.map(({ host, port }) => `${host}:${port}`).join(",")}${direct === settings.direct ? ` (${direct.origin.description})` : ""}.`
    : "Name the database's direct address, for example as directUrl or as a connection of its own in plumbline.config.json.";
  return accounted({ kind: "unsupported", happened: `${what} needs a session of its own, and this address is a transaction pooler's.`, advice: instead }, settings);
}
