// What is remembered between readings, and what it depends on. A slot is a name of a file with its value; a memo is
// something made from slots. When a statement changes, its slots and all that was made from their values are
// forgotten; a memo that read no more than names (of a referenced table, of its column) is kept where they are the same.
import type { Declaration, Module } from "./module";
import type { Value } from "./values";

export interface Slot {
  readonly kind: "slot";
  readonly module: Module;
  readonly name: string;
  declarations: readonly Declaration[];
  state: "empty" | "evaluating" | "done";
  value: Value;
  readonly dependents: Set<Slot | Memo<unknown>>;
}

export interface Memo<T> {
  readonly kind: "memo";
  state: "stale" | "check" | "done";
  value: T | undefined;
  /** Slots whose values went into it. */
  readonly full: Set<Slot>;
  /** Slots of which it read names alone: what it read, by property. */
  readonly soft: Map<Slot, Map<string, string>>;
}

export function newSlot(module: Module, name: string, declarations: readonly Declaration[]): Slot {
  return { kind: "slot", module, name, declarations, state: "empty", value: undefined, dependents: new Set() };
}

export function newMemo<T>(): Memo<T> {
  return { kind: "memo", state: "stale", value: undefined, full: new Set(), soft: new Map() };
}

/** Slots forgotten and memos put in doubt, in turn: a reader that remembers how far it has read needs to look at those alone. */
export type Journal = (Slot | Memo<unknown>)[];

/** Forgets the slot's value and everything made from it. */
export function forget(slot: Slot, journal: Journal): void {
  const waiting = [slot];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    journal.push(at);
    if (at.state === "done") at.state = "empty";
    at.value = undefined;
    const dependents = [...at.dependents];
    at.dependents.clear();
    for (const dependent of dependents) {
      if (dependent.kind === "slot") waiting.push(dependent);
      else {
        if (dependent.full.has(at)) dependent.state = "stale";
        else if (dependent.state === "done") dependent.state = "check";
        journal.push(dependent);
      }
    }
  }
}
