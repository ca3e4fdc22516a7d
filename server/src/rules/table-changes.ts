// Which tables of a schema are others than before.
import type { Table } from "../model/schema";

/** The tables of `before` that are gone and those of `after` that are new, told apart by identity. Costs little where most stand where they stood. */
export function tableChanges(before: readonly Table[], after: readonly Table[]): { readonly gone: readonly Table[]; readonly fresh: readonly Table[] } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [beforeEnd, afterEnd] = [before.length, after.length];
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--;
    afterEnd--;
  }
  const [old, now] = [before.slice(start, beforeEnd), after.slice(start, afterEnd)];
  if (old.length === 0 || now.length === 0) return { gone: old, fresh: now };
  const kept = new Set(now);
  const gone = old.filter((table) => !kept.has(table));
  if (gone.length === old.length) return { gone, fresh: now };
  const known = new Set(old);
  return { gone, fresh: now.filter((table) => !known.has(table)) };
}
