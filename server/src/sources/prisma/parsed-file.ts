// A file as its blocks. After an edit only the blocks that it touches are parsed again; the others keep their syntax
// and move, so that whatever was made of them stays valid.
import type { TextEdit } from "../source";
import { parseBlock, type BlockPiece } from "./parse";
import type { Place } from "./place";
import { nextPiece, scan, type Piece } from "./split";
import { none, type Block, type SyntaxProblem } from "./syntax";
import { ownCopy } from "./words";

/** A block, or a line that is none: then its kind is "junk". The object is the same as long as its text is. */
export interface Item {
  readonly place: Place;
  readonly length: number;
  readonly kind: Piece["kind"];
  readonly name: string;
  /** Where the name stands, from the start of the block. */
  readonly nameStart: number;
  /** Of a block they are known once its syntax was asked for. */
  problems: readonly SyntaxProblem[];
  /** A text that holds the block, and where. */
  readonly text: string;
  readonly piece: Piece;
  /** The syntax, from when somebody asks for it until somebody lets it go. */
  syntax: Block | undefined;
}

/** The syntax of a block, parsed when it is asked for; undefined for junk. */
export function blockOf(item: Item): Block | undefined {
  if (item.kind === "junk") return undefined;
  if (!item.syntax) {
    item.syntax = parseBlock(item.text, item.piece as BlockPiece);
    item.problems = item.syntax.problems;
  }
  return item.syntax;
}

/** What a block's syntax was needed for is made: two thirds of the memory would go into keeping it, and the collector copies what is kept. */
export function letGo(item: Item): void {
  item.syntax = undefined;
}

export interface ParsedFile {
  readonly file: string;
  readonly text: string;
  readonly items: readonly Item[];
  /** The file begins `// use prisma-next`. */
  readonly prismaNext: boolean;
}

export type Step = Omit<TextEdit, "file">;

export function parseFile(file: string, text: string): ParsedFile {
  const items: Item[] = [];
  const state = scan(text);
  for (let at = 0; ; ) {
    const piece = nextPiece(state, at);
    if (!piece) break;
    items.push(itemOf(file, text, piece, piece.start));
    at = Math.max(piece.end, piece.start + 1);
  }
  return { file, text, items, prismaNext: isPrismaNext(text) };
}

/** The file with its new text. `steps` are the edits in turn, each in offsets of the text before it; without them the texts are compared. `old` must not be used afterwards: its blocks have moved. */
export function reparseFile(old: ParsedFile, text: string, steps?: readonly Step[]): ParsedFile {
  const region = (steps && steps.length > 0 && regionOfSteps(steps, old.text, text)) || regionOfDifference(old.text, text);
  const { start, oldEnd, newEnd } = region;
  const delta = newEnd - oldEnd;
  if (start === oldEnd && start === newEnd) return old;
  // A comment that is opened or closed here decides about blocks far away.
  const whole = mentionsComment(old.text, start, oldEnd) || mentionsComment(text, start, newEnd) || old.items.some((item) => item.kind === "junk" && item.problems[0]?.message.includes("*/"));
  const first = whole ? 0 : Math.max(0, firstAtOrAfter(old.items, start) - 2);
  const items: Item[] = old.items.slice(0, first);
  const state = scan(text);
  let next = first;
  for (let at = first === 0 ? 0 : old.items[first]!.place.base; ; ) {
    const piece = nextPiece(state, at);
    if (!piece) break;
    const behind = piece.start > newEnd;
    const before = piece.end < start;
    const wanted = behind ? piece.start - delta : piece.start;
    while (next < old.items.length && old.items[next]!.place.base < wanted) next++;
    const same = old.items[next];
    const meets = (behind || before) && same?.place.base === wanted;
    if (meets && behind && !whole) {
      for (let rest = next; rest < old.items.length; rest++) items.push(old.items[rest]!);
      break;
    }
    if (meets && same.length === piece.end - piece.start) items.push(same);
    else items.push(itemOf(old.file, ownCopy(text.slice(piece.start, piece.end)), piece, 0));
    at = Math.max(piece.end, piece.start + 1);
  }
  if (delta !== 0) move(items, old.items, oldEnd, delta);
  return { file: old.file, text, items, prismaNext: isPrismaNext(text) };
}

/** Kept items behind the edit move; the new ones have their place already. */
function move(items: readonly Item[], old: readonly Item[], oldEnd: number, delta: number): void {
  const kept = new Set(items);
  for (const item of old) if (item.place.base > oldEnd && kept.has(item)) item.place.base += delta;
}

/** `text` holds the piece from `offset` on. */
function itemOf(file: string, text: string, piece: Piece, offset: number): Item {
  const shift = offset - piece.start;
  const own = shift === 0 ? piece : {
    ...piece, start: offset, end: piece.end + shift, nameStart: piece.nameStart + shift, nameEnd: piece.nameEnd + shift, bodyStart: piece.bodyStart + shift, bodyEnd: piece.bodyEnd + shift,
  };
  const length = piece.end - piece.start;
  return {
    place: { file, base: piece.start }, length, kind: piece.kind, name: text.slice(own.nameStart, own.nameEnd), nameStart: piece.nameStart - piece.start,
    problems: piece.kind === "junk" ? [{ message: piece.problem ?? "", start: 0, end: firstLine(text, offset, length) }] : none, text, piece: own, syntax: undefined,
  };
}

function firstLine(text: string, offset: number, length: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 || end > offset + length ? length : end - offset;
}

interface Region {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

function regionOfSteps(steps: readonly Step[], oldText: string, text: string): Region | undefined {
  let { start, end: oldEnd } = steps[0]!;
  let newEnd = start + steps[0]!.text.length;
  for (const step of steps.slice(1)) {
    if (step.start < start) start = step.start;
    if (step.end > newEnd) {
      oldEnd += step.end - newEnd;
      newEnd = step.end;
    }
    newEnd += step.text.length - (step.end - step.start);
  }
  const fits = start >= 0 && oldEnd >= start && oldEnd <= oldText.length && newEnd >= start && oldText.length - oldEnd === text.length - newEnd;
  return fits ? { start, oldEnd, newEnd } : undefined;
}

function regionOfDifference(oldText: string, text: string): Region {
  const shorter = Math.min(oldText.length, text.length);
  let start = 0;
  while (start < shorter && oldText.charCodeAt(start) === text.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && oldText.charCodeAt(oldText.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)) tail++;
  return { start, oldEnd: oldText.length - tail, newEnd: text.length - tail };
}

function mentionsComment(text: string, start: number, end: number): boolean {
  const part = text.slice(Math.max(0, start - 1), end + 1);
  return part.includes("/*") || part.includes("*/");
}

function firstAtOrAfter(items: readonly Item[], offset: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.place.base < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isPrismaNext(text: string): boolean {
  return /^\s*\/\/ ?use prisma-next/.test(text.slice(0, 200));
}
