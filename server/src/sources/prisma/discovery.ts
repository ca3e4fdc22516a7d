// Which files make up which schema: what the configs name, then what the files themselves say. A file with a datasource
// begins a schema; files without one belong to the schema of the nearest folder above.
import type { Problem } from "../../model/schema";
import type { Files, SchemaEntry } from "../source";
import { configGlob, resolvePath, schemaOfConfig, schemaOfPackage } from "./config";
import { parentOf } from "./facts";
import { blockOf, type ParsedFile } from "./parsed-file";

export interface Found {
  readonly entry: SchemaEntry;
  /** What could not be read of the config. */
  readonly problems: readonly Problem[];
}

/** All schemas under the root. */
export function discoverSchemas(files: Files, parse: (file: string) => ParsedFile | undefined): readonly Found[] {
  const all = files.list("**/*.prisma");
  return all.length === 0 ? [] : schemasAmong(all, files, parse);
}

/** The schemas that consist of files among `all`. */
export function schemasAmong(all: readonly string[], files: Files, parse: (file: string) => ParsedFile | undefined): readonly Found[] {
  const found: Found[] = [];
  const claimed = new Set<string>();
  const unread: { readonly config: string; readonly problems: readonly Problem[] }[] = [];
  for (const { config, path, problems } of configured(files)) {
    if (path === undefined) {
      unread.push({ config, problems });
      continue;
    }
    const own = all.filter((file) => file === path || file.startsWith(`${path}/`)).filter((file) => !claimed.has(file));
    if (own.length === 0) continue;
    // A folder may hold the copy that a generator wrote.
    const kept = own.length === 1 ? own : withoutCopies(own, parse);
    for (const file of own) claimed.add(file);
    found.push({ entry: { id: idOf(path, files.root), source: "prisma", files: kept, config }, problems: [] });
  }
  const rest = withoutCopies(all, parse).filter((file) => !claimed.has(file));
  for (const entry of byContent(rest, [...claimed], files, parse)) {
    const config = unread.find(({ config }) => entry.files[0]!.startsWith(`${baseOf(config)}/`));
    found.push(config ? { entry: { ...entry, config: config.config }, problems: config.problems } : { entry, problems: [] });
  }
  return found.sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1));
}

/** The schema of exactly these files. */
export function entryOf(list: readonly string[], files: Files): SchemaEntry {
  return { id: idOf(list.length === 1 ? list[0]! : commonFolder(list), files.root), source: "prisma", files: list };
}

function configured(files: Files): readonly { readonly config: string; readonly path?: string; readonly problems: readonly Problem[] }[] {
  const list: { readonly config: string; readonly path?: string; readonly problems: readonly Problem[] }[] = [];
  for (const config of files.list(configGlob)) {
    const text = files.read(config);
    if (text === undefined) continue;
    // `.config/prisma.ts` counts from its own folder, as prisma.config.ts does.
    const said = schemaOfConfig(config, text);
    if (said.kind === "path") list.push({ config, path: said.path, problems: [] });
    else if (said.kind === "none") list.push({ config, problems: [] });
    else {
      const message = "The path of the schema is computed, so it was looked for by content instead";
      list.push({ config, problems: [{ message, at: { file: config, start: said.start, end: said.end }, kind: "unreadable" }] });
    }
  }
  for (const config of files.list("**/package.json")) {
    const text = files.read(config);
    const path = text === undefined ? undefined : schemaOfPackage(config, text);
    if (path !== undefined) list.push({ config, path, problems: [] });
  }
  return list;
}

/** prisma-client writes its schema beside the client: what lies in a generator's output folder is a copy. */
function withoutCopies(all: readonly string[], parse: (file: string) => ParsedFile | undefined): readonly string[] {
  const outputs: { readonly folder: string; readonly by: string }[] = [];
  for (const file of all) {
    for (const item of parse(file)?.items ?? []) {
      if (item.kind !== "generator") continue;
      const output = blockOf(item)?.settings.find((setting) => setting.name.text === "output")?.value;
      if (output?.kind === "string") outputs.push({ folder: resolvePath(parentOf(file), output.text), by: file });
    }
  }
  return all.filter((file) => !outputs.some(({ folder, by }) => by !== file && file.startsWith(`${folder}/`) && !by.startsWith(`${folder}/`)));
}

function byContent(rest: readonly string[], claimed: readonly string[], files: Files, parse: (file: string) => ParsedFile | undefined): readonly SchemaEntry[] {
  const isRoot = (file: string): boolean => parse(file)?.items.some((item) => item.kind === "datasource") ?? false;
  const roots = rest.filter(isRoot);
  const members = new Map(roots.map((root) => [root, [root]]));
  const orphans = new Map<string, string[]>();
  const claimedFolders = new Set(claimed.map(parentOf));
  for (const file of rest) {
    if (members.has(file)) continue;
    const owner = rootFor(file, roots, claimedFolders, files);
    if (owner === "claimed") continue;
    if (owner) members.get(owner)!.push(file);
    else if (parse(file)?.items.some((item) => item.kind !== "junk")) orphans.set(parentOf(file), [...(orphans.get(parentOf(file)) ?? []), file]);
  }
  return [...[...members.values()].map((list) => [...list].sort()), ...orphans.values()].map((list) => entryOf(list, files));
}

/** The datasource's file that `file` belongs to: the only one below the nearest folder that has one, within its package. */
function rootFor(file: string, roots: readonly string[], claimedFolders: ReadonlySet<string>, files: Files): string | "claimed" | undefined {
  for (let folder = parentOf(file); folder.length >= files.root.length; folder = parentOf(folder)) {
    const direct = roots.filter((root) => parentOf(root) === folder);
    if (direct.length === 1) return direct[0];
    if (claimedFolders.has(folder)) return "claimed";
    // Prisma looks for `prisma/schema.prisma` from a package's folder and reads what lies with it: a file in that folder is no part of it.
    const isPackage = files.exists(`${folder}/package.json`);
    const below = direct.length > 1 ? direct : isPackage ? [] : roots.filter((root) => root.startsWith(`${folder}/`) && !root.startsWith(`${folder}/prisma/`));
    if (below.length > 0) return below.length === 1 ? below[0] : undefined;
    if (folder === "" || isPackage) return undefined;
  }
  return undefined;
}

/** The folder that a config speaks for. */
function baseOf(config: string): string {
  const folder = parentOf(config);
  return folder.endsWith("/.config") ? parentOf(folder) : folder;
}

function commonFolder(list: readonly string[]): string {
  let folder = parentOf(list[0]!);
  while (folder !== "" && !list.every((file) => file.startsWith(`${folder}/`))) folder = parentOf(folder);
  return folder;
}

/** Relative to the root, where it lies below. */
export function idOf(path: string, root: string): string {
  if (path === root) return ".";
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
