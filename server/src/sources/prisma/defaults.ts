// `@default(…)` as the database has it: an expression in its DDL, a counter, or something that only Prisma's client fills in.
import type { Column, DialectName, Expression } from "../../model/schema";
import { none, type Value } from "./syntax";
import { ownCopy } from "./words";

export type Defaulted = Pick<Column, "default" | "generated">;

const nothing: Defaulted = {};
const currentTime: Defaulted = { default: { sql: "CURRENT_TIMESTAMP", columns: [], complete: true } };
export const filledByClient: Defaulted = { generated: "client" };

/** What `@default(value)` gives a column. `enumValues` gives the database's names of an enum's values; `type` is a list's, as SQL has it. */
export function defaultOf(value: Value | undefined, dialect: DialectName, type: string, enumValues: ReadonlyMap<string, string> | undefined): Defaulted {
  if (!value) return nothing;
  switch (value.kind) {
    case "call": return called(value, dialect);
    case "number": return sharedDefault(value.text, "SQL");
    case "string": return sharedDefault(value.text, "text");
    case "name": return isBoolean(value.text) ? sharedDefault(value.text, "SQL") : sharedDefault(enumValues?.get(value.text) ?? value.text, "text");
    default: {
      const sql = literal(value, dialect, type, enumValues);
      return sql === undefined ? nothing : { default: expression(sql) };
    }
  }
}

const sharedDefaults = { SQL: new Map<string, Defaulted>(), text: new Map<string, Defaulted>() };

/** More than any schema repeats. */
const mostShared = 500;

/** The default that is written as a piece of SQL, or as a text. The same few stand in thousands of columns. */
function sharedDefault(written: string, as: keyof typeof sharedDefaults): Defaulted {
  const known = sharedDefaults[as];
  let found = known.get(written);
  if (!found) {
    if (known.size > mostShared) known.clear();
    const own = ownCopy(written);
    known.set(own, (found = { default: expression(as === "SQL" ? own : quoted(own)) }));
  }
  return found;
}

function isBoolean(name: string): boolean {
  return name === "true" || name === "false";
}

function called(value: Value & { readonly kind: "call" }, dialect: DialectName): Defaulted {
  switch (value.text) {
    case "autoincrement": return { generated: dialect === "postgresql" || dialect === "cockroachdb" ? "serial" : "identity" };
    case "sequence": return { generated: "identity" };
    case "now": return currentTime;
    case "dbgenerated": {
      const sql = value.arguments[0];
      return sql?.kind === "string" && sql.text !== "" ? sharedDefault(sql.text, "SQL") : nothing;
    }
    // cuid, uuid, ulid, nanoid, auto: the client or, for MongoDB's auto, the server makes the value; no DEFAULT stands in the DDL.
    default: return filledByClient;
  }
}

function literal(value: Value, dialect: DialectName, type: string, enumValues: ReadonlyMap<string, string> | undefined): string | undefined {
  switch (value.kind) {
    case "string": return quoted(value.text);
    case "number": return value.text;
    case "name": return isBoolean(value.text) ? value.text : quoted(enumValues?.get(value.text) ?? value.text);
    case "list": {
      const items = value.items.map((item) => literal(item, dialect, type, enumValues) ?? "NULL");
      return `ARRAY[${items.join(", ")}]::${type}`;
    }
    case "call":
    case "object":
    case "missing": return undefined;
  }
}

function expression(sql: string): Expression {
  return { sql, columns: none, complete: true };
}

/** A string as an SQL literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
