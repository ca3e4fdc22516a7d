// The lazy part of the evaluator: values of names are computed when something asks for them, remembered, and their
// dependencies recorded. Cycles end in an unknown value and are not remembered.
import type { Files } from "../source";
import { bindPattern } from "./pattern";
import { difference } from "./chunk";
import { makeClass } from "./class";
import { evaluate } from "./evaluate";
import { execute } from "./execute";
import { evaluateEnum, evaluateNamespace } from "./namespace";
import { defaultLocal, editModule, exportSlot, localSlot, openModule, type Declaration, type Module } from "./module";
import { knownExport, knownModule } from "./known-modules";
import { createResolver, type Resolver } from "./resolve";
import { childScope, declare, fileScope, findVariable, placeOf } from "./scope";
import { forget, newSlot, type Journal, type Memo, type Slot } from "./slot";
import { isKind, objectOf, unknown, type FunctionValue, type Place, type Value } from "./values";
import type { ts as t } from "ts-morph";

export interface Machine {
  readonly files: Files;
  /** Gives variables of the environment their values. Schemas are read without: they must not depend on it. */
  readonly environment?: (name: string) => string | undefined;
  readonly resolver: Resolver;
  readonly modules: Map<string, Module | undefined>;
  /** What is being computed, innermost last. */
  readonly active: (Slot | Memo<unknown>)[];
  /** Slots whose value rests on a cycle. */
  readonly uncertain: Set<Slot>;
  /** Initialisers of destructured declarations: one value for all their names. */
  readonly initialisers: WeakMap<t.Node, Slot>;
  /** Counts changes of names and exports: while it stands still, an export leads where it led before. */
  shape: number;
  readonly journal: Journal;
  /** Evaluation steps left before the piece at hand is given up. */
  steps: number;
  depth: number;
}

/** Nodes visited for one name or one table; far above what real schemas need (the largest takes 30,000). */
const stepLimit = 300_000;
const depthLimit = 160;
/** A journal longer than that is thrown away, and everything is looked through once. */
const journalLimit = 100_000;

export function createMachine(files: Files, environment?: Machine["environment"]): Machine {
  return { files, environment, resolver: createResolver(files), modules: new Map(), active: [], uncertain: new Set(), initialisers: new WeakMap(), shape: 0, journal: [], steps: stepLimit, depth: 0 };
}

/** The module at an absolute path; undefined where there is no such file. */
export function moduleAt(machine: Machine, path: string): Module | undefined {
  if (machine.modules.has(path)) return machine.modules.get(path);
  const text = machine.files.read(path);
  const module = text === undefined ? undefined : openModule(path, text, machine.journal);
  machine.modules.set(path, module);
  return module;
}

/** The file has another text. `edits` are the steps, each in offsets of the text before it. */
export function changeFile(machine: Machine, path: string, edits?: readonly { readonly start: number; readonly end: number; readonly text: string }[]): void {
  const text = machine.files.read(path);
  const module = machine.modules.get(path);
  if (machine.resolver.touches(path) || (module === undefined) !== (text === undefined)) {
    if (machine.resolver.touches(path) || module || machine.modules.has(path)) forgetAll(machine);
    if (text === undefined || !module) machine.modules.delete(path);
  }
  if (!module || text === undefined) return;
  const old = module.document.text;
  const { start, oldEnd, newEnd } = (edits && hull(edits, old, text)) ?? difference(old, text);
  if (start === oldEnd && start === newEnd) return;
  if (editModule(module, text, start, oldEnd, newEnd)) machine.shape++;
  if (machine.journal.length > journalLimit) {
    machine.journal.length = 0;
    machine.shape++;
  }
}

