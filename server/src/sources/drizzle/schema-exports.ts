// What the files of a schema export, wherever it is declared, and where they cannot be parsed. It reads no table.
import type { Problem } from "../../model/schema";
import type { SchemaEntry } from "../source";
import { rangeIn } from "./chunk";
import { exportNames, findExport, moduleAt, type Found, type Machine } from "./machine";
import type { Module } from "./module";

/** Where the exports of a schema's files lead. */
export interface Exports {
  readonly shape: number;
  /** Those of the entry. */
  readonly files: readonly string[];
  readonly found: readonly Found[];
  readonly modules: readonly Module[];
  readonly problems: readonly Problem[];
}

/** True while names stand still and the schema consists of the same files. */
export function isCurrent(exports: Exports | undefined, machine: Machine, entry: SchemaEntry): exports is Exports {
  return exports?.shape === machine.shape && sameItems(exports.files, entry.files);
}

/** Where the exports of the files lead; looked up again only when names have changed somewhere. */
export function exportsOf(machine: Machine, entry: SchemaEntry, memory: { exports?: Exports }): Exports {
  if (isCurrent(memory.exports, machine, entry)) return memory.exports;
  const found: Found[] = [];
  const modules: Module[] = [];
  const problems: Problem[] = [];
  for (const file of entry.files) {
    const module = moduleAt(machine, file);
    if (!module) {
      problems.push({ kind: "unreadable", message: "the file cannot be read", at: { file, start: 0, end: 0 } });
      continue;
    }
    modules.push(module);
    for (const name of exportNames(machine, module)) {
      const target = findExport(machine, module, name);
      if (target) found.push(target);
    }
  }
  return (memory.exports = { shape: machine.shape, files: entry.files, found, modules, problems });
}

/** The first error of each statement that cannot be parsed. */
export function syntaxErrors(modules: readonly Module[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const module of modules) {
    for (const chunk of module.document.broken) {
      const error = chunk.errors[0];
      if (error) problems.push({ kind: "syntax", message: error.message, at: rangeIn(chunk, error.start, error.end) });
    }
  }
  return problems;
}

/** The same ones in the same order. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((one, i) => one === b[i]));
}
