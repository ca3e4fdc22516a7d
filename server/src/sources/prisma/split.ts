// Text to top-level blocks. Prisma's language is line-based, so a line says where a block begins and ends, and a
// half-typed block ends where the next one begins. What stands inside a block is the parser's business.
import { conflictMarker, isConflictMarker } from "../conflict-marker";
import type { BlockKind } from "./syntax";

export interface Piece {
  /** "junk" is a line, or a block with an unknown keyword, that is no part of a schema. */
  readonly kind: BlockKind | "junk";
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly bodyStart: number;
  /** The closing bracket, or where it should stand. */
  readonly bodyEnd: number;
  readonly problem?: string;
}

/** A text with what is known of its block comments, so that they are looked for once. */
export interface Scan {
  readonly text: string;
  /** The next `/*` at or behind the position asked last; -1 where there is none. */
  comment: number;
}

export function scan(text: string): Scan {
  return { text, comment: text.indexOf("/*") };
}

const keyword = /(?:model|view|type|enum|datasource|generator)(?=[ \t])/y;
const blockName = /[A-Za-z0-9_][\w-]*/y;
const opening = /[ \t]*(?:(?:\r?\n[ \t]*)*\{|(?=\r?\n|\/\/|$))/y;
const kinds: readonly BlockKind[] = ["model", "enum", "view", "type", "datasource", "generator"];

const nextHeader = /(?:model|view|type|enum|datasource|generator)[ \t]+[A-Za-z0-9_][\w-]*[ \t]*\{/y;
const openingLine = /[^\n"/]*\{[ \t]*(?:\/\/[^\n]*)?\r?(?:\n|$)/y;
const memberLine = /[ \t]+(?:@@\w|[A-Za-z_][\w-]*[ \t]+[A-Za-z[@])/y;

/** The first block or junk at or behind `from`, which must not lie inside a block; undefined at the end. */
export function nextPiece(state: Scan, from: number): Piece | undefined {
  const { text } = state;
  const start = skipBetween(state, from);
  if (start >= text.length) return undefined;
  keyword.lastIndex = start;
  if (keyword.test(text)) {
    const kind = kinds.find((one) => text.startsWith(one, start))!;
    let nameStart = keyword.lastIndex;
    while (isBlank(text.charCodeAt(nameStart))) nameStart++;
    blockName.lastIndex = nameStart;
    if (blockName.test(text)) {
      const nameEnd = blockName.lastIndex;
      opening.lastIndex = nameEnd;
      if (opening.test(text)) {
        const end = opening.lastIndex;
        if (text.charCodeAt(end - 1) === 123) return pieceOf(kind, start, nameStart, nameEnd, body(state, end));
        const line = lineEnd(text, start);
        memberLine.lastIndex = line + 1;
        if (memberLine.test(text)) {
          return { ...pieceOf(kind, start, nameStart, nameEnd, body(state, line)), problem: `The opening bracket "{" of ${kind} ${text.slice(nameStart, nameEnd)} is missing` };
        }
      }
    }
  }
  return junk(state, start);
}

function pieceOf(kind: BlockKind, start: number, nameStart: number, nameEnd: number, { bodyStart, bodyEnd, end, problem }: ReturnType<typeof body>): Piece {
  return { kind, start, end, nameStart, nameEnd, bodyStart, bodyEnd, problem };
}

/** A place behind blanks and comments. */
function skipBetween(state: Scan, from: number): number {
  const { text } = state;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff || code === 0xa0) at++;
    else if (code === 47 && text.charCodeAt(at + 1) === 47) at = lineEnd(text, at);
    else if (code === 47 && text.charCodeAt(at + 1) === 42) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0) return at;
      at = close + 2;
    } else return at;
  }
}

