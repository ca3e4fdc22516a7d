// `plumbline check`: reports findings in the chosen format; the exit code says whether one reaches --fail-on.
import type { Failure, Report } from "../engine";
import type { Finding, Fix } from "../model/finding";
import { github } from "../report/github";
import { gitlab } from "../report/gitlab";
import { json } from "../report/json";
import { junit } from "../report/junit";
import { markdown } from "../report/markdown";
import { placer, type CheckReport } from "../report/placed-finding";
import { pretty, prettySummary } from "../report/pretty";
import { sarif } from "../report/sarif";
import { configurable, relativePath } from "../config";
import { rules } from "../rules/registry";
import { applyBaseline, type BaselineOptions } from "./baseline-file";
import { checkReport } from "./check-report";
import { checkedDatabases, type CheckedDatabases } from "./database";
import { resolvePath, withSlashes } from "./disk-files";
import { exit, type Terminal } from "./terminal";
import type { CheckFormat, FailOn } from "./arguments";
import { modelsOf, openWorkspace, prepareMigrations, readSchemas, type Workspace, type WorkspaceOptions } from "./workspace";

export interface CheckOptions extends WorkspaceOptions {
  readonly format: CheckFormat;
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  /** A URL, the name of a connection, or "embedded". */
  readonly database?: string;
}

/** Checks once and gives the exit code. */
export async function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<number> {
  const workspace = openWorkspace(paths, options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  const databases = databasesOf(workspace, paths, options, terminal);
  const refusal = await databases?.refresh(workspace.project);
  await databases?.close();
  if (refusal) return refuse(refusal.message, terminal);
  await prepareMigrations(workspace);
  return checkWorkspace(workspace, paths, options, terminal);
}

/** What `--database` names; undefined where it is not given. */
export function databasesOf(workspace: Workspace, paths: readonly string[], { database, ...options }: CheckOptions, terminal: Terminal): CheckedDatabases | undefined {
  return database === undefined ? undefined : checkedDatabases({ name: database, workspace, terminal, schemas: () => modelsOf(workspace, paths, options) });
}

/** One check of an open workspace: prints it and gives the exit code. */
export function checkWorkspace(workspace: Workspace, paths: readonly string[], options: CheckOptions, terminal: Terminal): number {
  const report = readSchemas(workspace, paths, options);
  if ("message" in report) return refuse(report.message, terminal);
  const baseline = baselineOptions(workspace, paths, options, terminal);
  if (options.updateBaseline === true && baseline === undefined) return refuse("--update-baseline needs a file: name it with --baseline FILE, or as \"baseline\" in plumbline.config.json.", terminal);
  const judged = baseline ? applyBaseline(report, workspace, baseline) : { kind: "applied" as const, findings: report.findings, known: 0, notes: [] };
  if (judged.kind === "refused") return refuse(judged.message, terminal);

  const base = reportFolder(workspace, options.format, terminal.environment);
  const relative = base === workspace.root ? workspace.relative : (file: string): string => relativePath(file, base);
  print(checkReport(workspace, report, judged.findings, judged.known, relative), workspace, relative, options.format, terminal);
  for (const note of judged.notes) terminal.tell(note);
  tellFailures(report.failures, workspace, terminal);
  if (tellUnreadable(report, paths, workspace, terminal)) return exit.refused;
  return exitCode(report, judged.findings, options.failOn);
}

/** Prints the reason why a command could not run. */
export function refuse(message: string, terminal: Terminal): number {
  const [first, ...rest] = message.split("\n");
  terminal.tell([`${terminal.errorColors.red("error:")} ${first}`, ...rest].join("\n"));
  return exit.refused;
}

/** Plumbline's own failures: contained, but never hidden. */
export function tellFailures(failures: readonly Failure[], workspace: Workspace, terminal: Terminal): void {
  for (const { where, file, error } of failures) {
    terminal.tell(`${terminal.errorColors.red("error:")} Plumbline itself failed in ${where}${file === undefined ? "" : ` at ${workspace.relative(file)}`}; the rest was checked. Please report it:\n${error}`);
  }
}

/** Names the files that could not be read; true where one of them is a part of a schema, which was then not checked. */
function tellUnreadable(report: Report, paths: readonly string[], workspace: Workspace, terminal: Terminal): boolean {
  const parts = new Set(report.schemas.flatMap(({ dependsOn }) => dependsOn));
  let missed = false;
  for (const { path, reason } of workspace.files.unreadable()) {
    // Discovery looks into many files that are no part of a schema; where the schemas are named, only they and their imports are read.
    const needed = parts.has(path) || path.endsWith(".prisma") || paths.length > 0 || workspace.config.schemas.length > 0;
    missed ||= needed;
    terminal.tell(`${needed ? terminal.errorColors.red("error:") : terminal.errorColors.yellow("warning:")} Cannot read ${workspace.relative(path)}: ${reason}. It was not checked.`);
  }
  return missed;
}

function exitCode(report: Report, findings: readonly Finding[], failOn: FailOn): number {
  if (report.failures.length > 0) return exit.refused;
  if (failOn === "never") return exit.clean;
  const order = ["hint", "information", "warning", "error"];
  return findings.some(({ severity }) => order.indexOf(severity) >= order.indexOf(failOn)) ? exit.findings : exit.clean;
}

function baselineOptions(workspace: Workspace, paths: readonly string[], options: CheckOptions, terminal: Terminal): BaselineOptions | undefined {
  const named = options.baseline !== undefined;
  const file = named ? resolvePath(workspace.root, withSlashes(options.baseline!)) : workspace.config.baseline;
  if (file === undefined) return undefined;
  const { CI } = terminal.environment;
  return {
    file,
    named,
    update: options.updateBaseline === true,
    readOnly: CI !== undefined && CI !== "" && CI !== "false",
    whole: paths.length === 0 && options.schema === undefined && workspace.config.schemas.length === 0,
  };
}

/** GitHub and GitLab want paths from the repository's top, whatever folder the check runs in; they say where that is. */
function reportFolder(workspace: Workspace, format: CheckFormat, environment: Terminal["environment"]): string {
  const top = format === "github" || format === "sarif" ? environment["GITHUB_WORKSPACE"] : format === "gitlab" ? environment["CI_PROJECT_DIR"] : undefined;
  if (top === undefined || top === "") return workspace.root;
  const folder = resolvePath("/", withSlashes(top));
  return workspace.root.startsWith(`${folder}/`) ? folder : workspace.root;
}

function print(report: CheckReport, workspace: Workspace, relative: (file: string) => string, format: CheckFormat, terminal: Terminal): void {
  switch (format) {
    case "pretty":
      terminal.write(pretty(report, { colors: terminal.colors, width: terminal.width }));
      terminal.tell(prettySummary(report.summary, terminal.errorColors).trimEnd());
      return;
    case "json": return terminal.write(json(report));
    case "sarif": return terminal.write(sarif(report, {
      rule: (id) => configurable(rules).get(id),
      edits: (finding: Finding, fix: Fix) => workspace.project.write([{ finding, fix }]).edits,
      place: placer(workspace.files.read, relative),
    }));
    case "github": return terminal.write(github(report));
    case "gitlab": return terminal.write(gitlab(report));
    case "junit": return terminal.write(junit(report));
    case "markdown": return terminal.write(markdown(report));
  }
}
