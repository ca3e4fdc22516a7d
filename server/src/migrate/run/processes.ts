// Who else is at work: sessions of the server as people can find them. Users see the statements of their own sessions only.
import type { LockMode } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import { lockModes } from "../../model/migration";
import { literal } from "../../dialects/postgres";
import { quoted } from "../journal/table";

/** The columns of `processTitles`, of pg_stat_activity as `a`. What its statement has in quotes may be a secret, and is left out. */
export function processesSql(pid: string, since: string): string {
  return `select ${pid}, a.usename, a.application_name, a.state, extract(epoch from pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.state_change, a.backend_start))::int as ${since}, left(pg_catalog.regexp_replace(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), '''([^'']|'''')*(''|$)', '''…''', 'g'), 80)`;
}

/** "process 4711 (user app, psql, idle in transaction for 8 s: select …)". */
export function processTitles(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  return rows.map(([pid, user, application, state, seconds, query]) => {
    const parts = [user && `user ${user}`, application, state && `${state}${seconds === null || seconds === undefined ? "" : ` for ${seconds} s`}${query ? `: ${query}` : ""}`];
    return `process ${pid}, ${parts.filter(Boolean).join(", ")}`;
  });
}

/** Which modes a mode waits for: https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY */
const conflicts: Readonly<Record<LockMode, readonly LockMode[]>> = {
  "access share": ["access exclusive"],
  "row share": ["exclusive", "access exclusive"],
  "row exclusive": ["share", "share row exclusive", "exclusive", "access exclusive"],
  "share update exclusive": ["share update exclusive", "share", "share row exclusive", "exclusive", "access exclusive"],
  share: ["row exclusive", "share update exclusive", "share row exclusive", "exclusive", "access exclusive"],
  "share row exclusive": ["row exclusive", "share update exclusive", "share", "share row exclusive", "exclusive", "access exclusive"],
  exclusive: ["row share", "row exclusive", "share update exclusive", "share", "share row exclusive", "exclusive", "access exclusive"],
  "access exclusive": lockModes,
};

/** Sessions that hold locks on the tables for which the given modes wait. */
export function holdersSql(locks: readonly { readonly table: QualifiedName; readonly mode: LockMode }[]): string {
  const each = locks.map(({ table, mode }) => `l.relation = pg_catalog.to_regclass(${literal(quoted(table))}) and l.mode in (${conflicts[mode].map((other) => literal(modeName(other))).join(", ")})`);
  return `${processesSql("a.pid", "since")} from pg_catalog.pg_stat_activity a where a.pid <> pg_catalog.pg_backend_pid() and exists (select from pg_catalog.pg_locks l where l.pid = a.pid and l.granted and l.locktype = 'relation' and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) and (${each.length === 0 ? "false" : each.join(" or ")})) order by 5 desc limit 5`;
}

/** As pg_locks has it: "AccessExclusiveLock". */
export function modeName(mode: LockMode): string {
  return `${mode.split(" ").map((word) => word[0]!.toUpperCase() + word.slice(1)).join("")}Lock`;
}
