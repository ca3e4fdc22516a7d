// Prisma's scalar and native types as the database declares them: PostgreSQL as format_type spells it, the others as
// Prisma's migrations write them, in lower case. Taken from the DDL of Prisma's schema engine 8.1.
import type { ColumnType, DialectName } from "../../model/schema";
import { none, type Argument, type Attribute, type FieldType } from "./syntax";

/** True for Prisma's own types and for `Unsupported("…")`: what is declared nowhere. */
export function isScalar(type: FieldType): boolean {
  switch (type.name) {
    case "String":
    case "Boolean":
    case "Int":
    case "BigInt":
    case "Float":
    case "Decimal":
    case "DateTime":
    case "Json":
    case "Bytes":
    case "Unsupported": return true;
    default: return false;
  }
}

/** The type of a scalar or `Unsupported` field, without the brackets of a list; "unknown" where the dialect has no such type. */
export function typeName(dialect: DialectName, type: FieldType, native: Attribute | undefined): string {
  if (type.name === "Unsupported") return type.unsupported ?? "unknown";
  return native ? nativeType(dialect, native) : (defaults[dialect][type.name] ?? "unknown");
}

/** The same as a type of the model; the plain ones are shared, since most columns have one of nine. */
export function scalarType(dialect: DialectName, type: FieldType, native: Attribute | undefined): ColumnType {
  const shared = native || type.list ? undefined : plainTypes[dialect][type.name];
  if (shared) return shared;
  const name = typeName(dialect, type, native);
  return { name: type.list ? `${name}[]` : name };
}

/** `@db.…`, or undefined. */
export function nativeAttribute(attributes: readonly Attribute[]): Attribute | undefined {
  for (const one of attributes) if (one.name.includes(".")) return one;
  return undefined;
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

function nativeType(dialect: DialectName, { name: path, arguments: given }: Attribute): string {
  const name = path.slice(path.indexOf(".") + 1);
  const length = bracketed(given ?? none);
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

function bracketed(given: readonly Argument[]): string {
  if (given.length === 0) return "";
  if (given.length === 1 && "text" in given[0]!.value) return `(${given[0]!.value.text})`;
  const words = given.map(({ value }) => ("text" in value ? value.text : ""));
  return `(${words.join(",")})`;
}
