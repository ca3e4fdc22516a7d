// What changing a column's type costs and may lose: facts about PostgreSQL's types alone.
// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES and sql-createcast.html
import { sameType } from "../../dialects/dialect";
import { postgres } from "../../dialects/postgres";
import type { ColumnType } from "../../model/schema";

interface Parts {
  readonly base: string;
  readonly numbers: readonly number[];
  readonly array: boolean;
}

function partsOf(type: ColumnType): Parts {
  const text = postgres.comparableType(type.name);
  const array = text.endsWith("[]");
  const [, base = text, numbers] = /^(.*?)(?:\(([\d,]+)\))?$/.exec(array ? text.slice(0, -2) : text) ?? [];
  return { base, numbers: numbers?.split(",").map(Number) ?? [], array };
}

/** True where PostgreSQL changes the catalogue alone: no row is rewritten, no index built again. */
export function isMetadataOnly(from: ColumnType, to: ColumnType): boolean {
  if (sameType(from, to, "postgresql")) return true;
  if (from.enum || to.enum) return false;
  const [a, b] = [partsOf(from), partsOf(to)];
  if (a.array || b.array) return a.array && b.array && isText(a) && isText(b) && widens(a, b);
  if (isText(a) && isText(b)) return widens(a, b);
  if (a.base === "cidr" && b.base === "inet") return true;
  if (a.base !== b.base) return false;
  switch (a.base) {
    case "bit varying":
    case "timestamp with time zone":
    case "timestamp without time zone":
    case "time with time zone":
    case "time without time zone": return widens(a, b);
    case "numeric": return b.numbers.length === 0 || (a.numbers.length > 0 && (a.numbers[1] ?? 0) === (b.numbers[1] ?? 0) && b.numbers[0]! >= a.numbers[0]!);
    default: return false;
  }
}

function isText({ base }: Parts): boolean {
  return base === "text" || base === "character varying";
}

/** No bound, or one that is not lower. */
function widens(a: Parts, b: Parts): boolean {
  return b.numbers.length === 0 || (a.numbers.length > 0 && b.numbers[0]! >= a.numbers[0]!);
}

const families: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint", "numeric", "real", "double precision"],
  ["text", "character varying", "character", "name", "citext"],
  ["date", "timestamp without time zone", "timestamp with time zone"],
  ["time without time zone", "time with time zone"],
  ["bit", "bit varying"],
  ["json", "jsonb"],
  ["cidr", "inet"],
  ["macaddr", "macaddr8"],
];

/** True where PostgreSQL converts of itself on assignment; else the statement needs USING. */
export function convertsByItself(from: ColumnType, to: ColumnType): boolean {
  const [a, b] = [partsOf(from), partsOf(to)];
  if (a.array !== b.array) return !b.array && isText(b);
  // Whatever can be printed can be text.
  if (!to.enum && families[1]!.includes(b.base)) return true;
  if (from.enum || to.enum) return false;
  return a.base === b.base || families.some((family) => family.includes(a.base) && family.includes(b.base));
}

/** Explicit casts between the families (`select castsource::regtype, casttarget::regtype from pg_cast`, versions 13 to 18); whatever else becomes another type by its text. */
const casts: readonly (readonly [string, readonly string[]])[] = [
  ["integer", ["boolean", "bit"]],
  ["bigint", ["bit"]],
  ["boolean", ["integer"]],
  ["bit", ["integer", "bigint"]],
  ["jsonb", ["boolean", "smallint", "integer", "bigint", "numeric", "real", "double precision"]],
  ["timestamp without time zone", ["time without time zone"]],
  ["timestamp with time zone", ["time without time zone", "time with time zone"]],
  ["time without time zone", ["interval"]],
  ["interval", ["time without time zone"]],
  ["inet", ["cidr"]],
];

