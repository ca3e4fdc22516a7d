// Statements of views and materialized views, as drizzle-kit has them: what PostgreSQL can alter is altered, another query
// makes it anew. https://www.postgresql.org/docs/current/sql-alterview.html
import type { View } from "../model/schema";
import { tableKey } from "../model/table-key";
import { parameter, postgres, renamed } from "./postgres";
import { tableName } from "./statements";

type ViewChange =
  | { readonly kind: "add-view" | "drop-view"; readonly view: View }
  | { readonly kind: "rename-view"; readonly from: View["name"]; readonly to: View["name"]; readonly materialized: boolean }
  | { readonly kind: "alter-view"; readonly from: View; readonly to: View };

/** Whether it takes more than ALTER: the query is another one, or the kind. */
export function isMadeAnew(from: View, to: View): boolean {
  return from.materialized !== to.materialized || !sameQuery(from, to);
}

/** Of a query that is printed otherwise since what it reads was renamed no more can be said than what it reads. */
function sameQuery(from: View, to: View): boolean {
  if (!from.uses || !to.uses || (!from.outdated && !to.outdated)) return from.definition === to.definition;
  const reads = ({ uses = [] }: View): string => JSON.stringify(uses.map(({ name, columns }) => [tableKey(name), ...[...columns].sort()].join("\0")).sort());
  return reads(from) === reads(to);
}

/** Each ends with a semicolon. */
export function viewSql(change: ViewChange): readonly string[] {
  switch (change.kind) {
    case "add-view": return [createView(change.view)];
    case "drop-view": return [`DROP ${nounOf(change.view)} ${nameOf(change.view)};`];
    case "rename-view": return renamed(nounOf(change), change);
    case "alter-view": return isMadeAnew(change.from, change.to) ? [...viewSql({ kind: "drop-view", view: change.from }), createView(change.to)] : alterView(change.from, change.to);
  }
}

function createView(view: View): string {
  const { using, tablespace, definition, withNoData, options = {} } = view;
  const parameters = Object.entries(options).map(([name, value]) => `${name} = ${parameter(value)}`);
  return [
    `CREATE ${nounOf(view)} ${nameOf(view)}`,
    using === undefined ? "" : ` USING ${postgres.quote(using)}`,
    parameters.length === 0 ? "" : ` WITH (${parameters.join(", ")})`,
    tablespace === undefined ? "" : ` TABLESPACE ${postgres.quote(tablespace)}`,
    ` AS (${definition.trim().replace(/;$/, "")})${withNoData ? " WITH NO DATA" : ""};`,
  ].join("");
}

function alterView(from: View, to: View): readonly string[] {
  const alter = (action: string): string => `ALTER ${nounOf(to)} ${nameOf(to)} ${action};`;
  const [had, has] = [from.options ?? {}, to.options ?? {}];
  const set = Object.entries(has).filter(([name, value]) => !sameOption(had[name], value)).map(([name, value]) => `${name} = ${parameter(value)}`);
  const reset = Object.keys(had).filter((name) => has[name] === undefined);
  return [
    ...(set.length > 0 ? [alter(`SET (${set.join(", ")})`)] : []),
    ...(reset.length > 0 ? [alter(`RESET (${reset.join(", ")})`)] : []),
    ...(from.tablespace === to.tablespace ? [] : [alter(`SET TABLESPACE ${postgres.quote(to.tablespace ?? "pg_default")}`)]),
    ...(accessMethod(from) === accessMethod(to) ? [] : [alter(`SET ACCESS METHOD ${postgres.quote(accessMethod(to))}`)]),
  ];
}

/** Everything but the name; whether it was made without rows does not show afterwards. */
export function sameView(a: View, b: View): boolean {
  return !isMadeAnew(a, b) && alterView(a, b).length === 0;
}

function accessMethod({ using }: View): string {
  return using ?? "heap";
}

/** A truth may be given in several words. */
function sameOption(a: string | undefined, b: string): boolean {
  const plain = (value: string): string => (/^(true|on|yes|1)$/i.test(value) ? "true" : /^(false|off|no|0)$/i.test(value) ? "false" : value.toLowerCase());
  return a !== undefined && plain(a) === plain(b);
}

export type ViewNoun = "VIEW" | "MATERIALIZED VIEW";

function nounOf({ materialized }: Pick<View, "materialized">): ViewNoun {
  return materialized ? "MATERIALIZED VIEW" : "VIEW";
}

function nameOf({ name }: View): string {
  return tableName(name, postgres);
}
