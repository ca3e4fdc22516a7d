// `@@index([a, b(sort: Desc)], map: "x")`, `@@unique` and `@@id` as they are mostly written, read without a syntax tree.
import { identifier, plainString, skipSpaces, standsAt, type Cursor } from "./cursor";
import { GrowingList } from "./growing-list";
import type { Attribute, Span } from "./syntax";

/** It stands where the attribute does. */
export interface PlainKey extends Span {
  readonly name: "index" | "unique" | "id";
  /** Each with its place behind it. */
  readonly fields: readonly (string | number)[];
  /** A bit for each field: 1 for `(sort: Desc)`. */
  readonly descending: number;
  /** Name in the database. */
  readonly map: string | undefined;
}

/** The attribute of a name that is no key's, or undefined. */
export function blockAttribute(attributes: readonly (Attribute | PlainKey)[], name: "map" | "schema" | "ignore"): Attribute | undefined {
  for (const one of attributes) if (one.name === name) return one as Attribute;
  return undefined;
}

/** Of the key that is being read. */
const fields = new GrowingList<string | number>();

/** How a field says that its order is descending. */
export const descending = "(sort: Desc)";
const saysDescending = /\(sort: Desc\)/y;

/** The key whose attribute begins at the cursor, which is taken; undefined, the cursor where it was, for any other attribute and any other way to write one. */
export function plainKey(cursor: Cursor): PlainKey | undefined {
  const start = cursor.at;
  const found = readPlain(cursor, start);
  if (!found) cursor.at = start;
  return found;
}

function readPlain(cursor: Cursor, start: number): PlainKey | undefined {
  const { codes } = cursor;
  cursor.at += 2;
  const name = identifier(cursor, "dots");
  if ((name !== "index" && name !== "unique" && name !== "id") || codes[cursor.at] !== 40 || codes[cursor.at + 1] !== 91) return undefined;
  cursor.at++;
  let count = 0;
  let bits = 0;
  fields.clear();
  do {
    cursor.at++;
    skipSpaces(cursor);
    const { at } = cursor;
    // A number is no name, and the bits are those of a small integer.
    if (codes[at]! < 65 || count > 20) return undefined;
    const field = identifier(cursor, "dots");
    if (field === "") return undefined;
    if (codes[cursor.at] === 40) {
      if (!standsAt(saysDescending, cursor)) return undefined;
      cursor.at += descending.length;
      bits |= 1 << count;
    }
    fields.add(field);
    fields.add(at);
    count++;
    skipSpaces(cursor);
  } while (codes[cursor.at] === 44);
  if (codes[cursor.at] !== 93) return undefined;
  cursor.at++;
  const map = mapBehind(cursor);
  if (map === null || codes[cursor.at] !== 41) return undefined;
  cursor.at++;
  return { name, fields: fields.taken(), descending: bits, map, start, end: cursor.at };
}

/** The name in `, map: "x"`; undefined where none stands, null where something else does. */
function mapBehind(cursor: Cursor): string | undefined | null {
  if (cursor.codes[cursor.at] !== 44) return undefined;
  cursor.at++;
  skipSpaces(cursor);
  if (identifier(cursor, "dots") !== "map" || cursor.codes[cursor.at] !== 58) return null;
  cursor.at++;
  skipSpaces(cursor);
  return plainString(cursor) ?? null;
}
