// Where an import leads: relative files, tsconfig paths, packages of the workspace, in the source that a project is
// written in, never in node_modules (which may be absent, and must not change what is read). Plain code over `Files`
// rather than ts-morph's module resolution: that one needs a file system of its own, follows the built output that
// package.json names, and costs more than the rest of the reading.
import { parse as parseJsonc } from "jsonc-parser/lib/esm/main.js";
import type { Files } from "../source";
import { isKnownModule, normalizePath } from "./known-modules";
import { workspacePackages, type WorkspacePackage } from "./workspace";

export type Target = { readonly kind: "file"; readonly path: string } | { readonly kind: "known"; readonly name: string } | { readonly kind: "external" };

export interface Resolver {
  /** What `specifier` means in the file `from` (absolute path). */
  resolve(from: string, specifier: string): Target;
  /** 1 where the nearest package.json asks for drizzle-orm 1 (its betas too), or leaves the version open and 1 is installed; otherwise 0. */
  ormVersion(from: string): 0 | 1;
  /** False where drizzle-orm, and its kit with it, takes no notice of a config's `casing`: from 1.0.0-beta.22 on, when `snakeCase.table` came in its place. What is installed counts before the range that package.json asks for. */
  takesCasing(from: string): boolean;
  /** True where another text, or the existence, of this file could lead imports elsewhere. */
  touches(path: string): boolean;
  forget(): void;
  /** Configuration files that were read. */
  readonly reads: ReadonlySet<string>;
}

/** The drizzle-orm of a folder: what the nearest package.json says, and what stands in node_modules; empty where neither tells. */
interface OrmVersion {
  readonly asked: string;
  installed(): string;
}

const isOfVersion1 = (version: string): boolean => /^[^\d]*1\.|^(beta|rc|next)$/.test(version);
const lastBetaWithCasing = 21;

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

interface Paths {
  /** Directory that the mapped paths count from. */
  readonly base: string;
  readonly paths: Readonly<Record<string, readonly string[]>>;
  readonly baseUrl?: string;
}

export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