/** One span that holds all steps; undefined where they do not lead from one text to the other. */
function hull(edits: readonly { readonly start: number; readonly end: number; readonly text: string }[], old: string, text: string): { start: number; oldEnd: number; newEnd: number } | undefined {
  let start = Infinity, tail = Infinity, length = old.length;
  for (const edit of edits) {
    if (edit.start < 0 || edit.end > length || edit.end < edit.start) return undefined;
    start = Math.min(start, edit.start);
    tail = Math.min(tail, length - edit.end);
    length += edit.text.length - (edit.end - edit.start);
  }
  if (length !== text.length || edits.length === 0) return undefined;
  const last = edits[edits.length - 1]!;
  if (text.slice(last.start, last.start + last.text.length) !== last.text) return undefined;
  return { start, oldEnd: Math.max(start, old.length - tail), newEnd: Math.max(start, text.length - tail) };
}

/** Forgets every value, because what an import leads to may have changed. The syntax trees stay. */
export function forgetAll(machine: Machine): void {
  machine.resolver.forget();
  machine.shape++;
  for (const module of machine.modules.values()) {
    if (!module) continue;
    for (const [name, slot] of module.slots) if (!name.startsWith("\0export ")) forget(slot, machine.journal);
  }
  for (const [path, module] of machine.modules) if (!module) machine.modules.delete(path);
}

/** The slot's value; what is being computed now depends on it. */
export function read(machine: Machine, slot: Slot): Value {
  const reader = machine.active[machine.active.length - 1];
  if (reader) {
    slot.dependents.add(reader);
    if (reader.kind === "memo") reader.full.add(slot);
  }
  return valueOf(machine, slot);
}

/** As `read`, but where the reader is a memo and the value a table, the memo depends only on its names and those of the column. */
export function readNames(machine: Machine, slot: Slot, property: string): Value {
  const reader = machine.active[machine.active.length - 1];
  if (reader?.kind !== "memo") return read(machine, slot);
  const value = valueOf(machine, slot);
  const print = fingerprint(value, property);
  if (print === undefined) return read(machine, slot);
  slot.dependents.add(reader);
  let known = reader.soft.get(slot);
  if (!known) reader.soft.set(slot, (known = new Map()));
  known.set(property, print);
  return value;
}

function fingerprint(value: Value, property: string): string | undefined {
  if (!isKind(value, "table")) return undefined;
  const builder = value.columns.get(property)?.builder;
  // What is told of a column that is not there.
  if (!builder) return `${value.name}\n${value.unknowns[0]?.reason}`;
  return `${value.schema}\n${value.name}\n${value.casing}\n${value.view}\n${builder.name}\n${builder.type}\n${builder.notNull}\n${builder.primary}`;
}

/** The memo's value, computed anew where something that it read has changed. */
export function compute<T>(machine: Machine, memo: Memo<T>, make: () => T): T {
  if (memo.state === "check") memo.state = [...memo.soft].every(([slot, known]) => stillReads(machine, memo, slot, known)) ? "done" : "stale";
  if (memo.state === "done") return memo.value!;
  release(memo);
  machine.active.push(memo);
  const { steps } = machine;
  machine.steps = stepLimit;
  try {
    memo.value = make();
  } finally {
    machine.active.pop();
    machine.steps = steps;
  }
  memo.state = "done";
  return memo.value;
}

/** Takes the memo out of all slots that it depends on: it will not be asked again, or is computed anew. */
export function release(memo: Memo<unknown>): void {
  for (const slot of memo.full) slot.dependents.delete(memo);
  for (const slot of memo.soft.keys()) slot.dependents.delete(memo);
  memo.full.clear();
  memo.soft.clear();
}

function stillReads(machine: Machine, memo: Memo<unknown>, slot: Slot, known: ReadonlyMap<string, string>): boolean {
  const value = valueOf(machine, slot);
  for (const [property, print] of known) if (fingerprint(value, property) !== print) return false;
  slot.dependents.add(memo);
  return true;
}

/** The name of the binding whose statement is being evaluated. */
export function currentSlot(machine: Machine): Slot | undefined {
  for (let i = machine.active.length - 1; i >= 0; i--) {
    const at = machine.active[i]!;
    if (at.kind === "slot") return at;
  }
  return undefined;
}

