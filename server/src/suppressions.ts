// Reads the comments with which a developer silences a finding, and reports those that silence nothing.
// It looks at text alone, so it serves every language that has line comments; it knows no rule.
import { findingKey } from "./checking";
import type { Finding, Severity } from "./model/finding";
import { nearest } from "./nearest";

export type SuppressionLanguage = "typescript" | "prisma" | "sql";

/** One rule id (or `group/*`) of a suppression comment, and the span of text whose findings it silences. */
export interface Suppression {
  /** As written: `fk/unindexed` or `fk/*`; empty where the comment names no rule. */
  readonly id: string;
  /** Where the id stands (the comment's keyword, where it names none), in UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** Findings that begin in [from, to] are silenced. */
  readonly from: number;
  readonly to: number;
  /** What stands behind `--`. */
  readonly reason?: string;
}

export interface SuppressionOptions {
  /** Every id that a comment may name. */
  readonly known: Iterable<string>;
  /** Ids of the rules that ran: a comment for another one cannot be told to be unused. */
  readonly ran: ReadonlySet<string>;
  /** Of `suppression/unused`. */
  readonly severity: Severity | "off";
}

export interface Suppressed {
  /** What no comment silences, in the order given, then the `suppression/unused` findings. */
  readonly kept: readonly Finding[];
  readonly suppressed: readonly Finding[];
}

const unusedRule = "suppression/unused";
const marker = "plumbline-disable";
const markerLength = marker.length;

/** The suppressions of files, remembered until the file changes. */
export interface SuppressionMemory {
  of(file: string): readonly Suppression[];
  /** `file` has another text. `edits`: the steps, where they are known. */
  changed(file: string, edits?: readonly { readonly start: number; readonly text: string }[]): void;
}

/** `textOf` gives a file's current text. */
export function suppressionMemory(textOf: (file: string) => string | undefined): SuppressionMemory {
  const known = new Map<string, readonly Suppression[] | "no marker">();
  return {
    of(file) {
      let found = known.get(file);
      if (found === undefined) {
        const text = textOf(file);
        known.set(file, (found = text?.includes(marker) ? parseSuppressions(text, languageOf(file)) : "no marker"));
      }
      return found === "no marker" ? [] : found;
    },
    changed(file, edits) {
      // An edit that makes no marker leaves a text without one, so that a keystroke does not search the whole file.
      const edit = edits?.length === 1 ? edits[0] : undefined;
      if (edit && known.get(file) === "no marker" && !textOf(file)?.slice(Math.max(0, edit.start - markerLength), edit.start + edit.text.length + markerLength).includes(marker)) return;
      known.delete(file);
    },
  };
}

/** Silences the findings that a comment in their file names. `files` are all files of the schemas, so that comments in files without findings are judged too; `suppressionsOf` gives what their current texts hold. */
export function applySuppressions(findings: readonly Finding[], files: Iterable<string>, suppressionsOf: (file: string) => readonly Suppression[], options: SuppressionOptions): Suppressed {
  const byFile = new Map<string, readonly Suppression[]>();
  for (const file of files) {
    const found = suppressionsOf(file);
    if (found.length > 0) byFile.set(file, found);
  }
  if (byFile.size === 0) return { kept: findings, suppressed: [] };

  const used = new Set<Suppression>();
  const kept: Finding[] = [];
  const suppressed: Finding[] = [];
  for (const finding of findings) {
    const here = finding.at && byFile.get(finding.at.file)?.filter((each) => names(each.id, finding.rule) && each.from <= finding.at!.start && finding.at!.start <= each.to);
    if (!here || here.length === 0) {
      kept.push(finding);
      continue;
    }
    for (const each of here) used.add(each);
    suppressed.push(finding);
  }
  if (options.severity !== "off") {
    const known = new Set(options.known);
    for (const [file, all] of byFile)
      for (const each of all) if (!used.has(each)) for (const finding of unused(each, file, known, options.ran, options.severity)) kept.push(finding);
  }
  return { kept, suppressed };
}

