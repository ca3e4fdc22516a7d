// What every command starts with: the folder, its configuration, its files and the engine's project over them, or the
// reason why there is none, in words that say what to do.
import { readdirSync } from "node:fs";
import { configurable, relativePath, type Config } from "../config";
import { openProject, type Project, type Report } from "../engine";
import type { SchemaModel } from "../model/schema";
import { didYouMean } from "../nearest";
import { placer } from "../report/placed-finding";
import { rules } from "../rules/registry";
import { loadSqlParser } from "../sql/load";
import { nearestConfig, readConfig, type LoadedConfig } from "./config-file";
import { settledFiles } from "./settled-files";
import { diskFiles, isFolder, resolvePath, withSlashes, type DiskFiles } from "./disk-files";

export interface WorkspaceOptions {
  readonly cwd?: string;
  readonly config?: string;
  /** Id of the one schema that is wanted. */
  readonly schema?: string;
}

export interface Workspace {
  readonly kind: "open";
  /** Absolute, with `/`: where relative paths of the command line and of the output begin. */
  readonly root: string;
  readonly files: DiskFiles;
  readonly config: Config;
  readonly configFile?: string;
  readonly project: Project;
  /** The name of a file as the output shows it: relative to the root, with `/`. */
  relative(file: string): string;
  /** What is wrong with configurations that stand nearer to a schema, once the schemas are read. */
  mistakes(): string | undefined;
}

/** Why a command could not run: lines for standard error. */
export interface Refusal {
  readonly kind: "refused";
  readonly message: string;
}

export function openWorkspace(paths: readonly string[], options: WorkspaceOptions): Workspace | Refusal {
  const start = withSlashes(process.cwd());
  const root = resolvePath(start, withSlashes(options.cwd ?? "."));
  if (!isFolder(root)) return refused(`There is no folder ${root} (from --cwd ${options.cwd}).`);
  const relative = (file: string): string => relativePath(file, root);

  const plain = diskFiles(root);
  const resolved = paths.map((path) => resolvePath(root, withSlashes(path)));
  for (const [position, path] of resolved.entries()) {
    const problem = pathProblem(paths[position]!, path, plain);
    if (problem !== undefined) return refused(problem);
  }
  const loaded = configFor(root, resolved, options.config);
  if ("message" in loaded) return loaded;
  if (loaded.problems.length > 0) return refused(configMistakes(loaded, relative));

  const files = diskFiles(root, loaded.config.exclude);
  const nested = options.config === undefined ? nestedConfigs(root, loaded.file, files) : undefined;
  const project = openProject(files, loaded.config, { ...(resolved.length > 0 && { paths: resolved }), ...(nested && { configFor: nested.configFor }) });
  const mistakes = (): string | undefined => {
    const wrong = nested?.read().filter(({ problems }) => problems.length > 0) ?? [];
    return wrong.length === 0 ? undefined : wrong.map((one) => configMistakes(one, relative)).join("\n");
  };
  return { kind: "open", root, files, config: loaded.config, configFile: loaded.file, project, relative, mistakes };
}

/** The project's report, of the schema that `--schema` names alone where it does; refused where there is no schema at all. */
export function readSchemas(workspace: Workspace, paths: readonly string[], options: WorkspaceOptions): Report | Refusal {
  const report = workspace.project.report();
  const mistakes = workspace.mistakes();
  if (mistakes !== undefined) return refused(mistakes);
  if (report.schemas.length === 0 && report.databases.length === 0 && report.folders.length === 0) {
    if (paths.length > 0) return refused(`No Drizzle table and no Prisma model was found in ${paths.join(", ")}.\nName a schema's file, its folder (for Drizzle the files directly in it count), or a glob in quotes.`);
    return refused(`No Drizzle and no Prisma schema was found under ${workspace.root}.\nName one (plumbline check src/db/schema.ts), or list it under "schemas" in plumbline.config.json.`);
  }
  const wanted = options.schema;
  if (wanted === undefined) return report;
  const schemas = report.schemas.filter(({ model }) => model.id === wanted);
  const ids = report.schemas.map(({ model }) => model.id);
  if (schemas.length === 0) return refused(`There is no schema "${wanted}"${didYouMean(wanted, ids)}\nThe schemas here: ${ids.join(", ")}`);
  // A database that holds the schema says some things about tables that no schema declares.
  const told = new Set([wanted, ...report.databases.filter((one) => one.schemas.includes(wanted)).map(({ database }) => database.model.id)]);
  return { ...report, schemas, findings: report.findings.filter(({ schema }) => told.has(schema)) };
}

