// From a type to the column function that declares it: the table that code is read by, asked backwards, so that what is written is read as the same type.
// A type that no function of the installed version declares is undefined.
import { postgresTypeOf } from "./column-types";

type Options = Readonly<Record<string, string | number | boolean>>;

export interface ColumnFunction {
  /** As `drizzle-orm/pg-core` exports it. */
  readonly name: string;
  /** The options that the type needs. */
  readonly options: Options;
  /** How often `.array()` follows. */
  readonly dimensions: number;
  /** What TypeScript sees in a row without options: a change of it asks for another default. */
  readonly holds: Held;
}

export type Held = "string" | "number" | "boolean" | "date" | "json" | "list" | "other";

/** Options whose values come from a type; the others of a column function are its author's. */
export const typeOptions: ReadonlySet<string> = new Set(["length", "precision", "scale", "withTimezone", "dimensions", "fields", "srid", "type"]);

// In the order in which they are tried: of several names for one type the first is written.
const functions: Readonly<Record<string, Held>> = {
  text: "string", varchar: "string", integer: "number", bigint: "number", boolean: "boolean", timestamp: "date", date: "string", uuid: "string", jsonb: "json", json: "json", numeric: "string",
  doublePrecision: "number", real: "number", smallint: "number", char: "string", time: "string", interval: "string", inet: "string", cidr: "string", macaddr: "string", macaddr8: "string",
  bit: "string", vector: "other", halfvec: "other", sparsevec: "string", point: "other", line: "other", geometry: "other", bytea: "other",
};

/** Functions that only version 1 has. */
const fresh: ReadonlySet<string> = new Set(["bytea"]);

/** The function and options for a type as PostgreSQL's format_type spells it. */
export function columnFunctionFor(type: string, version: 0 | 1): ColumnFunction | undefined {
  const [base = "", ...rest] = type.split("[]");
  if (rest.some((part) => part !== "")) return undefined;
  const candidates = optionsIn(base);
  for (const [name, held] of Object.entries(functions)) {
    if (fresh.has(name) && version === 0) continue;
    const options = candidates.find((one) => postgresTypeOf(name, one, version) === base);
    if (options) return { name, options: needed(name, options), dimensions: rest.length, holds: rest.length > 0 ? "list" : held };
  }
  return undefined;
}

/** The JavaScript value of a column function; undefined for a function that declares no type of PostgreSQL's. */
export function heldBy(name: string): Held | undefined {
  return functions[name] ?? { serial: "number" as const, smallserial: "number" as const, bigserial: "number" as const, decimal: "string" as const }[name];
}

/** Options that the numbers and words of a type may stand for, the plainest first. */
function optionsIn(type: string): readonly Options[] {
  const zoned = / with time zone$/.test(type);
  const inside = /\(([^)]*)\)/.exec(type)?.[1];
  const numbers = inside !== undefined && /^\d+(,\s*-?\d+)?$/.test(inside) ? inside.split(",").map(Number) : [];
  const zone: Options = zoned ? { withTimezone: true } : {};
  const fields = /^interval ([a-z ]+?)(?:\(\d+\))?$/.exec(type)?.[1];
  const [first, second] = numbers;
  const srid = /^geometry\(Point,(\d+)\)$/.exec(type)?.[1];
  if (fields !== undefined) return [first === undefined ? { fields } : { fields, precision: first }];
  if (/^geometry\(Point/.test(type)) return [{ type: "point", ...(srid === undefined ? {} : { srid: Number(srid) }) }];
  if (first === undefined) return [zone];
  if (second !== undefined) return [...(second === 0 ? [{ precision: first }] : []), { precision: first, scale: second }];
  return [{ length: first }, { dimensions: first }, { precision: first, ...zone }];
}

/** `bigint` has no default for how it is seen: as a number, as most schemas have it. */
function needed(name: string, options: Options): Options {
  if (name === "bigint") return { mode: "number", ...options };
  return name === "char" && options.length === 1 ? {} : options;
}
