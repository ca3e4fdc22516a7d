// Findings as the protocol's diagnostics, file by file. Remembers what it gave out, so that a keystroke costs the
// files whose findings changed, and that an unchanged file is known by its version.
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticClientCapabilities, type PublishDiagnosticsClientCapabilities } from "vscode-languageserver/node";
import { withoutBaseline } from "../baseline";
import type { Finding, Severity } from "../model/finding";
import { rulePage } from "../report/rule-page";
import { locationOf, rangeOf, type Texts } from "./place";
import type { Workspace } from "./workspace";

export interface FileDiagnostics {
  /** Grows when the diagnostics change. */
  readonly version: number;
  readonly items: readonly Diagnostic[];
}

export interface Diagnostics {
  /** Brings all files up to date; the paths of those whose diagnostics changed since the last call. */
  refresh(): readonly string[];
  /** The diagnostics of one file, up to date. */
  of(path: string): FileDiagnostics;
  /** All files that have diagnostics, or had some. */
  paths(): readonly string[];
  /** The findings of one file. */
  findings(path: string): readonly Finding[];
  /** Every finding once, with the settings' problems. */
  all(): Iterable<Finding>;
}

/** What a diagnostic carries for the requests that come back with it. */
export interface DiagnosticData {
  readonly key: string;
}

interface Kept extends FileDiagnostics {
  readonly findings: readonly Finding[];
  /** Stamps of the file and of the files that the related places are in. */
  readonly stamps: ReadonlyMap<string, number>;
}

const none: FileDiagnostics = { version: 0, items: [] };

/** `abilities`: the client's own words on what it shows of a diagnostic; what it does not show is not sent. */
export function diagnosticsOf(workspace: Workspace, texts: Texts, abilities: PublishDiagnosticsClientCapabilities | DiagnosticClientCapabilities | undefined): Diagnostics {
  const kept = new Map<string, Kept>();
  const pages = new Map<string, { readonly href: string }>();
  let sources: readonly unknown[] = [];
  let byFile = new Map<string, Finding[]>();

  /** Groups the findings by file, unless all reports are the ones from last time. */
  function group(): Map<string, Finding[]> {
    const reports = workspace.folders.map((folder) => [folder.report(), folder.settings] as const);
    const now = reports.flat();
    if (now.length === sources.length && now.every((report, at) => report === sources[at])) return byFile;
    const grouped = new Map<string, Finding[]>();
    const seen = workspace.folders.length > 1 ? new Set<string>() : undefined;
    const add = (finding: Finding): void => {
      if (!finding.at) return;
      if (seen) {
        const identity = `${finding.rule} ${finding.key} ${finding.at.file} ${finding.at.start}`;
        if (seen.has(identity)) return;
        seen.add(identity);
      }
      const list = grouped.get(finding.at.file);
      if (list) list.push(finding);
      else grouped.set(finding.at.file, [finding]);
    };
    for (const [report, { baseline, problems }] of reports) {
      const reported = baseline.entries.length === 0 ? report.findings : withoutBaseline(report.findings, baseline).findings;
      reported.forEach(add);
      problems.forEach(add);
    }
    sources = now;
    return (byFile = grouped);
  }

  function update(path: string, findings: readonly Finding[]): boolean {
    const before = kept.get(path);
    if (before && sameFindings(before.findings, findings) && sameStamps(before.stamps)) return false;
    const items = findings.map((finding) => toDiagnostic(finding));
    const files = new Set([path, ...findings.flatMap((finding) => finding.related.map((related) => related.at.file))]);
    const stamps = new Map([...files].map((file) => [file, texts.stamp(file)]));
    const same = before !== undefined ? sameDiagnostics(before.items, items) : items.length === 0;
    const version = same ? (before?.version ?? 0) : (before?.version ?? 0) + 1;
    kept.set(path, { version, items: same && before ? before.items : items, findings, stamps });
    return !same;
  }

  const sameStamps = (stamps: ReadonlyMap<string, number>): boolean => {
    for (const [file, stamp] of stamps) if (texts.stamp(file) !== stamp) return false;
    return true;
  };

  function toDiagnostic(finding: Finding): Diagnostic {
    const data: DiagnosticData = { key: finding.key };
    return {
      range: rangeOf(finding.at!, texts),
      severity: severities[finding.severity],
      code: finding.rule,
      ...(abilities?.codeDescriptionSupport && finding.rule.includes("/") && { codeDescription: page(finding.rule) }),
      source: "plumbline",
      message: finding.message,
      ...(abilities?.tagSupport && removesSomething(finding) && { tags: [DiagnosticTag.Unnecessary] }),
      ...(abilities?.relatedInformation && finding.related.length > 0 && { relatedInformation: finding.related.map(({ at, message }) => ({ location: locationOf(at, texts), message })) }),
      data,
    };
  }

  function page(rule: string): { readonly href: string } {
    let found = pages.get(rule);
    if (!found) pages.set(rule, (found = { href: rulePage(rule) }));
    return found;
  }

  return {
    refresh() {
      const grouped = group();
      const changed: string[] = [];
      for (const [path, findings] of grouped) if (update(path, findings)) changed.push(path);
      for (const path of kept.keys()) if (!grouped.has(path) && update(path, [])) changed.push(path);
      return changed;
    },
    of(path) {
      update(path, group().get(path) ?? []);
      return kept.get(path) ?? none;
    },
    paths: () => [...new Set([...group().keys(), ...kept.keys()])].sort(),
    findings: (path) => group().get(path) ?? [],
    *all() {
      for (const findings of group().values()) yield* findings;
    },
  };
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

function sameFindings(before: readonly Finding[], after: readonly Finding[]): boolean {
  return before === after || (before.length === after.length && before.every((finding, at) => finding === after[at]));
}

function sameDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  return before.length === after.length && before.every((one, at) => sameDiagnostic(one, after[at]!));
}

function sameDiagnostic(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.code === b.code && a.message === b.message && a.severity === b.severity && sameRange(a.range, b.range) && a.tags?.length === b.tags?.length &&
    (a.data as DiagnosticData).key === (b.data as DiagnosticData).key &&
    (a.relatedInformation?.length ?? 0) === (b.relatedInformation?.length ?? 0) &&
    (a.relatedInformation ?? []).every((related, at) => {
      const other = b.relatedInformation![at]!;
      return related.message === other.message && related.location.uri === other.location.uri && sameRange(related.location.range, other.location.range);
    })
  );
}

function sameRange(a: Diagnostic["range"], b: Diagnostic["range"]): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character;
}