function valueOf(machine: Machine, slot: Slot): Value {
  if (slot.state === "done") return slot.value;
  if (slot.state === "evaluating") {
    const from = machine.active.lastIndexOf(slot);
    for (let i = from + 1; i < machine.active.length; i++) {
      const above = machine.active[i]!;
      if (above.kind === "slot") machine.uncertain.add(above);
    }
    return unknown(`"${slot.name}" is used before it is made: a cycle`);
  }
  if (machine.active.length > depthLimit) return unknown("too many values lead to one another");
  slot.state = "evaluating";
  machine.active.push(slot);
  const { steps, depth } = machine;
  machine.steps = stepLimit;
  let value: Value;
  try {
    value = evaluateSlot(machine, slot);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    value = unknown("it is nested too deeply");
  } finally {
    machine.active.pop();
    machine.steps = steps;
    machine.depth = depth;
    slot.state = "empty";
  }
  if (!machine.uncertain.delete(slot)) {
    slot.state = "done";
    slot.value = value;
  }
  return value;
}

function evaluateSlot(machine: Machine, slot: Slot): Value {
  const { module, declarations } = slot;
  if (declarations.length === 0) return undefined;
  let value: Value;
  // An overloaded function has several declarations, and the one with a body counts; a class may have a namespace beside it.
  for (const declaration of declarations) {
    const one = evaluateDeclaration(machine, module, slot.name, declaration);
    if (one === undefined && value !== undefined) continue;
    if (isKind(value, "class") || isKind(value, "function")) {
      if (isKind(one, "object")) for (const [name, member] of one.props) value.props.set(name, member);
      else value = one;
    } else if (isKind(value, "object") && isKind(one, "object")) {
      for (const [name, member] of one.props) value.props.set(name, member);
    } else value = one;
  }
  for (const chunk of module.changes.get(slot.name) ?? []) {
    const scope = childScope(fileScope(machine, module, chunk));
    declare(scope, slot.name, value);
    execute(chunk.statement, scope);
    value = findVariable(scope, slot.name)!.value;
  }
  return value;
}

function evaluateDeclaration(machine: Machine, module: Module, name: string, declaration: Declaration): Value {
  const scope = fileScope(machine, module, declaration.chunk);
  switch (declaration.kind) {
    case "variable": {
      const { node } = declaration;
      if (node.name.kind === declaration.nameNode?.kind) return node.initializer ? evaluate(node.initializer, scope) : undefined;
      let whole = machine.initialisers.get(node);
      if (!whole) {
        machine.initialisers.set(node, (whole = newSlot(module, `\0${name}`, [{ kind: "expression", node: node.initializer!, chunk: declaration.chunk }])));
      }
      const bound = childScope(scope);
      bindPattern(node.name, node.initializer ? read(machine, whole) : undefined, bound);
      return bound.variables.get(name)?.value;
    }
    case "function":
      return declaration.node.body ? functionValue(declaration.node, scope) : undefined;
    case "class":
      return makeClass(declaration.node, scope);
    case "enum":
      return evaluateEnum(declaration.node, scope);
    case "namespace":
      return evaluateNamespace(declaration.node, scope);
    case "import":
      return importValue(machine, module, declaration.specifier, declaration.imported, placeOf(declaration.nameNode ?? declaration.chunk.statement, scope));
    case "expression":
      return evaluate(declaration.node, scope);
  }
}

export function functionValue(node: t.FunctionLikeDeclaration, scope: FunctionValue["scope"]): FunctionValue {
  return { kind: "function", node, scope, props: new Map() };
}

