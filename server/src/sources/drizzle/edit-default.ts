// A default as the chained call that declares it: a plain value where the column function takes one, else SQL as the database prints it.
import type { Column, Expression } from "../../model/schema";
import type { Held } from "./edit-column-type";
import { sqlTemplate, type Words } from "./edit-index";
import { quoted } from "./edit-style";

/**
 * `.default("open")`, `.defaultNow()`. `builder` is the column function's name, `held` what a row holds of it ("other" where that is not known: then the value is SQL);
 * `values` are those that an enum, or a text column with a list of them, may have. Undefined where the expression is not known.
 */
export function defaultCall(expression: Expression, builder: string | undefined, held: Held, values: Column["type"]["values"], words: Words): string | undefined {
  if (!expression.complete) return undefined;
  const sql = withoutCast(expression.sql.trim());
  if (/^(now\(\)|current_timestamp)$/i.test(sql) && builder && ["timestamp", "date", "time"].includes(builder)) return ".defaultNow()";
  if (/^gen_random_uuid\(\)$/i.test(sql) && builder === "uuid") return ".defaultRandom()";
  const value = plainValue(sql, held, values, words);
  if (value !== undefined) return `.default(${value})`;
  const template = sqlTemplate({ ...expression, columns: [] }, words);
  return template && `.default(${template})`;
}

/** The calls of a chain that give the database a default. */
export const defaultCalls: ReadonlySet<string> = new Set(["default", "defaultNow", "defaultRandom", "defaultCurrentTimestamp"]);

function plainValue(sql: string, held: Held, values: readonly string[] | undefined, words: Words): string | undefined {
  const text = /^'((?:[^']|'')*)'$/s.exec(sql)?.[1]?.replaceAll("''", "'");
  const number = /^-?\d+(\.\d+)?$/.test(text ?? sql) ? (text ?? sql) : undefined;
  switch (held) {
    case "number": return number !== undefined && String(Number(number)) === number ? number : undefined;
    case "boolean": return /^(true|false)$/i.test(text ?? sql) ? (text ?? sql).toLowerCase() : undefined;
    case "string": {
      const given = text ?? number;
      return given === undefined || (values && !values.includes(given)) ? undefined : quoted(given, words.quote);
    }
    case "json": return text === "{}" || text === "[]" ? text : undefined;
    case "list": return text === "{}" || /^array\[\](::|$)/i.test(sql) ? "[]" : undefined;
    case "date":
    case "other": return undefined;
  }
}

/** `'open'::status` gives `'open'`, `(0)::numeric` gives `0`. */
function withoutCast(sql: string): string {
  const match = /^(.+?)::(?:"[^"]+"|[\w.]+(?: [a-z]+)*)(?:\([\d, ]*\))?(?: with(?:out)? time zone)?(?:\[\])*$/s.exec(sql);
  const inner = match && /^('(?:[^']|'')*'|\(?-?[\d.]+\)?|true|false)$/s.exec(match[1]!);
  return (inner ? inner[1]! : sql).replace(/^\((-?[\d.]+)\)$/, "$1");
}
