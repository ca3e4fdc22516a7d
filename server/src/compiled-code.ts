// Keeps what V8 made of a large script, so that the next process need not compile it again: TypeScript takes 430 ms of
// CPU to load, 120 with it; the terminal 90 and 20. A file of the user's cache folder, written whole or not at all; without
// one all works, slower.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

/** A script that has been run as a CommonJS module. */
export interface Loaded {
  readonly exports: unknown;
  /** False: it had to be compiled. */
  readonly fromCache: boolean;
  /** Writes down what is compiled by now, the functions that have run among it. Never throws. */
  keep(): void;
}

/** Days after which what another version of Node or of the script has left is removed. */
const keptDays = 30;

/** `require` of the file (absolute) loads it so, when it is first asked for. Node's own switch NODE_DISABLE_COMPILE_CACHE turns it off. */
export function cacheCompiled(file: string, folder: string): void {
  if (process.env["NODE_DISABLE_COMPILE_CACHE"] !== undefined) return;
  let loaded: Loaded | undefined;
  const load = (): Loaded => {
    const now = loadCached(file, folder);
    if (!now.fromCache) process.once("exit", () => now.keep());
    return now;
  };
  const module = Object.assign(new Module(file), { filename: file, loaded: true });
  require.cache[file] = Object.defineProperty(module, "exports", { get: () => (loaded ??= load()).exports, enumerable: true, configurable: true });
}

/** Throws what the script throws, and where there is no such file. */
export function loadCached(file: string, folder: string): Loaded {
  const bytes = readFileSync(file);
  const name = `${basename(file)}-${process.arch}-`;
  // V8 takes back only what was compiled by its own version and under the same switches, which the tag stands for: server and terminal differ in one.
  const kept = join(folder, `${name}${createHash("sha256").update(bytes).update(`${process.version} ${cachedDataVersionTag()}`).digest("hex").slice(0, 32)}`);
  const cachedData = contentOf(kept);
  const script = new Script(Module.wrap(bytes.toString("utf8")), { filename: file, ...(cachedData && { cachedData }) });
  const module = Object.assign(new Module(file), { filename: file });
  (script.runInThisContext() as (...parts: readonly unknown[]) => void).call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return {
    exports: module.exports,
    fromCache: cachedData !== undefined && script.cachedDataRejected !== true,
    keep() {
      try {
        mkdirSync(folder, { recursive: true });
        const whole = `${kept}.${process.pid}`;
        writeFileSync(whole, script.createCachedData(), { mode: 0o600 });
        renameSync(whole, kept);
        for (const other of readdirSync(folder)) removeOld(join(folder, other));
      } catch {
        // A folder that cannot be written costs time alone.
      }
    },
  };
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function removeOld(file: string): void {
  if (Date.now() - statSync(file).mtimeMs > keptDays * 86_400_000) rmSync(file, { force: true });
}
