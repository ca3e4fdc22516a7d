// Whether two defaults are the same value, whatever the ORM wrote: casts, quotes around numbers, names of the clock.
import type { Column } from "../model/schema";

/** True also where one of them could not be read. */
export function sameDefault(a: Column, b: Column): boolean {
  if (a.default?.complete === false || b.default?.complete === false) return true;
  return comparable(a) === comparable(b);
}

function comparable(column: Column): string | undefined {
  const sql = column.default?.sql.trim();
  if (sql === undefined || /^null(::.*)?$/i.test(sql) || /^'null'::jsonb?$/i.test(sql)) return undefined;
  const bare = unwrapped(sql);
  const type = column.type.name.toLowerCase();
  if (/^(now\(\)|current_timestamp(\(\d*\))?|transaction_timestamp\(\)|localtimestamp(\(\d*\))?|\(?unixepoch\(\)\)?)$/i.test(bare)) return "now()";
  if (/^(gen_random_uuid|uuid_generate_v4|(pg_catalog\.)?gen_random_uuid)\(\)$/i.test(bare)) return bare.toLowerCase().replace("pg_catalog.", "");
  if (/^array\[\s*\]$/i.test(bare)) return "{}";
  const array = /^array\[(.*)\]$/is.exec(bare);
  if (array) return `{${array[1]!.split(",").map((item) => literal(unwrapped(item.trim()), "text")).join(",")}}`;
  return literal(bare, type);
}

/** Without outer parentheses and casts: `('{}'::jsonb)` gives `'{}'`. */
function unwrapped(sql: string): string {
  let text = sql.trim();
  for (;;) {
    const next = text.replace(/^\(([^()]*|[^()]*\([^()]*\)[^()]*)\)$/s, "$1").replace(/^((?:E?'(?:[^']|'')*'|[\w.]+(?:\([^()]*\))?|\[[^\]]*\]|array\[[^\]]*\]|\([^()]*\)))\s*::\s*[\w\s."]+(\([\d,\s]*\))?(\[\])*$/is, "$1").trim();
    if (next === text) return text;
    text = next;
  }
}

function literal(sql: string, type: string): string {
  const text = /^E?'((?:[^']|'')*)'$/s.exec(sql)?.[1]?.replaceAll("''", "'");
  const value = text ?? sql;
  if (/json/.test(type)) {
    try {
      return JSON.stringify(JSON.parse(value));
    } catch {
      // A bare word is a JSON string, as Drizzle writes it into the database.
      return JSON.stringify(value);
    }
  }
  if (/^(boolean|bool|tinyint\(1\)|bit)/.test(type) && /^(true|false|t|f|1|0)$/i.test(value)) return /^(true|t|1)$/i.test(value) ? "true" : "false";
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && !/char|text|json/.test(type)) return String(Number(value));
  // A function's name means the same in any case, a string does not.
  return text === undefined ? value.toLowerCase().replace(/\s+/g, " ") : value;
}
