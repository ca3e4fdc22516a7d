// Names within reach of a piece of code: those of the functions around it, then those of its file.
import type { ts as t } from "ts-morph";
import type { Chunk } from "./chunk";
import type { Machine } from "./machine";
import type { Module } from "./module";
import type { Place, Value } from "./values";

export interface Variable {
  value: Value;
}

export interface Scope {
  readonly machine: Machine;
  readonly module: Module;
  readonly chunk: Chunk;
  readonly parent?: Scope;
  readonly variables: Map<string, Variable>;
  /** `this`, where this scope is a function's that binds one. */
  readonly receiver?: { readonly value: Value };
  /** The call that this scope's function was entered by. */
  readonly caller?: Place;
}

/** The outermost scope of a statement: everything else is looked up in its file. */
export function fileScope(machine: Machine, module: Module, chunk: Chunk): Scope {
  return { machine, module, chunk, variables: new Map() };
}

export function childScope(parent: Scope): Scope {
  return { machine: parent.machine, module: parent.module, chunk: parent.chunk, parent, variables: new Map(), caller: parent.caller };
}

export function functionScope(parent: Scope, receiver: Scope["receiver"], caller: Place | undefined): Scope {
  return { machine: parent.machine, module: parent.module, chunk: parent.chunk, parent, variables: new Map(), receiver, caller };
}

export function declare(scope: Scope, name: string, value: Value): void {
  scope.variables.set(name, { value });
}

export function findVariable(scope: Scope, name: string): Variable | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const variable = at.variables.get(name);
    if (variable) return variable;
  }
  return undefined;
}

export function receiverOf(scope: Scope): Value {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.receiver) return at.receiver.value;
  return undefined;
}

export function placeOf(node: t.Node, scope: Scope): Place {
  return { chunk: scope.chunk, node, outer: scope.caller };
}

/** The same place, brought in by `outer`. */
export function broughtBy(place: Place | undefined, outer: Place): Place {
  if (!place) return outer;
  return { ...place, outer: place.outer ? broughtBy(place.outer, outer) : outer };
}

/** The innermost part of the place that stands in the statement; undefined where none does. */
export function placeWithin(place: Place | undefined, chunk: Chunk): Place | undefined {
  for (let at = place; at; at = at.outer) if (at.chunk === chunk) return at;
  return undefined;
}
