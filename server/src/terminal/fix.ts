// `plumbline fix`: writes the preferred fix of each finding into the schema's files, whole files at a time, or shows
// the same as a unified diff. Other fixes are a person's choice, in the editor.
import { createTwoFilesPatch } from "diff";
import { configurable, groups } from "../config";
import type { Finding, Fix } from "../model/finding";
import { didYouMean } from "../nearest";
import { counted } from "../report/counted";
import { placer } from "../report/placed-finding";
import { rules } from "../rules/registry";
import type { TextEdit } from "../sources/source";
import { refuse, tellFailures } from "./check";
import { parseBaseline, withoutBaseline } from "../baseline";
import { replaceFile } from "./replace-file";
import { exit, type Terminal } from "./terminal";
import { openWorkspace, prepareMigrations, readSchemas, type Workspace, type WorkspaceOptions } from "./workspace";

export interface FixOptions extends WorkspaceOptions {
  readonly dryRun: boolean;
  /** Rule ids or groups (`fk/*`); none: all. */
  readonly rule: readonly string[];
}

/** Exit code 1 after a dry run that has something to write, 2 where a file could not be written. */
export async function fix(paths: readonly string[], options: FixOptions, terminal: Terminal): Promise<number> {
  const unknown = unknownRule(options.rule);
  if (unknown !== undefined) return refuse(unknown, terminal);
  const workspace = openWorkspace(paths, options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  await prepareMigrations(workspace);
  const report = readSchemas(workspace, paths, options);
  if ("message" in report) return refuse(report.message, terminal);
  tellFailures(report.failures, workspace, terminal);

  const wanted = withoutKnown(report.findings, workspace).flatMap((finding) => {
    const preferred = preferredFix(finding);
    return preferred && named(finding.rule, options.rule) ? [{ finding, fix: preferred }] : [];
  });
  const { edits, refused } = workspace.project.write(wanted);
  const texts = editedTexts(edits, workspace);
  const failed = options.dryRun ? show(texts, workspace, terminal) : save(texts, workspace, terminal);

  const place = placer(workspace.files.read, workspace.relative);
  for (const { fix: left, reason } of refused) {
    const at = wanted.find((one) => one.fix === left)?.finding.at;
    const where = at ? `${place(at).file}:${place(at).line}: ` : "";
    terminal.tell(`${terminal.errorColors.yellow("not written:")} ${where}${left.title}: ${reason}`);
  }
  const done = wanted.length - refused.length;
  if (done === 0 && refused.length === 0) terminal.tell("Nothing to fix.");
  else if (failed === 0) terminal.tell(`${counted(done, "finding")} ${options.dryRun ? "would be" : done === 1 ? "was" : "were"} fixed in ${counted(texts.size, "file")}.${options.dryRun && texts.size > 0 ? ` Nothing was written: ${terminal.errorColors.bold("plumbline fix")} writes it.` : ""}`);
  if (failed > 0 || report.failures.length > 0) return exit.refused;
  return (options.dryRun && texts.size > 0) || refused.length > 0 ? exit.findings : exit.clean;
}

function unknownRule(wanted: readonly string[]): string | undefined {
  const known = [...configurable(rules).keys(), ...groups(rules)];
  const unknown = wanted.find((id) => !known.includes(id));
  return unknown === undefined ? undefined : `There is no rule "${unknown}"${didYouMean(unknown, known) || "."}\nplumbline rules lists them.`;
}

/** The fix that "fix all" takes. */
function preferredFix(finding: Finding): Fix | undefined {
  return finding.fixes.find(({ preferred }) => preferred === true);
}

function named(rule: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((one) => one === rule || (one.endsWith("/*") && rule.startsWith(one.slice(0, -1))));
}

/** Findings that the configured baseline does not have: what a project chose to live with is left alone. */
function withoutKnown(findings: readonly Finding[], workspace: Workspace): readonly Finding[] {
  const text = workspace.config.baseline === undefined ? undefined : workspace.files.read(workspace.config.baseline);
  return text === undefined ? findings : withoutBaseline(findings, parseBaseline(text).baseline).findings;
}

/** The files' new texts; edits are sorted and do not overlap. */
function editedTexts(edits: readonly TextEdit[], workspace: Workspace): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const done = new Map<string, number>();
  for (const { file, start, end, text } of edits) {
    const before = workspace.files.read(file) ?? "";
    texts.set(file, `${texts.get(file) ?? ""}${before.slice(done.get(file) ?? 0, start)}${text}`);
    done.set(file, end);
  }
  for (const [file, text] of texts) texts.set(file, text + (workspace.files.read(file) ?? "").slice(done.get(file)));
  return texts;
}

function show(texts: ReadonlyMap<string, string>, workspace: Workspace, { write, colors }: Terminal): number {
  for (const [file, after] of texts) {
    const name = workspace.relative(file);
    const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, workspace.files.read(file) ?? "", after, undefined, undefined, { context: 3 });
    for (const line of patch.split("\n").slice(1, -1)) {
      if (line.startsWith("+++") || line.startsWith("---")) write(`${colors.bold(line)}\n`);
      else if (line.startsWith("@@")) write(`${colors.cyan(line)}\n`);
      else write(`${line.startsWith("+") ? colors.green(line) : line.startsWith("-") ? colors.red(line) : line}\n`);
    }
  }
  return 0;
}

function save(texts: ReadonlyMap<string, string>, workspace: Workspace, terminal: Terminal): number {
  let failed = 0;
  for (const [path, text] of texts) {
    const mark = workspace.files.hasByteOrderMark(path) ? "\uFEFF" : "";
    const result = replaceFile({ path, before: mark + (workspace.files.read(path) ?? ""), after: mark + text });
    if (result.kind === "written") {
      terminal.write(`${workspace.relative(path)}\n`);
    } else {
      failed++;
      terminal.tell(`${terminal.errorColors.red("error:")} ${workspace.relative(path)} was not written: ${result.reason}.`);
    }
  }
  return failed;
}
