// ~/.pgpass, as libpq reads it: the password for a host, port, database and user. Passwords come out as `Secret`.
// https://www.postgresql.org/docs/current/libpq-pgpass.html
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Secret } from "./secret";
import type { ConnectionSettings, Environment, Host } from "./settings";

/** The first line that fits; undefined where there is none, no file, or one that others may read (libpq ignores that too). */
export function passwordFromFile(settings: Pick<ConnectionSettings, "passwordFile" | "database" | "user">, host: Host, environment: Environment = process.env): Secret | undefined {
  const file = settings.passwordFile ?? defaultFile(environment);
  const text = file === undefined ? undefined : readPrivate(file);
  const wanted = [host.host === "" || host.host.startsWith("/") ? "localhost" : host.host, String(host.port), settings.database, settings.user];
  for (const line of text?.split(/\r?\n/) ?? []) {
    if (line.startsWith("#")) continue;
    const fields = fieldsOf(line);
    if (fields.length === 5 && wanted.every((value, at) => fields[at] === anything || fields[at] === value)) return new Secret(fields[4]!);
  }
  return undefined;
}

/** Stands for an unescaped `*`, which no field that was written out can be. */
const anything = "\0*";

/** Colons divide; a backslash takes the next character as it is. */
function fieldsOf(line: string): readonly string[] {
  const fields = line.match(/(?:[^:\\]|\\.)*(?::|$)/g)?.slice(0, 5) ?? [];
  return fields.map((field) => field.replace(/:$/, "")).map((field, at) => (field === "*" && at < 4 ? anything : field.replace(/\\(.)/g, "$1")));
}

function defaultFile(environment: Environment): string | undefined {
  if (process.platform === "win32") return environment["APPDATA"] && join(environment["APPDATA"], "postgresql", "pgpass.conf");
  return join(environment["HOME"] ?? homedir(), ".pgpass");
}

function readPrivate(file: string): string | undefined {
  try {
    const status = statSync(file);
    if (!status.isFile() || (process.platform !== "win32" && (status.mode & 0o077) !== 0)) return undefined;
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
