// Tells a foreign key that differs in its actions from one that is missing: a comparison gives the first as a drop beside an addition.
import type { ForeignKey, QualifiedName } from "../model/schema";
import type { SchemaPair } from "./rule";

/** Both sides of each foreign key that has other actions in the other schema, by `foreignKeyKey`. */
export function pairedActions(pair: SchemaPair): ReadonlyMap<string, { readonly table: QualifiedName; readonly left: ForeignKey; readonly right: ForeignKey }> {
  const dropped = new Map<string, ForeignKey>();
  for (const change of pair.changes) if (change.kind === "drop-foreign-key") dropped.set(foreignKeyKey(change.table, change.foreignKey), change.foreignKey);
  const paired = new Map<string, { table: QualifiedName; left: ForeignKey; right: ForeignKey }>();
  for (const change of pair.changes) {
    if (change.kind !== "add-foreign-key") continue;
    const left = dropped.get(foreignKeyKey(change.table, change.foreignKey));
    if (left) paired.set(foreignKeyKey(change.table, change.foreignKey), { table: change.table, left, right: change.foreignKey });
  }
  return paired;
}

/** Table, target and pairs of columns, in whatever order they were written. */
export function foreignKeyKey(table: QualifiedName, { columns, references }: ForeignKey): string {
  return JSON.stringify([table.name, references.table.name, columns.map((column, index) => `${column}>${references.columns[index]}`).sort()]);
}
