// Reading a body character by character: blanks, comments, identifiers, and whether the next line begins something new.
import { none, type SyntaxProblem } from "./syntax";
import { word } from "./words";

export interface Cursor {
  readonly text: string;
  /** Where the body ends: nothing is read from here on. */
  readonly limit: number;
  /** Start of the block: nodes carry offsets from here. */
  readonly base: number;
  readonly problems: SyntaxProblem[];
  /** Where lists grow before their length is known: a growing array of its own would reserve room for 17 values. */
  readonly pending: unknown[];
  at: number;
}

export function report(cursor: Cursor, message: string, start: number, end: number): void {
  cursor.problems.push({ message, start: start - cursor.base, end: Math.max(start, end) - cursor.base });
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
  const { text, limit } = cursor;
  let at = cursor.at;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9 || code === 13 || code === 0xa0) at++;
    else if (code === 47 && text.charCodeAt(at + 1) === 42) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0 || close >= limit) break;
      at = close + 2;
    } else break;
  }
  cursor.at = at;
}

/** True at the end of a line, of the body, or where a comment takes the rest of the line. */
export function atLineEnd(cursor: Cursor): boolean {
  if (cursor.at >= cursor.limit) return true;
  const code = cursor.text.charCodeAt(cursor.at);
  return code === 10 || (code === 47 && cursor.text.charCodeAt(cursor.at + 1) === 47);
}

export function skipLine(cursor: Cursor): void {
  const end = cursor.text.indexOf("\n", cursor.at);
  cursor.at = end < 0 || end > cursor.limit ? cursor.limit : end;
}

/** The end of what is written on this line, trailing blanks left out. */
export function contentEnd(cursor: Cursor): number {
  const found = cursor.text.indexOf("\n", cursor.at);
  let end = found < 0 || found > cursor.limit ? cursor.limit : found;
  while (end > cursor.at && isSpace(cursor.text.charCodeAt(end - 1))) end--;
  return end;
}

/** Letters, digits, `_` and `-`; empty where none stands. With "dots", a path as `db.VarChar`. */
export function identifier(cursor: Cursor, dots: "dots" | "plain"): string {
  const { text, limit } = cursor;
  const start = cursor.at;
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code >= 0xc0;
    if (letter || (at > start && (code === 45 || (code === 46 && dots === "dots")))) at++;
    else break;
  }
  cursor.at = at;
  return at === start ? "" : word(text, start, at);
}

const member = /[A-Za-z0-9_][\w-]*[ \t]+[A-Za-z[]/y;
const loneWord = /[A-Za-z0-9_][\w-]*[ \t]*(?:\r?\n|@|\/\/)/y;

export type Inside = "members" | "values";

/**
 * Skips blanks, comments and line ends among arguments. False where the next line begins something new, so that what is open was
 * left open: then the cursor stands at the end of the line before.
 */
export function skipAmongArguments(cursor: Cursor, inside: Inside, inObject: boolean): boolean {
  const { text, limit } = cursor;
  const from = cursor.at;
  const next = text.charCodeAt(from);
  if (from < limit && (next > 47 || next === 44 || next === 41 || next === 34) && next !== 0xa0) return true;
  let crossed = false;
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= limit) break;
    const code = text.charCodeAt(cursor.at);
    if (code === 10) {
      cursor.at++;
      crossed = true;
    } else if (code === 47 && text.charCodeAt(cursor.at + 1) === 47) skipLine(cursor);
    else break;
  }
  const { at } = cursor;
  if (at < limit) {
    if (!crossed) return true;
    const code = text.charCodeAt(at);
    if (code !== 64 && (code !== 125 || inObject)) {
      member.lastIndex = at;
      if (!member.test(text)) {
        if (inside === "members") return true;
        loneWord.lastIndex = at;
        if (!loneWord.test(text)) return true;
      }
    }
  }
  cursor.at = from;
  return false;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
