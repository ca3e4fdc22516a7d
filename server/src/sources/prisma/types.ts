// Prisma's scalar and native types as the database declares them: PostgreSQL as format_type spells it, the others as
// Prisma's migrations write them, in lower case. Taken from the DDL of Prisma's schema engine 8.1.
import type { DialectName } from "../../model/schema";
import { none, type Attribute, type FieldType } from "./syntax";

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
export function typeName(dialect: DialectName, type: FieldType, attributes: readonly Attribute[]): string {
  if (type.name === "Unsupported") return type.unsupported ?? "unknown";
  for (const { name, arguments: given } of attributes) {
    const dot = name.indexOf(".");
    if (dot >= 0) return nativeType(dialect, name.slice(dot + 1), (given ?? none).map(({ value }) => ("text" in value ? value.text : "")));
  }
  return defaults[dialect][type.name] ?? "unknown";
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

function nativeType(dialect: DialectName, name: string, args: readonly string[]): string {
  switch (dialect) {
    case "postgresql":
    case "cockroachdb": return postgresType(name, args);
    case "mysql": return mysqlType(name, args);
    case "sqlserver":
    case "sqlite": return name.toLowerCase() + bracketed(args).toLowerCase();
    case "mongodb": return name === "ObjectId" ? "objectId" : (defaults.mongodb[name] ?? name.toLowerCase());
  }
}

/** Names of PostgreSQL's and CockroachDB's native types that differ from what format_type prints. */
const postgresNames: Readonly<Record<string, string>> = {
  integer: "integer", int4: "integer", smallint: "smallint", int2: "smallint", bigint: "bigint", int8: "bigint",
  real: "real", float4: "real", doubleprecision: "double precision", float8: "double precision", decimal: "numeric",
  varchar: "character varying", char: "character", bit: "bit", varbit: "bit varying", bytea: "bytea", bytes: "bytea", bool: "boolean",
  catalogsinglechar: '"char"',
};

function postgresType(native: string, args: readonly string[]): string {
  const name = native.toLowerCase();
  switch (name) {
    case "timestamp": return `timestamp${bracketed(args)} without time zone`;
    case "timestamptz": return `timestamp${bracketed(args)} with time zone`;
    case "time": return `time${bracketed(args)} without time zone`;
    case "timetz": return `time${bracketed(args)} with time zone`;
    // PostgreSQL prints the length that CHAR and BIT have without one.
    case "char": return `character${bracketed(args.length ? args : ["1"])}`;
    case "bit": return `bit${bracketed(args.length ? args : ["1"])}`;
    case "string": return args.length ? `character varying${bracketed(args)}` : "text";
    default: return (postgresNames[name] ?? name) + bracketed(args);
  }
}

function mysqlType(native: string, args: readonly string[]): string {
  const unsigned = /^Unsigned(.+)$/.exec(native);
  const name = (unsigned?.[1] ?? native).toLowerCase();
  const base = name === "int" ? "integer" : name;
  return base + bracketed(args) + (unsigned ? " unsigned" : "");
}

function bracketed(args: readonly string[]): string {
  return args.length ? `(${args.join(",")})` : "";
}
