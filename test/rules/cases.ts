// The harness of all rules: a case is a schema as text, with markers under the code that say what is found there.
// It runs the real engine over an in-memory workspace; it starts no editor and reads no disk but the case files.
//
//   clientId: integer("client_id").references(() => clients.id),
// //                               ^^^^^^^^^^ part of the message
//
// In SQL the line begins with `--`; where the carets follow at once, its two hyphens count as carets, so that the first
// columns can be marked too. A marker is a comment line of carets below the code. The finding must start at the first caret, reach at least to
// the last one, and its message must hold the text. Several marker lines may follow one line of code. Every finding of
// the rule needs a marker, and every marker a finding.
import assert from "node:assert/strict";
import { defaults, type Config } from "../../server/src/config";
import { openProject, type Project } from "../../server/src/engine";
import type { Finding } from "../../server/src/model/finding";
import type { Files, TextEdit } from "../../server/src/sources/source";
import { loadSqlParser } from "../../server/src/sql/load";
import type { SqlParser } from "../../server/src/sql/parser";
import picomatch from "picomatch";

/** A case: its files by path relative to the workspace (`schema.ts`, `schema.prisma`, `migrations/0001_change.sql`), and the rule's configuration. */
export interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly config?: Partial<Config>;
}

export interface Marker {
  readonly file: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export const root = "/workspace";

let parser: SqlParser | undefined;

/** To be awaited before cases with migrations are checked. */
export async function loadParser(): Promise<void> {
  parser = await loadSqlParser();
}

/** Checks `rule` on the case: its findings are those that the markers say, and each fix silences its finding. */
export function check(rule: string, one: Case): void {
  const texts = filesOf(one);
  const project = open(texts, rule, one.config);
  const report = project.report();
  assert.deepEqual(report.failures, []);
  assert.ok(report.folders.length > 0 || report.schemas.some((schema) => schema.model.tables.length > 0), "no table and no migration was read");
  assert.equal(report.needsSqlParser, false);
  const findings = report.findings.filter((finding) => finding.rule === rule);
  compare(findings, [...texts].flatMap(([path, text]) => markersOf(path, text)), texts);
  for (const finding of findings) checkFixes(rule, finding, project, texts, one.config);
}

/** Every finding of `rule`, as `line:column message`, for tests without markers. */
export function findingsOf(rule: string, one: Case): readonly Finding[] {
  return open(filesOf(one), rule, one.config).report().findings.filter((finding) => finding.rule === rule);
}

/** The files with each fix of a finding of `rule` that is written as edits, one after the other. */
export function fixedTexts(rule: string, one: Case): readonly ReadonlyMap<string, string>[] {
  const texts = filesOf(one);
  const project = open(texts, rule, one.config);
  const found = project.report().findings.filter((finding) => finding.rule === rule);
  return found.flatMap((finding) => finding.fixes.filter(({ edits }) => edits).map((fix) => new Map([...applyEdits(texts, project.write([{ finding, fix }]).edits)].map(([path, text]) => [path.slice(root.length + 1), text]))));
}

const filesOf = (one: Case) => new Map(Object.entries({ ...besideMigrations(one.files), ...one.files }).map(([path, text]) => [`${root}/${path}`, text]));

/** What has to stand beside migrations so that they are those of a Prisma or Drizzle schema. */
function besideMigrations(files: Case["files"]): Case["files"] {
  const paths = Object.keys(files);
  const tags = paths.flatMap((path) => /^drizzle\/(\d[^/.]*)\.sql$/.exec(path)?.[1] ?? []).sort();
  return {
    ...(paths.some((path) => path.startsWith("prisma/migrations/")) && {
      "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n\nmodel Unrelated {\n  id BigInt @id\n}\n`,
      "prisma/migrations/migration_lock.toml": `provider = "postgresql"\n`,
    }),
    ...(tags.length > 0 && {
      "schema.ts": `import { bigint, pgTable } from "drizzle-orm/pg-core";\n\nexport const unrelated = pgTable("unrelated", { id: bigint("id", { mode: "number" }).primaryKey() });\n`,
      "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: tags.map((tag, idx) => ({ idx, version: "7", when: 1_700_000_000_000 + idx, tag, breakpoints: true })) }),
    }),
  };
}

function open(texts: ReadonlyMap<string, string>, rule: string, config: Partial<Config> = {}): Project {
  // A rule that is off by default is on in its own cases.
  const rules = { [rule]: { severity: "warning" as const, ...config.rules?.[rule] }, ...withoutRule(config.rules ?? {}, rule) };
  const project = openProject(memoryFiles(texts), { ...defaults, ...config, rules });
  if (parser) project.parseSqlWith(parser);
  return project;
}

const withoutRule = (rules: Config["rules"], rule: string): Config["rules"] => Object.fromEntries(Object.entries(rules).filter(([id]) => id !== rule));

/** A workspace in memory. */
export function memoryFiles(texts: ReadonlyMap<string, string>): Files {
  return {
    root,
    read: (path) => texts.get(path),
    exists: (path) => texts.has(path),
    list(glob, under = root) {
      const matches = picomatch(glob, { dot: true });
      return [...texts.keys()].filter((path) => path.startsWith(`${under}/`) && matches(path.slice(under.length + 1))).sort();
    },
  };
}

/** The markers of a text: comment lines of carets below a line of code. */
export function markersOf(file: string, text: string): readonly Marker[] {
  const markers: Marker[] = [];
  let codeAt = 0;
  let at = 0;
  for (const line of text.split("\n")) {
    const marker = /^(\s*(?:\/\/|--)[^\S\n]*)(\^+)[^\S\n]*(.*?)\r?$/.exec(line);
    if (!marker) codeAt = at;
    else if (/^\s*--\^/.test(line)) markers.push({ file, start: codeAt + marker[1]!.length - 2, end: codeAt + marker[1]!.length + marker[2]!.length, message: marker[3]! });
    else {
      // Carets in the first two columns would stand where the comment begins: `//^^` marks from column 3 on, `//<` is not needed.
      const start = codeAt + marker[1]!.length;
      markers.push({ file, start, end: start + marker[2]!.length, message: marker[3]! });
    }
    at += line.length + 1;
  }
  return markers;
}

function compare(findings: readonly Finding[], markers: readonly Marker[], texts: ReadonlyMap<string, string>): void {
  const left = [...findings];
  const unfound: string[] = [];
  for (const marker of markers) {
    const position = left.findIndex(({ at, message }) => at && at.file === marker.file && at.start === marker.start && at.end >= marker.end && message.includes(marker.message));
    if (position >= 0) left.splice(position, 1);
    else unfound.push(`${place(marker, texts)} ${marker.message}`);
  }
  assert.deepEqual(
    { notFound: unfound, notMarked: left.map((finding) => `${finding.at ? place(finding.at, texts) : "nowhere"} ${finding.message}`) },
    { notFound: [], notMarked: [] },
  );
}

/** `schema.ts:4:12 "orders"`: line and column from 1. */
function place(at: { readonly file: string; readonly start: number; readonly end: number }, texts: ReadonlyMap<string, string>): string {
  const before = (texts.get(at.file) ?? "").slice(0, at.start).split("\n");
  return `${at.file.slice(root.length + 1)}:${before.length}:${before.at(-1)!.length + 1} ${JSON.stringify(texts.get(at.file)?.slice(at.start, at.end).slice(0, 40))}`;
}

/** Applies each of the finding's fixes, reads again: the finding is gone and nothing became unreadable. A preferred fix must be writable. */
function checkFixes(rule: string, finding: Finding, project: Project, texts: ReadonlyMap<string, string>, config?: Partial<Config>): void {
  const problems = (schemas: readonly { readonly problems: readonly { readonly message: string }[] }[]) => schemas.flatMap((schema) => schema.problems.map((problem) => problem.message));
  for (const fix of finding.fixes) {
    const written = project.write([{ finding, fix }]);
    if (written.refused.length > 0 && !fix.preferred) continue;
    assert.deepEqual(written.refused.map(({ reason }) => `${fix.title}: ${reason}`), []);
    assert.ok(written.edits.length > 0, `${fix.title}: no edits`);
    const edited = applyEdits(texts, written.edits);
    const after = `after "${fix.title}":\n${[...edited.values()].join("\n")}`;
    const again = open(edited, rule, config).report();
    assert.deepEqual(problems(again.schemas), problems(project.report().schemas), after);
    assert.ok(!again.findings.some((each) => each.key === finding.key && each.schema === finding.schema), `the finding stands ${after}`);
    if (!fix.edits) continue;
    const before = new Set(project.report().findings.map(({ key }) => key));
    assert.deepEqual(again.findings.filter(({ key }) => !before.has(key)).map((each) => `${each.rule}: ${each.message}`), [], `the fix brings other findings ${after}`);
  }
}

/** The texts after edits that do not overlap. */
export function applyEdits(texts: ReadonlyMap<string, string>, edits: readonly TextEdit[]): ReadonlyMap<string, string> {
  const result = new Map(texts);
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    const text = result.get(edit.file) ?? "";
    result.set(edit.file, text.slice(0, edit.start) + edit.text + text.slice(edit.end));
  }
  return result;
}
