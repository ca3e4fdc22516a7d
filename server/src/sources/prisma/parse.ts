// One block of text to its syntax: a line at a time, recovering at each line end, so that a half-typed line loses nothing but itself.
import { conflictMarker, isConflictMarker } from "../conflict-marker";
import { readAttribute, readValue } from "./attributes";
import { atLineEnd, contentEnd, cursorAt, identifier, report, skipBlanks, skipLine, taken, textBetween, type Cursor } from "./cursor";
import type { Piece } from "./split";
import { none, type Attribute, type Block, type BlockKind, type Field, type FieldType, type Named, type Setting } from "./syntax";
import { fieldType } from "./types";

/** The block that stands at `piece` of `text`. Never throws; what is wrong stands in `problems`. */
export function parseBlock(text: string, piece: BlockPiece): Block {
  const base = piece.start;
  const cursor = bodyCursor(text, piece);
  let attributes: Attribute[] | undefined;
  let settings: Setting[] | undefined;
  const inside = piece.kind === "enum" ? "values" : "members";
  const config = piece.kind === "datasource" || piece.kind === "generator";
  eachLine(cursor, {
    attribute: () => (attributes ??= []).push(readAttribute(cursor, inside)),
    member: config ? () => readSetting(cursor, (settings ??= [])) : () => readField(cursor, piece.kind),
  });
  return {
    kind: piece.kind, name: nameOf(text, piece),
    fields: taken<Field>(cursor, 0), attributes: attributes ?? none, settings: settings ?? none, problems: cursor.problems.length > 0 ? cursor.problems : none,
    bodyStart: piece.bodyStart - base, bodyEnd: piece.bodyEnd - base, length: piece.end - base,
  };
}

export type BlockPiece = Piece & { readonly kind: BlockKind };

/** A cursor at the beginning of a block's body; what is wrong with the block as a whole is reported. */
export function bodyCursor(text: string, piece: BlockPiece): Cursor {
  const cursor = cursorAt(text, piece.start, piece.bodyStart, piece.bodyEnd);
  if (piece.problem) report(cursor, piece.problem, 0, piece.nameEnd - piece.start);
  return cursor;
}

export function nameOf(text: string, piece: BlockPiece): Named {
  return { text: text.slice(piece.nameStart, piece.nameEnd), start: piece.nameStart - piece.start, end: piece.nameEnd - piece.start };
}

/** Calls `attribute` at each line that begins with `@@`, and `member`, which takes its whole line, at each other one. */
export function eachLine(cursor: Cursor, read: { attribute(): void; member(): void }): void {
  const { codes } = cursor;
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= cursor.limit) return;
    const code = codes[cursor.at];
    if (code === 10) cursor.at++;
    else if (atLineEnd(cursor)) skipLine(cursor);
    else if (code === 64 && codes[cursor.at + 1] === 64) {
      read.attribute();
      endLine(cursor);
    } else read.member();
  }
}

function readSetting(cursor: Cursor, into: Setting[]): void {
  const start = cursor.at;
  const name = { text: identifier(cursor, "plain"), start, end: cursor.at };
  skipBlanks(cursor);
  if (name.text === "" || cursor.codes[cursor.at] !== 61) {
    report(cursor, 'A line of the form `name = value` is expected', cursor.at, contentEnd(cursor));
    skipLine(cursor);
    return;
  }
  cursor.at++;
  skipBlanks(cursor);
  const value = readValue(cursor, "members");
  into.push({ name, value, start, end: cursor.at });
  endLine(cursor);
}

/** Leaves the field among what is pending. */
function readField(cursor: Cursor, kind: BlockKind): void {
  const head = readHead(cursor, kind);
  if (!head) return;
  const { name, type, start, typeStart, typeEnd } = head;
  const inside = kind === "enum" ? "values" : "members";
  const from = cursor.pending.length;
  let end = cursor.at;
  while (isAtAttribute(cursor)) {
    cursor.pending.push(readAttribute(cursor, inside));
    end = cursor.at;
  }
  const attributes = taken<Attribute>(cursor, from);
  cursor.pending.push({ name, type, typeStart, typeEnd, attributes, start, end: trimmed(cursor, end) });
  endField(cursor, head, kind);
}