/** What USING has behind the column's name: `::text::integer`. An enum's values become those of another by their names. */
export function conversion(from: ColumnType, to: ColumnType, text: string): string {
  const [a, b] = [partsOf(from), partsOf(to)];
  const family = !from.enum && !to.enum && (a.base === b.base || families.some((one) => one.includes(a.base) && one.includes(b.base)) || casts.some(([base, targets]) => base === a.base && targets.includes(b.base)));
  const fromText = !from.enum && families[1]!.includes(a.base) && a.array === b.array;
  return `${a.array === b.array && (family || fromText) ? "" : "::text"}::${text}`;
}

const precise: Readonly<Record<string, number>> = { smallint: 1, integer: 2, bigint: 3, real: 1, "double precision": 2 };

/** What a value may lose without an error, as the end of a sentence; undefined: nothing. PostgreSQL refuses what does not fit (a longer string, a greater number). */
export function lossOf(from: ColumnType, to: ColumnType): string | undefined {
  const [a, b] = [partsOf(from), partsOf(to)];
  const whole = (part: Parts): boolean => /int$|integer$/.test(part.base);
  const floating = (part: Parts): boolean => part.base === "real" || part.base === "double precision";
  const written = !from.enum && (families[1]!.includes(a.base) || a.base === "jsonb");
  const timed = (part: Parts): boolean => /^(time|interval)/.test(part.base);
  if ((floating(a) || a.base === "numeric" || a.base === "jsonb") && whole(b)) return "digits after the decimal point are rounded away";
  if (b.base === "numeric" && b.numbers.length > 0 && (written || (a.base === "numeric" && (a.numbers.length === 0 || (a.numbers[1] ?? 0) > (b.numbers[1] ?? 0))))) return `digits after the ${ordinal(b.numbers[1] ?? 0)} decimal place are rounded away`;
  if (floating(b) && (a.base === "numeric" || a.base === "bigint" || (a.base === "integer" && b.base === "real") || (floating(a) && precise[a.base]! > precise[b.base]!))) return "digits beyond the precision of a floating-point number are rounded away";
  if (floating(a) && b.base === "numeric") return b.numbers.length > 0 ? "digits are rounded away" : `digits beyond the ${ordinal(a.base === "real" ? 6 : 15)} are rounded away`;
  if (whole(a) && b.base === "boolean") return "every number but 0 becomes true";
  if (/^bit( varying)?$/.test(b.base) && !to.enum && !convertsByItself(from, to)) return "bits that do not fit are cut off";
  if (a.base.startsWith("timestamp") && b.base === "date") return "the time of day is lost";
  if (a.base.startsWith("timestamp") && b.base.startsWith("time ")) return "the date is lost";
  if (a.base === "interval" && b.base.startsWith("time ")) return "whole days are lost";
  if (a.base === "timestamp with time zone" && b.base === "timestamp without time zone") return "times are turned into the local time of the session that runs it";
  if (a.base === "timestamp without time zone" && b.base === "timestamp with time zone") return "times are read as local times of the session that runs it";
  if (a.base === "time with time zone" && b.base === "time without time zone") return "the time zone is lost";
  if (written && b.base === "date") return "a time of day in the text is lost";
  if (written && b.base.endsWith("without time zone")) return "a time zone in the text is lost";
  if (timed(b) && b.numbers.length > 0 && (written || (timed(a) && !widens(a, b)))) return "fractions of a second are rounded";
  if (a.base === "inet" && b.base === "cidr") return "the host's part of an address is lost";
  if (a.base === "json" && b.base === "jsonb") return "the order of keys, repeated keys and white space are lost";
  if (b.base === "character" && isText(a)) return "blanks at the end mean nothing any more";
  if (b.base === "name" && (isText(a) || a.base === "citext")) return "what is longer than 63 bytes is cut off";
  return undefined;
}

function ordinal(place: number): string {
  return place === 1 ? "1st" : place === 2 ? "2nd" : place === 3 ? "3rd" : `${place}th`;
}
