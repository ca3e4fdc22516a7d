// A file as a row of top-level statements, each with its own piece of syntax tree, so that an edit costs the parse of
// the statement that it touches and never that of the file. Places inside a statement are kept relative to it.
import type { ts as t } from "ts-morph";
import type { SourceRange } from "../../model/schema";
import { conflictMarker } from "../conflict-marker";
import { loadTypescript, ts } from "./typescript";

/** One top-level statement. `delta` turns positions of its syntax tree into offsets of the file's current text. */
export interface Chunk {
  readonly file: string;
  readonly source: t.SourceFile;
  readonly statement: t.Statement;
  delta: number;
  /** Where the trivia before the statement begins, in positions of the tree. */
  fullStart: number;
  readonly start: number;
  readonly end: number;
  readonly errors: readonly SyntaxError[];
  /** False where the text that it was parsed from, alone or with others, has a syntax error. */
  readonly sound: boolean;
}

/** In positions of the tree. */
export interface SyntaxError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** A file's text and statements; they tile the text up to the last statement's end. */
export interface Document {
  readonly path: string;
  text: string;
  chunks: Chunk[];
  /** Those that are not sound. */
  broken: readonly Chunk[];
  /** The whole file was last cut at its keywords, so statements may have been cut apart or hidden in what follows others. */
  segmented: boolean;
}

/** What an edit did to the statements: those that are gone and those that are new. The others are the same objects. */
export interface ChunkChange {
  readonly removed: readonly Chunk[];
  readonly added: readonly Chunk[];
}

/** A span of a chunk that moves with it. */
class ChunkRange implements SourceRange {
  constructor(private readonly chunk: Chunk, private readonly from: number, private readonly to: number) {}
  get file(): string { return this.chunk.file; }
  get start(): number { return this.from + this.chunk.delta; }
  get end(): number { return this.to + this.chunk.delta; }
  toJSON(): SourceRange { return { file: this.file, start: this.start, end: this.end }; }
}

/** The place of [from, to), positions of the chunk's tree, wherever later edits move it. */
export function rangeIn(chunk: Chunk, from: number, to: number): SourceRange {
  return new ChunkRange(chunk, from, to);
}

/** The place of a node without the trivia before it. */
export function rangeOf(chunk: Chunk, node: t.Node): SourceRange {
  return new ChunkRange(chunk, node.getStart(chunk.source), node.end);
}

export function openDocument(path: string, text: string): Document {
  const { chunks, segmented } = split(path, text);
  return { path, text, chunks, broken: chunks.filter(isBroken), segmented };
}

/**
 * Brings `document` to `text`, where [start, oldEnd) of the old text became [start, newEnd) of the new one. Only the
 * touched statements are parsed again, unless what they have become could reach into their neighbours.
 */
export function editDocument(document: Document, text: string, start: number, oldEnd: number, newEnd: number): ChunkChange {
  const change = editChunks(document, text, start, oldEnd, newEnd);
  if (document.broken.length > 0 || change.added.some(isBroken)) document.broken = document.chunks.filter(isBroken);
  return change;
}

function isBroken(chunk: Chunk): boolean {
  return !chunk.sound;
}

function isInsideOne(chunk: Chunk, start: number, end: number): boolean {
  return !isBroken(chunk) && start > chunk.start + chunk.delta && end < chunk.end + chunk.delta;
}

