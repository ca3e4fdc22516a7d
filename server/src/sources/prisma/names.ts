// The names that Prisma gives to indexes and constraints where the schema gives none.
import type { DialectName } from "../../model/schema";

export type NameKind = "index" | "unique" | "foreign key";

const suffixes: Readonly<Record<NameKind, string>> = { index: "_idx", unique: "_key", "foreign key": "_fkey" };

/** Longest identifier in bytes; from the connectors of prisma-engines (`max_identifier_length`). */
const longest: Readonly<Record<DialectName, number>> = { postgresql: 63, cockroachdb: 63, mysql: 64, sqlite: 10000, sqlserver: 128, mongodb: 127 };

/** `{table}_{columns}_{idx|key|fkey}` of database names, cut before the suffix where it is too long for the database (63 bytes in PostgreSQL). */
export function defaultName(kind: NameKind, table: string, columns: readonly string[], dialect: DialectName): string {
  return cut(`${table}_${columns.join("_")}`, suffixes[kind], dialect);
}

/** `{table}_pkey`. */
export function defaultPrimaryKeyName(table: string, dialect: DialectName): string {
  return cut(table, "_pkey", dialect);
}

function cut(stem: string, suffix: string, dialect: DialectName): string {
  const room = longest[dialect] - suffix.length;
  if (byteLength(stem) < room) return stem + suffix;
  let bytes = 0;
  let kept = "";
  for (const letter of stem) {
    bytes += byteLength(letter);
    if (bytes > room) break;
    kept += letter;
  }
  return kept + suffix;
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
