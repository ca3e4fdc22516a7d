// What V8 made of a script is kept, found again, and never believed of another script.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheCompiled, loadCached } from "../../server/src/compiled-code";

describe("compiled code", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "plumbline-compiled-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const script = (text: string): string => {
    const file = join(root, "script.js");
    writeFileSync(file, text);
    return file;
  };
  const folder = (): string => join(root, "cache");

  it("is found by the next one that loads the script", () => {
    const file = script("const path = require('node:path'); function join() { return path.join(__dirname, __filename.slice(-9), 'é'); } exports.join = join;");
    const join_ = (loaded: { readonly exports: unknown }): string => (loaded.exports as { join(): string }).join();
    const first = loadCached(file, folder());
    const made = join_(first);
    assert.deepEqual([made, first.fromCache], [join(root, "script.js", "é"), false]);
    first.keep();
    const second = loadCached(file, folder());
    assert.deepEqual([join_(second), second.fromCache], [made, true]);
  });

  it("is not taken for that of another script of the same length, nor believed where it is damaged", () => {
    loadCached(script("module.exports = 1;"), folder()).keep();
    const other = loadCached(script("module.exports = 2;"), folder());
    assert.deepEqual([other.exports, other.fromCache], [2, false]);
    for (const name of readdirSync(folder())) writeFileSync(join(folder(), name), "not V8's");
    assert.equal(loadedApart(script("module.exports = 1;")), "[1,false]");
  });

  it("is kept beside that of a process whose V8 has other switches", () => {
    const file = script("module.exports = 4;");
    loadCached(file, folder()).keep();
    assert.equal(loadedApart(file, "--no-allocation-site-pretenuring"), "[4,false]");
    assert.equal(readdirSync(folder()).length, 2);
    assert.equal(loadedApart(file, "--no-allocation-site-pretenuring"), "[4,true]");
  });

  /** What another process says of the script that it loads and keeps: this one has it in memory. */
  function loadedApart(file: string, ...switches: readonly string[]): string {
    const load = `const loaded = require(${JSON.stringify(join(__dirname, "../../server/src/compiled-code"))}).loadCached(${JSON.stringify(file)}, ${JSON.stringify(folder())}); loaded.keep(); process.stdout.write(JSON.stringify([loaded.exports, loaded.fromCache]))`;
    const { stdout, stderr } = spawnSync(process.execPath, [...switches, "--require", require.resolve("tsx/cjs"), "-e", load], { encoding: "utf8" });
    assert.equal(stderr, "");
    return stdout;
  }

  it("costs nothing but time where the folder cannot be written", () => {
    const file = script("module.exports = 3;");
    const loaded = loadCached(file, join(file, "below a file"));
    loaded.keep();
    assert.equal(loaded.exports, 3);
  });

  it("is loaded when it is first asked for, and once", () => {
    const file = script("globalThis.plumblineLoads = (globalThis.plumblineLoads ?? 0) + 1; module.exports = { loads: globalThis.plumblineLoads };");
    const loads = (): unknown => (globalThis as { plumblineLoads?: number }).plumblineLoads;
    cacheCompiled(file, folder());
    assert.equal(loads(), undefined);
    const first = require(file) as { readonly loads: number };
    assert.equal(require(file), first);
    assert.deepEqual([first.loads, loads()], [1, 1]);
  });
});
