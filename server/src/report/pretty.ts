// The format for people: each finding with a code frame, errors and warnings first to the eye. Not stable, and the
// only format with colour; the caller decides whether there is any.
import type { Severity } from "../model/finding";
import { counted } from "./counted";
import type { CheckReport, Place, PlacedFinding } from "./placed-finding";

/** Wraps text in colour, or leaves it; picocolors' `createColors` gives one. */
export interface Colors {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly green: (text: string) => string;
}

export interface PrettyOptions {
  readonly colors: Colors;
  /** Columns of the terminal: messages are wrapped to it, code lines are cut at it. */
  readonly width: number;
}

/** All findings with their code frames, a blank line after each; an empty string where there are none. */
export function pretty(report: CheckReport, options: PrettyOptions): string {
  return report.findings.map((finding) => `${prettyFinding(finding, report.read, options)}\n`).join("");
}

/** The last line of a check: how many findings of which severity, in how much schema. */
export function prettySummary(summary: CheckReport["summary"], colors: Colors): string {
  const counts = (["error", "warning", "information", "hint"] as const)
    .filter((severity) => summary[severity] > 0)
    .map((severity) => ink(severity, colors)(counted(summary[severity], severity === "information" ? "note" : severity)));
  const scope = colors.dim(`(${counted(summary.tables, "table")}, ${counted(summary.foreignKeys, "foreign key")}, ${counted(summary.schemas, "schema")})`);
  const kept = summary.baseline > 0 ? colors.dim(`; ${counted(summary.baseline, "finding")} in the baseline`) : "";
  const found = counts.length > 0 ? `${colors.bold("Found")} ${counts.join(", ")}` : colors.green("Nothing found");
  const fixable = summary.fixable > 0 ? `\n${counted(summary.fixable, "finding")} can be fixed: ${colors.bold("plumbline fix --dry-run")} shows how.` : "";
  return `${found} ${scope}${kept}.${fixable}\n`;
}

function prettyFinding(found: PlacedFinding, read: CheckReport["read"], { colors, width }: PrettyOptions): string {
  const paint = ink(found.severity, colors);
  const where = found.place ? `${found.place.file}:${found.place.line}:${found.place.column}` : "";
  const label = found.severity === "information" ? "note" : found.severity;
  const lines = [`${paint(colors.bold(label))} ${colors.bold(found.rule)}  ${colors.cyan(where)}`.trimEnd()];
  for (const line of wrapped(found.message, width - 2)) lines.push(`  ${line}`);
  if (found.place) lines.push(...frame(found.place, found.severity === "hint" ? 0 : 1, read, paint, colors, width));
  for (const related of found.related) {
    lines.push(colors.dim(`  see ${related.place.file}:${related.place.line}:${related.place.column}  ${oneLine(related.message)}`));
  }
  for (const fix of found.finding.fixes) lines.push(`  ${colors.green("fix:")} ${oneLine(fix.title)}`);
  return `${lines.join("\n")}\n`;
}

/** The marked line with `around` lines before and after, and carets under the range; a range of several lines is marked to the end of its first. */
function frame(place: Place, around: number, read: CheckReport["read"], paint: (text: string) => string, colors: Colors, width: number): readonly string[] {
  const lines = read(place.file)?.split(/\r\n|\r|\n/);
  const marked = lines?.[place.line - 1];
  if (lines === undefined || marked === undefined) return [];
  const first = Math.max(1, place.line - around);
  const last = Math.min(lines.length, place.line + around);
  const gutter = String(last).length;
  const room = Math.max(width - gutter - 5, 20);
  const endColumn = place.endLine === place.line ? place.endColumn : marked.trimEnd().length + 1;
  const shift = cutBefore(marked, place.column - 1, endColumn - 1, room);
  const output: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = visible(lines[number - 1]!.slice(shift));
    const shown = `${shift > 0 && lines[number - 1] !== "" ? "…" : ""}${cutTo(text, shift > 0 ? room - 1 : room)}`;
    const line = `  ${colors.dim(`${String(number).padStart(gutter)} │`)} ${shown}`.trimEnd();
    output.push(line);
    if (number !== place.line) continue;
    const before = columns(visible(marked.slice(shift, place.column - 1))) + (shift > 0 ? 1 : 0);
    const length = Math.max(1, columns(visible(marked.slice(place.column - 1, endColumn - 1))));
    output.push(`  ${" ".repeat(gutter)} ${colors.dim("│")} ${" ".repeat(before)}${paint("^".repeat(Math.min(length, Math.max(room - before, 1))))}`);
  }
  return output;
}

/** How many characters to leave out at the left so that the marked part of a long line can be seen. */
function cutBefore(line: string, start: number, end: number, room: number): number {
  if (columns(visible(line.slice(0, Math.min(end, start + room / 2)))) < room) return 0;
  return Math.max(0, start - Math.floor(room / 3));
}

function cutTo(text: string, room: number): string {
  if (columns(text) <= room) return text;
  let cut = text.slice(0, room - 1);
  while (columns(cut) > room - 1) cut = cut.slice(0, -1);
  return `${cut}…`;
}

/** Tabs as two blanks, other control characters as a dot: a schema's text must not steer the terminal. */
export function visible(text: string): string {
  return text.replaceAll("\t", "  ").replace(/[\u0000-\u001f\u007f-\u009f]/g, "·");
}

/** Width on a terminal: East Asian wide characters and emoji take two columns, combining marks none. */
function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (/\p{Mark}/u.test(character) || code === 0x200d || code === 0xfe0f) continue;
    const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3)
      || (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) || code >= 0x1f300;
    width += wide ? 2 : 1;
  }
  return width;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of visible(paragraph).split(" ")) {
      if (line !== "" && columns(line) + 1 + columns(word) > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

function oneLine(text: string): string {
  return visible(text.replaceAll("\n", " "));
}

function ink(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case "error": return colors.red;
    case "warning": return colors.yellow;
    case "information": return colors.blue;
    case "hint": return colors.dim;
  }
}
