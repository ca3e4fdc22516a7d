// What the rules about foreign keys say alike: how a key is written in a message, where its squiggle goes, what it
// points at. It judges nothing.
import type { RelatedPlace } from "../model/finding";
import type { ForeignKey, SourceName, SourceRange, Table } from "../model/schema";
import type { RuleContext } from "./rule";

/** `orders.client_id`, `orders(tenant_id, client_id)`. */
export function columnsOf(table: Pick<Table, "name">, columns: readonly string[]): string {
  return columns.length === 1 ? `${table.name.name}.${columns[0]}` : `${table.name.name}(${columns.join(", ")})`;
}

/** Keys of which no earlier one has the same columns: one index serves them all, so one finding does. */
export function distinctKeys(keys: readonly ForeignKey[]): readonly ForeignKey[] {
  for (let position = 1; position < keys.length; position++) if (isRepeated(keys, position)) return keys.filter((_, at) => !isRepeated(keys, at));
  return keys;
}

function isRepeated(keys: readonly ForeignKey[], position: number): boolean {
  const { columns } = keys[position]!;
  for (let before = 0; before < position; before++) if (haveSameColumns(keys[before]!.columns, columns)) return true;
  return false;
}

/** Those that are constraints. */
export function enforcedKeys({ foreignKeys }: Table): readonly ForeignKey[] {
  for (const key of foreignKeys) if (!key.enforced) return foreignKeys.filter(({ enforced }) => enforced);
  return foreignKeys;
}

/** In any order. */
function haveSameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && (a.length === 1 ? a[0] === b[0] : [...a].sort().join("\u0000") === [...b].sort().join("\u0000"));
}

/** Where the squiggle of a key goes: its declaration, else its first column, else the table. */
export function placeOf(foreignKey: ForeignKey, table: Table): SourceRange | undefined {
  return foreignKey.at ?? columnPlace(foreignKey.columns[0], table);
}

/** The name of a column in the code, else the table's. */
export function columnPlace(column: string | undefined, table: Table): SourceRange | undefined {
  const found = table.columns.find((each) => each.name === column);
  return found?.nameAt ?? found?.at ?? table.nameAt ?? table.at;
}

/** The referenced table's place, where it is known. */
export function related(foreignKey: ForeignKey, context: RuleContext): readonly RelatedPlace[] {
  const target = context.table(foreignKey.references.table);
  const at = target?.nameAt ?? target?.at;
  return target && at ? [{ at, message: `${target.name.name} is referenced` }] : [];
}

/** Behind the name of a key without an index: the index that nearly counts, where there is one. */
export function inBrackets(nearMiss: string | undefined): string {
  return nearMiss === undefined ? "" : ` (${nearMiss})`;
}

/** What a delete of a referenced row does without the index: "each delete in clients reads all of orders". */
export function describeDelete(foreignKey: ForeignKey, table: Table): string {
  const target = foreignKey.references.table.name;
  const reads = `each delete in ${target} reads all of ${table.name.name}`;
  switch (foreignKey.onDelete) {
    case "cascade": return `${reads} to find the rows to delete with it`;
    case "set null": return `${reads} to find the rows to set to NULL`;
    case "set default": return `${reads} to find the rows to set to their default`;
    case "no action":
    case "restrict": return `${reads} to make sure that none refers to it`;
  }
}

/** The actions that a key gets where the code names none. Prisma: https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/referential-actions#referential-action-defaults; elsewhere SQL's own. */
export function defaultActions(source: SourceName, nullable: boolean): Pick<ForeignKey, "onDelete" | "onUpdate"> {
  if (source !== "prisma") return { onDelete: "no action", onUpdate: "no action" };
  return { onDelete: nullable ? "set null" : "restrict", onUpdate: "cascade" };
}
