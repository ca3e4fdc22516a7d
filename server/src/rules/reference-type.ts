// Whether a column can hold, and compare without a cast, what the column that it references holds. Stricter questions
// (are two columns declared alike?) belong to the comparison of schemas.
import type { ColumnType, DialectName } from "../model/schema";

/**
 * "same": alike for a reference. "differs": another type. "narrower": of the same family, but too small for some
 * values of the other. "unknown": a type that cannot be read, or a list.
 */
export type ReferenceType = "same" | "narrower" | "differs" | "unknown";

export function compareReferenceType(column: ColumnType, referenced: ColumnType, dialect: DialectName): ReferenceType {
  const from = parsed(column.name, dialect);
  const to = parsed(referenced.name, dialect);
  if (from.base === "unknown" || to.base === "unknown" || from.list || to.list) return "unknown";
  if (column.enum && referenced.enum) return column.enum.name === referenced.enum.name && column.enum.schema === referenced.enum.schema ? "same" : "differs";
  const [smaller, larger] = [integers.indexOf(from.base), integers.indexOf(to.base)];
  if (dialect !== "sqlite" && smaller >= 0 && smaller < larger) return "narrower";
  if (from.base === to.base || (isText(from.base, dialect) && isText(to.base, dialect))) return compareLength(from, to);
  return dialect === "sqlite" && affinity(from.base) === affinity(to.base) ? "same" : "differs";
}

const integers = ["tinyint", "smallint", "mediumint", "integer", "bigint"];

interface ParsedType {
  readonly base: string;
  /** In characters; undefined: without a bound. */
  readonly length?: number;
  readonly list: boolean;
}

/** The other spellings of one type. PostgreSQL: https://www.postgresql.org/docs/current/datatype.html; serial types are integers with a default. */
const spellings: Readonly<Record<string, string>> = {
  int: "integer", int4: "integer", serial: "integer", serial4: "integer", int2: "smallint", smallserial: "smallint", serial2: "smallint", int8: "bigint", bigserial: "bigint", serial8: "bigint",
  varchar: "character varying", "char varying": "character varying", char: "character", bpchar: "character", decimal: "numeric", bool: "boolean", float8: "double precision", float4: "real",
  timestamptz: "timestamp with time zone", timestamp: "timestamp without time zone", string: "text",
};

/** Types are few, and each is compared many times. */
function parsed(name: string, dialect: DialectName): ParsedType {
  let types = remembered.get(dialect);
  if (!types || types.size > 1000) remembered.set(dialect, (types = new Map()));
  let type = types.get(name);
  if (!type) types.set(name, (type = parse(name, dialect)));
  return type;
}

const remembered = new Map<DialectName, Map<string, ParsedType>>();

function parse(name: string, dialect: DialectName): ParsedType {
  const lower = name.toLowerCase().replace(/\s+/g, " ").replace(/\s*\(\s*/g, "(").replace(/\s*\)/g, ")").trim();
  const list = lower.endsWith("]");
  const length = /\((\d+)\)/.exec(lower)?.[1];
  const bare = lower.replace(/ (collate|character set|charset) \S+/g, "").replace(/\([^)]*\)/g, "").replace(/ +/g, " ").trim();
  if (dialect === "mysql") {
    // https://dev.mysql.com/doc/refman/8.4/en/numeric-type-syntax.html: SERIAL is BIGINT UNSIGNED; the width in INT(11) is for display.
    const unsigned = / unsigned\b/.test(bare) || bare === "serial";
    const base = bare.replace(/ (unsigned|zerofill|auto_increment|not null|unique)\b/g, "").trim();
    const integer = base === "serial" ? "bigint" : base;
    return { base: `${integer === "int" ? "integer" : integer === "varchar" ? "character varying" : integer === "char" ? "character" : integer}${unsigned ? " unsigned" : ""}`, length: isNumber(integer) ? undefined : toNumber(length), list };
  }
  const base = spellings[bare] ?? bare;
  return { base, length: base.startsWith("character") && dialect !== "sqlite" ? toNumber(length ?? (base === "character" ? "1" : undefined)) : undefined, list };
}

const isNumber = (base: string) => /^(tiny|small|medium|big)?int(eger)?$|^(decimal|numeric|float|double)$/.test(base);
const toNumber = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

/** Types between which a comparison needs no cast: text and varchar everywhere; MySQL compares all its strings, https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: "the length of string types need not be the same". */
function isText(base: string, dialect: DialectName): boolean {
  return base === "text" || base === "character varying" || (dialect === "mysql" && (base === "character" || /^(tiny|medium|long)text$/.test(base)));
}

function compareLength(from: ParsedType, to: ParsedType): ReferenceType {
  return from.length !== undefined && (to.length === undefined || to.length > from.length) ? "narrower" : "same";
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinity(base: string): string {
  if (base.includes("int")) return "integer";
  if (/char|clob|text/.test(base)) return "text";
  if (base === "" || base.includes("blob")) return "blob";
  return /real|floa|doub/.test(base) ? "real" : "numeric";
}
