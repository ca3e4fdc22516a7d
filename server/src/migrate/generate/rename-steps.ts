// Renames in an order in which none meets a name that still stands: where two change places, one steps aside for a moment.
import { postgres } from "../../dialects/postgres";
import { shortened } from "../../indexes/naming";
import { inverse, type Change } from "../../model/change";
import type { QualifiedName } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { bare, type Step } from "./step";

type Rename = Extract<Change, { readonly kind: "rename-index" | "rename-constraint" }>;

export interface RenamesAmong {
  /** Names of indexes and constraints that this migration drops, by `nameKey`: what takes one of them waits until it is gone. */
  readonly dropped: ReadonlySet<string>;
  /** Types that get other values too, by their `tableKey`: those are told by the new names. */
  readonly altered: ReadonlySet<string>;
}

export function renameSteps(changes: readonly Change[], { dropped, altered }: RenamesAmong): readonly Step[] {
  const [others, parts] = [changes.filter((change) => !isOfPart(change)), changes.filter(isOfPart)];
  const late = (change: Rename): boolean => dropped.has(nameKey(change.table, change.to));
  return [
    ...others.map((change) => step(change, change.kind === "rename-enum-value" && altered.has(tableKey(change.name)) ? "values" : "structure")),
    ...inOrder(parts.filter((change) => !late(change))).map((change) => step(change, "structure")),
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

function step(change: Change, phase: Step["phase"]): Step {
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
