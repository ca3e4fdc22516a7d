// A table's name as the key of a map.
import type { QualifiedName } from "../model/schema";

/** PostgreSQL's first schema is the same whether it is named or not. */
export function nameKey(name: QualifiedName): string {
  return JSON.stringify([name.schema === "public" ? null : name.schema, name.name]);
}
