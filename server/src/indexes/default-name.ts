// The names that the ORMs make up for what the code does not name. It does not choose names for new indexes: naming.ts does.
import type { Index, SourceName, Table, Unique } from "../model/schema";

/**
 * Name of an index in the database: its own, or the one that the ORM's generator gives it.
 * Prisma: `{table}_{columns}_idx` (`_key` where unique), cut to 63 bytes. Drizzle 0.x: `{table}_{columns}_index`
 * (drizzle-kit's `indexName`); without `source`, PostgreSQL's own `_idx`.
 */
export function indexNameOf(index: Index, table: Table, source?: SourceName): string {
  if (index.name !== undefined) return index.name;
  const columns = index.keys.map((key) => key.column ?? "expr");
  return source === "drizzle" ? [table.name.name, ...columns, "index"].join("_") : withSuffix(table.name.name, columns, index.unique ? "key" : "idx");
}

/** Name of a unique constraint in the database. Drizzle 0.x: `{table}_{columns}_unique`; otherwise `{table}_{columns}_key`. */
export function uniqueNameOf(unique: Unique, table: Table, source?: SourceName): string {
  if (unique.name !== undefined) return unique.name;
  return source === "drizzle" ? [table.name.name, ...unique.columns, "unique"].join("_") : withSuffix(table.name.name, unique.columns, "key");
}

/** `{table}_{columns}_{suffix}`, the front cut so that the whole has at most 63 bytes, as Prisma's schema engine does. */
function withSuffix(table: string, columns: readonly string[], suffix: string): string {
  const front = columns.length === 1 ? `${table}_${columns[0]}` : [table, ...columns].join("_");
  const room = 63 - suffix.length - 1;
  // No UTF-16 unit takes more than three bytes.
  if (front.length * 3 <= room) return `${front}_${suffix}`;
  const bytes = Buffer.from(front, "utf8");
  if (bytes.length <= room) return `${front}_${suffix}`;
  let end = room;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.subarray(0, end).toString("utf8")}_${suffix}`;
}
