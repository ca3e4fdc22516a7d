// Values for made-up rows, the same on each run: row number 3 has the same number, text or UUID in every table, so that a
// reference which a later migration declares finds its row. All are SQL literals without a cast.
import { literal } from "../../../dialects/postgres";
import type { ColumnShape } from "./shapes";

/** Above what migrations insert themselves, and what sequences have given by then. */
const firstInteger = 1_000_000;
const firstSmallint = 30_000;

/** Undefined for a type of which no value is known. */
export function plainValue(column: ColumnShape, number: number): string | undefined {
  const cast = column.castTo === undefined ? undefined : scalar({ base: column.castTo, labels: null }, number);
  const value = cast !== undefined && fits(cast, column) ? cast : scalar(column, number);
  if (value === undefined || !column.array) return value;
  return `array[${value}]`;
}

function fits(value: string, { base }: ColumnShape): boolean {
  const [, [length]] = parts(base);
  return length === undefined || value.replaceAll(/^'|'$/g, "").length <= length;
}

/** As large as the type allows: what a narrower type cannot hold. Undefined where plain is as good. */
export function extremeValue({ base, array, labels, castTo }: ColumnShape): string | undefined {
  if (array || labels || castTo !== undefined) return undefined;
  const [name, parameters] = parts(base);
  switch (name) {
    case "integer": return "2147483646";
    case "bigint": return "9223372036854775806";
    case "numeric": return parameters.length === 0 ? "123456789012345678.123456" : `${"9".repeat(Math.max(parameters[0]! - (parameters[1] ?? 0), 0)) || "0"}${parameters[1] ? `.${"9".repeat(parameters[1])}` : ""}`;
    case "character varying": return parameters[0] === undefined ? literal("a long text ".repeat(40).trim()) : literal("long".repeat(Math.ceil(Math.min(parameters[0], 4000) / 4)).slice(0, Math.min(parameters[0], 4000)));
    case "text": return literal("a long text ".repeat(40).trim());
    case "double precision": return "1.7e300";
    default: return undefined;
  }
}

