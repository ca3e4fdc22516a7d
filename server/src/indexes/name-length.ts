// How names that are too long become short enough: cut by the database, by Prisma's schema engine, by PostgreSQL where it
// makes the name itself, or replaced by a hash by drizzle-kit. What the names consist of is default-name.ts's to say.
import type { DialectName } from "../model/schema";

/** Longest identifier in bytes; from the connectors of prisma-engines (`max_identifier_length`). */
const longest: Readonly<Record<DialectName, number>> = { postgresql: 63, cockroachdb: 63, mysql: 64, sqlite: 10000, sqlserver: 128, mongodb: 127 };

/** The name as the database keeps it: PostgreSQL cuts it to 63 bytes, between characters (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS); the others refuse a longer one. */
export function storedName(name: string, dialect: DialectName): string {
  return dialect === "postgresql" ? cutName(name, longest.postgresql) : name;
}

/** At most `bytes` bytes of UTF-8, no character halved. */
export function cutName(name: string, bytes: number): string {
  // No UTF-16 unit takes more than three bytes.
  if (name.length * 3 <= bytes || (name.length <= bytes && Buffer.byteLength(name, "utf8") <= bytes)) return name;
  const all = Buffer.from(name, "utf8");
  let end = bytes;
  while (end > 0 && (all[end]! & 0xc0) === 0x80) end--;
  return all.toString("utf8", 0, end);
}

/** PostgreSQL's `makeObjectName` (src/backend/commands/indexcmds.c): the longer of table and columns gives way, byte by byte, until the whole fits. */
export function postgresName(table: string, columns: string | undefined, label: string): string {
  const room = longest.postgresql - label.length - 1 - (columns === undefined ? 0 : 1);
  if ((table.length + (columns?.length ?? 0)) * 3 > room) {
    let [first, second] = [Buffer.byteLength(table, "utf8"), Buffer.byteLength(columns ?? "", "utf8")];
    // Of two as long the second gives way.
    while (first + second > room) if (first > second) first--; else second--;
    table = cutName(table, first);
    columns = columns === undefined ? undefined : cutName(columns, second);
  }
  return columns === undefined ? `${table}_${label}` : `${table}_${columns}_${label}`;
}

export type PrismaNameKind = "index" | "unique" | "foreign key" | "primary key";

const prismaSuffixes: Readonly<Record<PrismaNameKind, string>> = { index: "_idx", unique: "_key", "foreign key": "_fkey", "primary key": "_pkey" };

/** Prisma's own names: `{table}_{columns}_{idx|key|fkey}` and `{table}_pkey` of database names, cut before the suffix where they are too long for the database. */
export function prismaName(kind: PrismaNameKind, table: string, columns: readonly string[], dialect: DialectName): string {
  const suffix = prismaSuffixes[kind];
  const stem = columns.length === 0 ? table : columns.length === 1 ? `${table}_${columns[0]}` : [table, ...columns].join("_");
  return cutName(stem, longest[dialect] - suffix.length) + suffix;
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const hashLength = 12;

/** drizzle-kit 1.0: a name over `most` UTF-16 units becomes `{table}_{hash}{suffix}`, without the table where that has `longTable` units or more. */
export function hashedName(table: string, name: string, suffix: string, most: number, longTable: number): string {
  if (name.length <= most) return name;
  return table.length < longTable ? `${table}_${hash(name)}${suffix}` : `${hash(name)}${suffix}`;
}

/** drizzle-kit's polynomial hash (`hash` in its src/dialects/common.ts): base 53, twelve digits of base 62. */
function hash(text: string): string {
  const count = BigInt(digits.length) ** BigInt(hashLength);
  let power = 1n, sum = 0n;
  for (const letter of text) {
    sum = (sum + BigInt(letter.codePointAt(0) ?? 0) * power) % count;
    power = (power * 53n) % count;
  }
  let result = "";
  for (let at = 0; at < hashLength; at++) {
    result = digits[Number(sum % BigInt(digits.length))]! + result;
    sum /= BigInt(digits.length);
  }
  return result;
}