function junk(state: Scan, start: number): Piece {
  const { text } = state;
  openingLine.lastIndex = start;
  const none = { kind: "junk" as const, start, nameStart: start, nameEnd: start };
  if (openingLine.test(text)) {
    // A block whose keyword is unknown or half typed: its lines are not read one by one as junk.
    const brace = text.lastIndexOf("{", lineEnd(text, start) - 1);
    const rest = body(state, brace + 1);
    const words = text.slice(start, brace).trim();
    return { ...none, ...rest, problem: words === "" ? "A block needs a keyword and a name" : `"${words}" begins no block that Prisma knows` };
  }
  const end = trimmedEnd(text, start, lineEnd(text, start));
  const comment = text.startsWith("/*", start);
  return { ...none, end, bodyStart: end, bodyEnd: end, problem: comment ? 'The comment is not closed: "*/" is missing' : isConflictMarker(text, start) ? conflictMarker : "This line is no part of a block" };
}

/** The end of a body that begins at `from`, on the line of its opening bracket. */
function body(state: Scan, from: number): Pick<Piece, "bodyStart" | "bodyEnd" | "end" | "problem"> {
  const { text } = state;
  let line = lineEnd(text, from);
  const sameLine = closingOnLine(text, from, line);
  if (sameLine >= 0) return { bodyStart: from, bodyEnd: sameLine, end: sameLine + 1 };
  let last = trimmedEnd(text, from, line);
  let at = line + 1;
  line = skipComments(state, from, line);
  if (line >= at) at = line;
  while (at < text.length) {
    const end = lineEnd(text, at);
    let first = at;
    while (isBlank(text.charCodeAt(first))) first++;
    const code = text.charCodeAt(first);
    if (code === 125 && closesBlock(text, first)) return { bodyStart: from, bodyEnd: first, end: first + 1 };
    nextHeader.lastIndex = first;
    if (isKeywordStart(code) && nextHeader.test(text)) break;
    if (first < end) last = trimmedEnd(text, first, end);
    const behind = skipComments(state, first, end);
    at = behind > end ? behind : end + 1;
    if (behind > end) last = behind;
  }
  last = Math.max(from, Math.min(last, text.length));
  return { bodyStart: from, bodyEnd: last, end: last, problem: 'The closing bracket "}" is missing' };
}

/** Where the line's last block comment ends, if that is on a later line; else the line's own end. */
function skipComments(state: Scan, from: number, lineStop: number): number {
  if (state.comment >= 0 && state.comment < from) state.comment = state.text.indexOf("/*", from);
  if (state.comment < 0 || state.comment >= lineStop) return lineStop;
  const { text } = state;
  let inString = false;
  for (let at = from; at < lineStop; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) inString = !inString;
    else if (inString) {
      if (code === 92) at++;
    } else if (code === 47 && text.charCodeAt(at + 1) === 47) return lineStop;
    else if (code === 47 && text.charCodeAt(at + 1) === 42) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0) return lineStop;
      if (close >= lineStop) return close + 2;
      at = close + 1;
    }
  }
  return lineStop;
}

/** A bracket that begins a line closes the block, unless it closes an object among arguments: then `)`, `]` or `,` follows. */
function closesBlock(text: string, at: number): boolean {
  let next = at + 1;
  while (isBlank(text.charCodeAt(next))) next++;
  const code = text.charCodeAt(next);
  if (code === 41 || code === 93 || code === 44 || code === 125) return false;
  if (code !== 10) return true;
  while (isBlank(text.charCodeAt(next)) || text.charCodeAt(next) === 10) next++;
  const below = text.charCodeAt(next);
  return below !== 41 && below !== 93 && below !== 44;
}

/** The bracket that closes a block written on one line, or -1. */
function closingOnLine(text: string, from: number, lineStop: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < lineStop; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) inString = !inString;
    else if (inString) {
      if (code === 92) at++;
    } else if (code === 47 && text.charCodeAt(at + 1) === 47) return -1;
    else if (code === 123) depth++;
    else if (code === 125 && depth-- === 0) return at;
  }
  return -1;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

/** The first letters of the six keywords: d e g m t v. */
function isKeywordStart(code: number): boolean {
  return code === 109 || code === 101 || code === 116 || code === 118 || code === 100 || code === 103;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}