function editChunks(document: Document, text: string, start: number, oldEnd: number, newEnd: number): ChunkChange {
  const { chunks } = document;
  document.text = text;
  const shift = newEnd - oldEnd;
  let first = firstEndingAt(chunks, start);
  if (first < chunks.length && !(document.segmented && !isInsideOne(chunks[first]!, start, oldEnd))) {
    let last = first;
    while (last + 1 < chunks.length && (isBroken(chunks[last]!) || chunks[last + 1]!.fullStart + chunks[last + 1]!.delta <= oldEnd)) last++;
    while (first > 0 && isBroken(chunks[first - 1]!)) first--;
    const from = chunks[first]!.fullStart + chunks[first]!.delta;
    const oldTo = chunks[last]!.end + chunks[last]!.delta;
    const to = last + 1 === chunks.length ? text.length : oldTo + shift;
    if (last + 1 === chunks.length || oldEnd <= oldTo) {
      const region = splitRegion(document.path, text, from, to, chunks[first - 1], chunks[last + 1], shift);
      if (region) {
        const removed = chunks.slice(first, last + 1);
        const kept = reuse(removed, region);
        const next = chunks[last + 1];
        for (let i = last + 1; i < chunks.length; i++) chunks[i]!.delta += shift;
        const end = kept.length > 0 ? kept[kept.length - 1]!.end + kept[kept.length - 1]!.delta : from;
        if (next) next.fullStart = end - next.delta;
        chunks.splice(first, removed.length, ...kept);
        return { removed: removed.filter((chunk) => !kept.includes(chunk)), added: kept.filter((chunk) => !removed.includes(chunk)) };
      }
    }
  }
  const old = chunks;
  const whole = split(document.path, text);
  document.chunks = reuse(old, whole.chunks);
  document.segmented = whole.segmented;
  const before = new Set(old), after = new Set(document.chunks);
  return { removed: old.filter((chunk) => !after.has(chunk)), added: document.chunks.filter((chunk) => !before.has(chunk)) };
}

/** The first chunk that ends at or after an offset of the text. */
function firstEndingAt(chunks: readonly Chunk[], offset: number): number {
  let low = 0, high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunks[middle]!.end + chunks[middle]!.delta >= offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The smallest span in which the two texts differ. */
export function difference(before: string, after: string): { start: number; oldEnd: number; newEnd: number } {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let oldEnd = before.length, newEnd = after.length;
  while (oldEnd > start && newEnd > start && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)) { oldEnd--; newEnd--; }
  return { start, oldEnd, newEnd };
}

/** Statements of the text from `from` to `to` alone; undefined where the result could differ from that of the whole file. */
function splitRegion(path: string, text: string, from: number, to: number, previous: Chunk | undefined, next: Chunk | undefined, shift: number): Chunk[] | undefined {
  const region = copyOf(text.slice(from, to));
  const source = parse(path, region);
  const errors = errorsOf(source);
  // An open comment or template reaches as far as the next one's end, wherever that is. (A broken `${…}` is reported
  // as an open template too, but its backticks are still a pair.)
  if (errors.some((error) => error.code === 1010 || (error.code === 1160 && backticks(region) % 2 === 1))) return undefined;
  const nextStart = next ? next.start + next.delta + shift : undefined;
  if (errors.length > 0 && nextStart !== undefined && !startsStatement(text, nextStart)) return undefined;
  const statements = source.statements;
  // Not the first statement's start: the parser passes over what cannot begin one.
  const afterTrivia = /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(region)![0].length;
  const firstStart = afterTrivia < region.length ? from + afterTrivia : nextStart;
  // Read whole, what is broken is cut at statements' keywords: without one at its start it belongs to the piece before.
  if (errors.length > 0 && previous && firstStart !== undefined && !startsStatement(text, firstStart)) return undefined;
  if (previous && firstStart !== undefined && continues(text, previous.end + previous.delta, firstStart)) return undefined;
  const lastEnd = statements.length > 0 ? from + statements[statements.length - 1]!.end : undefined;
  if (lastEnd !== undefined && nextStart !== undefined && continues(text, lastEnd, nextStart)) return undefined;
  // A piece reaches to the next keyword, so what is missing at its end is missed there.
  return errors.length > 0 ? segments(path, copyOf(text.slice(from, nextStart ?? to)), from) : chunksOf(path, source, from, errors);
}

/** V8 keeps a slice's whole text alive, and a statement must not keep each version of its file. */
function copyOf(slice: string): string {
  return Buffer.from(slice, "utf16le").toString("utf16le");
}

function backticks(text: string): number {
  return text.replaceAll("\\`", "").split("`").length - 1;
}

