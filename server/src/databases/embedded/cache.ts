// Databases that were built before, on disk: a snapshot and what was learnt in building it, under the hash of what they were
// built from. Files are written whole or not at all, so that several processes may share the folder; what is damaged is
// built again, and the oldest entries go where there are too many.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What is kept beside a snapshot. */
export interface Kept<Content> {
  readonly content: Content;
  /** Absolute path of the snapshot. */
  readonly snapshot: string;
}

export interface Cache {
  /** Undefined where nothing usable is kept under the key. */
  find<Content>(key: string): Kept<Content> | undefined;
  /** Where the snapshot of the key belongs. Write it first: `keep` makes the entry. */
  snapshotOf(key: string): string;
  /** Makes the entry of a snapshot that is written, and removes the oldest ones above the bound. */
  keep(key: string, content: unknown): void;
  remove(key: string): void;
}

/** Bytes of all entries together; one of 174 tables takes 3 MB. */
export const cacheBound = 100_000_000;

/** The user's cache folder: https://specifications.freedesktop.org/basedir-spec, and its like elsewhere. */
export function userCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env, platform: NodeJS.Platform = process.platform): string {
  const home = homedir();
  switch (platform) {
    case "win32": return join(environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "plumbline", "Cache");
    case "darwin": return join(home, "Library", "Caches", "plumbline");
    default: return join(environment["XDG_CACHE_HOME"] || join(home, ".cache"), "plumbline");
  }
}

/** Undefined where the folder cannot be made or written. */
export function openCache(folder: string, bound = cacheBound): Cache | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch {
    return undefined;
  }
  const snapshotOf = (key: string): string => join(folder, `${key}.snapshot`);
  const entryOf = (key: string): string => join(folder, `${key}.json`);
  const remove = (key: string): void => {
    // The entry first: without it nobody looks for the snapshot.
    for (const file of [entryOf(key), snapshotOf(key)]) removeFile(file);
  };
  return {
    snapshotOf,
    remove,
    find<Content>(key: string) {
      const snapshot = snapshotOf(key);
      try {
        const content = JSON.parse(readFileSync(entryOf(key), "utf8")) as Content;
        if (!existsSync(snapshot)) return undefined;
        touch(entryOf(key));
        return { content, snapshot };
      } catch {
        return undefined;
      }
    },
    keep(key, content) {
      const temporary = `${entryOf(key)}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify(content));
      renameSync(temporary, entryOf(key));
      for (const old of surplus(folder, bound)) if (old !== key) remove(old);
    },
  };
}

/** An hour: what a process that was killed while it wrote has left is older. */
const abandoned = 3_600_000;

/** Keys of the entries beyond the bound, those last used longest ago. Leftovers of processes that were killed go at once. */
function surplus(folder: string, bound: number): readonly string[] {
  const entries = new Map<string, { size: number; used: number }>();
  for (const name of readdirSync(folder)) {
    const key = /^([0-9a-f]{64})\.(snapshot|json)(\.\d+)?$/.exec(name);
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (!key || !stats) continue;
    if (key[3] !== undefined) {
      if (Date.now() - stats.mtimeMs > abandoned) removeFile(join(folder, name));
      continue;
    }
    const entry = entries.get(key[1]!) ?? { size: 0, used: 0 };
    entries.set(key[1]!, { size: entry.size + stats.size, used: Math.max(entry.used, stats.mtimeMs) });
  }
  let room = bound;
  return [...entries].sort(([, a], [, b]) => b.used - a.used).filter(([, { size }]) => (room -= size) < 0).map(([key]) => key);
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Windows keeps a file that another process reads; it goes the next time.
  }
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Another process has just removed it.
  }
}
