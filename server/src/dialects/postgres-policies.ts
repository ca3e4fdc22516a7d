// Row level security and its policies as SQL: https://www.postgresql.org/docs/current/sql-createpolicy.html
import type { Change } from "../model/change";
import type { Policy, QualifiedName, Table } from "../model/schema";
import { postgres } from "./postgres";
import { tableName } from "./statements";

export type PolicyChange = Extract<Change, { readonly kind: "enable-row-security" | "disable-row-security" | "add-policy" | "drop-policy" | "alter-policy" | "rename-policy" }>;

/** The statements that make the change, each ended by a semicolon. */
export function policySql(change: PolicyChange): readonly string[] {
  switch (change.kind) {
    case "enable-row-security": return [`ALTER TABLE ${tableName(change.table, postgres)} ENABLE ROW LEVEL SECURITY;`];
    case "disable-row-security": return [`ALTER TABLE ${tableName(change.table, postgres)} DISABLE ROW LEVEL SECURITY;`];
    case "add-policy": return [created(change.policy, change.table)];
    case "drop-policy": return [`DROP POLICY ${on(change.policy.name, change.table)};`];
    case "alter-policy": return altered(change.from, change.to, change.table);
    case "rename-policy": return [`ALTER POLICY ${on(change.from, change.table)} RENAME TO ${postgres.quote(change.to)};`];
  }
}

/** What a new table has of it: first all that is in force, then the policies. */
export function rowSecuritySql({ name, rowSecurity }: Table): readonly string[] {
  if (!rowSecurity) return [];
  return [...(rowSecurity.enabled ? policySql({ kind: "enable-row-security", table: name }) : []), ...rowSecurity.policies.map((policy) => created(policy, name))];
}

/** What ALTER POLICY has no words for: another command, permissive and restrictive, an expression that is gone. */
export function isMadeAnew(from: Policy, to: Policy): boolean {
  return from.as !== to.as || from.for !== to.for || (from.using !== undefined && to.using === undefined) || (from.withCheck !== undefined && to.withCheck === undefined);
}

function altered(from: Policy, to: Policy, table: QualifiedName): readonly string[] {
  if (isMadeAnew(from, to)) return [`DROP POLICY ${on(from.name, table)};`, created(to, table)];
  return [`ALTER POLICY ${on(to.name, table)} TO ${roles(to)}${conditions(to)};`];
}

function created(policy: Policy, table: QualifiedName): string {
  return `CREATE POLICY ${on(policy.name, table)} AS ${policy.as.toUpperCase()} FOR ${policy.for.toUpperCase()} TO ${roles(policy)}${conditions(policy)};`;
}

function on(policy: string, table: QualifiedName): string {
  return `${postgres.quote(policy)} ON ${tableName(table, postgres)}`;
}

function roles({ to }: Policy): string {
  return to.map(roleText).join(", ");
}

/** `current_user`, `"authenticated"`. */
export function roleText(role: string): string {
  return words.has(role) ? role : postgres.quote(role);
}

function conditions({ using, withCheck }: Policy): string {
  return `${using ? ` USING (${using.sql})` : ""}${withCheck ? ` WITH CHECK (${withCheck.sql})` : ""}`;
}

/** drizzle-kit takes these for what SQL means by them, and no role can bear these names unquoted. */
const words = new Set(["public", "current_user", "current_role", "session_user"]);