export function createResolver(files: Files): Resolver {
  const resolved = new Map<string, Target>();
  const configs = new Map<string, Paths | undefined>();
  const directories = new Map<string, readonly Paths[]>();
  const packages = new Map<string, ReadonlyMap<string, readonly WorkspacePackage[]>>();
  const versions = new Map<string, OrmVersion>();
  const reads = new Set<string>();
  /** Paths that were asked for: one that appears or goes changes what imports mean. */
  const probed = new Map<string, boolean>();

  const exists = (path: string): boolean => {
    let known = probed.get(path);
    if (known === undefined) probed.set(path, (known = files.exists(path)));
    return known;
  };

  const json = (path: string): Record<string, unknown> | undefined => {
    if (!exists(path)) return undefined;
    reads.add(path);
    const value: unknown = parseJsonc(files.read(path) ?? "", [], { allowTrailingComma: true });
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  };

  function sourceFile(path: string): string | undefined {
    if (/\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && exists(path)) return path;
    const written = /^(.*)\.([cm]?)js(x?)$/.exec(path);
    if (written) for (const candidate of [`${written[1]}.${written[2]}ts${written[3]}`, `${written[1]}.tsx`]) if (exists(candidate)) return candidate;
    for (const extension of extensions) if (exists(path + extension)) return path + extension;
    for (const extension of extensions) if (exists(`${path}/index${extension}`)) return `${path}/index${extension}`;
    return undefined;
  }

  /** paths and baseUrl of a tsconfig, those that it extends included. */
  function readConfig(path: string, depth = 0): Paths | undefined {
    if (configs.has(path)) return configs.get(path);
    configs.set(path, undefined);
    const config = json(path);
    if (!config || depth > 10) return undefined;
    const options = (config.compilerOptions ?? {}) as { paths?: Record<string, readonly string[]>; baseUrl?: string };
    const directory = directoryOf(path);
    const baseUrl = typeof options.baseUrl === "string" ? normalizePath(`${directory}/${options.baseUrl}`) : undefined;
    const parents = (Array.isArray(config.extends) ? config.extends : [config.extends]).filter((one): one is string => typeof one === "string");
    let inherited: Paths | undefined;
    for (const parent of parents) {
      const target = parent.startsWith(".") || parent.startsWith("/") ? normalizePath(parent.startsWith("/") ? parent : `${directory}/${parent}`) : packageFile(path, parent);
      const found = target && (readConfig(target.endsWith(".json") ? target : `${target}.json`, depth + 1) ?? readConfig(`${target}/tsconfig.json`, depth + 1));
      if (found) inherited = { ...inherited, ...found };
    }
    const paths = options.paths && typeof options.paths === "object" ? options.paths : undefined;
    const result: Paths | undefined = paths ? { base: baseUrl ?? directory, paths, baseUrl: baseUrl ?? inherited?.baseUrl }
      : inherited ? { ...inherited, baseUrl: baseUrl ?? inherited.baseUrl } : baseUrl ? { base: baseUrl, paths: {}, baseUrl } : undefined;
    configs.set(path, result);
    return result;
  }

  /** A file inside a package of the workspace: `@acme/tsconfig/base.json`. */
  function packageFile(from: string, specifier: string): string | undefined {
    for (const { owner, subpath } of owners(from, specifier)) return normalizePath(`${owner.directory}/${subpath || "tsconfig.json"}`);
    return undefined;
  }

  /** The configs that apply to the files of a directory: the nearest tsconfig, and those that it refers to. */
  function configsFor(directory: string): readonly Paths[] {
    const known = directories.get(directory);
    if (known) return known;
    let found: Paths[] = [];
    for (const name of ["tsconfig.json", "jsconfig.json"]) {
      const path = `${directory}/${name}`;
      const config = json(path);
      if (!config) continue;
      const own = readConfig(path);
      if (own) found.push(own);
      const references = Array.isArray(config.references) ? (config.references as { path?: unknown }[]) : [];
      for (const { path: reference } of references) {
        if (typeof reference !== "string") continue;
        const target = normalizePath(`${directory}/${reference}`);
        const paths = readConfig(target.endsWith(".json") ? target : `${target}/tsconfig.json`);
        if (paths && (target.endsWith(".json") || target === directory)) found.push(paths);
      }
    }
    // A parent's aliases are not TypeScript's business here, but bundlers resolve them, and nothing else would.
    const parent = directoryOf(directory);
    if (parent !== directory && parent !== "") found = [...found, ...configsFor(parent)];
    directories.set(directory, found);
    return found;
  }

  function mapped(specifier: string, { base, paths, baseUrl }: Paths): string | undefined {
    let best: { length: number; targets: readonly string[]; rest: string } | undefined;
    for (const [pattern, targets] of Object.entries(paths)) {
      if (!Array.isArray(targets)) continue;
      const star = pattern.indexOf("*");
      if (star < 0) {
        if (pattern === specifier) { best = { length: Infinity, targets, rest: "" }; break; }
        continue;
      }
      const before = pattern.slice(0, star), after = pattern.slice(star + 1);
      if (specifier.length < before.length + after.length || !specifier.startsWith(before) || !specifier.endsWith(after) || (best && best.length >= before.length)) continue;
      best = { length: before.length, targets, rest: specifier.slice(before.length, specifier.length - after.length) };
    }
    for (const target of best?.targets ?? []) {
      const path = target.replace("*", best!.rest);
      const found = sourceFile(normalizePath(path.startsWith("/") ? path : `${base}/${path}`));
      if (found) return found;
    }
    return baseUrl ? sourceFile(`${baseUrl}/${specifier}`) : undefined;
  }

  /** Packages of the workspaces around `from` that the specifier may mean, the nearest workspace first. */
  function* owners(from: string, specifier: string): Generator<{ owner: WorkspacePackage; subpath: string }> {
    const parts = specifier.split("/");
    const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
    const subpath = specifier.slice(name.length + 1);
    for (let directory = directoryOf(from); directory.length > 0; directory = directoryOf(directory)) {
      let found = packages.get(directory);
      if (!found) packages.set(directory, (found = workspacePackages(directory, files, json, exists)));
      for (const owner of found.get(name) ?? []) yield { owner, subpath };
    }
  }

  function fromPackage(from: string, specifier: string): string | undefined {
    for (const { owner, subpath } of owners(from, specifier)) {
      const found = entryOf(owner, subpath);
      if (found) return found;
    }
    return undefined;
  }

  /** The source file behind a package's entry, also where its package.json names the built one. */
  function entryOf({ directory, manifest }: WorkspacePackage, subpath: string): string | undefined {
    const candidates: string[] = [];
    const wanted = subpath === "" ? "." : `./${subpath}`;
    const { exports } = manifest;
    if (typeof exports === "string" || Array.isArray(exports)) { if (subpath === "") collect(exports, "", candidates); }
    else if (typeof exports === "object" && exports !== null) {
      const map = exports as Record<string, unknown>;
      if (!Object.keys(map).some((key) => key.startsWith("."))) { if (subpath === "") collect(map, "", candidates); }
      else if (wanted in map) collect(map[wanted], "", candidates);
      else {
        for (const [pattern, target] of Object.entries(map)) {
          const star = pattern.indexOf("*");
          if (star < 0 || !wanted.startsWith(pattern.slice(0, star)) || !wanted.endsWith(pattern.slice(star + 1))) continue;
          collect(target, wanted.slice(star, wanted.length - (pattern.length - star - 1)), candidates);
        }
      }
    }
    if (subpath === "") for (const key of ["source", "types", "typings", "module", "main"]) if (typeof manifest[key] === "string") candidates.push(manifest[key]);
    candidates.push(subpath === "" ? "index" : subpath, subpath === "" ? "src/index" : `src/${subpath}`);
    for (const candidate of candidates) {
      const found = sourceOf(directory, candidate);
      if (found) return found;
    }
    return undefined;
  }

  function collect(target: unknown, star: string, into: string[]): void {
    if (typeof target === "string") into.push(target.replaceAll("*", star));
    else if (Array.isArray(target)) for (const one of target) collect(one, star, into);
    else if (typeof target === "object" && target !== null) for (const one of Object.values(target)) collect(one, star, into);
  }

  /** Built output is mapped back to what it is built from: dist/index.d.ts to src/index.ts. */
  function sourceOf(directory: string, path: string): string | undefined {
    const plain = normalizePath(`${directory}/${path}`);
    const bare = plain.replace(/\.d\.([cm]?)ts$/, ".$1js");
    const inside = bare.slice(directory.length + 1);
    const built = /^(?:\.?\/)?(?:dist|build|lib|out|output|esm|cjs|types|\.output)\/(?:(?:esm|cjs|types|src)\/)?(.*)$/.exec(inside);
    const stem = (text: string): string => text.replace(/\.[cm]?jsx?$/, "");
    return (built && (sourceFile(`${directory}/src/${stem(built[1]!)}`) ?? sourceFile(`${directory}/${stem(built[1]!)}`))) || sourceFile(bare) || sourceFile(stem(bare));
  }

  function find(from: string, specifier: string): Target {
    if (isKnownModule(specifier)) return { kind: "known", name: specifier };
    const directory = directoryOf(from);
    if (specifier.startsWith(".") || specifier.startsWith("/")) {
      const path = sourceFile(normalizePath(specifier.startsWith("/") ? specifier : `${directory}/${specifier}`));
      if (path) return { kind: "file", path };
    }
    for (const config of configsFor(directory)) {
      const path = mapped(specifier, config);
      if (path) return { kind: "file", path };
    }
    if (specifier.startsWith("#")) {
      for (let at = directory; at.length > 0; at = directoryOf(at)) {
        const manifest = json(`${at}/package.json`);
        if (!manifest) continue;
        const path = entryOf({ name: "", directory: at, manifest: { exports: Object.fromEntries(Object.entries((manifest.imports ?? {}) as object).map(([key, value]) => [`./${key}`, value])) } }, specifier);
        return path ? { kind: "file", path } : { kind: "external" };
      }
    }
    const path = specifier.startsWith(".") ? undefined : fromPackage(from, specifier);
    return path ? { kind: "file", path } : { kind: "external" };
  }

  /** The version of drizzle-orm that stands nearest to a folder; empty where none is installed. */
  function installedOrm(folder: string): string {
    for (let at = folder; at.length > 0; at = directoryOf(at)) {
      const version = json(`${at}/node_modules/drizzle-orm/package.json`)?.version;
      if (typeof version === "string") return version;
    }
    return "";
  }

  function ormOf(start: string): OrmVersion {
    const known = versions.get(start);
    if (known) return known;
    let version: OrmVersion = { asked: "", installed: () => "" };
    for (let at = start; at.length > 0; at = directoryOf(at)) {
      const manifest = json(`${at}/package.json`) as Record<"dependencies" | "devDependencies" | "peerDependencies", Record<string, string> | undefined> | undefined;
      const asked = manifest && (manifest.dependencies?.["drizzle-orm"] ?? manifest.devDependencies?.["drizzle-orm"] ?? manifest.peerDependencies?.["drizzle-orm"]);
      if (typeof asked !== "string") continue;
      // `catalog:`, `workspace:*`, `latest` say nothing: what is installed does.
      version = { asked: /\d/.test(asked) || /^(beta|rc|next)$/.test(asked) ? asked : installedOrm(at), installed: () => installedOrm(at) };
      break;
    }
    versions.set(start, version);
    return version;
  }

  return {
    reads,
    resolve(from, specifier) {
      const key = `${directoryOf(from)}\n${specifier}`;
      let target = resolved.get(key);
      if (!target) resolved.set(key, (target = find(from, specifier)));
      return target;
    },
    ormVersion: (from) => (isOfVersion1(ormOf(directoryOf(from)).asked) ? 1 : 0),
    takesCasing(from) {
      const { asked, installed } = ormOf(directoryOf(from));
      const standing = installed();
      const version = isOfVersion1(standing) === isOfVersion1(asked) ? standing : asked;
      const [, beta] = /^[^\d]*1\.0\.0-beta\.(\d+)/.exec(version) ?? [];
      return !isOfVersion1(version) || (beta !== undefined && Number(beta) <= lastBetaWithCasing);
    },
    touches(path) {
      if (reads.has(path)) return true;
      const known = probed.get(path);
      return known !== undefined && known !== files.exists(path);
    },
    forget() {
      for (const map of [resolved, configs, directories, packages, versions, probed]) map.clear();
      reads.clear();
    },
  };
}
