// How much a column's default may change from row to row, as far as its text tells: PostgreSQL writes a constant or stable
// default once, and a volatile one into every row of the table.
// https://www.postgresql.org/docs/current/xfunc-volatility.html
import { names, visit, type Node } from "./tree";

export type Volatility = "constant" | "volatile" | "unknown";

/** Of a default's expression: "constant" is immutable or stable, "unknown" calls a function that this file does not know. */
export function volatilityOf(expression: Node | undefined): Volatility {
  let found: Volatility = "constant";
  visit(expression, (content, key) => {
    if (key !== "FuncCall" || found === "volatile") return;
    const parts = names(content["funcname"] as Node[]);
    const name = parts.at(-1) ?? "";
    const builtIn = parts.length === 1 || parts[0] === "pg_catalog";
    if (volatile.has(name)) found = "volatile";
    else if (!builtIn || !(stable.has(name) || stablePrefix.test(name))) found = "unknown";
  });
  return found;
}

/** pg_proc.provolatile = 'v' of PostgreSQL 18, as far as such a function can be a default; uuid-ossp, pgcrypto and pg_uuidv7. */
export const volatile: ReadonlySet<string> = new Set([
  "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuid_generate_v7", "gen_random_bytes", "gen_salt",
  "clock_timestamp", "timeofday", "nextval", "currval", "lastval", "setval", "setseed", "set_config", "pg_sleep",
]);

/** All variants immutable or stable in pg_catalog of PostgreSQL 15 to 18: a test asks the servers. */
export const stable: ReadonlySet<string> = new Set([
  "now", "transaction_timestamp", "statement_timestamp", "age", "make_date", "make_interval", "make_timestamp", "make_timestamptz", "extract",
  "lower", "upper", "initcap", "concat", "concat_ws", "format", "md5", "sha256", "encode", "decode", "replace", "substring", "substr", "left", "right", "length", "trim", "btrim", "ltrim", "rtrim", "repeat", "lpad", "rpad", "split_part", "translate", "reverse",
  "abs", "ceil", "floor", "round", "trunc", "power", "sqrt", "mod", "timezone", "justify_days", "justify_hours", "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
  "current_setting", "current_database", "current_schema", "version", "txid_current", "pg_backend_pid", "inet_client_addr",
]);
export const stablePrefix = /^(to_(char|date|timestamp|number|json|jsonb|tsvector|tsquery)|date_(trunc|part|bin)|jsonb?_build_(object|array)|jsonb?_object|array_(append|prepend|cat|length|position|to_string|fill)|string_to_array|row_to_json|array_to_json)$/;
