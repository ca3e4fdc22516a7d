// The workspace's files as they stand on disk, for the engine. Remembers what it has read and listed until told to
// forget; knows nothing of the terminal, so that the language server can put its open documents before it.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import picomatch from "picomatch";
import type { Files } from "../sources/source";

export interface DiskFiles extends Files {
  /** Why the file cannot be read (a sentence's end: "permission denied"), or undefined where it can or is not there. */
  failure(path: string): string | undefined;
  /** Files that somebody asked for, that are there and could not be read; folders are not among them. */
  unreadable(): readonly { readonly path: string; readonly reason: string }[];
  /** The file begins with a byte order mark, which `read` leaves out. */
  hasByteOrderMark(path: string): boolean;
  /** Directories that were listed: what to watch for new files. */
  listedDirectories(): readonly string[];
  /** The file or folder has changed on disk, or anything may have (no path). */
  forget(path?: string): void;
}

/** Folders that hold no source: never entered by a wildcard, only when a path names them. */
const leftOut = new Set([
  "node_modules", "bower_components", ".git", ".hg", ".svn", "dist", "coverage", ".next", ".nuxt", ".output", ".turbo",
  ".svelte-kit", ".vercel", ".cache", ".yarn", ".venv", ".vscode-test",
]);
/** These are build output only beside a package.json; elsewhere they are folders like others. */
const leftOutBesideManifest = new Set(["build", "out"]);

type Read = { readonly text: string; readonly byteOrderMark: boolean } | { readonly failure: string };
interface Directory {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Symbolic links that lead nowhere. */
  readonly broken: readonly string[];
}

/** `root`: absolute path. `exclude`: globs, relative to the root, of files that are as if they were not there. */
export function diskFiles(root: string, exclude: readonly string[] = []): DiskFiles {
  const rootPath = withSlashes(root);
  const texts = new Map<string, Read | undefined>();
  const directories = new Map<string, Directory>();
  const present = new Map<string, boolean>();
  const isExcluded = excluder(rootPath, exclude);

  function load(path: string): Read | undefined {
    if (texts.has(path)) return texts.get(path);
    const read = isExcluded(path) ? undefined : readText(path);
    texts.set(path, read);
    return read;
  }

  function directory(path: string): Directory {
    let found = directories.get(path);
    if (!found) directories.set(path, (found = readDirectory(path)));
    return found;
  }

  function walk(folder: string, depth: number, wanted: (path: string) => boolean, found: string[]): void {
    const { files, folders } = directory(folder);
    const prefix = folder === "/" ? "/" : `${folder}/`;
    for (const name of files) {
      const path = prefix + name;
      if (wanted(path) && !isExcluded(path)) found.push(path);
    }
    if (depth <= 1) return;
    const hasManifest = files.includes("package.json");
    for (const name of folders) {
      if (leftOut.has(name) || (hasManifest && leftOutBesideManifest.has(name))) continue;
      walk(prefix + name, depth - 1, wanted, found);
    }
  }

  return {
    root: rootPath,
    read(path) {
      const read = load(path);
      return read && "text" in read ? read.text : undefined;
    },
    failure(path) {
      const read = load(path);
      return read && "failure" in read ? read.failure : undefined;
    },
    unreadable: () => [...texts].flatMap(([path, read]) => (read && "failure" in read && read.failure !== failures["EISDIR"] ? [{ path, reason: read.failure }] : [])),
    hasByteOrderMark(path) {
      const read = load(path);
      return read !== undefined && "text" in read && read.byteOrderMark;
    },
    exists(path) {
      let exists = present.get(path);
      if (exists === undefined) {
        exists = !isExcluded(path) && isFile(path);
        present.set(path, exists);
      }
      return exists;
    },
    list(glob, under = rootPath) {
      const pattern = resolvePath(under, withSlashes(glob));
      const { base, glob: wildcards } = picomatch.scan(pattern);
      if (wildcards === "") return !isExcluded(pattern) && isFile(pattern) ? [pattern] : [];
      const matches = picomatch(wildcards);
      const start = base === "" ? "/" : base;
      const from = start === "/" ? 1 : start.length + 1;
      const depth = wildcards.includes("**") ? Number.POSITIVE_INFINITY : wildcards.split("/").length;
      const found: string[] = [];
      walk(start, depth, (path) => matches(path.slice(from)), found);
      return found.sort();
    },
    beside(folder) {
      const { folders, broken } = directory(folder);
      const included = (name: string): boolean => !isExcluded(`${folder}/${name}`);
      return { folders: folders.filter(included), broken: broken.filter(included) };
    },
    listedDirectories: () => [...directories.keys()],
    forget(path) {
      if (path === undefined) {
        for (const cache of [texts, directories, present]) cache.clear();
        return;
      }
      for (const cache of [texts, directories, present]) cache.delete(path);
      // A new file may stand in new folders, which the listings of those above do not have yet.
      for (let folder = path; folder.length > rootPath.length; ) {
        folder = folder.slice(0, Math.max(folder.lastIndexOf("/"), 1));
        directories.delete(folder);
        if (folder === "/") break;
      }
      for (const cache of [texts, directories, present]) {
        for (const known of cache.keys()) if (known.startsWith(`${path}/`)) cache.delete(known);
      }
    },
  };
}

/** `path` from `folder`, both with `/`; "." and ".." are worked in, wildcards stay. */
export function resolvePath(folder: string, path: string): string {
  const absolute = path.startsWith("/") || /^[A-Za-z]:\//.test(path) ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of absolute.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return /^[A-Za-z]:\//.test(absolute) ? parts.join("/") : `/${parts.join("/")}`;
}

export function withSlashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function excluder(root: string, globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const matches = picomatch(globs.map((glob) => resolvePath(root, withSlashes(glob))), { dot: true });
  return (path) => matches(path);
}

function readText(path: string): Read | undefined {
  try {
    const bytes = readFileSync(path);
    const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), byteOrderMark };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { failure: failures[code ?? ""] ?? (error instanceof Error ? error.message : String(error)) };
  }
}

const failures: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links form a circle",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8 text",
};

/** Symbolic links to files count as files; those to folders are not followed, so that a walk ends. */
function readDirectory(path: string): Directory {
  const files: string[] = [];
  const folders: string[] = [];
  const broken: string[] = [];
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isFile() || (entry.isSymbolicLink() && isFile(`${path}/${entry.name}`))) files.push(entry.name);
      else if (entry.isDirectory()) folders.push(entry.name);
      else if (entry.isSymbolicLink() && !existsSync(`${path}/${entry.name}`)) broken.push(entry.name);
    }
  } catch {
    // A folder that cannot be listed has nothing to read.
  }
  return { files, folders, broken };
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

/** True where a folder stands. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
