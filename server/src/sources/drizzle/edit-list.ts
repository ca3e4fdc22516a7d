// Adds, replaces and removes elements of a list in brackets or braces, as its author would: commas, lines and comments stay tidy.
import type { ListPlace } from "./edit-syntax";

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What happens to a list: elements by their index. */
export interface ListChange {
  readonly removed: ReadonlySet<number>;
  readonly replaced: ReadonlyMap<number, string>;
  readonly added: readonly string[];
}

export interface ListStyle {
  readonly eol: string;
  /** One level of indentation. */
  readonly unit: string;
  /** For a list that has no element yet: each element on a line of its own. */
  readonly multiline: boolean;
  /** For a list that has no element yet: a comma after the last one. */
  readonly trailingComma: boolean;
  /** A list on one line may be put on several. */
  readonly wraps?: boolean;
  /** Spaces just inside the brackets of a list on one line, as in `{ a }`. */
  readonly padded: boolean;
}

// A list on one line is put on lines of its own when the line would grow beyond this many characters, and was not as long before.
const widest = 120;

/** The splices that make `change` in the list, in offsets of `text`; they neither overlap nor reach outside the brackets. */
export function editList(text: string, list: ListPlace, change: ListChange, style: ListStyle): Splice[] {
  const { removed, added } = change;
  const kept = list.elements.map((_, index) => index).filter((index) => !removed.has(index));
  const splices: Splice[] = [...change.replaced].map(([index, replacement]) => ({ ...list.elements[index]!, text: replacement }));
  if (kept.length === 0) return [...splices, ...refill(text, list, removed, added, style)];
  if (style.wraps && growsTooWide(text, list, change)) return [...splices, ...wrapped(text, list, kept, added, style)];
  splices.push(...removals(text, list, removed));
  const last = list.elements[kept.at(-1)!]!;
  const comma = commaAfter(text, last.end, list.close);
  const trailing = commaAfter(text, list.elements.at(-1)!.end, list.close) !== undefined;
  if (added.length > 0) splices.push(...addition(text, list, last, comma, trailing, added, style));
  // A list without a trailing comma keeps none when its last element goes.
  else if (comma !== undefined && !trailing && startsLine(text, last.start)) splices.push({ start: comma - 1, end: comma, text: "" });
  return splices;
}

/** The indentation of the line that `offset` is on. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

export function startsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** Just after the comma that follows `from`, comments between them skipped; undefined where there is none. */
export function commaAfter(text: string, from: number, limit: number): number | undefined {
  const match = /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*,/.exec(text.slice(from, limit));
  return match ? from + match[0].length : undefined;
}

/** `comma` stands just after that of the last element that stays, `trailing` says whether the list ends in one. */
function addition(text: string, list: ListPlace, last: { start: number; end: number }, comma: number | undefined, trailing: boolean, added: readonly string[], style: ListStyle): Splice[] {
  if (!startsLine(text, last.start)) return [{ start: last.end, end: last.end, text: added.map((element) => `, ${element}`).join("") }];
  const indent = indentAt(text, last.start);
  const from = comma ?? last.end;
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?(?=\r?\n)/.exec(text.slice(from, list.close));
  const at = rest ? from + rest[0].trimEnd().length : from;
  const lines = `${added.map((element) => `${style.eol}${indent}${element}`).join(",")}${trailing ? "," : ""}`;
  return comma === undefined ? [{ start: last.end, end: last.end, text: "," }, { start: at, end: at, text: lines }] : [{ start: at, end: at, text: lines }];
}

function growsTooWide(text: string, list: ListPlace, { added, removed, replaced }: ListChange): boolean {
  const gaps = without(text, list.open, list.close, list.elements.map((element) => ({ ...element, text: "" })));
  if (!/^[ \t,]*$/.test(gaps) || text.slice(list.open, list.close).includes("\n")) return false;
  const line = /^[^\r\n]*/.exec(text.slice(lineStart(text, list.open)))![0].length;
  const grown = (parts: Iterable<string>): number => [...parts].reduce((sum, part) => sum + part.length + 2, 0);
  const gone = [...removed, ...replaced.keys()].reduce((sum, index) => sum + list.elements[index]!.end - list.elements[index]!.start, 0);
  return added.length + replaced.size > 0 && line <= widest && line + grown(added) + grown(replaced.values()) - gone > widest;
}

