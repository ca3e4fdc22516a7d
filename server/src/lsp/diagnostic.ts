// A finding as the protocol's diagnostic. One that was made before is given again where its places stand on the same
// lines, so that a keystroke costs the diagnostics that moved.
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticClientCapabilities, type DiagnosticRelatedInformation, type Position, type PublishDiagnosticsClientCapabilities, type Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding, Severity } from "../model/finding";
import type { SourceRange } from "../model/schema";
import { rulePage } from "../report/rule-page";
import { editorWords } from "./editor-words";
import { nowhere, type Texts } from "./place";

/** What a diagnostic carries for the requests that come back with it. */
export interface DiagnosticData {
  readonly key: string;
}

/** The client's own words on what it shows of a diagnostic; what it does not show is not sent. */
export type Abilities = (PublishDiagnosticsClientCapabilities | DiagnosticClientCapabilities) & { /** It has Plumbline's commands in a palette: messages name those. */ readonly palette?: boolean } | undefined;

interface Place {
  readonly uri: string;
  readonly document: TextDocument | undefined;
}

/** Makes the diagnostics of one moment: the texts must not change between its calls. `before` is what an earlier call gave for the same finding. */
export function diagnosticMaker(texts: Texts, abilities: Abilities): (finding: Finding, before: Diagnostic | undefined) => Diagnostic {
  const places = new Map<string, Place>();
  let lastFile: string | undefined;
  let lastPlace: Place = { uri: "", document: undefined };
  /** By how many lines the place before has moved: the next one has probably moved as far. */
  let moved = 0;
  /** The line that was looked at last, and the offsets where it and the next one begin. */
  const probe = { line: -1, character: 0 };
  let [lineStart, nextStart] = [0, 0];

  function placeOf(file: string): Place {
    if (file === lastFile) return lastPlace;
    let found = places.get(file);
    if (!found) places.set(file, (found = { uri: texts.uri(file), document: texts.document(file) }));
    lastFile = file;
    probe.line = -1;
    return (lastPlace = found);
  }

  /** `before` itself where it is still right. */
  function rangeOf(at: SourceRange, { document }: Place, before: Range | undefined): Range {
    if (!document) return nowhere;
    const [from, to] = [at.start, at.end];
    if (!before) return { start: document.positionAt(from), end: document.positionAt(to) };
    const start = positionOf(document, from, before.start);
    const end = positionOf(document, to, before.end);
    return start === before.start && end === before.end ? before : { start, end };
  }

  /** As `positionAt`, without its search through all lines where the place has moved like the one before, or not at all. */
  function positionOf(document: TextDocument, offset: number, before: Position): Position {
    const line = before.line + moved;
    if (line >= 0 && isOnLine(document, line, offset)) {
      const character = offset - lineStart;
      return moved === 0 && character === before.character ? before : { line, character };
    }
    const position = document.positionAt(offset);
    moved = position.line - before.line;
    return moved === 0 && position.character === before.character ? before : position;
  }

  /** False also where the offset is at the line's end, which is left to `positionAt`: behind the text of a line is no position. */
  function isOnLine(document: TextDocument, line: number, offset: number): boolean {
    if (line !== probe.line) {
      probe.line = line + 1;
      nextStart = document.offsetAt(probe);
      probe.line = line;
      lineStart = document.offsetAt(probe);
    }
    return lineStart <= offset && offset <= nextStart - 2;
  }

  function relatedOf(related: Finding["related"], before: DiagnosticRelatedInformation[] | undefined): DiagnosticRelatedInformation[] {
    let same = before?.length === related.length;
    const made: DiagnosticRelatedInformation[] = [];
    for (let position = 0; position < related.length; position++) {
      const { at, message } = related[position]!;
      const place = placeOf(at.file);
      const known = before?.[position];
      const range = rangeOf(at, place, known?.location.range);
      if (known && known.location.range === range && known.location.uri === place.uri) made.push(known);
      else {
        same = false;
        made.push({ location: { uri: place.uri, range }, message: abilities?.palette ? editorWords(message) : message });
      }
    }
    return same ? before! : made;
  }

  return (finding, before) => {
    const at = finding.at!;
    const range = rangeOf(at, placeOf(at.file), before?.range);
    const relatedInformation = abilities?.relatedInformation && finding.related.length > 0 ? relatedOf(finding.related, before?.relatedInformation) : undefined;
    if (!before) return toDiagnostic(finding, range, relatedInformation, abilities);
    if (range === before.range && relatedInformation === before.relatedInformation) return before;
    const { severity, code, codeDescription, source, message, tags, data } = before;
    return { range, severity, code, codeDescription, source, message, tags, relatedInformation, data };
  };
}

function toDiagnostic(finding: Finding, range: Range, relatedInformation: DiagnosticRelatedInformation[] | undefined, abilities: Abilities): Diagnostic {
  const data: DiagnosticData = { key: finding.key };
  // All properties in all of them, in one order: copies of objects of one shape cost a fraction. What is undefined is not sent.
  return {
    range,
    severity: severities[finding.severity],
    code: finding.rule,
    codeDescription: abilities?.codeDescriptionSupport && finding.rule.includes("/") ? page(finding.rule) : undefined,
    source: "plumbline",
    message: abilities?.palette ? editorWords(finding.message) : finding.message,
    tags: abilities?.tagSupport && removesSomething(finding) ? unnecessary : undefined,
    relatedInformation,
    data,
  };
}

const unnecessary = [DiagnosticTag.Unnecessary];

const pages = new Map<string, { readonly href: string }>();

function page(rule: string): { readonly href: string } {
  let found = pages.get(rule);
  if (!found) pages.set(rule, (found = { href: rulePage(rule) }));
  return found;
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** An editor greys out what can go: a finding whose preferred fix only drops an index or a constraint. */
function removesSomething(finding: Finding): boolean {
  const fix = finding.fixes.find((one) => one.preferred) ?? finding.fixes[0];
  return fix !== undefined && fix.changes.length > 0 && fix.changes.every((change) => change.kind === "drop-index" || change.kind === "drop-unique");
}

/** True where the client would see no difference. */
export function sameDiagnostic(a: Diagnostic, b: Diagnostic): boolean {
  return a === b || (
    a.code === b.code && a.message === b.message && a.severity === b.severity && sameRange(a.range, b.range) && a.tags?.length === b.tags?.length &&
    (a.data as DiagnosticData).key === (b.data as DiagnosticData).key &&
    (a.relatedInformation?.length ?? 0) === (b.relatedInformation?.length ?? 0) &&
    (a.relatedInformation ?? []).every((related, at) => {
      const other = b.relatedInformation![at]!;
      return related.message === other.message && related.location.uri === other.location.uri && sameRange(related.location.range, other.location.range);
    })
  );
}

function sameRange(a: Range, b: Range): boolean {
  return a === b || (a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character);
}
