// Attributes with their arguments: `@relation(fields: [a], references: [id])`, `@@index([a(sort: Desc)], map: "x")`.
// An open bracket or string ends where the next line begins something new, so a half-typed attribute takes no field with it.
import { identifier, report, skipAmongArguments, standsAt, taken, textBetween, type Cursor, type Inside } from "./cursor";
import type { Attribute, Entry, Value } from "./syntax";
import { word } from "./words";

/** An attribute, from its at signs; the cursor stands on the first one. */
export function readAttribute(cursor: Cursor, inside: Inside): Attribute {
  const { codes } = cursor;
  const start = cursor.at;
  while (codes[cursor.at] === 64 && cursor.at - start < 2) cursor.at++;
  const named = cursor.at;
  const name = identifier(cursor, "dots");
  if (name === "") report(cursor, "An attribute's name is missing", start, named);
  const open = cursor.at;
  if (open >= cursor.limit || codes[open] !== 40) {
    return { name, arguments: undefined, open: -1, closed: true, start, end: open };
  }
  const before = cursor.problems.length;
  const list = readArguments(cursor, inside);
  return { name, arguments: list, open, closed: cursor.problems.length === before, start, end: cursor.at };
}

/** The arguments between brackets; the cursor stands on `(`. */
function readArguments(cursor: Cursor, inside: Inside): readonly Value[] {
  const open = cursor.at++;
  const from = cursor.pending.length;
  while (ready(cursor, inside, open, 41)) {
    if (cursor.codes[cursor.at] === 44) {
      report(cursor, "An argument is missing before the comma", cursor.at, cursor.at + 1);
      cursor.at++;
      continue;
    }
    const start = cursor.at;
    const name = beginsName(cursor.codes[cursor.at]!) ? identifier(cursor, "dots") : "";
    if (name === "") cursor.pending.push(readValue(cursor, inside));
    else {
      const colon = skipSpaces(cursor);
      if (cursor.codes[colon] === 58) {
        cursor.at = colon + 1;
        const value = readNamedValue(cursor, inside);
        value.name = name;
        value.from = start;
        cursor.pending.push(value);
      } else cursor.pending.push(behindName(cursor, name, start, inside));
    }
    if (!separated(cursor, inside, open, 41)) break;
  }
  return taken<Value>(cursor, from);
}

function readNamedValue(cursor: Cursor, inside: Inside): Value {
  const { at } = cursor;
  return skipAmongArguments(cursor, inside, false) ? readValue(cursor, inside) : missing(cursor, "A value is missing", at);
}

/** True where another item begins; takes the closing bracket, or reports that it is missing. */
function ready(cursor: Cursor, inside: Inside, open: number, close: number): boolean {
  if (!skipAmongArguments(cursor, inside, close === 125) || cursor.at >= cursor.limit) return leftOpen(cursor, open, close);
  const code = cursor.codes[cursor.at];
  if (code === close) {
    cursor.at++;
    return false;
  }
  // Another kind of closing bracket: ours was forgotten, and that one belongs further out.
  if (code === 41 || code === 93 || code === 125) return leftOpen(cursor, open, close);
  return true;
}

/** True where a comma leads on to another item; takes the closing bracket, or reports what is wrong. */
function separated(cursor: Cursor, inside: Inside, open: number, close: number): boolean {
  const before = cursor.at;
  if (!skipAmongArguments(cursor, inside, close === 125) || cursor.at >= cursor.limit) return leftOpen(cursor, open, close);
  const code = cursor.codes[cursor.at];
  if (code === 44) {
    cursor.at++;
    return true;
  }
  if (code === close) {
    cursor.at++;
    return false;
  }
  if (code === 41 || code === 93 || code === 125) return leftOpen(cursor, open, close);
  const crossed = textBetween(cursor, before, cursor.at).includes("\n");
  if (close === 125 && crossed) return true;
  if (crossed) {
    cursor.at = before;
    return leftOpen(cursor, open, close);
  }
  report(cursor, "A comma is missing", cursor.at, cursor.at + 1);
  return true;
}

function leftOpen(cursor: Cursor, open: number, close: number): false {
  report(cursor, `"${String.fromCharCode(close)}" is missing`, open, cursor.at);
  return false;
}

const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])/y;

