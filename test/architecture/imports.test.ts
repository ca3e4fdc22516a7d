// The dependency rules hold, the test has seen imports to judge, and it catches what it should.
import * as assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { forbiddenFolders, importsOf, layerOf, layers, violations } from "./imports";

const root = path.join(__dirname, "../..");

function filesUnder(folder: string, ends: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ends))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

describe("who may import whom", () => {
  const files = [...filesUnder("server/src", ".ts"), ...filesUnder("client/src", ".ts")];

  it("holds in every file", () => {
    assert.deepEqual(files.flatMap((file) => violations(file, readFileSync(path.join(root, file), "utf8"))), []);
  });

  it("was judged on imports of every layer", () => {
    const seen = new Map<string, number>();
    for (const file of files) {
      const imports = importsOf(ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true));
      const layer = layerOf(file)!;
      seen.set(layer, (seen.get(layer) ?? 0) + imports.length);
    }
    assert.deepEqual(Object.keys(layers).filter((layer) => (seen.get(layer) ?? 0) === 0), []);
  });

  const planted: readonly (readonly [file: string, text: string, expected: string | undefined])[] = [
    ["server/src/model/a.ts", 'import { rules } from "../rules/registry";', "model may not import rules"],
    ["server/src/model/a.ts", 'export * from "../engine";', "model may not import engine"],
    ["server/src/model/a.ts", 'import { readFileSync } from "node:fs";', "model may not import node:fs"],
    ["server/src/rules/fk/a.ts", 'import type { Source } from "../../sources/source";', "rules may not import sources"],
    ["server/src/rules/fk/a.ts", 'type A = import("../../lsp/files").A;', "rules may not import lsp"],
    ["server/src/rules/fk/a.ts", 'import { Project } from "ts-morph";', "rules may not import ts-morph"],
    ["server/src/engine.ts", 'const { startServer } = require("./server");', "engine may not import doors"],
    ["server/src/engine.ts", 'import ts = require("typescript");', "engine may not import typescript"],
    ["server/src/engine.ts", "const now = Date.now();", "engine is pure: it may not use the clock"],
    ["server/src/engine.ts", "const root = process.cwd();", "engine is pure: it may not use process"],
    ["server/src/engine.ts", 'console.log("x");', "engine is pure: it may not use console"],
    ["server/src/sources/drizzle/a.ts", 'import { ts } from "ts-morph";', "ts-morph must be loaded on the first TypeScript schema: require it inside a function"],
    ["server/src/sources/drizzle/a.ts", 'import type { ts } from "ts-morph"; function load() { return require("ts-morph"); }', undefined],
    ["server/src/lsp/a.ts", 'import * as vscode from "vscode";', "lsp may not import vscode"],
    ["server/src/newfolder/a.ts", "", "belongs to no layer; add it to test/architecture/imports.ts"],
    ["client/src/a.ts", 'import { openProject } from "../../server/src/engine";', "client may not import engine"],
    ["server/src/rules/fk/a.ts", 'import { coverage } from "../../indexes/coverage"; const process = 1; export const a = { console: process };', undefined],
  ];
  for (const [file, text, expected] of planted) {
    it(`${expected === undefined ? "allows" : "catches"} ${text || "a new folder"} in ${file}`, () => {
      const found = violations(file, text);
      if (expected === undefined) assert.deepEqual(found, []);
      else assert.ok(found.length === 1 && found[0]!.endsWith(expected), JSON.stringify(found));
    });
  }
});

describe("the layout", () => {
  const folders = new Set(["server", "client", "test", "examples", "syntaxes"].flatMap((folder) => filesUnder(folder, "")).filter((file) => !file.includes("node_modules/")).flatMap((file) => path.dirname(file).split("/")));

  it("has no folder with a name that says nothing", () => {
    assert.ok(folders.has("model"));
    assert.deepEqual(forbiddenFolders.filter((name) => folders.has(name)), []);
  });

  it("keeps the top level to what is agreed", () => {
    const allowed = new Set(["package.json", "package-lock.json", "tsconfig.json", "client", "server", "syntaxes", "test", "examples", "README.md", "CHANGELOG.md", "LICENSE", "dist", "out", "node_modules"]);
    assert.deepEqual(readdirSync(root).filter((name) => !name.startsWith(".") && !allowed.has(name)), []);
  });
});
