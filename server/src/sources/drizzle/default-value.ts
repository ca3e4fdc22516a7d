// A column's default as SQL: drizzle-kit writes objects and lists in the form of the column's type, which their text alone
// does not tell.
import type { Expression } from "../../model/schema";
import { jsonOf } from "./json";
import { expressionOf, type Naming } from "./sql";
import { isComposite, isKind, type Value } from "./values";

/** `type` is the column's. Objects and lists of PostgreSQL come out as PostgreSQL prints them; what cannot be read is not complete. */
export function defaultOf(value: Value, type: string, naming: Naming): Expression {
  if (!isKind(value, "object") && !isKind(value, "array")) return expressionOf(value, naming);
  const json = /^jsonb?$/i.test(type) ? jsonOf(value) : undefined;
  if (json !== undefined) return literal(JSON.stringify(json), type.toLowerCase());
  const list = isKind(value, "array") && type.endsWith("]") ? arrayText(value) : undefined;
  return list === undefined ? { ...expressionOf(value, naming), complete: false } : literal(list, type);
}

function literal(text: string, type: string): Expression {
  return { sql: `'${text.replaceAll("'", "''")}'::${type}`, columns: [], complete: true };
}

/** `{a,"b c"}`, with quotes where PostgreSQL puts them: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayText(value: Value): string | undefined {
  if (isKind(value, "array")) {
    const items = value.unknown ? [undefined] : value.items.map(arrayText);
    return items.includes(undefined) ? undefined : `{${items.join(",")}}`;
  }
  if (isComposite(value) || value === undefined) return undefined;
  if (value === null) return "NULL";
  const text = String(value);
  return text === "" || /[{}",\\\s]/.test(text) || /^null$/i.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}