/** What a field begins with. */
export interface Head {
  name: string;
  type: FieldType | undefined;
  start: number;
  typeStart: number;
  typeEnd: number;
}

const head: Head = { name: "", type: undefined, start: 0, typeStart: 0, typeEnd: 0 };

/** Name and type of the field at the cursor, valid until the next call; undefined, the line taken, where no name stands. */
export function readHead(cursor: Cursor, kind: BlockKind): Readonly<Head> | undefined {
  head.start = cursor.at;
  const name = identifier(cursor, "plain");
  if (name === "") {
    report(cursor, isConflictMarker(cursor.text, cursor.base + cursor.at) ? conflictMarker : "A field's name is expected", cursor.at, contentEnd(cursor));
    skipLine(cursor);
    return undefined;
  }
  head.name = name;
  if (kind !== "enum") skipToType(cursor);
  head.typeStart = cursor.at;
  head.type = kind === "enum" ? undefined : readType(cursor);
  head.typeEnd = cursor.at;
  return head;
}

/** Skips blanks; true where an attribute follows on the line. */
export function isAtAttribute(cursor: Cursor): boolean {
  skipBlanks(cursor);
  return cursor.at < cursor.limit && cursor.codes[cursor.at] === 64;
}

/** Takes the end of a field's line, behind its attributes. */
export function endField(cursor: Cursor, { name, type, start }: Readonly<Head>, kind: BlockKind): void {
  if (kind !== "enum" && !type) report(cursor, `The type of field ${name} is missing`, start, start + name.length);
  endLine(cursor);
}

/** `end` without the blanks before it. */
export function trimmed(cursor: Cursor, end: number): number {
  let at = end;
  while (at > 0 && cursor.codes[at - 1]! <= 32) at--;
  return at;
}

function skipToType(cursor: Cursor): void {
  skipBlanks(cursor);
  if (cursor.codes[cursor.at] !== 58) return;
  report(cursor, "Prisma writes no colon between a field and its type", cursor.at, cursor.at + 1);
  cursor.at++;
  skipBlanks(cursor);
}

function readType(cursor: Cursor): FieldType | undefined {
  const { codes } = cursor;
  const start = cursor.at;
  const legacyList = codes[start] === 91;
  if (legacyList) cursor.at++;
  const name = identifier(cursor, "plain");
  if (name === "") {
    cursor.at = start;
    return undefined;
  }
  const unsupported = name === "Unsupported" && codes[cursor.at] === 40 ? readUnsupported(cursor) : undefined;
  let list = legacyList;
  let optional = false;
  if (legacyList) {
    if (codes[cursor.at] === 93) cursor.at++;
    report(cursor, `A list is written ${name}[]`, start, cursor.at);
  }
  for (;;) {
    const code = cursor.at < cursor.limit ? codes[cursor.at] : 0;
    if (code === 91) {
      list = true;
      cursor.at += codes[cursor.at + 1] === 93 ? 2 : 1;
      if (codes[cursor.at - 1] !== 93) report(cursor, '"]" is missing', cursor.at - 1, cursor.at);
    } else if (code === 63) {
      optional = true;
      cursor.at++;
    } else if (code === 33) {
      report(cursor, "A field without a question mark is required already", cursor.at, cursor.at + 1);
      cursor.at++;
    } else break;
  }
  return fieldType(name, unsupported, list, optional);
}

/** The database's type in `Unsupported("…")`; the cursor stands on `(`. */
function readUnsupported(cursor: Cursor): string {
  cursor.at++;
  const value = readValue(cursor, "members");
  if (cursor.codes[cursor.at] === 41) cursor.at++;
  else report(cursor, '")" is missing', cursor.at - 1, cursor.at);
  return value.kind === "string" ? value.text : "unknown";
}

/** Behind a complete line only a comment may follow. */
function endLine(cursor: Cursor): void {
  skipBlanks(cursor);
  if (atLineEnd(cursor)) return;
  report(cursor, `${JSON.stringify(textBetween(cursor, cursor.at, contentEnd(cursor)).slice(0, 30))} is not expected here`, cursor.at, contentEnd(cursor));
  skipLine(cursor);
}
