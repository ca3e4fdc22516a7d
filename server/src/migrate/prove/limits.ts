// What the embedded PostgreSQL cannot run although a server may: such a statement proves nothing against its migration. And
// what a script must find ready there: extensions to load, roles to make.
import { createdExtensions, mentionedExtensions } from "../../databases/embedded/extensions";
import { SessionError } from "../../databases/session";
import type { SqlParser } from "../../sql/parser";
import { nodesIn } from "../../sql/roles-and-schemas";
import { as } from "../../sql/tree";

/** Why, as a clause ("it has no extension "vector""); undefined: a server would refuse it as well. */
export function beyondEmbedded(error: unknown): string | undefined {
  if (!(error instanceof SessionError) || error.kind !== "refused") return undefined;
  const { code, message } = error;
  const extension = /extension "([^"]*)" is not available/.exec(message)?.[1];
  if (extension !== undefined) return `it has no extension "${extension}"`;
  // undefined_file, io_error, could not load a library.
  if (code?.startsWith("58")) return `it lacks a file of a server: ${message}`;
  const missing = /^(role|language|tablespace|access method|text search (?:configuration|dictionary|parser|template)|foreign-data wrapper|server|publication) "([^"]*)" does not exist/.exec(message);
  if (missing) return `it has no ${missing[1]} "${missing[2]}", and no migration makes it`;
  if (/\b(wal_level|replication slot|prepared transactions are disabled|max_prepared_transactions)\b/.test(message)) return message;
  return undefined;
}

/** True for what follows when something before could not be made: an object, column, type, function or schema that is not there. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof SessionError && ["42P01", "42703", "42704", "42883", "3F000"].includes(error.code ?? "");
}

/** Extensions whose files must be at hand before the database is opened. */
export function neededExtensions(scripts: readonly string[]): readonly string[] {
  const named = new Set(scripts.flatMap((text) => [...createdExtensions(text), ...mentionedExtensions(text)]));
  // https://www.postgresql.org/docs/current/earthdistance.html
  if (named.has("earthdistance")) named.add("cube");
  return [...named].sort();
}

/** Roles that the scripts name (GRANT, OWNER TO, CREATE POLICY … TO) and do not make: on a server they are there before any migration. */
export function neededRoles(scripts: readonly string[], parser: SqlParser): readonly string[] {
  const named = new Set<string>(), made = new Set<string>(), renamed = new Set<string>();
  for (const text of scripts) {
    if (!/\b(grant|revoke|owner|policy|role|authorization|privileges)\b/i.test(text)) continue;
    for (const node of nodesIn(text, parser)) {
      const create = as(node, "CreateRoleStmt"), rename = as(node, "RenameStmt");
      if (create?.role !== undefined) made.add(create.role);
      if (rename?.renameType === "OBJECT_ROLE" && rename.subname !== undefined && rename.newname !== undefined) {
        if (!made.has(rename.subname)) renamed.add(rename.subname);
        made.add(rename.newname);
      }
      collectRoles(node, named);
    }
  }
  return [...new Set([...[...named].filter((name) => !made.has(name)), ...renamed])].filter((name) => !name.startsWith("pg_") && name !== "postgres").sort();
}

function collectRoles(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) value.forEach((one) => collectRoles(one, found));
  else if (typeof value === "object" && value !== null) {
    const { roletype, rolename } = value as { readonly roletype?: unknown; readonly rolename?: unknown };
    if (roletype === "ROLESPEC_CSTRING" && typeof rolename === "string") found.add(rolename);
    for (const inner of Object.values(value)) collectRoles(inner, found);
  }
}
