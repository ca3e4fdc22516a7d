// The packages of a workspace, by name, as npm, yarn, bun and pnpm declare them.
import type { Files } from "../source";
import { normalizePath } from "./known-modules";

export interface WorkspacePackage {
  readonly name: string;
  readonly directory: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Packages of the workspace whose root is `directory`; none where it is not one, but its own package counts always. */
export function workspacePackages(
  directory: string,
  files: Files,
  json: (path: string) => Record<string, unknown> | undefined,
  exists: (path: string) => boolean,
): ReadonlyMap<string, readonly WorkspacePackage[]> {
  const found = new Map<string, WorkspacePackage[]>();
  const add = (path: string): void => {
    const manifest = json(path);
    const name = manifest?.name;
    if (!manifest || typeof name !== "string") return;
    const one: WorkspacePackage = { name, directory: path.slice(0, path.lastIndexOf("/")), manifest };
    const same = found.get(name);
    if (same) same.push(one);
    else found.set(name, [one]);
  };
  const manifest = json(`${directory}/package.json`);
  if (manifest) add(`${directory}/package.json`);
  const pnpm = exists(`${directory}/pnpm-workspace.yaml`) ? files.read(`${directory}/pnpm-workspace.yaml`) : undefined;
  const globs = [...(pnpm ? packagesOf(pnpm) : []), ...workspacesOf(manifest?.workspaces)];
  for (const glob of globs) {
    if (glob.startsWith("!")) continue;
    const clean = normalizePath(glob.replace(/\/$/, ""));
    for (const path of files.list(clean === "" ? "package.json" : `${clean}/package.json`, directory)) if (path !== `${directory}/package.json`) add(path);
  }
  return found;
}

function workspacesOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : typeof value === "object" && value !== null ? (value as { packages?: unknown }).packages : undefined;
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
}

/** The list under `packages:` of a pnpm-workspace.yaml; that much of YAML and no more. */
function packagesOf(yaml: string): readonly string[] {
  const globs: string[] = [];
  let inside = false;
  for (const line of yaml.split(/\r?\n/)) {
    const key = /^(\w[\w-]*)\s*:\s*(.*)$/.exec(line);
    if (key) {
      inside = key[1] === "packages";
      if (inside) for (const match of key[2]!.matchAll(/["']([^"']+)["']/g)) globs.push(match[1]!);
      continue;
    }
    const item = inside ? /^\s*-\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line) : null;
    if (item) globs.push(item[1]!);
  }
  return globs;
}
