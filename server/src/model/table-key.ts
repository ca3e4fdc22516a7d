// When two names mean one table. Everything that finds, counts or compares tables by name asks here.
import type { QualifiedName } from "./schema";

/** The name as a map's key: PostgreSQL's first schema is the same whether it is named or not. */
export function tableKey({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}\u0000${name}`;
}

/** True where both name the same table. */
export function sameTable(a: QualifiedName, b: QualifiedName): boolean {
  return a.name === b.name && (a.schema ?? "public") === (b.schema ?? "public");
}
