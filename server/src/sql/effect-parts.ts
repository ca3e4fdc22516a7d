// What the files that describe statements share: parts of an effect that are added up, the stronger lock and the heavier
// work winning.
import { lockModes, type FurtherTables, type LockMode, type StatementEffect } from "../model/migration";
import type { QualifiedName } from "../model/schema";

export type Work = StatementEffect["work"];

/** An effect, or the part of one that a clause has; what is left out is nothing. */
export interface EffectPart {
  readonly title?: string;
  readonly locks?: StatementEffect["locks"];
  readonly further?: StatementEffect["further"];
  readonly work?: Work;
  readonly transaction?: StatementEffect["transaction"];
  readonly index?: QualifiedName;
  readonly loss?: string;
  readonly creates?: readonly QualifiedName[];
}

/** Lightest first; "unknown" may be any of them. */
const works: readonly Work[] = ["nothing", "reads rows", "changes rows", "builds an index", "unknown", "rewrites the table"];

export function heavier(a: Work, b: Work): Work {
  return works.indexOf(a) >= works.indexOf(b) ? a : b;
}

export function locked(mode: LockMode, ...tables: readonly QualifiedName[]): StatementEffect["locks"] {
  return tables.map((table) => ({ table, mode }));
}

export function further(of: FurtherTables, mode: LockMode): NonNullable<StatementEffect["further"]> {
  return [{ of, mode }];
}

/** All parts in one; the titles are joined. */
export function combined(parts: readonly EffectPart[]): StatementEffect {
  const index = parts.find((part) => part.index)?.index;
  const loss = parts.flatMap((part) => part.loss ?? []).join(" ");
  const locks = strongest(parts.flatMap((part) => part.locks ?? []), ({ table }) => JSON.stringify([table.schema, table.name]));
  const elsewhere = strongest(parts.flatMap((part) => part.further ?? []), ({ of }) => of);
  return {
    title: parts.flatMap((part) => part.title ?? []).join(", "),
    locks,
    ...(elsewhere.length > 0 ? { further: elsewhere } : {}),
    work: parts.reduce<Work>((work, part) => heavier(work, part.work ?? "nothing"), "nothing"),
    transaction: parts.some((part) => part.transaction === "forbidden") ? "forbidden" : "any",
    ...(index ? { index } : {}),
    ...(loss ? { loss } : {}),
    creates: parts.flatMap((part) => part.creates ?? []),
  };
}

function strongest<Lock extends { readonly mode: LockMode }>(locks: readonly Lock[], identity: (lock: Lock) => string): readonly Lock[] {
  const kept = new Map<string, Lock>();
  for (const lock of locks) {
    const other = kept.get(identity(lock));
    if (!other || lockModes.indexOf(lock.mode) > lockModes.indexOf(other.mode)) kept.set(identity(lock), lock);
  }
  return [...kept.values()];
}