/** What `import { imported } from "specifier"` gives; the whole namespace without a name. */
export function importValue(machine: Machine, from: Module, specifier: string, imported: string | undefined, place: Place): Value {
  const target = machine.resolver.resolve(from.path, specifier);
  if (target.kind === "known") return imported === undefined ? knownModule(target.name) : knownExport(target.name, imported);
  if (target.kind === "external") return imported === undefined ? externalModule(specifier, place) : unknown(`"${imported}" comes from "${specifier}", which is ${specifier.startsWith(".") ? "not there" : "not part of the project"}`, place);
  const module = moduleAt(machine, target.path);
  if (!module) return unknown(`"${specifier}" cannot be read`, place);
  if (imported === undefined) return { kind: "namespace", file: target.path };
  return exportValue(machine, module, imported) ?? unknown(`"${specifier}" does not export "${imported}"`, place);
}

function externalModule(specifier: string, place: Place): Value {
  return unknown(`"${specifier}" is not part of the project`, place);
}

/** The value under which a module exports `name`. */
export function exportValue(machine: Machine, module: Module, name: string): Value {
  const found = findExport(machine, module, name);
  if (!found) return undefined;
  return found.kind === "slot" ? read(machine, found.slot) : found.value;
}

export type Found = { readonly kind: "slot"; readonly slot: Slot } | { readonly kind: "value"; readonly value: Value };

/** Where the export `name` leads, through re-exports and `export *`. */
export function findExport(machine: Machine, module: Module, name: string, seen: Set<Module> = new Set()): Found | undefined {
  if (seen.has(module)) return undefined;
  seen.add(module);
  read(machine, exportSlot(module, name));
  const direct = module.exports.get(name);
  if (direct) {
    if (direct.kind === "local") return { kind: "slot", slot: localSlot(module, direct.local) };
    const target = machine.resolver.resolve(module.path, direct.specifier);
    if (target.kind === "known") return { kind: "value", value: direct.kind === "namespace" ? knownModule(target.name) : knownExport(target.name, direct.imported) };
    if (target.kind === "external") return { kind: "value", value: unknown(`"${direct.specifier}" is not part of the project`) };
    const next = moduleAt(machine, target.path);
    if (!next) return undefined;
    if (direct.kind === "namespace") return { kind: "value", value: { kind: "namespace", file: next.path } };
    return findExport(machine, next, direct.imported, direct.imported === name ? seen : new Set([module]));
  }
  if (name === "default") return undefined;
  read(machine, exportSlot(module, "*"));
  for (const specifier of module.stars) {
    const target = machine.resolver.resolve(module.path, specifier);
    if (target.kind === "known") {
      const value = knownExport(target.name, name);
      if (!isKind(value, "unknown")) return { kind: "value", value };
    }
    if (target.kind !== "file") continue;
    const next = moduleAt(machine, target.path);
    const found = next && findExport(machine, next, name, seen);
    if (found) return found;
  }
  return undefined;
}

/** All names that a module exports, in order of its statements, each once. */
export function exportNames(machine: Machine, module: Module, seen: Set<Module> = new Set()): ReadonlySet<string> {
  const names = new Set<string>();
  if (seen.has(module)) return names;
  seen.add(module);
  for (const name of module.exports.keys()) names.add(name);
  for (const specifier of module.stars) {
    const target = machine.resolver.resolve(module.path, specifier);
    const next = target.kind === "file" ? moduleAt(machine, target.path) : undefined;
    if (next) for (const name of exportNames(machine, next, seen)) if (name !== "default") names.add(name);
  }
  return names;
}

/** A namespace as an object, for spreads and Object.entries. */
export function namespaceObject(machine: Machine, file: string): Value {
  const module = moduleAt(machine, file);
  if (!module) return unknown("the module cannot be read");
  return objectOf([...exportNames(machine, module)].map((name) => [name, exportValue(machine, module, name)] as const));
}

/** Follows `export default` of a config or a single value. */
export function defaultExport(machine: Machine, module: Module): Value {
  return module.exports.has("default") ? exportValue(machine, module, "default") : module.locals.has(defaultLocal) ? read(machine, localSlot(module, defaultLocal)) : undefined;
}
