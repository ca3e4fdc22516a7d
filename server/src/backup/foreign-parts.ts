// What of a dump's statements belongs to the server that it comes from: its database, its roles, settings that only other
// versions know. Told by a statement's first words, as pg_dump writes them. Pure.

export interface Surroundings {
  /** Names of settings that the server knows, in lower case. */
  readonly settings: ReadonlySet<string>;
  readonly superuser: boolean;
  readonly roles: "made" | "refused" | "left out";
}

/** The statement as it can be run here; without `sql` it is left out, and `note` says so in a full sentence where that matters. */
export function adapted(sql: string, { settings, superuser, roles }: Surroundings): { readonly sql?: string; readonly note?: string } {
  if (/^(begin|start\s+transaction|commit|end)\b/i.test(sql)) return {};
  if (/^(create|drop|alter)\s+database\b|^(comment|security\s+label)\b[^']*\bon\s+database\b|^(grant|revoke)\b[^;]*\bon\s+database\b/i.test(sql)) return { note: "What the dump says of the database itself (its name, owner and settings) was left out: it goes into the database that was named." };
  const setting = /^set\s+(?:session\s+|local\s+)?([a-z_]+)\s*(?:=|to\b)/i.exec(sql)?.[1]?.toLowerCase();
  if (setting !== undefined && !settings.has(setting)) return {};
  if (roles === "left out" && isOwnership(sql)) return { note: "Owners and privileges were left out." };
  // An extension belongs to the superuser who made it, and its comment is the one that it came with.
  if (!superuser && /^comment\s+on\s+extension\b/i.test(sql)) return {};
  if (/^create\s+schema\s+public$/i.test(sql)) return { sql: "CREATE SCHEMA IF NOT EXISTS public" };
  return { sql };
}

function isOwnership(sql: string): boolean {
  return /^(grant|revoke|alter\s+default\s+privileges|set\s+session\s+authorization)\b/i.test(sql) || /^alter\s[\s\S]*\sowner\s+to\s+("(?:""|[^"])*"|\S+)$/i.test(sql);
}

const name = String.raw`(?:"(?:""|[^"])*"|[A-Za-z_][\w$]*)`;
const names = `${name}(?:\\s*,\\s*${name})*`;

/** Roles that must exist for the statement to run, unquoted. */
export function rolesIn(sql: string): readonly string[] {
  const found = patterns.flatMap((pattern) => pattern.exec(sql)?.slice(1) ?? []).filter((list) => list !== undefined);
  const roles = found.flatMap((list) => list.match(new RegExp(name, "g")) ?? []).map((role) => (role.startsWith('"') ? role.slice(1, -1).replaceAll('""', '"') : role.toLowerCase()));
  return [...new Set(roles)].filter((role) => !["public", "current_user", "current_role", "session_user"].includes(role));
}

/** As pg_dump spells them. https://www.postgresql.org/docs/current/sql-grant.html */
const patterns = [
  new RegExp(`^alter\\s[\\s\\S]*\\sowner\\s+to\\s+(${name})$`, "i"),
  new RegExp(`^grant\\s[\\s\\S]*\\sto\\s+(?:group\\s+)?(${names})(?:\\s+with\\s+grant\\s+option)?(?:\\s+granted\\s+by\\s+${name})?$`, "i"),
  new RegExp(`^revoke\\s[\\s\\S]*\\sfrom\\s+(?:group\\s+)?(${names})(?:\\s+cascade|\\s+restrict)?$`, "i"),
  new RegExp(`^alter\\s+default\\s+privileges\\s+for\\s+(?:role|user)\\s+(${names})[\\s\\S]*\\s(?:to|from)\\s+(${names})(?:\\s+with\\s+grant\\s+option)?$`, "i"),
  new RegExp(`^create\\s+policy\\s[\\s\\S]*?\\sto\\s+(${names})(?=\\s+(?:using|with)\\b|$)`, "i"),
  new RegExp(`^set\\s+session\\s+authorization\\s+(${name})$`, "i"),
] as const;
