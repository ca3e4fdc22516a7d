// `target_session_attrs`: which of several servers will do, by what a server says of itself when the session starts.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS
import type { Connection } from "./connect";

export const serverRoles = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type ServerRole = (typeof serverRoles)[number];

/** Whether the server is as wanted. Servers before 14 have to be asked, which costs a round trip. `asOpened`: the session is not READ ONLY by our own wish, so that its default tells something. */
export async function fits({ client, parameters }: Pick<Connection, "client" | "parameters">, wanted: ServerRole, asOpened: boolean): Promise<boolean> {
  if (wanted === "any") return true;
  const reported = parameters.get("in_hot_standby");
  const standby = reported === undefined ? (await client.query<{ standby: boolean }>("select pg_catalog.pg_is_in_recovery() as standby")).rows[0]!.standby : reported === "on";
  if (wanted === "standby" || wanted === "prefer-standby") return standby;
  if (wanted === "primary") return !standby;
  const readOnly = standby || (asOpened && parameters.get("default_transaction_read_only") === "on");
  return readOnly === (wanted === "read-only");
}
