// Findings as the protocol's diagnostics, file by file. Remembers what it gave out, so that a keystroke costs the
// files whose findings changed, and that an unchanged file is known by its version.
import type { Diagnostic } from "vscode-languageserver/node";
import { withoutBaseline } from "../baseline";
import type { Finding } from "../model/finding";
import { diagnosticMaker, sameDiagnostic, type Abilities } from "./diagnostic";
import type { Texts } from "./place";
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
  /** Every finding once, with the settings' problems, file by file. */
  all(): Iterable<readonly Finding[]>;
}

interface Kept extends FileDiagnostics {
  readonly findings: readonly Finding[];
  /** Stamps of the file and of the files that the related places are in. */
  readonly stamps: ReadonlyMap<string, number>;
}

const none: FileDiagnostics = { version: 0, items: [] };

export function diagnosticsOf(workspace: Workspace, texts: Texts, abilities: Abilities): Diagnostics {
  const kept = new Map<string, Kept>();
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
    if (before && before.findings === findings && sameStamps(before.stamps)) return false;
    const known = earlier(before, findings);
    const make = diagnosticMaker(texts, abilities);
    let same = before?.items.length === findings.length || (before === undefined && findings.length === 0);
    const files = new Set([path]);
    let lastFile = path;
    const items: Diagnostic[] = [];
    for (let at = 0; at < findings.length; at++) {
      const finding = findings[at]!;
      for (const { at: { file } } of finding.related) {
        if (file !== lastFile) files.add((lastFile = file));
      }
      const item = make(finding, known(finding, at));
      const there = before?.items[at];
      if (item === there) items.push(item);
      else if (there && sameDiagnostic(there, item)) items.push(there);
      else {
        same = false;
        items.push(item);
      }
    }
    const stamps = new Map([...files].map((file) => [file, texts.stamp(file)]));
    const version = same ? (before?.version ?? 0) : (before?.version ?? 0) + 1;
    kept.set(path, { version, items: same && before ? before.items : items, findings, stamps });
    return !same;
  }

  const sameStamps = (stamps: ReadonlyMap<string, number>): boolean => {
    for (const [file, stamp] of stamps) if (texts.stamp(file) !== stamp) return false;
    return true;
  };

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
    all: () => group().values(),
  };
}

/** What was made of a finding before, by the finding and its position now. Nearly all stand where they stood, from the start or from the end. */
function earlier(before: Kept | undefined, findings: readonly Finding[]): (finding: Finding, at: number) => Diagnostic | undefined {
  if (!before) return () => undefined;
  const shift = before.findings.length - findings.length;
  let elsewhere: Map<Finding, Diagnostic> | undefined;
  return (finding, at) => {
    if (before.findings[at] === finding) return before.items[at];
    if (before.findings[at + shift] === finding) return before.items[at + shift];
    elsewhere ??= new Map(before.findings.map((one, position) => [one, before.items[position]!]));
    return elsewhere.get(finding);
  };
}
