// A policy as drizzle-kit would write it: its expressions with every column behind its table, since they may look into
// other tables.
import type { Expression, Policy } from "../../model/schema";
import { recordedSql, withRecorded } from "./recorded";
import { expressionOf, type Naming } from "./sql";
import { isComposite, isKind, type OtherValue, type Value } from "./values";

const commands: ReadonlySet<unknown> = new Set(["all", "select", "insert", "update", "delete"]);

/** `version`: of drizzle-orm. What cannot be read for sure makes it incomplete. */
export function readPolicy({ name = "", config }: OtherValue, naming: Naming, version: 0 | 1): Policy {
  const given = isKind(config, "object") && !config.unknown ? config.props : undefined;
  const said = (property: string): Value => given?.get(property);
  const [as, command, to] = [said("as") ?? "permissive", said("for") ?? "all", rolesOf(said("to"))];
  const [using, withCheck] = [conditionOf(said("using"), naming, version), conditionOf(said("withCheck"), naming, version)];
  const complete = name !== "" && (config === undefined || given !== undefined) && (as === "permissive" || as === "restrictive") && commands.has(command) && to !== undefined && using?.complete !== false && withCheck?.complete !== false;
  return {
    name, as: as === "restrictive" ? as : "permissive", for: commands.has(command) ? (command as Policy["for"]) : "all", to: to ?? [],
    ...(using && { using }), ...(withCheck && { withCheck }), complete,
  };
}

/** In their order, as drizzle-kit has them; undefined where one could not be read. */
function rolesOf(to: Value): readonly string[] | undefined {
  if (to === undefined || to === null || to === "") return ["public"];
  const items = isKind(to, "array") ? (to.unknown ? [undefined] : to.items) : [to];
  const names = items.map((one) => (typeof one === "string" ? one : isKind(one, "other") && one.what === "role" ? one.name : undefined));
  return names.every((one) => one !== undefined) ? [...names].sort() : undefined;
}

/** drizzle-kit leaves out what is no SQL. */
function conditionOf(value: Value, naming: Naming, version: 0 | 1): Expression | undefined {
  if (!isComposite(value)) return undefined;
  const { columns, sql: shown } = expressionOf(value, naming);
  const sql = isKind(value, "sql") ? recordedSql(value, naming, { columns: "with table", values: "inline", version }) : undefined;
  return sql === undefined ? { sql: shown, columns, complete: false } : withRecorded({ sql, columns, complete: true }, recordedSql(value, naming, { columns: "with table", values: "numbered", version }));
}
