// What a partition has from its parent comes and goes with the parent's: https://www.postgresql.org/docs/current/ddl-partitioning.html
// Compared on its own it would be made twice.
import type { Change } from "../../model/change";
import type { ForeignKey, Index, QualifiedName, Table, Unique } from "../../model/schema";
import { tableKey } from "../../model/table-key";

type Tables = ReadonlyMap<string, Table>;

/** The changes that partitions do not get from their parents. `had` and `has` are the tables of both sides by `tableKey`. */
export function withoutInherited(changes: readonly Change[], had: Tables, has: Tables): readonly Change[] {
  const said = new Set(changes.flatMap((change) => columnChange(change) ?? []));
  return changes.filter((change) => {
    if (!("table" in change) || "columns" in change.table) return true;
    const name = change.table;
    const parents = [had, has].map((tables) => parentOf(name, tables));
    if (!parents[0] || !parents[1]) return true;
    const [before, after] = parents as [Table, Table];
    const own = columnChange(change);
    if (own !== undefined) return !said.has(own.replace(tableKey(name), tableKey(after.name)));
    return !isOf(change, change.kind.startsWith("drop") ? before : after);
  });
}

function parentOf(name: QualifiedName, tables: Tables): Table | undefined {
  const parent = tables.get(tableKey(name))?.partitionOf;
  const found = parent && tables.get(tableKey(parent));
  return found?.kind === "partitioned table" ? found : undefined;
}

/** What may differ from partition to partition goes along only where the parent has the very change. */
function columnChange(change: Change): string | undefined {
  switch (change.kind) {
    case "alter-column-type":
    case "alter-column-nullability":
    case "alter-column-default": return `${tableKey(change.table)} ${change.kind} ${change.column}`;
    case "alter-column-generation": return `${tableKey(change.table)} ${change.kind} ${change.to.name}`;
    default: return undefined;
  }
}

/** Whether `parent` has what the change makes or drops. */
function isOf(change: Change, parent: Table): boolean {
  switch (change.kind) {
    case "add-column":
    case "drop-column": return parent.columns.some(({ name }) => name === change.column.name);
    case "add-primary-key":
    case "drop-primary-key": return parent.primaryKey !== undefined;
    case "add-unique":
    case "drop-unique": return parent.uniques.some((unique) => uniqueness(unique) === uniqueness(change.unique));
    case "add-check":
    case "drop-check": return parent.checks.some(({ name }) => name === change.check.name);
    case "add-foreign-key":
    case "drop-foreign-key": return parent.foreignKeys.some((key) => target(key) === target(change.foreignKey));
    case "add-index":
    case "drop-index": return parent.indexes.some((index) => sameShape(index, change.index));
    case "alter-index": return parent.indexes.some((index) => sameShape(index, change.to));
    default: return false;
  }
}

function uniqueness({ columns, nullsNotDistinct }: Unique): string {
  return JSON.stringify([columns, nullsNotDistinct ?? false]);
}

function target({ columns, references }: ForeignKey): string {
  return JSON.stringify([columns, tableKey(references.table), references.columns]);
}

/** Alike in all but the name, as the index of a partition is like its parent's. */
export function sameShape(a: Index, b: Index): boolean {
  const shape = ({ method, unique, keys, include, where }: Index): string => JSON.stringify([method, unique, keys.map(({ column, expression, order, operatorClass }) => [column, expression?.sql, order, operatorClass]), include, where?.sql]);
  return shape(a) === shape(b);
}
