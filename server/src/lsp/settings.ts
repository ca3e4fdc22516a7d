// The settings of one folder: what the editor says, then plumbline.config.json, which wins so that editor and CI agree;
// with what is wrong in the files as findings at their places, and the baseline.
import { parseBaseline, type Baseline } from "../baseline";
import { configFileName, configFromValues, mergeConfigs, type Config, type ConfigProblem, type KnownRules } from "../config";
import type { Finding } from "../model/finding";
import type { FolderSettings } from "./workspace";

export interface SettingsInput {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Settings under `plumbline.` as the editor sends them. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly rules: KnownRules;
  /** The nearest config file, as read; `config` relative to `root`. */
  readonly nearest: { readonly file?: string; readonly config: Partial<Config>; readonly problems: readonly ConfigProblem[] };
  read(path: string): string | undefined;
  /** Says that a setting of the editor is wrong. */
  warn(message: string): void;
}

/** Id under which mistakes in a configuration are reported. It is no rule: it cannot be switched off. */
export const configurationFinding = "configuration";

export function readSettings({ root, values, rules, nearest, read, warn }: SettingsInput): FolderSettings {
  const fromEditor = configFromValues(values, rules);
  for (const problem of fromEditor.problems) warn(problem.message);
  const config = mergeConfigs(fromEditor.config, onlySet(nearest.config));
  const problems = nearest.problems.map((problem) => finding(problem.at.file, problem.at.start, problem.at.end, problem.message));
  const dependsOn = [...new Set([`${root}/${configFileName}`, ...(nearest.file === undefined ? [] : [nearest.file])])];
  let baseline: Baseline = { entries: [] };
  if (config.baseline !== undefined) {
    const file = absolute(root, config.baseline);
    dependsOn.push(file);
    const text = read(file);
    const parsed = text === undefined ? undefined : parseBaseline(text);
    if (parsed) baseline = parsed.baseline;
    if (parsed?.problem !== undefined) problems.push(finding(file, 0, 0, `The baseline cannot be used: ${parsed.problem}.`));
  }
  const connectionsFile = Object.keys(nearest.config.connections ?? {}).length > 0 ? nearest.file : undefined;
  return { config, dependsOn, problems, baseline, ...(connectionsFile !== undefined && { connectionsFile }) };
}

/** Defaults that a file did not set must not hide what the editor says; no pairs at all is a choice, not the default. */
function onlySet(config: Partial<Config>): Partial<Config> {
  return Object.fromEntries(Object.entries(config).filter(([name, value]) => name === "pairs" || !(Array.isArray(value) && value.length === 0)));
}

function finding(file: string, start: number, end: number, message: string): Finding {
  return {
    rule: configurationFinding, severity: "error", message, at: { file, start, end }, related: [], fixes: [],
    key: `${configurationFinding} ${message}`, schema: "", columns: [],
  };
}

function absolute(root: string, path: string): string {
  if (path.startsWith("/") || /^[A-Za-z]:\//.test(path)) return path;
  const parts = root.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