/** Values of which one may please a check: `texts` and `numbers` stand in its expression. */
export function candidates(column: ColumnShape, expression: string): readonly string[] {
  const plain = [1, 2, 3, 4].flatMap((number) => plainValue(column, number) ?? []);
  if (column.array) return [...plain, "'{}'"];
  const texts = [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => `'${text}'`);
  const numbers = [...expression.matchAll(/(?<![\w'.])-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text));
  const [name] = parts(column.base);
  if (column.labels) return plain;
  if (/^(smallint|integer|bigint|numeric|real|double precision)$/.test(name)) return unique([...plain, ...numbers.flatMap((one) => [one, one + 1, one - 1, one + 2]), 0, 1, 2, 3, 5, 10, 50, 100, 2000, -1].map(String));
  if (name === "boolean") return ["true", "false"];
  if (/^(text|character|character varying|citext|name)$/.test(name)) {
    const lengths = numbers.filter((one) => Number.isInteger(one) && one >= 0 && one <= 300).flatMap((one) => [one, one + 1, one - 1]).filter((one) => one >= 0);
    const words = ["a1@b.example", "a2@b.example", "a3@b.example", "a4@b.example", "https://a.example/1", "https://a.example/2", "a", "b", "ab", "abc", "abcd", "ABC", "AB", "Abc", "abc1", "a-b", "a_b", "1", "12", "12345", "/a", "+4912345678", "#aabbcc", "2026-01-01", "00000000-0000-4000-8000-000000000001", "{}", ""];
    return unique([...plain, ...texts, ...words.map(literal), ...lengths.flatMap((length) => [literal("x".repeat(length)), literal("1".repeat(length))])]);
  }
  if (/^(date|timestamp)/.test(name)) return unique([...plain, ...texts.filter((text) => /\d{4}-\d\d/.test(text)), "'2000-01-01'", "'2024-06-15'", "'2030-01-01'", "'2100-01-01'"]);
  if (/^jsonb?$/.test(name)) return unique([...plain, "'{}'", "'[]'", "'\"a\"'", "'1'"]);
  return plain;
}

function scalar({ base, labels }: Pick<ColumnShape, "base" | "labels">, number: number): string | undefined {
  if (labels) return labels.length === 0 ? undefined : literal(labels[(number - 1) % labels.length]!);
  const [name, parameters] = parts(base);
  const length = parameters[0];
  const day = new Date(Date.UTC(2024, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);
  switch (name) {
    case "smallint": return String(firstSmallint + number);
    case "integer": case "bigint": case "oid": return String(firstInteger + number);
    case "numeric": case "money": {
      const scale = length === undefined ? 2 : (parameters[1] ?? 0);
      return (number % 10 ** Math.max(Math.min((length ?? 12) - scale, 12), 1)).toFixed(Math.max(scale, 0));
    }
    case "real": case "double precision": return `${number}.5`;
    case "boolean": return number % 2 === 1 ? "true" : "false";
    case "text": case "citext": case "name": return literal(`text ${number}`);
    case "character varying": case "character": return literal(length === undefined || length >= 12 ? `text ${number}` : String(number).padStart(name === "character" ? length : 1, "0").slice(-length));
    case "uuid": return literal(`00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`);
    case "date": return literal(day);
    case "timestamp without time zone": case "timestamp with time zone": return literal(`${day} 12:00:00.${String(number).padStart(6, "0")}+00`);
    case "time without time zone": case "time with time zone": return literal(`12:00:${String(number % 60).padStart(2, "0")}+00`);
    case "interval": return literal(`${number} days`);
    case "json": case "jsonb": return literal(`{"number":${number}}`);
    case "bytea": return literal(`\\x${number.toString(16).padStart(8, "0")}`);
    case "inet": return literal(`10.0.${Math.floor(number / 250) % 250}.${number % 250 + 1}`);
    case "cidr": return literal(`10.${Math.floor(number / 250) % 250}.${number % 250}.0/24`);
    case "macaddr": return literal(`08:00:2b:01:02:${(number % 256).toString(16).padStart(2, "0")}`);
    case "bit": case "bit varying": return `b'${(number % 2 ** Math.min(length ?? 1, 30)).toString(2).padStart(name === "bit" ? (length ?? 1) : 1, "0").slice(-(length ?? 1))}'`;
    case "tsvector": return literal(`word${number}`);
    case "tsquery": return literal(`word${number}`);
    case "xml": return literal(`<a>${number}</a>`);
    case "point": return literal(`(${number},${number})`);
    case "box": case "lseg": return literal(`((0,0),(${number},${number}))`);
    case "path": case "polygon": return literal(`((0,0),(${number},0),(0,${number}))`);
    case "circle": return literal(`<(0,0),${number}>`);
    case "line": return literal(`{1,1,${number}}`);
    case "int4range": case "int8range": case "numrange": return literal(`[${number * 10},${number * 10 + 5})`);
    case "daterange": case "tsrange": case "tstzrange": return literal(`[${day},${new Date(Date.parse(day) + 3_600_000 * 24).toISOString().slice(0, 10)})`);
    case "hstore": return literal(`"number"=>"${number}"`);
    case "ltree": return literal(`a.b${number}`);
    // Its dimensions, where it has any: a vector of zeros has no cosine distance.
    case "vector": case "halfvec": return literal(`[${Array.from({ length: length ?? 3 }, (_, at) => (at === 0 ? number % 1000 + 1 : 1)).join(",")}]`);
    case "sparsevec": return literal(`{1:${number % 1000 + 1}}/${length ?? 3}`);
    case "pg_lsn": return literal(`0/${number.toString(16)}`);
    default: return undefined;
  }
}

/** "numeric(10,2)" -> "numeric" and [10, 2]; "timestamp(3) with time zone" -> its name without the digits. */
function parts(type: string): readonly [name: string, parameters: readonly number[]] {
  const found = /\(([\d,\s-]+)\)/.exec(type);
  const name = type.replace(/\([\d,\s-]+\)/, "").replace(/^(?:"?\w+"?\.)?(citext|hstore|ltree|vector|halfvec|sparsevec)$/, "$1");
  return [name, found ? found[1]!.split(",").map(Number) : []];
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
