// What differs between databases, in one interface, and the one place that knows all of them.
import type { Change } from "../model/change";
import type { ColumnType, DialectName, SchemaModel } from "../model/schema";
import { mysql } from "./mysql";
import { postgres } from "./postgres";
import { postgresSchemaSql } from "./postgres-schema";
import { sqlite } from "./sqlite";

export interface SqlOptions {
  /** Indexes are built and dropped without blocking writes; such a statement cannot run in a transaction. PostgreSQL only. */
  readonly concurrently?: boolean;
  /** IF NOT EXISTS and IF EXISTS for indexes that have a name. PostgreSQL only. */
  readonly repeatable?: boolean;
  /** The index of a partitioned table alone, without those of its partitions. PostgreSQL only. */
  readonly only?: boolean;
}

export interface Dialect {
  /** A spelling of the type by which two can be compared: aliases, default precisions and letter case are evened out. */
  comparableType(name: string): string;
  /** An identifier, always in quotes: whether it needs them changes with the server's version. */
  quote(identifier: string): string;
  /** The statements that make the change, each ended by a semicolon; undefined where the dialect has no statement for it. */
  sql(change: Change, options?: SqlOptions): readonly string[] | undefined;
}

/** Undefined for the dialects that are read and never written. */
export function dialectOf(name: DialectName): Dialect | undefined {
  switch (name) {
    case "postgresql":
    case "cockroachdb": return postgres;
    case "mysql": return mysql;
    case "sqlite": return sqlite;
    case "sqlserver":
    case "mongodb": return undefined;
  }
}

/** True where both types hold the same values. A type that could not be read is the same as any. */
export function sameType(a: ColumnType, b: ColumnType, name: DialectName): boolean {
  if (a.name === "unknown" || b.name === "unknown") return true;
  if (a.enum && b.enum) return a.enum.name === b.enum.name && (a.enum.schema ?? "public") === (b.enum.schema ?? "public") && depth(a.name) === depth(b.name);
  if (a.values && b.values && /^enum\b/i.test(a.name) === /^enum\b/i.test(b.name)) {
    return [...a.values].sort().join("\0") === [...b.values].sort().join("\0");
  }
  const comparable = (type: string): string => dialectOf(name)?.comparableType(type) ?? type.toLowerCase();
  return comparable(a.name) === comparable(b.name);
}

/** The change as SQL; undefined where the dialect has no statement for it. */
export function sqlOf(change: Change, name: DialectName, options?: SqlOptions): readonly string[] | undefined {
  return dialectOf(name)?.sql(change, options);
}

/** The statements that make the whole schema in an empty database, as the ORM's own tool would; undefined for other dialects than PostgreSQL's. */
export function schemaSql(model: SchemaModel): readonly string[] | undefined {
  return model.dialect === "postgresql" || model.dialect === "cockroachdb" ? postgresSchemaSql(model) : undefined;
}

function depth(name: string): boolean {
  return name.endsWith("]");
}
