// Values as SQL literals, for parameters that travel within a message of the simple protocol.
import { escapeLiteral } from "pg";

/** Untyped, so that the statement decides what it is; an array becomes PostgreSQL's text form. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return escapeLiteral(Array.isArray(value) ? arrayText(value) : text(value));
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayText(values: readonly unknown[]): string {
  return `{${values.map((value) => (value === null || value === undefined ? "null" : Array.isArray(value) ? arrayText(value) : `"${text(value).replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
}

function text(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
