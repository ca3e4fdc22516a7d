// What migrations cast columns to: made-up texts in such a column are numbers or times, as real ones are where the migration
// is to succeed. It looks at names and casts alone, so a column of that name in another table gets such texts as well.

/** By the column's name, the type as format_type spells it. */
export type Casts = ReadonlyMap<string, string>;

const types: Readonly<Record<string, string>> = {
  smallint: "smallint", int2: "smallint", int: "integer", int4: "integer", integer: "integer", bigint: "bigint", int8: "bigint", numeric: "numeric", decimal: "numeric", real: "real", float4: "real", float8: "double precision", "double precision": "double precision",
  date: "date", timestamp: "timestamp without time zone", timestamptz: "timestamp with time zone", time: "time without time zone", interval: "interval", uuid: "uuid", boolean: "boolean", bool: "boolean", json: "json", jsonb: "jsonb", inet: "inet",
};

const name = `(?:"((?:[^"]|"")+)"|\\b([a-z_]\\w*))`;
const type = `(${Object.keys(types).join("|")})\\b`;
/** `total::integer`, `nullif(total, '')::integer`, `cast(total as integer)`. */
const written = [new RegExp(`${name}(?:\\s*,\\s*'[^']*')?\\s*\\)*\\s*::\\s*${type}`, "gi"), new RegExp(`\\bcast\\s*\\(\\s*(?:\\w+\\s*\\(\\s*)*${name}(?:\\s*,\\s*'[^']*')?\\s*\\)*\\s+as\\s+${type}`, "gi")];

/** Of a column that is cast to several types, the first. */
export function castsIn(scripts: readonly string[]): Casts {
  const found = new Map<string, string>();
  for (const sql of scripts)
    for (const pattern of written)
      for (const [, quoted, plain, to] of sql.matchAll(pattern)) {
        const column = quoted?.replaceAll('""', '"') ?? plain!.toLowerCase();
        if (!found.has(column)) found.set(column, types[to!.toLowerCase()]!);
      }
  return found;
}
