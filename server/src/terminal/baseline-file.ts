// The baseline's file on disk: written on first use, then only smaller by what is fixed, unless an update is asked
// for. In CI nothing is written.
import { baselineOf, parseBaseline, serialiseBaseline, withoutBaseline, type Baseline } from "../baseline";
import type { Report } from "../engine";
import type { Finding } from "../model/finding";
import { counted } from "../report/counted";
import { replaceFile } from "./replace-file";
import type { Workspace } from "./workspace";

export interface BaselineOptions {
  /** Absolute path. */
  readonly file: string;
  /** Named on the command line, not in the configuration. */
  readonly named: boolean;
  /** Record all findings of today. */
  readonly update: boolean;
  /** Nothing may be written. */
  readonly readOnly: boolean;
  /** The whole workspace was read, so that a table that is not there is gone. */
  readonly whole: boolean;
}

export type BaselineResult =
  | { readonly kind: "applied"; readonly findings: readonly Finding[]; readonly known: number; readonly notes: readonly string[] }
  | { readonly kind: "refused"; readonly message: string };

export function applyBaseline(report: Report, workspace: Workspace, options: BaselineOptions): BaselineResult {
  const name = workspace.relative(options.file);
  const before = workspace.files.read(options.file);
  if (before === undefined && workspace.files.failure(options.file) !== undefined) return refused(`Cannot read the baseline ${name}: ${workspace.files.failure(options.file)}.`);
  if (before === undefined && !options.update) {
    if (options.named && options.readOnly) return refused(`There is no baseline ${name}. Write it on your machine (plumbline check --baseline ${name}) and commit it.`);
    if (!options.named) return { kind: "applied", findings: report.findings, known: 0, notes: [`There is no baseline ${name}, which the configuration names: write it with --update-baseline.`] };
  }
  if (options.update || before === undefined) return record(report, before, name, options);

  const { baseline, problem } = parseBaseline(before);
  if (problem !== undefined) return refused(`The baseline ${name} cannot be used: ${problem}. Write it anew with --update-baseline.`);
  const { findings, known, fixed } = withoutBaseline(report.findings, baseline);
  const gone = options.whole ? fixed : fixed.filter(({ table }) => table !== undefined && tablesOf(report).has(table));
  const notes: string[] = [];
  if (gone.length > 0) {
    const what = counted(gone.reduce((sum, { count }) => sum + count, 0), "finding");
    const written = options.readOnly ? undefined : replaceFile({ path: options.file, before, after: serialiseBaseline(without(baseline, gone)) });
    if (written === undefined) notes.push(`No longer found, but still in the baseline ${name}: ${what}. A check on your machine takes them out.`);
    else if (written.kind === "written") notes.push(`Fixed and taken out of the baseline ${name}: ${what}.`);
    else notes.push(`Fixed, but not taken out of the baseline ${name}: ${what}; ${written.reason}.`);
  }
  return { kind: "applied", findings, known: known.length, notes };
}

function record(report: Report, before: string | undefined, name: string, options: BaselineOptions): BaselineResult {
  const after = serialiseBaseline(baselineOf(report.findings));
  const written = before === after ? undefined : replaceFile({ path: options.file, before, after });
  if (written?.kind === "refused") return refused(`The baseline ${name} was not written: ${written.reason}.`);
  const note = `${counted(report.findings.length, "finding")} recorded in the baseline ${name}: from now on only new ones count.`;
  return { kind: "applied", findings: [], known: report.findings.length, notes: [note] };
}

function without(baseline: Baseline, gone: Baseline["entries"]): Baseline {
  const counts = new Map(gone.map(({ key, count }) => [key, count]));
  return { entries: baseline.entries.map((entry) => ({ ...entry, count: entry.count - (counts.get(entry.key) ?? 0) })).filter(({ count }) => count > 0) };
}

/** Names of all tables, as a baseline writes them. */
function tablesOf(report: Report): ReadonlySet<string> {
  return new Set(report.schemas.flatMap(({ model }) => model.tables.map(({ name }) => (name.schema === null ? name.name : `${name.schema}.${name.name}`))));
}

function refused(message: string): BaselineResult {
  return { kind: "refused", message };
}
