// Reading a body character by character: blanks, comments, identifiers, and whether the next line begins something new.
import { none, type SyntaxProblem } from "./syntax";
import { word } from "./words";

/** All positions count from the start of the block. */
export interface Cursor {
  /** The characters, with a 0 behind the last: a typed array is read three times as fast as a string. */
  readonly codes: Uint16Array;
  /** Where the body ends: nothing is read from here on. */
  readonly limit: number;
  /** A text that holds the block, and where. */
  readonly text: string;
  readonly base: number;
  readonly problems: SyntaxProblem[];
  /** Where lists grow before their length is known: a growing array of its own would reserve room for 17 values. */
  readonly pending: unknown[];
  at: number;
}

/** A cursor at `start` of the text from `base` to `end`; valid until the next one is made. */
export function cursorAt(text: string, base: number, start: number, end: number): Cursor {
  const limit = end - base;
  if (scratch.length < limit + 2) {
    scratch = new Uint16Array(limit * 2);
    scratchBytes = Buffer.from(scratch.buffer);
  }
  scratchBytes.write(text.slice(base, end), 0, "utf16le");
  if (isBigEndian) scratchBytes.subarray(0, limit * 2).swap16();
  scratch[limit] = scratch[limit + 1] = 0;
  return { codes: scratch, limit, text, base, problems: [], pending: [], at: start - base };
}

const isBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;
let scratch = new Uint16Array(8192);
let scratchBytes = Buffer.from(scratch.buffer);

export function report(cursor: Cursor, message: string, start: number, end: number): void {
  cursor.problems.push({ message, start, end: Math.max(start, end) });
}

/** What is written from `start` to `end`. */
export function textBetween({ text, base }: Cursor, start: number, end: number): string {
  return text.slice(base + start, base + end);
}

/** What is pending from `from` on, as a list of its own. */
export function taken<T>(cursor: Cursor, from: number): readonly T[] {
  const { pending } = cursor;
  // Most lists are this short, and calls into the runtime (slice, setting a length) cost more than the rest of reading them.
  switch (pending.length - from) {
    case 0: return none;
    case 1: return [pending.pop() as T];
    case 2: {
      const last = pending.pop() as T;
      return [pending.pop() as T, last];
    }
    default: return pending.splice(from) as T[];
  }
}

/** Skips blanks and block comments on this line; a block comment may end on a later one. */
export function skipBlanks(cursor: Cursor): void {
  const { codes, limit } = cursor;
  let at = cursor.at;
  while (at < limit) {
    const code = codes[at]!;
    if (code === 32 || code === 9 || code === 13 || code === 0xa0) at++;
    else if (code === 47 && codes[at + 1] === 42) {
      const close = cursor.text.indexOf("*/", cursor.base + at + 2) - cursor.base;
      if (close < 0 || close >= limit) break;
      at = close + 2;
    } else break;
  }
  cursor.at = at;
}

/** Skips spaces, and nothing else. */
export function skipSpaces(cursor: Cursor): void {
  while (cursor.codes[cursor.at] === 32) cursor.at++;
}

/** True at the end of a line, of the body, or where a comment takes the rest of the line. */
export function atLineEnd({ codes, limit, at }: Cursor): boolean {
  return at >= limit || codes[at] === 10 || (codes[at] === 47 && codes[at + 1] === 47);
}

export function skipLine(cursor: Cursor): void {
  const { codes, limit } = cursor;
  let at = cursor.at;
  while (at < limit && codes[at] !== 10) at++;
  cursor.at = at;
}

/** The end of what is written on this line, trailing blanks left out. */
export function contentEnd({ codes, limit, at }: Cursor): number {
  let end = at;
  while (end < limit && codes[end] !== 10) end++;
  while (end > at && isSpace(codes[end - 1]!)) end--;
  return end;
}

/** Letters, digits, `_` and `-`; empty where none stands. With "dots", a path as `db.VarChar`. */
export function identifier(cursor: Cursor, dots: "dots" | "plain"): string {
  const { codes, limit } = cursor;
  const start = cursor.at;
  let at = start;
  while (at < limit) {
    const code = codes[at]!;
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code >= 0xc0;
    if (letter || (at > start && (code === 45 || (code === 46 && dots === "dots")))) at++;
    else break;
  }
  cursor.at = at;
  return at === start ? "" : word(cursor, start, at);
}

/** What stands in the string at the cursor, which is taken; undefined, the cursor anywhere, where no string stands or one that is not closed or has an escape. */
export function plainString(cursor: Cursor): string | undefined {
  const { codes, limit } = cursor;
  if (codes[cursor.at] !== 34) return undefined;
  const start = cursor.at + 1;
  let at = start;
  while (at < limit && codes[at] !== 34 && codes[at] !== 10 && codes[at] !== 92) at++;
  if (codes[at] !== 34 || at >= limit) return undefined;
  cursor.at = at + 1;
  return at === start ? "" : word(cursor, start, at);
}

const member = /[A-Za-z0-9_][\w-]*[ \t]+[A-Za-z[]/y;
const loneWord = /[A-Za-z0-9_][\w-]*[ \t]*(?:\r?\n|@|\/\/)/y;

export type Inside = "members" | "values";

/**
 * Skips blanks, comments and line ends among arguments. False where the next line begins something new, so that what is open was
 * left open: then the cursor stands at the end of the line before.
 */
export function skipAmongArguments(cursor: Cursor, inside: Inside, inObject: boolean): boolean {
  const { codes, limit } = cursor;
  const from = cursor.at;
  const next = codes[from]!;
  if (from < limit && (next > 47 || next === 44 || next === 41 || next === 34) && next !== 0xa0) return true;
  let crossed = false;
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= limit) break;
    const code = codes[cursor.at];
    if (code === 10) {
      cursor.at++;
      crossed = true;
    } else if (code === 47 && codes[cursor.at + 1] === 47) skipLine(cursor);
    else break;
  }
  const { at } = cursor;
  if (at < limit) {
    if (!crossed) return true;
    const code = codes[at];
    if (code !== 64 && (code !== 125 || inObject)) {
      if (!standsAt(member, cursor)) {
        if (inside === "members") return true;
        if (!standsAt(loneWord, cursor)) return true;
      }
    }
  }
  cursor.at = from;
  return false;
}

/** Whether what the sticky `pattern` matches stands at the cursor. */
export function standsAt(pattern: RegExp, { text, base, at }: Cursor): boolean {
  pattern.lastIndex = base + at;
  return pattern.test(text);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
