// A finding with lines and columns instead of offsets: what every format of the terminal prints, and the shape of
// `check --format json`. Lines are counted here and in lsp/ only.
import type { Finding, Severity } from "../model/finding";
import type { QualifiedName, SourceRange } from "../model/schema";

/** Lines and columns from 1, columns in UTF-16 units as editors count them; `end` exclusive. */
export interface Place {
  /** Relative to the folder that the report is for, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface PlacedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: Place;
  readonly related: readonly { readonly message: string; readonly place: Place }[];
  /** `auth.users`; without the schema where that is "public" or the database has none. */
  readonly table?: string;
  readonly columns: readonly string[];
  readonly key: string;
  readonly finding: Finding;
}

export interface Summary {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
  readonly hint: number;
  /** Findings that are not listed because the baseline has them. */
  readonly baseline: number;
  /** Findings with a fix. */
  readonly fixable: number;
  readonly schemas: number;
  readonly tables: number;
  readonly foreignKeys: number;
}

/** All that a format needs to print a check. */
export interface CheckReport {
  readonly findings: readonly PlacedFinding[];
  readonly summary: Summary;
  /** Version of Plumbline. */
  readonly version: string;
  /** Text of a file by its `Place.file`. */
  read(file: string): string | undefined;
}

/** Turns offsets into places. `relative` names a file as the report shows it; `read` gives the text that the offsets are for. */
export function placer(read: (file: string) => string | undefined, relative: (file: string) => string): (at: SourceRange) => Place {
  const starts = new Map<string, readonly number[]>();
  return (at) => {
    let lines = starts.get(at.file);
    if (!lines) starts.set(at.file, (lines = lineStarts(read(at.file) ?? "")));
    const [line, column] = position(lines, at.start);
    const [endLine, endColumn] = position(lines, Math.max(at.end, at.start));
    return { file: relative(at.file), line, column, endLine, endColumn };
  };
}

export function placeFinding(finding: Finding, place: (at: SourceRange) => Place): PlacedFinding {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    place: finding.at && place(finding.at),
    related: finding.related.map((related) => ({ message: related.message, place: place(related.at) })),
    table: finding.table && tableName(finding.table),
    columns: finding.columns,
    key: finding.key,
    finding,
  };
}

/** `auth.users`, or `users` where the schema is "public" or there is none. */
export function tableName(name: QualifiedName): string {
  if (name.schemaInDatabase !== undefined) return `${name.schemaInDatabase}.${name.name}`;
  return name.schema === null || name.schema === "public" ? name.name : `${name.schema}.${name.name}`;
}

/** Offsets at which lines begin; \n, \r\n and \r end a line. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

function position(lines: readonly number[], offset: number): readonly [line: number, column: number] {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - lines[low]! + 1];
}
