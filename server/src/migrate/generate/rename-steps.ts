// Renames in an order in which none meets a name that still stands: where two change places, one steps aside for a moment.
import { postgres } from "../../dialects/postgres";
import { shortened } from "../../indexes/naming";
import { inverse, type Change } from "../../model/change";
import type { QualifiedName, SchemaModel } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { bare, type Step } from "./step";
import { namesInSchemas } from "./taken-names";

type Rename = Extract<Change, { readonly kind: "rename-index" | "rename-constraint" }>;

/** Of schemas, types, sequences, tables, columns and values, `before` which they are as it has them: what else is done is told of the new names. */
export function newNameSteps(changes: readonly Change[], before: SchemaModel): readonly Step[] {
  const taken = new Set(namesInSchemas(before).map(({ owner, name }) => tableKey({ ...owner, name })));
  return changes.filter((change) => !isOfPart(change)).flatMap((change) => {
    if ((change.kind !== "rename-table" && change.kind !== "rename-enum" && change.kind !== "rename-sequence") || change.from.name === change.to.name || tableKey({ ...change.to, name: change.from.name }) === tableKey(change.from)) return [step(change)];
    // By way of a name that is free.
    const there = { ...change.to, name: change.from.name };
    const between = taken.has(tableKey(there)) ? { ...change.from, name: change.to.name } : there;
    return [step({ ...change, to: between }), step({ ...change, from: between })];
  });
}

/** Of indexes and constraints. `dropped`: names that this migration drops, by `nameKey`: what takes one of them waits until it is gone. */
export function renameSteps(changes: readonly Change[], dropped: ReadonlySet<string>): readonly Step[] {
  const parts = changes.filter(isOfPart);
  const late = (change: Rename): boolean => dropped.has(nameKey(change.table, change.to));
  return [
    ...inOrder(parts.filter((change) => !late(change))).map((change) => step(change)),
    ...inOrder(parts.filter(late)).map((change) => step(change, "remove")),
  ];
}

/** Indexes share the names of their schema; that foreign keys share theirs with their table alone costs a needless step at the most. */
export function nameKey({ schema }: QualifiedName, name: string): string {
  return JSON.stringify([schema ?? "public", name]);
}

function isOfPart(change: Change): change is Rename {
  return change.kind === "rename-index" || change.kind === "rename-constraint";
}

function step(change: Change, phase: Step["phase"] = "structure"): Step {
  return { phase, up: bare(postgres.sql(change)), down: bare(postgres.sql(inverse(change))), changes: [change], title: "rename" };
}

function inOrder(changes: readonly Rename[]): readonly Rename[] {
  const pending = [...changes];
  const ordered: Rename[] = [];
  while (pending.length > 0) {
    const standing = new Set(pending.map((change) => nameKey(change.table, nameOf(change))));
    const free = pending.findIndex((change) => !standing.has(nameKey(change.table, change.to)));
    const [next] = pending.splice(Math.max(0, free), 1);
    if (free >= 0) {
      ordered.push(next!);
      continue;
    }
    const aside = shortened(`${next!.to}_renamed`);
    ordered.push({ ...next!, to: aside });
    pending.push(next!.kind === "rename-index" ? { ...next!, index: { ...next!.index, name: aside } } : { ...next!, from: aside });
  }
  return ordered;
}

function nameOf(change: Rename): string {
  return change.kind === "rename-index" ? change.index.name ?? "" : change.from;
}
