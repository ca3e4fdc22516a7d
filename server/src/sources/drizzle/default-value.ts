// A column's default as SQL: drizzle-kit writes objects and lists in the form of the column's type, which their text alone
// does not tell.
import type { Expression } from "../../model/schema";
import { jsonOf } from "./json";
import { expressionOf, type Naming } from "./sql";
import { isComposite, isKind, type Family, type Value } from "./values";

/** `type` is the column's. Objects, lists, dates and what JSON has of PostgreSQL come out as PostgreSQL prints them; what cannot be read is not complete. */
export function defaultOf(value: Value, type: string, family: Family, naming: Naming): Expression {
  if (isKind(value, "date")) {
    const text = family === "pg" ? dateText(value.iso, type) : undefined;
    return text === undefined ? { ...expressionOf(value, naming), complete: false } : literal(text, type.replace(/\(\d+\)/, ""));
  }
  // drizzle-kit writes a text as it stands, and all else as JSON.
  if (family === "pg" && /^jsonb?$/.test(type) && (value === null || typeof value === "number" || typeof value === "boolean")) return literal(String(value), type);
  if (!isKind(value, "object") && !isKind(value, "array")) return expressionOf(value, naming);
  const json = /^jsonb?$/i.test(type) ? jsonOf(value) : undefined;
  if (json !== undefined) return literal(JSON.stringify(json), type.toLowerCase());
  const list = isKind(value, "array") && type.endsWith("]") ? arrayText(value) : undefined;
  return list === undefined ? { ...expressionOf(value, naming), complete: false } : literal(list, type);
}

function literal(text: string, type: string): Expression {
  return { sql: `'${text.replaceAll("'", "''")}'::${type}`, columns: [], complete: true };
}

/** As a session in UTC prints it, without its time zone where the type has none; undefined for other types. */
function dateText(iso: string, type: string): string | undefined {
  const time = iso.replace("T", " ").replace(/\.?0*Z$/, "");
  if (type === "date") return iso.slice(0, iso.indexOf("T"));
  if (/^timestamp\b/.test(type)) return type.endsWith("with time zone") ? `${time}+00` : time;
  return undefined;
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
