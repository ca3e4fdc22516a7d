// Which server answers, told by the parameters that it reports when a session starts: no round trip is spent on it.

export interface ServerVersion {
  readonly major: number;
  /** "PostgreSQL 15.13". */
  readonly title: string;
  /** Why it cannot be read at all, as two sentences. */
  readonly unsupported?: string;
  /** What may be missing in a reading, as a sentence. */
  readonly doubt?: string;
}

/** The versions that the catalogue's SQL is written for. */
const [oldest, newest] = [13, 18];

/**
 * `parameters` are the server's reports by name (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC):
 * `server_version` is "15.13 (Debian 15.13-1)", "19devel" or "13.0.0" from CockroachDB, which also reports `crdb_version`.
 */
export function serverVersion(parameters: ReadonlyMap<string, string>): ServerVersion {
  const text = parameters.get("server_version") ?? "";
  const [number = ""] = text.split(" ");
  const major = Number.parseInt(number, 10);
  const supported = `Plumbline reads PostgreSQL ${oldest} to ${newest}, and servers with the same catalogue.`;
  const cockroach = parameters.get("crdb_version");
  if (cockroach !== undefined) return { major, title: "CockroachDB", unsupported: `The server is CockroachDB (${cockroach.split(" (")[0]}), whose catalogue is another one. ${supported}` };
  const title = `PostgreSQL ${number}`;
  if (Number.isNaN(major)) return { major: newest, title: "a server of unknown version", doubt: `The server does not say its version (it reports "${text}"), so it was read as PostgreSQL ${newest}: something may be missing.` };
  if (major < oldest) return { major, title, unsupported: `The server calls itself ${title}, which is too old or no PostgreSQL. ${supported}` };
  if (major > newest) return { major, title, doubt: `${title} is newer than this version of Plumbline, which knows PostgreSQL ${newest}: what is new in it was not read.` };
  return { major, title };
}
