// An editing session that goes wrong in every way: random edits over one project, read again after each, as an editor
// does. Run as a process of its own, so that an endless loop can be ended from outside.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import picomatch from "picomatch";
import { mergeConfigs } from "../../server/src/config";
import { openProject, type Project, type Report } from "../../server/src/engine";
import type { Files, TextEdit } from "../../server/src/sources/source";
import { applyEdit, drizzleMaterial, inverseEdit, prismaMaterial, randomNumbers, randomStep, type Edit } from "./edits";

export interface Result {
  readonly steps: number;
  /** Steps after which the model, places apart, differed from before. */
  readonly changedModel: number;
  /** Times that all edits were undone and the first report came back. */
  readonly undone: number;
  /** Times that a project opened anew on the same texts said the same. */
  readonly comparedFresh: number;
  /** Times that the fixes of all findings were written, and how many edits that gave. */
  readonly written: number;
  readonly edits: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

interface SessionOptions {
  /** Folder of the project; its texts are read once. */
  readonly folder: string;
  readonly seed: number;
  readonly steps: number;
  readonly onProgress: (step: number) => void;
}

const root = "/project";
/** Steps between two comparisons with a project opened anew; 1 finds the very step that goes wrong. */
const freshEvery = Number(process.env["FUZZ_FRESH_EVERY"] ?? 10);
const writeEvery = 20;
const problemsKept = 20;

export function runSession({ folder, seed, steps, onProgress }: SessionOptions): Result {
  const texts = new Map(textsOf(folder));
  const files = memoryFiles(texts);
  const config = mergeConfigs();
  const editable = [...texts.keys()].filter((file) => /\.(prisma|ts)$/.test(file)).sort();
  const random = randomNumbers(seed);
  const project = openProject(files, config);
  const first = project.report();
  if (first.findings.length === 0) throw new Error(`${folder} has no finding: nothing to lose by an edit`);
  const [firstFindings, firstModel] = [findingsOf(first), modelOf(first)];

  const kinds: Record<string, number> = {};
  const problems: string[] = [];
  const done: (Edit & { readonly file: string })[] = [];
  let model = firstModel;
  let [changedModel, undone, comparedFresh, written, edits, left] = [0, 0, 0, 0, 0, 0];
  const complain = (step: number, kind: string, what: string): void => {
    if (problems.length >= problemsKept) return;
    const kept = path.join(__dirname, "../../out/fuzz", `${path.basename(folder)}-${seed}-${step}`);
    for (const [file, text] of texts) {
      mkdirSync(path.dirname(kept + file), { recursive: true });
      writeFileSync(kept + file, text);
    }
    problems.push(`step ${step}, ${kind}: ${what}\n    texts in ${kept}`);
  };
  const change = (file: string, edit: Edit): void => {
    const before = texts.get(file)!;
    done.push({ file, ...inverseEdit(before, edit) });
    texts.set(file, applyEdit(before, edit));
  };

  for (let step = 0; step < steps; step++) {
    onProgress(step);
    if (left === 0) left = 1 + Math.floor(random() * 8);
    const file = editable[Math.floor(random() * editable.length)]!;
    const { kind, edits: made } = randomStep(texts.get(file)!, random, file.endsWith(".prisma") ? prismaMaterial : drizzleMaterial);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    try {
      for (const edit of made) change(file, edit);
      // An editor tells the steps; a file watcher does not.
      if (random() < 0.8) project.changed(file, made);
      else project.changed(file);
      const report = project.report();
      for (const failure of report.failures) complain(step, kind, `${failure.where} failed: ${failure.error}`);
      const now = modelOf(report);
      if (now !== model) changedModel++;
      model = now;
      const outside = report.findings.find(({ at }) => at && !(at.start >= 0 && at.start <= at.end && at.end <= (texts.get(at.file)?.length ?? -1)));
      if (outside) complain(step, kind, `${outside.rule} is outside its file: ${JSON.stringify(outside.at)}`);
      if (step % freshEvery === 0) {
        const fresh = openProject(files, config).report();
        const difference = firstDifference(everythingOf(report), everythingOf(fresh));
        if (difference) complain(step, kind, `after ${JSON.stringify(made)} in ${file}, read anew, something else is seen: ${difference}`);
        comparedFresh++;
      }
      if (step % writeEvery === 0) {
        const result = write(project, report);
        for (const problem of checkEdits(result, texts)) complain(step, kind, problem);
        written++;
        edits += result.length;
      }
      if (--left === 0) {
        for (const { file: of, ...edit } of done.reverse()) {
          texts.set(of, applyEdit(texts.get(of)!, edit));
          project.changed(of, [edit]);
        }
        done.length = 0;
        const again = project.report();
        const difference = firstDifference(firstFindings, findingsOf(again));
        if (difference) complain(step, kind, `after undoing, the findings differ: ${difference}`);
        model = modelOf(again);
        if (model !== firstModel) complain(step, kind, `after undoing, the model differs: ${firstDifference(firstModel, model)}`);
        undone++;
      }
    } catch (error) {
      complain(step, kind, `exception: ${error instanceof Error ? error.stack : String(error)}`);
      left = 1;
    }
    if (problems.length >= problemsKept) break;
  }
  return { steps: Object.values(kinds).reduce((sum, count) => sum + count, 0), changedModel, undone, comparedFresh, written, edits, kinds, problems };
}

function write(project: Project, report: Report): readonly TextEdit[] {
  return project.write(report.findings.flatMap((finding) => finding.fixes.slice(0, 1).map((fix) => ({ finding, fix })))).edits;
}

/** Written edits stand inside their files, in order, and do not overlap. */
function checkEdits(edits: readonly TextEdit[], texts: ReadonlyMap<string, string>): readonly string[] {
  return edits.flatMap((edit, at) => {
    const before = edits[at - 1];
    const wrong = edit.start > edit.end || edit.end > (texts.get(edit.file)?.length ?? -1) || (before?.file === edit.file && before.end > edit.start);
    return wrong ? [`a fix writes ${JSON.stringify(edit)} after ${JSON.stringify(before)}`] : [];
  });
}

function modelOf(report: Report): string {
  return JSON.stringify(report.schemas.map(({ model }) => model), (key, value: unknown) => (key === "at" || key === "nameAt" ? undefined : value));
}

function findingsOf({ findings }: Report): string {
  return JSON.stringify(findings, undefined, 1);
}

/** With all places, and the problems. */
function everythingOf({ schemas, findings }: Report): string {
  return JSON.stringify({ schemas: schemas.map(({ model, problems }) => ({ model, problems })), findings }, undefined, 1);
}

function firstDifference(a: string, b: string): string | undefined {
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at++;
  const from = Math.max(0, at - 200);
  const part = (text: string): string => text.slice(from, at + 150).replace(/\s+/g, " ");
  return `…${part(a)}… against …${part(b)}…`;
}

function memoryFiles(texts: ReadonlyMap<string, string>): Files {
  return {
    root,
    read: (file) => texts.get(file),
    exists: (file) => texts.has(file),
    list(glob, under = root) {
      const matches = picomatch(glob, { dot: true });
      return [...texts.keys()].filter((file) => file.startsWith(`${under}/`) && matches(file.slice(under.length + 1))).sort();
    },
  };
}

function textsOf(folder: string): readonly (readonly [file: string, text: string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [`${root}/${path.relative(folder, file).replaceAll("\\", "/")}`, readFileSync(file, "utf8")] as const);
}

if (require.main === module) {
  const [folder, seed, steps] = process.argv.slice(2);
  const result = runSession({ folder: folder!, seed: Number(seed), steps: Number(steps), onProgress: (step) => step % 100 === 0 && process.stdout.write(`${step}\n`) });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