/** A value at the cursor; takes at least one character unless the line or body ends. */
export function readValue(cursor: Cursor, inside: Inside): Value {
  const start = cursor.at;
  if (start >= cursor.limit) return missing(cursor, "A value is missing", start);
  const code = cursor.codes[start]!;
  if (code === 34) return readString(cursor);
  if (code === 91) return readList(cursor, inside);
  if (code === 123) return readObject(cursor, inside);
  if (code === 45 || (code >= 48 && code <= 57)) {
    if (standsAt(number, cursor)) {
      cursor.at = number.lastIndex - cursor.base;
      return { kind: "number", text: word(cursor, start, cursor.at), name: undefined, from: start, start, end: cursor.at };
    }
  }
  const name = identifier(cursor, "dots");
  if (name !== "") return behindName(cursor, name, start, inside);
  // A closing bracket or comma stays for whoever waits for it; a line end too.
  if (code !== 41 && code !== 93 && code !== 125 && code !== 44 && code !== 10 && code !== 13) cursor.at++;
  return missing(cursor, "A value is missing", start);
}

/** A name that was just read, as a value: a call where a bracket follows. */
function behindName(cursor: Cursor, name: string, start: number, inside: Inside): Value {
  if (cursor.at >= cursor.limit || cursor.codes[cursor.at] !== 40) return { kind: "name", text: name, name: undefined, from: start, start, end: cursor.at };
  const list = readArguments(cursor, inside);
  return { kind: "call", text: name, arguments: list, name: undefined, from: start, start, end: cursor.at };
}

/** A letter or `_`: digits begin a number. */
function beginsName(code: number): boolean {
  return code >= 65 && code !== 91 && code !== 123 && code !== 125;
}

function readString(cursor: Cursor): Value {
  const { codes, limit } = cursor;
  const start = cursor.at;
  let at = start + 1;
  let escaped = false;
  for (; at < limit; at++) {
    const code = codes[at];
    if (code === 34 || code === 10) break;
    if (code === 92) {
      escaped = true;
      at++;
    }
  }
  if (at >= limit || codes[at] !== 34) {
    at = Math.min(at, limit);
    while (at > start + 1 && codes[at - 1] === 13) at--;
    cursor.at = at;
    report(cursor, "The string is not closed", start, at);
    return { kind: "string", text: textBetween(cursor, start + 1, at), name: undefined, from: start, start, end: at };
  }
  cursor.at = at + 1;
  const raw = at === start + 1 ? "" : word(cursor, start + 1, at);
  return { kind: "string", text: escaped ? unescaped(raw) : raw, name: undefined, from: start, start, end: at + 1 };
}

/** Prisma's strings are JSON's. */
function unescaped(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (whole, hex: string | undefined, letter: string | undefined) => {
    if (hex) return String.fromCharCode(parseInt(hex, 16));
    const at = "nrtbf".indexOf(letter!);
    return at >= 0 ? "\n\r\t\b\f"[at]! : letter === "u" ? whole : letter!;
  });
}

function readList(cursor: Cursor, inside: Inside): Value {
  const open = cursor.at++;
  const from = cursor.pending.length;
  while (ready(cursor, inside, open, 93)) {
    if (cursor.codes[cursor.at] === 44) {
      report(cursor, "A value is missing before the comma", cursor.at, cursor.at + 1);
      cursor.at++;
      continue;
    }
    cursor.pending.push(readValue(cursor, inside));
    if (!separated(cursor, inside, open, 93)) break;
  }
  return { kind: "list", items: taken<Value>(cursor, from), name: undefined, from: open, start: open, end: cursor.at };
}

function readObject(cursor: Cursor, inside: Inside): Value {
  const open = cursor.at++;
  const entries: Entry[] = [];
  while (ready(cursor, inside, open, 125)) {
    const start = cursor.at;
    const name = { text: identifier(cursor, "plain"), start, end: cursor.at };
    if (name.text === "") {
      report(cursor, "A field's name is missing", cursor.at, cursor.at + 1);
      cursor.at++;
      continue;
    }
    const colon = skipSpaces(cursor);
    if (cursor.codes[colon] !== 58) {
      entries.push({ name, value: missing(cursor, 'A colon is missing', name.end) });
    } else {
      cursor.at = colon + 1;
      entries.push({ name, value: readNamedValue(cursor, inside) });
    }
    if (!separated(cursor, inside, open, 125)) break;
  }
  return { kind: "object", entries, name: undefined, from: open, start: open, end: cursor.at };
}

function missing(cursor: Cursor, message: string, at: number): Value {
  report(cursor, message, at, Math.max(at, cursor.at));
  return { kind: "missing", name: undefined, from: at, start: at, end: at };
}

/** Behind the blanks, without moving. */
function skipSpaces(cursor: Cursor): number {
  let at = cursor.at;
  while (at < cursor.limit && (cursor.codes[at] === 32 || cursor.codes[at] === 9)) at++;
  return at;
}
