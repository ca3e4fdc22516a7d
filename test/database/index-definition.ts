// CREATE INDEX from a model's index, spelled as pg_get_indexdef(oid, 0, true) spells it: the two texts are compared, so
// that no part of a definition is lost in the reading. It is for that alone, and quotes as PostgreSQL does.
import type { Index, IndexKey, QualifiedName } from "../../server/src/model/schema";

/** `methods` without order (all but btree) print none. `reserved` are the words that PostgreSQL quotes. */
export function indexDefinition(index: Index, table: QualifiedName, reserved: ReadonlySet<string>, partitioned: boolean): string {
  const quote = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`);
  const key = ({ column, expression, collation, operatorClass, order, nulls }: IndexKey): string => [
    column === undefined ? expression!.sql : quote(column),
    collation !== undefined && `COLLATE ${collation.split(".").map(quote).join(".")}`,
    operatorClass,
    order === "desc" && "DESC",
    nulls && `NULLS ${nulls.toUpperCase()}`,
  ].filter(Boolean).join(" ");
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quote(index.name!)} ON ${partitioned ? "ONLY " : ""}${table.schema === "public" ? "" : `${quote(table.schema!)}.`}${quote(table.name)} USING ${index.method}`,
    `(${index.keys.map(key).join(", ")})`,
    index.include.length > 0 && `INCLUDE (${index.include.map(quote).join(", ")})`,
    index.nullsNotDistinct && "NULLS NOT DISTINCT",
    index.with && `WITH (${Object.entries(index.with).map(([name, value]) => `${name}=${/^[a-z_][a-z0-9_$]*$/.test(value) && !reserved.has(value) ? value : `'${value}'`}`).join(", ")})`,
    index.where && `WHERE ${index.where.sql}`,
  ].filter(Boolean).join(" ");
}
