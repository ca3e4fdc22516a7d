// Connection parameters by the name of a service, as libpq finds them: ~/.pg_service.conf (or the file that PGSERVICEFILE
// names), then pg_service.conf in the folder that PGSYSCONFDIR names. What they mean is the settings' business.
// https://www.postgresql.org/docs/current/libpq-pgservice.html
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Parameters } from "./connection-string";
import type { Environment } from "./settings";

/** `fail` gets a sentence that quotes no value. */
export function serviceParameters(service: string, environment: Environment, fail: (reason: string) => never): Parameters {
  const own = environment["PGSERVICEFILE"] || defaultFile(environment);
  const common = environment["PGSYSCONFDIR"] && join(environment["PGSYSCONFDIR"], "pg_service.conf");
  const files = [own, common].filter((file) => file !== undefined && file !== "") as readonly string[];
  for (const file of files) {
    const text = read(file);
    const found = text === undefined ? undefined : sectionOf(text, service, file, fail);
    if (found) return found;
  }
  return fail(`the service "${service}" is defined in none of ${files.join(", ")}. Write [${service}] and its parameters (host=…, dbname=…) there, or name the file in PGSERVICEFILE.`);
}

function sectionOf(text: string, service: string, file: string, fail: (reason: string) => never): Parameters | undefined {
  let parameters: Map<string, string> | undefined;
  for (const [at, given] of text.split(/\r?\n/).entries()) {
    const line = given.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (parameters) break;
      if (line === `[${service}]`) parameters = new Map();
    } else if (parameters) {
      const where = `line ${at + 1} of ${file}`;
      if (/^ldaps?:/i.test(line)) fail(`${where} asks an LDAP server, which Plumbline does not. Write the parameters there instead.`);
      const equals = line.indexOf("=");
      if (equals < 0) fail(`${where} is no keyword=value.`);
      const [name, value] = [line.slice(0, equals), line.slice(equals + 1)];
      if (name === "service" || name === "servicefile") fail(`${where} names another service, which libpq does not follow either.`);
      if (!parameters.has(name)) parameters.set(name, value);
    }
  }
  return parameters;
}

function defaultFile(environment: Environment): string | undefined {
  if (process.platform === "win32") return environment["APPDATA"] && join(environment["APPDATA"], "postgresql", ".pg_service.conf");
  return join(environment["HOME"] ?? homedir(), ".pg_service.conf");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
