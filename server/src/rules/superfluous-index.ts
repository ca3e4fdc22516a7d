// What index/duplicate, equals-primary-key, on-unique and redundant share: an index that another one replaces, with
// the fix that removes it. Which kind it is, each index is told once: indexes/redundancy.ts decides.
import { redundancies, type IndexLike, type Redundancy } from "../indexes/redundancy";
import type { Index, Table } from "../model/schema";
import { indexLabel, indexPlace, keyColumns, likeLabel, likePlace } from "./indexes";
import type { Detection, RuleContext } from "./rule";

/** A detection for each superfluous index of that kind. `because` completes "The index x on orders …". */
export function superfluousIndexes(kind: Redundancy["kind"], table: Table, context: RuleContext, because: (by: IndexLike, index: Index | undefined) => string): readonly Detection[] {
  const all = redundancies(table, context.schema);
  if (all.length === 0) return none;
  const detections: Detection[] = [];
  for (const found of all) {
    if (found.kind !== kind) continue;
    const related = likePlace(found.by);
    const common = { related: related ? [{ at: related, message: `${likeLabel(found.by)} stays` }] : [] };
    if ("unique" in found) {
      const { unique } = found;
      const label = unique.name ?? `on ${unique.columns.join(", ")}`;
      detections.push({
        ...common,
        message: `The unique constraint ${label} of ${table.name.name} ${because(found.by, undefined)} Remove it.`,
        at: indexPlace(unique, table),
        columns: unique.columns,
        name: unique.name,
        fixes: [{ title: `Remove the unique constraint ${label}`, changes: [{ kind: "drop-unique", table: table.name, unique }], preferred: true }],
      });
    } else {
      const { index } = found;
      detections.push({
        ...common,
        message: `The ${indexLabel(index)} of ${table.name.name} ${because(found.by, index)} Remove it.`,
        at: indexPlace(index, table),
        columns: keyColumns(index),
        name: index.name,
        fixes: [{ title: `Remove the ${indexLabel(index)}`, changes: [{ kind: "drop-index", table: table.name, index }], preferred: true }],
      });
    }
  }
  return detections;
}

const none: readonly never[] = [];