/** Reads the schemas while something else is waited for, a database's answer most likely: after each portion it has its turn. */
export async function readMeanwhile({ project }: Pick<Workspace, "project">): Promise<void> {
  for (const _ of project.readInSteps()) {
    // What came in during the portion is looked at in the first turn, and what that begins is on its way after the second.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
  }
}

/** Makes ready what the report of the workspace's migrations needs: to be awaited before the first `readSchemas` that is to judge them. */
export async function prepareMigrations({ project }: Pick<Workspace, "project">): Promise<void> {
  const { needsSqlParser, folders } = project.report();
  if (!needsSqlParser) return;
  project.settle(await settledFiles(folders.map(({ folder }) => folder)));
  project.parseSqlWith(await loadSqlParser());
}

/** The schemas' models alone. */
export function modelsOf(workspace: Workspace, paths: readonly string[], options: WorkspaceOptions): readonly SchemaModel[] | Refusal {
  const report = readSchemas(workspace, paths, options);
  return "kind" in report ? report : report.schemas.map(({ model }) => model);
}

function refused(message: string): Refusal {
  return { kind: "refused", message };
}

function pathProblem(given: string, path: string, files: DiskFiles): string | undefined {
  if (isFolder(path)) return undefined;
  if (files.exists(path)) {
    const text = files.read(path);
    return text === undefined ? `Cannot read ${given}: ${files.failure(path) ?? "it has just gone"}.` : undefined;
  }
  if (/[*?{}[\]!()]/.test(given)) return files.list(path).length > 0 ? undefined : `No file matches ${given} (looked from ${files.root}).`;
  return `There is no file or folder ${given}${nearestEntry(path)} (looked from ${files.root}).`;
}

function nearestEntry(path: string): string {
  const cut = path.lastIndexOf("/");
  try {
    return didYouMean(path.slice(cut + 1), readdirSync(path.slice(0, cut) || "/"));
  } catch {
    return "";
  }
}

function configFor(root: string, paths: readonly string[], given: string | undefined): LoadedConfig | Refusal {
  const known = configurable(rules);
  const files = diskFiles(root);
  if (given === undefined) return nearestConfig(paths.length > 0 ? commonFolder(paths) : root, root, known, files);
  const file = resolvePath(root, withSlashes(given));
  if (!files.exists(file)) return refused(`There is no config file ${given}${nearestEntry(file)} (looked from ${root}).`);
  if (files.read(file) === undefined) return refused(`Cannot read the config file ${given}: ${files.failure(file)}.`);
  return readConfig(file, root, known, files);
}

/** The configurations that stand between a schema and the workspace's own: of a schema, its rules and its index names. */
function nestedConfigs(root: string, workspaceFile: string | undefined, files: DiskFiles) {
  const known = configurable(rules);
  const byFolder = new Map<string, LoadedConfig>();
  return {
    configFor(file: string): Config | undefined {
      const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 1));
      let loaded = byFolder.get(folder);
      if (!loaded) byFolder.set(folder, (loaded = nearestConfig(folder, root, known, files)));
      return loaded.file === undefined || loaded.file === workspaceFile ? undefined : loaded.config;
    },
    read: (): readonly LoadedConfig[] => [...new Map([...byFolder.values()].filter(({ file }) => file !== workspaceFile).map((loaded) => [loaded.file, loaded])).values()],
  };
}

/** The innermost folder that holds all the paths; what follows a wildcard does not count. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => {
    const parts = path.split("/");
    const wildcard = parts.findIndex((part) => /[*?{[]/.test(part));
    if (wildcard >= 0) return parts.slice(0, wildcard);
    return isFolder(path) ? parts : parts.slice(0, -1);
  });
  const [first = [], ...others] = folders;
  const length = others.reduce((most, folder) => {
    let same = 0;
    while (same < most && folder[same] === first[same]) same++;
    return same;
  }, first.length);
  return first.slice(0, length).join("/") || "/";
}

function configMistakes(loaded: LoadedConfig, relative: (file: string) => string): string {
  const place = placer(() => loaded.text, relative);
  const lines = loaded.problems.map(({ at, message }) => {
    const { file, line, column } = place(at);
    return `${file}:${line}:${column}: ${message}`;
  });
  return `The configuration has ${lines.length === 1 ? "a mistake" : `${lines.length} mistakes`}:\n${lines.map((line) => `  ${line}`).join("\n")}\nNothing was checked.`;
}
