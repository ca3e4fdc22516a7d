// Finds and reads plumbline.config.json: the nearest one counts, from a folder upwards to the top of the repository.
// Nothing of what it says is merged with configuration files further up.
import { configFileName, mergeConfigs, parseConfig, rebase, type Config, type ConfigProblem, type KnownRules } from "../config";
import type { Files } from "../sources/source";
import { diskFiles, resolvePath } from "./disk-files";
import { existsSync } from "node:fs";

export interface LoadedConfig {
  /** Absolute path; undefined: there is none, and `config` holds the defaults. */
  readonly file?: string;
  /** The file's text, which the places of `problems` are for. */
  readonly text?: string;
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
}

/** The configuration for the workspace folder `root`, looked for from `start` upwards. Both absolute, with `/`. */
export function nearestConfig(start: string, root: string, rules: KnownRules, files: Pick<Files, "read"> = diskFiles(root)): LoadedConfig {
  for (let folder = start; ; folder = resolvePath(folder, "..")) {
    const file = folder === "/" ? `/${configFileName}` : `${folder}/${configFileName}`;
    if (files.read(file) !== undefined) return readConfig(file, root, rules, files);
    if (folder === resolvePath(folder, "..") || (existsSync(`${folder}/.git`) && !isBelow(root, folder))) return { config: mergeConfigs(), problems: [] };
  }
}

/** Reads one config file, which must be there. */
export function readConfig(file: string, root: string, rules: KnownRules, files: Pick<Files, "read"> = diskFiles(root)): LoadedConfig {
  const text = files.read(file) ?? "";
  const { config, problems } = parseConfig(text, file, rules);
  return { file, text, config: mergeConfigs(rebase(config, file.slice(0, Math.max(file.lastIndexOf("/"), 1)), root)), problems };
}

/** `folder` is strictly below `above`: then the search has not yet come to the workspace folder. */
function isBelow(above: string, folder: string): boolean {
  return folder !== above && folder.startsWith(above === "/" ? "/" : `${above}/`);
}