function unused(suppression: Suppression, file: string, known: ReadonlySet<string>, ran: ReadonlySet<string>, severity: Severity): Finding[] {
  const { id } = suppression;
  const group = id.endsWith("/*") ? id.slice(0, -1) : undefined;
  const isKnown = group === undefined ? known.has(id) : some(known, (each) => each.startsWith(group));
  let message: string;
  if (id === "") message = "This comment names no rule: write the rule's id behind it, for example fk/unindexed";
  else if (!isKnown) {
    const meant = nearest(id, known);
    message = `There is no rule ${id}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  } else if (group === undefined ? ran.has(id) : some(ran, (each) => each.startsWith(group))) message = `${id} finds nothing here: remove it from the comment`;
  else return [];
  return [{
    rule: unusedRule, severity, message, at: { file, start: suppression.start, end: suppression.end }, related: [], fixes: [],
    key: findingKey(unusedRule, undefined, [], id), schema: "", columns: [],
  }];
}

const names = (id: string, rule: string) => id === rule || (id.endsWith("/*") && rule.startsWith(id.slice(0, -1)));

function some(all: Iterable<string>, test: (each: string) => boolean): boolean {
  for (const each of all) if (test(each)) return true;
  return false;
}

/** The language by the file's ending; whatever is neither Prisma nor SQL has `//` comments. */
export function languageOf(file: string): SuppressionLanguage {
  return file.endsWith(".prisma") ? "prisma" : file.endsWith(".sql") ? "sql" : "typescript";
}

/** All suppressions of a text. A comment counts where nothing but white space stands between its marker and the keyword, so that prose about suppressions is none. */
export function parseSuppressions(text: string, language: SuppressionLanguage): readonly Suppression[] {
  const found: Suppression[] = [];
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + markerLength)) {
    const lineStart = text.lastIndexOf("\n", at) + 1;
    if (!opener[language].test(text.slice(lineStart, at))) continue;
    const lineEnd = endOfLine(text, at);
    const rest = text.slice(at + markerLength, lineEnd);
    const keyword = /^-(next-line|file)(?![\w-])/.exec(rest);
    if (!keyword) continue;
    const bodyStart = at + markerLength + keyword[0].length;
    const body = text.slice(bodyStart, lineEnd);
    const separator = /(^|\s)--(\s|$)/.exec(body);
    const ids = separator ? body.slice(0, separator.index) : body;
    const reason = separator ? body.slice(separator.index + separator[0].length).trim() : "";
    const [from, to] = keyword[1] === "file" ? [0, text.length] : nextLine(text, lineEnd, language);
    const common = { from, to, ...(reason === "" ? {} : { reason }) };
    let named = false;
    for (const id of ids.matchAll(/[^\s,]+/g)) {
      named = true;
      const start = bodyStart + id.index;
      found.push({ id: id[0], start, end: start + id[0].length, ...common });
    }
    if (!named) found.push({ id: "", start: at, end: bodyStart, ...common });
  }
  return found;
}

/** What may stand on the line before the keyword: the comment's own marker, with a blank or nothing before it. */
const opener: Readonly<Record<SuppressionLanguage, RegExp>> = {
  typescript: /(^|\s)\/\/[ \t]*$/,
  prisma: /(^|\s)\/\/\/?[ \t]*$/,
  sql: /(^|\s)--[ \t]*$/,
};

const commentLine: Readonly<Record<SuppressionLanguage, RegExp>> = { typescript: /^\s*\/\//, prisma: /^\s*\/\//, sql: /^\s*--/ };

/** The first line after `end` that is no comment, so that suppressions can be stacked and a comment may stand between. */
function nextLine(text: string, end: number, language: SuppressionLanguage): readonly [number, number] {
  let start = afterLine(text, end);
  for (;;) {
    const stop = endOfLine(text, start);
    if (start >= text.length || !commentLine[language].test(text.slice(start, stop))) return [start, stop];
    start = afterLine(text, stop);
  }
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  if (newline < 0) return text.length;
  return newline > at && text[newline - 1] === "\r" ? newline - 1 : newline;
}

const startOfLine = (text: string, at: number) => (at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1);

const afterLine = (text: string, end: number) => (text[end] === "\r" ? end + 2 : end + 1);

/** The edit that silences `ids` at the line of `offset`: a comment above it, in its indentation and the text's own line ending, or more ids in the comment that stands there already. */
export function insertSuppression(text: string, language: SuppressionLanguage, offset: number, ids: readonly string[]): { readonly start: number; readonly end: number; readonly text: string } {
  const lineStart = startOfLine(text, offset);
  const above = lineStart === 0 ? "" : text.slice(startOfLine(text, lineStart - 1), lineStart - 1);
  if (/plumbline-disable-next-line\s+[^\s,-]/.test(above)) {
    const there = parseSuppressions(text, language).filter((each) => each.from === lineStart && each.id !== "" && each.start >= lineStart - above.length - 1);
    const last = there.at(-1);
    const missing = ids.filter((id) => !there.some((each) => each.id === id));
    if (last) return { start: last.end, end: last.end, text: missing.map((id) => `, ${id}`).join("") };
  }
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, offset))![0];
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  // Prisma copies `///` into the documentation of the generated client, so the fix writes `//` there too.
  const comment = language === "sql" ? "--" : "//";
  return { start: lineStart, end: lineStart, text: `${indentation}${comment} plumbline-disable-next-line ${ids.join(", ")}${newline}` };
}
