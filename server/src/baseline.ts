// The baseline: the findings of the day on which a project adopted Plumbline, by their keys, so that only new ones
// count. Text in, text out; the doors read and write the file.
import type { Finding } from "./model/finding";

export interface BaselineEntry {
  /** `Finding.key`: rule, table, columns and name, but no file and no line. */
  readonly key: string;
  /** How many findings share the key (a Drizzle and a Prisma schema of one database have the same). */
  readonly count: number;
  /** Rule and table are there for the person who reads the file; only the key counts. */
  readonly rule: string;
  readonly table?: string;
}

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
}

export interface BaselineReading {
  readonly baseline: Baseline;
  /** What is wrong with the text, for a message; then the baseline holds what could be read. */
  readonly problem?: string;
}

const version = 1;

/** The baseline that would silence all of `findings`. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const entries = new Map<string, BaselineEntry>();
  for (const { key, rule, table } of findings) {
    const count = (entries.get(key)?.count ?? 0) + 1;
    entries.set(key, { key, count, rule, ...(table ? { table: table.schema === null ? table.name : `${table.schema}.${table.name}` } : {}) });
  }
  return { entries: [...entries.values()].sort(byRuleAndTable) };
}

/** What is left of `findings`, and the baseline without the entries that are no longer found. Of several findings with one key the first ones are taken as known. */
export function withoutBaseline(findings: readonly Finding[], baseline: Baseline): { readonly findings: readonly Finding[]; readonly known: readonly Finding[]; readonly fixed: readonly BaselineEntry[]; readonly remaining: Baseline } {
  const left = new Map(baseline.entries.map((entry) => [entry.key, entry.count]));
  const fresh: Finding[] = [];
  const known: Finding[] = [];
  for (const finding of findings) {
    const count = left.get(finding.key) ?? 0;
    if (count === 0) fresh.push(finding);
    else {
      known.push(finding);
      left.set(finding.key, count - 1);
    }
  }
  const fixed = baseline.entries.filter((entry) => left.get(entry.key)! > 0).map((entry) => ({ ...entry, count: left.get(entry.key)! }));
  const remaining = baseline.entries.map((entry) => ({ ...entry, count: entry.count - left.get(entry.key)! })).filter((entry) => entry.count > 0);
  return { findings: fresh, known, fixed, remaining: { entries: remaining } };
}

/** The file's text: JSON, one finding a line, sorted, so that two branches merge without conflict. */
export function serialiseBaseline(baseline: Baseline): string {
  const lines = [...baseline.entries].sort(byRuleAndTable).map(({ key, rule, table, count }) => `    ${JSON.stringify({ key, rule, table, ...(count > 1 ? { count } : {}) })}`);
  return `{\n  "version": ${version},\n  "findings": [${lines.length > 0 ? `\n${lines.join(",\n")}\n  ` : ""}]\n}\n`;
}

/** Reads a baseline file. Never throws: a broken one gives what could be read and the problem. */
export function parseBaseline(text: string): BaselineReading {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { baseline: { entries: [] }, problem: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const file = isRecord(json) ? json : {};
  if (file.version !== version) return { baseline: { entries: [] }, problem: `its "version" is ${JSON.stringify(file.version)}, expected ${version}: write it anew` };
  if (!Array.isArray(file.findings)) return { baseline: { entries: [] }, problem: 'it has no list "findings"' };
  // The same key twice is what a merge of two branches leaves: one finding, not two.
  const entries = new Map<string, BaselineEntry>();
  let problem: string | undefined;
  for (const [position, each] of (file.findings as readonly unknown[]).entries()) {
    const entry = readEntry(each);
    if (!entry) problem ??= `entry ${position + 1} of its "findings" has no "key"`;
    else if ((entries.get(entry.key)?.count ?? 0) < entry.count) entries.set(entry.key, entry);
  }
  return { baseline: { entries: [...entries.values()] }, ...(problem === undefined ? {} : { problem }) };
}

function readEntry(json: unknown): BaselineEntry | undefined {
  if (!isRecord(json) || typeof json.key !== "string" || json.key === "") return undefined;
  const count = typeof json.count === "number" && Number.isInteger(json.count) && json.count > 0 ? json.count : 1;
  return { key: json.key, count, rule: typeof json.rule === "string" ? json.rule : "", ...(typeof json.table === "string" ? { table: json.table } : {}) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function byRuleAndTable(a: BaselineEntry, b: BaselineEntry): number {
  return compare(a.rule, b.rule) || compare(a.table ?? "", b.table ?? "") || compare(a.key, b.key);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
