// The words of a schema, one string for each: the same few names stand everywhere, and comparing them with the parser's
// own constants is then comparing pointers. A memory of fixed size, without influence on what is read.
import type { Cursor } from "./cursor";

/** Words that are remembered at a time. */
const size = 1024;

/** No longer word is remembered. */
const longest = 18;

const memory = new Array<string>(size).fill("");

/** Lengths of the remembered words: most words that are not remembered are told apart without a look at one. */
const lengths = new Uint8Array(size);

/** 1 where a constant is remembered: it stays. */
const pinned = new Uint8Array(size);

/** The characters of the remembered words, side by side. */
const letters = new Uint16Array(size * longest);

/** What stands from `start` to `end`, a range that is not empty. */
export function word({ codes, text, base }: Pick<Cursor, "codes" | "text" | "base">, start: number, end: number): string {
  const length = end - start;
  if (length > longest) return text.slice(base + start, base + end);
  const slot = slotOf(codes, start, length);
  if (lengths[slot] === length) {
    const first = slot * longest;
    let at = 0;
    while (at < length && letters[first + at] === codes[start + at]) at++;
    if (at === length) return memory[slot]!;
  }
  const found = text.slice(base + start, base + end);
  // A long slice would keep the whole text alive if it were remembered.
  if (length <= 12 && pinned[slot] === 0) remember(slot, found, codes, start);
  return found;
}

function slotOf(codes: Uint16Array, start: number, length: number): number {
  return (length * 131 + codes[start]! * 31 + codes[start + length - 1]! * 17 + codes[start + (length >> 1)]! * 7) % size;
}

function remember(slot: number, found: string, codes: Uint16Array, start: number): void {
  memory[slot] = found;
  lengths[slot] = found.length;
  for (let at = 0; at < found.length; at++) letters[slot * longest + at] = codes[start + at]!;
}

/** A copy that does not keep the whole text alive, as a slice does. */
export function ownCopy(slice: string): string {
  return Buffer.from(slice, "utf16le").toString("utf16le");
}

const constants: readonly string[] = [
  "String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported",
  "id", "unique", "default", "updatedAt", "relation", "map", "ignore", "index", "schema", "fields", "references", "onDelete", "onUpdate", "name", "type", "sort", "ops",
  "Cascade", "SetNull", "Restrict", "NoAction", "Desc", "Asc", "now", "uuid", "cuid", "autoincrement", "dbgenerated", "true", "false",
  "db.VarChar", "db.DoublePrecision", "db.Text", "db.Uuid", "db.Timestamptz", "db.Timestamp", "db.Decimal", "db.JsonB", "db.SmallInt",
];

for (const one of constants) {
  const codes = Uint16Array.from(one, (letter) => letter.charCodeAt(0));
  const slot = slotOf(codes, 0, one.length);
  remember(slot, one, codes, 0);
  pinned[slot] = 1;
}