/** True where the statement that ends at `end` could go on with what begins at `start`. */
function continues(text: string, end: number, start: number): boolean {
  const last = text[end - 1];
  if (last === ";") return false;
  return !/^(?!(in|instanceof|as|satisfies|else|catch|finally|of)\b)[\w$@#]/.test(text.slice(start, start + 12));
}

const statementStart = /^(?:export|import|const|let|var|function|async function|class|abstract class|type|interface|enum|namespace|declare)\b/;

function startsStatement(text: string, at: number): boolean {
  return (at === 0 || text[at - 1] === "\n") && statementStart.test(text.slice(at, at + 20));
}

/** Keeps the old chunk where the statement's text is the same: what was read from it stays valid, only its place moves. */
function reuse(old: readonly Chunk[], fresh: readonly Chunk[]): Chunk[] {
  const byText = new Map<string, Chunk[]>();
  for (const chunk of old) {
    if (isBroken(chunk)) continue;
    const text = textOf(chunk);
    const same = byText.get(text);
    if (same) same.push(chunk);
    else byText.set(text, [chunk]);
  }
  return fresh.map((chunk) => {
    if (isBroken(chunk)) return chunk;
    const same = byText.get(textOf(chunk))?.shift();
    if (!same) return chunk;
    same.delta = chunk.start + chunk.delta - same.start;
    same.fullStart = chunk.fullStart + chunk.delta - same.delta;
    return same;
  });
}

function textOf(chunk: Chunk): string {
  return chunk.source.text.slice(chunk.start, chunk.end);
}

function split(path: string, text: string): { readonly chunks: Chunk[]; readonly segmented: boolean } {
  const source = parse(path, text);
  const errors = errorsOf(source);
  return errors.length > 0 ? { chunks: segments(path, text, 0), segmented: true } : { chunks: chunksOf(path, source, 0, errors), segmented: false };
}

/**
 * A text with a syntax error is cut where a line begins with a statement's keyword, and each piece is parsed alone:
 * a half-typed table must not swallow those below it.
 */
function segments(path: string, text: string, offset: number): Chunk[] {
  const cuts = [0];
  const keyword = new RegExp(statementStart.source, "gm");
  for (let match = keyword.exec(text); match; match = keyword.exec(text)) if (match.index > 0) cuts.push(match.index);
  const chunks: Chunk[] = [];
  cuts.forEach((cut, i) => {
    const source = parse(path, text.slice(cut, cuts[i + 1]));
    chunks.push(...chunksOf(path, source, offset + cut, errorsOf(source)));
  });
  let end = offset;
  for (const chunk of chunks) {
    chunk.fullStart = end - chunk.delta;
    end = chunk.end + chunk.delta;
  }
  return chunks;
}

interface CodedError extends SyntaxError { readonly code: number }

function chunksOf(path: string, source: t.SourceFile, delta: number, errors: readonly CodedError[]): Chunk[] {
  let fullStart = 0;
  return source.statements.map((statement, i) => {
    const last = i === source.statements.length - 1;
    const own = errors.length === 0 ? errors : errors.filter((error) => (i === 0 || error.start >= statement.pos) && (last || error.start < statement.end));
    const chunk: Chunk = { file: path, source, statement, delta, fullStart, start: statement.getStart(source), end: statement.end, errors: own, sound: errors.length === 0 };
    fullStart = statement.end;
    return chunk;
  });
}

function parse(path: string, text: string): t.SourceFile {
  loadTypescript();
  const kind = /\.[jt]sx$/.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false, kind);
}

function errorsOf(source: t.SourceFile): readonly CodedError[] {
  const { parseDiagnostics } = source as unknown as { parseDiagnostics: readonly t.DiagnosticWithLocation[] };
  return parseDiagnostics.map((error) => ({
    start: error.start, end: error.start + error.length, code: error.code, message: messageOf(error),
  }));
}

function messageOf({ code, messageText }: t.Diagnostic): string {
  const marker = 1185;
  return code === marker ? conflictMarker : `Syntax error: ${ts.flattenDiagnosticMessageText(messageText, " ").replace(/\.$/, "")}`;
}
