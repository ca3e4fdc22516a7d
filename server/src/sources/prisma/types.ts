// Prisma's scalar and native types as the database declares them: PostgreSQL as format_type spells it, the others as
// Prisma's migrations write them, in lower case. Taken from the DDL of Prisma's schema engine 8.1.
import type { ColumnType, DialectName } from "../../model/schema";
import type { FieldType, Value } from "./syntax";
import { ownCopy } from "./words";

/** The type that a field names; `unsupported` is the text of `Unsupported("…")`. */
export function fieldType(name: string, unsupported: string | undefined, list: boolean, optional: boolean): FieldType {
  const shared = unsupported === undefined ? scalarTypes.get(name) : undefined;
  return shared ? shared[(list ? 2 : 0) + (optional ? 1 : 0)]! : { name, scalar: name === "Unsupported", unsupported, list, optional };
}

/** The type of a scalar or `Unsupported` field as a type of the model; "unknown" where the dialect has no such type. `native` is `db.VarChar`, `length` what stands in its brackets. Plain and native ones are shared: a few dozen stand in thousands of columns. */
export function scalarType(dialect: DialectName, type: FieldType, native: string | undefined, length: string): ColumnType {
  const one = type.name === "Unsupported" ? { name: type.unsupported ?? "unknown" } : native === undefined ? (plainTypes[dialect][type.name] ?? { name: "unknown" }) : sharedNative(dialect, native, length);
  return type.list ? { name: `${one.name}[]` } : one;
}

const postgres: Readonly<Record<string, string>> = {
  String: "text", Boolean: "boolean", Int: "integer", BigInt: "bigint", Float: "double precision", Decimal: "numeric(65,30)",
  DateTime: "timestamp(3) without time zone", Json: "jsonb", Bytes: "bytea",
};

const defaults: Readonly<Record<DialectName, Readonly<Record<string, string>>>> = {
  postgresql: postgres,
  cockroachdb: postgres,
  mysql: {
    String: "varchar(191)", Boolean: "boolean", Int: "integer", BigInt: "bigint", Float: "double", Decimal: "decimal(65,30)",
    DateTime: "datetime(3)", Json: "json", Bytes: "longblob",
  },
  sqlite: {
    String: "text", Boolean: "boolean", Int: "integer", BigInt: "bigint", Float: "real", Decimal: "decimal",
    DateTime: "datetime", Json: "jsonb", Bytes: "blob",
  },
  sqlserver: {
    String: "nvarchar(1000)", Boolean: "bit", Int: "int", BigInt: "bigint", Float: "float(53)", Decimal: "decimal(32,16)",
    DateTime: "datetime2", Json: "nvarchar(max)", Bytes: "varbinary(max)",
  },
  mongodb: {
    String: "string", Boolean: "bool", Int: "int", BigInt: "long", Float: "double", Decimal: "decimal",
    DateTime: "date", Json: "object", Bytes: "bindata",
  },
};

const plainTypes = Object.fromEntries(
  Object.entries(defaults).map(([dialect, names]) => [dialect, Object.fromEntries(Object.entries(names).map(([type, name]) => [type, Object.freeze({ name })]))]),
) as Readonly<Record<DialectName, Readonly<Record<string, ColumnType>>>>;

const scalarTypes: ReadonlyMap<string, readonly FieldType[]> = new Map(Object.keys(postgres).map((name) => [name, [0, 1, 2, 3].map((flags) => (
  { name, scalar: true, unsupported: undefined, list: (flags & 2) > 0, optional: (flags & 1) > 0 }))]));

/** By dialect, attribute and what stands in its brackets. */
const nativeTypes = new Map<DialectName, Map<string, Map<string, ColumnType>>>();

/** More than all that the databases have: then half-typed names have filled it. */
const mostNatives = 500;

function sharedNative(dialect: DialectName, name: string, length: string): ColumnType {
  let byName = nativeTypes.get(dialect);
  if (!byName || byName.size > mostNatives) nativeTypes.set(dialect, (byName = new Map()));
  let byLength = byName.get(name);
  if (!byLength || byLength.size > mostNatives) byName.set(ownCopy(name), (byLength = new Map()));
  let type = byLength.get(length);
  if (!type) byLength.set(ownCopy(length), (type = { name: nativeType(dialect, name.slice(name.indexOf(".") + 1), length && `(${length})`) }));
  return type;
}

function nativeType(dialect: DialectName, name: string, length: string): string {
  switch (dialect) {
    case "postgresql":
    case "cockroachdb": return postgresType(name, length);
    case "mysql": return mysqlType(name, length);
    case "sqlserver":
    case "sqlite": return (name + length).toLowerCase();
    case "mongodb": return name === "ObjectId" ? "objectId" : (defaults.mongodb[name] ?? name.toLowerCase());
  }
}

/** What format_type prints for PostgreSQL's and CockroachDB's native types, where it is not the name in lower case. `#` is the place of the length. */
const postgresNames: Readonly<Record<string, string>> = {
  Int4: "integer", Int2: "smallint", Int8: "bigint", Float4: "real", Float8: "double precision", DoublePrecision: "double precision", Decimal: "numeric#",
  VarChar: "character varying#", VarBit: "bit varying#", ByteA: "bytea", Bytes: "bytea", Bool: "boolean", CatalogSingleChar: '"char"',
  Timestamp: "timestamp# without time zone", Timestamptz: "timestamp# with time zone", Time: "time# without time zone", Timetz: "time# with time zone",
};

function postgresType(native: string, length: string): string {
  const known = postgresNames[native];
  if (known !== undefined) {
    const place = known.indexOf("#");
    return place < 0 ? known : known.slice(0, place) + length + known.slice(place + 1);
  }
  switch (native) {
    // PostgreSQL prints the length that CHAR and BIT have without one.
    case "Char": return `character${length || "(1)"}`;
    case "Bit": return `bit${length || "(1)"}`;
    case "String": return length ? `character varying${length}` : "text";
    default: return native.toLowerCase() + length;
  }
}

function mysqlType(native: string, length: string): string {
  const unsigned = native.startsWith("Unsigned");
  const name = (unsigned ? native.slice("Unsigned".length) : native).toLowerCase();
  return (name === "int" ? "integer" : name) + length + (unsigned ? " unsigned" : "");
}

/** What stands in the brackets of a native type: a length, or precision and scale. */
export function bracketed(given: readonly Value[]): string {
  if (given.length === 0) return "";
  if (given.length === 1 && "text" in given[0]!) return given[0].text;
  return given.map((value) => ("text" in value ? value.text : "")).join(",");
}
