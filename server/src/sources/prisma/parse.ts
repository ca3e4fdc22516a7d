// One block of text to its syntax: a line at a time, recovering at each line end, so that a half-typed line loses nothing but itself.
import { readAttribute, readValue } from "./attributes";
import { atLineEnd, contentEnd, cursorAt, identifier, report, skipBlanks, skipLine, taken, textBetween, type Cursor } from "./cursor";
import type { Piece } from "./split";
import { none, type Attribute, type Block, type BlockKind, type Field, type FieldType, type Setting } from "./syntax";
import { fieldType } from "./types";

/** The block that stands at `piece` of `text`. Never throws; what is wrong stands in `problems`. */
export function parseBlock(text: string, piece: Piece & { readonly kind: BlockKind }): Block {
  const base = piece.start;
  const cursor = cursorAt(text, base, piece.bodyStart, piece.bodyEnd);
  const { codes } = cursor;
  let attributes: Attribute[] | undefined;
  let settings: Setting[] | undefined;
  if (piece.problem) report(cursor, piece.problem, 0, piece.nameEnd - base);
  const config = piece.kind === "datasource" || piece.kind === "generator";
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= cursor.limit) break;
    const code = codes[cursor.at];
    if (code === 10) cursor.at++;
    else if (atLineEnd(cursor)) skipLine(cursor);
    else if (code === 64 && codes[cursor.at + 1] === 64) {
      (attributes ??= []).push(readAttribute(cursor, piece.kind === "enum" ? "values" : "members"));
      endLine(cursor);
    } else if (config) readSetting(cursor, (settings ??= []));
    else readField(cursor, piece.kind);
  }
  return {
    kind: piece.kind,
    name: { text: text.slice(piece.nameStart, piece.nameEnd), start: piece.nameStart - base, end: piece.nameEnd - base },
    fields: taken<Field>(cursor, 0), attributes: attributes ?? none, settings: settings ?? none, problems: cursor.problems.length > 0 ? cursor.problems : none,
    bodyStart: piece.bodyStart - base, bodyEnd: piece.bodyEnd - base, length: piece.end - base,
  };
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
  const start = cursor.at;
  const name = identifier(cursor, "plain");
  if (name === "") {
    report(cursor, "A field's name is expected", cursor.at, contentEnd(cursor));
    skipLine(cursor);
    return;
  }
  const inside = kind === "enum" ? "values" : "members";
  if (kind !== "enum") skipToType(cursor);
  const typeStart = cursor.at;
  const type = kind === "enum" ? undefined : readType(cursor);
  const typeEnd = cursor.at;
  const from = cursor.pending.length;
  let end = cursor.at;
  for (;;) {
    skipBlanks(cursor);
    if (cursor.at >= cursor.limit || cursor.codes[cursor.at] !== 64) break;
    cursor.pending.push(readAttribute(cursor, inside));
    end = cursor.at;
  }
  const attributes = taken<Attribute>(cursor, from);
  cursor.pending.push({ name, type, typeStart, typeEnd, attributes, start, end: trimmed(cursor, end) });
  if (kind !== "enum" && !type) report(cursor, `The type of field ${name} is missing`, start, start + name.length);
  endLine(cursor);
}

function trimmed(cursor: Cursor, end: number): number {
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
