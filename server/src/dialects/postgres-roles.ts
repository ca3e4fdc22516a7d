// Roles as SQL: https://www.postgresql.org/docs/current/sql-createrole.html. A role is of the whole server: a migration that
// runs in its second database, or where somebody else has made the role, finds what it makes or renames there already.
import type { Change } from "../model/change";
import type { Role } from "../model/schema";
import { dollarQuoted, literal, postgres } from "./postgres";

export type RoleChange = Extract<Change, { readonly kind: "add-role" | "drop-role" | "alter-role" | "rename-role" }>;

export type RoleOptions = Pick<Role, "createDatabase" | "createRole" | "inherit">;

/** The statements that make the change, each ended by a semicolon. */
export function roleSql(change: RoleChange): readonly string[] {
  switch (change.kind) {
    case "add-role": return [unless(stands(change.role.name), `CREATE ROLE ${postgres.quote(change.role.name)}${options(plain, change.role)}`)];
    case "drop-role": return [`DROP ROLE IF EXISTS ${postgres.quote(change.role.name)};`];
    case "alter-role": return [`ALTER ROLE ${postgres.quote(change.to.name)}${options(change.from, change.to)};`];
    // Where neither stands, PostgreSQL says so.
    case "rename-role": return [unless(`${stands(change.to)} AND NOT ${stands(change.from)}`, `ALTER ROLE ${postgres.quote(change.from)} RENAME TO ${postgres.quote(change.to)}`)];
  }
}

/** As CREATE ROLE makes it unless told otherwise. */
export const plain: RoleOptions = { createDatabase: false, createRole: false, inherit: true };

function options(from: RoleOptions, to: RoleOptions): string {
  const words = ([["createDatabase", "CREATEDB"], ["createRole", "CREATEROLE"], ["inherit", "INHERIT"]] as const).flatMap(([option, word]) => (from[option] === to[option] ? [] : [`${to[option] ? "" : "NO"}${word}`]));
  return words.length === 0 ? "" : ` WITH ${words.join(" ")}`;
}

function stands(role: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(role)})`;
}

function unless(condition: string, statement: string): string {
  const negated = condition.includes(" AND ") ? `NOT (${condition})` : `NOT ${condition}`;
  return `DO ${dollarQuoted(`BEGIN IF ${negated} THEN ${statement}; END IF; END`)};`;
}
