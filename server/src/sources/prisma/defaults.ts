// `@default(…)` as the database has it: an expression in its DDL, a counter, or something that only Prisma's client fills in.
import type { Column, DialectName, Expression } from "../../model/schema";
import { argument, none, type Attribute, type Value } from "./syntax";

export type Defaulted = Pick<Column, "default" | "generated">;

const nothing: Defaulted = {};
const currentTime: Defaulted = { default: { sql: "CURRENT_TIMESTAMP", columns: [], complete: true } };
export const filledByClient: Defaulted = { generated: "client" };

/** What `@default(…)` gives a column. `enumValues` gives the database's names of an enum's values; `type` is a list's, as SQL has it. */
export function defaultOf(attribute: Attribute, dialect: DialectName, type: string, enumValues: ReadonlyMap<string, string> | undefined): Defaulted {
  const value = argument(attribute, "value", 0);
  if (!value) return nothing;
  if (value.kind === "call") return called(value, dialect);
  const sql = literal(value, dialect, type, enumValues);
  return sql === undefined ? nothing : { default: { sql, columns: none, complete: true } };
}

function called(value: Value & { readonly kind: "call" }, dialect: DialectName): Defaulted {
  switch (value.text) {
    case "autoincrement": return { generated: dialect === "postgresql" || dialect === "cockroachdb" ? "serial" : "identity" };
    case "sequence": return { generated: "identity" };
    case "now": return currentTime;
    case "dbgenerated": {
      const sql = value.arguments[0];
      return sql?.kind === "string" && sql.text !== "" ? { default: expression(sql.text) } : nothing;
    }
    // cuid, uuid, ulid, nanoid, auto: the client or, for MongoDB's auto, the server makes the value; no DEFAULT stands in the DDL.
    default: return filledByClient;
  }
}

function literal(value: Value, dialect: DialectName, type: string, enumValues: ReadonlyMap<string, string> | undefined): string | undefined {
  switch (value.kind) {
    case "string": return quoted(value.text);
    case "number": return value.text;
    case "name": return value.text === "true" || value.text === "false" ? value.text : quoted(enumValues?.get(value.text) ?? value.text);
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