/** Each element on a line of its own: only what stands between them is written anew. */
function wrapped(text: string, list: ListPlace, kept: readonly number[], added: readonly string[], style: ListStyle): Splice[] {
  const closeIndent = indentAt(text, list.open);
  const line = style.eol + closeIndent + style.unit;
  const splices = kept.map((index, position) => ({ start: position === 0 ? list.open : list.elements[kept[position - 1]!]!.end, end: list.elements[index]!.start, text: position === 0 ? line : `,${line}` }));
  const tail = added.map((element) => `,${line}${element}`).join("");
  return [...splices, { start: list.elements[kept.at(-1)!]!.end, end: list.close, text: `${tail}${style.trailingComma ? "," : ""}${style.eol}${closeIndent}` }];
}

/** Everything goes, or nothing was there: what stands between the brackets is written anew. */
function refill(text: string, list: ListPlace, removed: ReadonlySet<number>, added: readonly string[], style: ListStyle): Splice[] {
  const splices = removals(text, list, removed);
  const left = without(text, list.open, list.close, splices);
  const closeIndent = indentAt(text, list.open);
  const indent = closeIndent + style.unit;
  const comma = style.trailingComma ? "," : "";
  if (/^[\s,]*$/.test(left)) {
    const pad = style.padded ? " " : "";
    const inside = added.length === 0 ? ""
      : style.multiline ? `${style.eol}${added.map((element) => indent + element).join(`,${style.eol}`)}${comma}${style.eol}${closeIndent}`
      : `${pad}${added.join(", ")}${pad}`;
    return [{ start: list.open, end: list.close, text: inside }];
  }
  // A comment of the list itself stays above what is added.
  if (added.length > 0) {
    const at = startsLine(text, list.close) ? lineStart(text, list.close) : list.close;
    const lead = at === list.close ? style.eol : "";
    splices.push({ start: at, end: at, text: `${lead}${added.map((element) => indent + element).join(`,${style.eol}`)}${comma}${style.eol}` });
  }
  return splices;
}

/** The spans to delete: an element on lines of its own goes with its comma, the comment on its line and those just above it; a run of others goes with the commas that join it. */
function removals(text: string, list: ListPlace, removed: ReadonlySet<number>): Splice[] {
  const { elements, close } = list;
  const splices: Splice[] = [];
  for (let first = 0; first < elements.length; first += 1) {
    if (!removed.has(first)) continue;
    let last = first;
    while (removed.has(last + 1)) last += 1;
    const lines = elements.slice(first, last + 1).map((_, offset) => ownLines(text, list, first + offset));
    if (lines.every((line) => line !== undefined)) splices.push(...lines);
    else {
      const [start, end] = [elements[first]!.start, elements[last]!.end];
      const next = elements[last + 1];
      const previous = elements[first - 1];
      const comma = commaAfter(text, end, close);
      if (next) splices.push({ start, end: next.start, text: "" });
      else if (previous && comma !== undefined) splices.push({ start: commaAfter(text, previous.end, start) ?? start, end: comma, text: "" });
      else splices.push({ start: previous?.end ?? start, end: comma ?? end, text: "" });
    }
    first = last;
  }
  return splices;
}

/** The lines of an element that shares them with no other. */
function ownLines(text: string, list: ListPlace, index: number): Splice | undefined {
  const { elements, close, open } = list;
  const element = elements[index]!;
  const limit = elements[index + 1]?.start ?? close;
  const after = commaAfter(text, element.end, limit) ?? element.end;
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?\r?\n/.exec(text.slice(after, limit));
  if (!startsLine(text, element.start) || !rest) return undefined;
  return { start: ownComments(text, lineStart(text, element.start), elements[index - 1]?.end ?? open), end: after + rest[0].length, text: "" };
}

/** The start of the block of comment lines that ends at `start`, with no empty line between; never before `limit`. */
function ownComments(text: string, start: number, limit: number): number {
  let top = start;
  let inBlock = false;
  while (top > 0) {
    const above = lineStart(text, top - 1);
    if (above <= limit) break;
    const line = text.slice(above, top).trim();
    if (line.endsWith("*/") && !line.startsWith("/*")) inBlock = true;
    const comment = line.startsWith("//") || (line.startsWith("/*") && line.endsWith("*/")) || inBlock;
    if (!comment) break;
    if (inBlock && line.startsWith("/*")) inBlock = false;
    top = above;
  }
  return inBlock ? start : top;
}

function without(text: string, start: number, end: number, splices: readonly Splice[]): string {
  let left = "";
  let from = start;
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    left += text.slice(from, Math.max(from, splice.start));
    from = Math.max(from, splice.end);
  }
  return left + text.slice(from, end);
}
