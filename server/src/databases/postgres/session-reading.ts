// A schema read over a session that is open for writing, the embedded one included: the same document as a connection's.
import type { DatabaseReading } from "../database";
import type { Session } from "../session";
import { readOnlyMessage } from "./message";
import { schemaReading, schemaSql } from "./reading";
import { serverVersion, type ServerVersion } from "./server-version";

/** The one that `readSession` sends. */
export function schemaMessage(version: Pick<ServerVersion, "major">, searched?: string): string {
  return readOnlyMessage([schemaSql(version)], { statement: 0, lock: 0 }, searched);
}

/** One message, in a READ ONLY transaction. Rejects with a `SessionError`. */
export async function readSession(session: Session, signal?: AbortSignal): Promise<DatabaseReading> {
  const version = serverVersion(new Map([["server_version", session.server.title.replace(/^\D*/, "")]]));
  const results = await session.run(schemaMessage(version, session.searched), signal);
  const json = results.find(({ fields }) => fields[0] === "schema")!.rows[0]![0]!;
  return schemaReading(json, session.name, version, session.server.transactionPooler, session.searched);
}
