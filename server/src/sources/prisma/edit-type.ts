// From a type to what declares it in Prisma: the table that schemas are read by, asked backwards, so that what is written is read as the same type.
// And a default as `@default(…)` says it.
import type { DialectName, Expression } from "../../model/schema";
import { fieldType, scalarType } from "./types";

/** A scalar type, and the native type behind it where the scalar alone means another one: `VarChar(200)`. */
export interface PrismaType {
  readonly scalar: string;
  readonly native?: string;
  readonly list: boolean;
}

/** Prisma's native types of PostgreSQL by scalar, in the order of its documentation: https://www.prisma.io/docs/orm/reference/prisma-schema-reference#model-field-scalar-types */
const natives: Readonly<Record<string, readonly string[]>> = {
  String: ["Text", "VarChar", "Char", "Uuid", "Bit", "VarBit", "Xml", "Inet", "Citext"],
  Int: ["Integer", "SmallInt", "Oid"],
  BigInt: ["BigInt"],
  Float: ["DoublePrecision", "Real"],
  Decimal: ["Decimal", "Money"],
  DateTime: ["Timestamp", "Timestamptz", "Date", "Time", "Timetz"],
  Json: ["JsonB", "Json"],
  Boolean: ["Boolean"],
  Bytes: ["ByteA"],
};

/** The declaration of a type as PostgreSQL's format_type spells it; undefined for one that Prisma has no word for. */
export function prismaTypeFor(type: string, dialect: DialectName): PrismaType | undefined {
  if (dialect !== "postgresql" && dialect !== "cockroachdb") return undefined;
  const list = type.endsWith("[]");
  const base = list ? type.slice(0, -2) : type;
  const inside = /\(([\d,\s]+)\)/.exec(base)?.[1]?.replace(/\s/g, "");
  for (const scalar of Object.keys(natives)) if (declared(scalar, undefined, undefined, dialect) === base) return { scalar, list };
  for (const [scalar, names] of Object.entries(natives)) {
    for (const name of names) if (declared(scalar, name, inside, dialect) === base) return { scalar, native: inside === undefined ? name : `${name}(${inside.replace(",", ", ")})`, list };
  }
  return undefined;
}

function declared(scalar: string, native: string | undefined, inside: string | undefined, dialect: DialectName): string {
  return scalarType(dialect, fieldType(scalar, undefined, false, false), native && `db.${native}`, inside ?? "").name;
}

/** What stands in `@default(…)`. `valueName` gives the name in the schema of an enum's value; it is absent for a scalar. */
export function defaultText(expression: Expression, type: PrismaType, valueName?: (value: string) => string | undefined): string | undefined {
  if (!expression.complete) return undefined;
  const sql = expression.sql.trim();
  const bare = /^('(?:[^']|'')*'|\(?-?[\d.]+\)?)::[^']*$/s.exec(sql)?.[1] ?? sql;
  const text = /^'((?:[^']|'')*)'$/s.exec(bare)?.[1]?.replaceAll("''", "'");
  const number = /^\(?(-?\d+(?:\.\d+)?)\)?$/.exec(text ?? bare)?.[1];
  if (type.list) return text === "{}" || /^array\[\](::|$)/i.test(sql) ? "[]" : generated(sql);
  if (valueName) return (text === undefined ? undefined : valueName(text)) ?? generated(sql);
  switch (type.scalar) {
    case "Boolean": return /^(true|false)$/i.test(text ?? bare) ? (text ?? bare).toLowerCase() : generated(sql);
    case "Int": case "BigInt": return number !== undefined && /^-?\d+$/.test(number) ? number : generated(sql);
    case "Float": case "Decimal": return number ?? generated(sql);
    case "DateTime": return /^(now\(\)|current_timestamp)$/i.test(bare) ? "now()" : generated(sql);
    case "String": return text !== undefined && !/^(Bit|VarBit|Xml|Inet)/.test(type.native ?? "") ? JSON.stringify(text) : generated(sql);
    case "Json": return text === undefined ? generated(sql) : JSON.stringify(text);
    default: return generated(sql);
  }
}

function generated(sql: string): string {
  return `dbgenerated(${JSON.stringify(sql)})`;
}
