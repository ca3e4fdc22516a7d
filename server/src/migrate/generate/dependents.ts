// What a change takes along without saying so: the indexes and constraints of a dropped column, the foreign keys to a
// dropped table or key. Said as changes of their own, each has its inverse.
import type { Change } from "../../model/change";
import type { ColumnType, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { policiesOver } from "./policies";
import { isMetadataOnly } from "./types";

/** The same changes with those that come with them. */
export function withDependents(changes: readonly Change[], before: SchemaModel): readonly Change[] {
  const said = new Set(changes.map(keyOf));
  const more: Change[] = [];
  const add = (change: Change): void => {
    const key = keyOf(change);
    if (!said.has(key)) more.push(change);
    said.add(key);
  };
  const tables = new Map(before.tables.map((table) => [tableKey(table.name), table]));
  // New keys to the same columns: those that the changes make anyway are not made twice.
  const again = (drop: Change, known: boolean): void => void (!known && drop.kind === "drop-foreign-key" && more.push({ ...drop, kind: "add-foreign-key" }));
  const dropped = new Set(changes.flatMap((change) => (change.kind === "drop-table" ? [tableKey(change.table.name)] : [])));
  for (const change of changes) {
    if (change.kind === "drop-column") {
      droppedColumn(change.table, change.column.name, tables, dropped).forEach(add);
      for (const { table, policy } of policiesOver(before, [{ table: change.table, column: change.column.name }])) if (!dropped.has(tableKey(table))) add({ kind: "drop-policy", table, policy });
    }
    if (change.kind === "drop-table") for (const table of before.tables) if (!dropped.has(tableKey(table.name))) keysTo(table, change.table.name).forEach(add);
    if (change.kind === "alter-column-type" && !isCarriedOver(change.from, change.to))
      for (const table of before.tables.filter((one) => !dropped.has(tableKey(one.name))))
        for (const drop of keysOver(table, change.table, change.column)) { const known = said.has(keyOf(drop)); add(drop); again(drop, known); }
    const columns = change.kind === "drop-primary-key" ? change.primaryKey.columns : change.kind === "drop-unique" ? change.unique.columns : undefined;
    if (!columns || !("table" in change)) continue;
    const name = change.table as QualifiedName;
    // Another key of the same columns takes over.
    for (const table of before.tables)
      for (const drop of keysTo(table, name, columns)) {
        const known = said.has(keyOf(drop));
        add(drop);
        if (!dropped.has(tableKey(table.name))) again(drop, known);
      }
  }
  return [...changes.map((change) => (change.kind === "drop-table" ? { ...change, table: withoutKeys(change.table, more) } : change)), ...more];
}

/** Without the foreign keys that go before the table does. */
function withoutKeys(table: Table, changes: readonly Change[]): Table {
  const gone = new Set(changes.flatMap((change) => (change.kind === "drop-foreign-key" && tableKey(change.table) === tableKey(table.name) ? [change.foreignKey] : [])));
  return gone.size === 0 ? table : { ...table, foreignKeys: table.foreignKeys.filter((key) => !gone.has(key)) };
}

const integers = new Set(["smallint", "integer", "bigint"]);

/** Whether a foreign key holds while one of its columns has the new type and the other the old one. */
function isCarriedOver(from: ColumnType, to: ColumnType): boolean {
  return isMetadataOnly(from, to) || (integers.has(from.name) && integers.has(to.name));
}

/** Dropping the foreign keys from or to the column. */
function keysOver(table: Table, name: QualifiedName, column: string): readonly Change[] {
  const own = tableKey(table.name) === tableKey(name);
  return table.foreignKeys.filter((key) => key.enforced && ((own && key.columns.includes(column)) || (tableKey(key.references.table) === tableKey(name) && key.references.columns.includes(column)))).map((foreignKey): Change => ({ kind: "drop-foreign-key", table: table.name, foreignKey }));
}

function droppedColumn(name: QualifiedName, column: string, tables: ReadonlyMap<string, Table>, dropped: ReadonlySet<string>): readonly Change[] {
  const table = tables.get(tableKey(name));
  if (!table) return [];
  return [
    ...table.indexes.filter((index) => index.constraint === undefined && (index.include.includes(column) || index.keys.some((key) => key.column === column || key.expression?.columns.includes(column)) || index.where?.columns.includes(column))).map((index): Change => ({ kind: "drop-index", table: name, index })),
    ...table.foreignKeys.filter((key) => key.enforced && key.columns.includes(column)).map((foreignKey): Change => ({ kind: "drop-foreign-key", table: name, foreignKey })),
    ...table.uniques.filter(({ columns }) => columns.includes(column)).map((unique): Change => ({ kind: "drop-unique", table: name, unique })),
    ...table.checks.filter(({ expression }) => expression.columns.includes(column)).map((check): Change => ({ kind: "drop-check", table: name, check })),
    ...(table.primaryKey?.columns.includes(column) ? [{ kind: "drop-primary-key", table: name, primaryKey: table.primaryKey } as const] : []),
    ...[...tables.values()].filter((other) => !dropped.has(tableKey(other.name))).flatMap((other) => keysTo(other, name).filter((change) => change.kind === "drop-foreign-key" && change.foreignKey.references.columns.includes(column))),
  ];
}

/** Dropping the foreign keys of `table` to another one, or to these columns of it. */
function keysTo(table: Table, target: QualifiedName, columns?: readonly string[]): readonly Change[] {
  const wanted = columns && [...columns].sort().join("\0");
  return table.foreignKeys.filter((key) => key.enforced && tableKey(key.references.table) === tableKey(target) && (wanted === undefined || [...key.references.columns].sort().join("\0") === wanted)).map((foreignKey): Change => ({ kind: "drop-foreign-key", table: table.name, foreignKey }));
}

/** By what is dropped, names apart: the same part may be named here and unnamed there. */
function keyOf(change: Change): string {
  const table = "table" in change && "schema" in change.table ? tableKey(change.table) : "";
  switch (change.kind) {
    case "drop-index": return JSON.stringify([change.kind, table, change.index.name ?? change.index.keys]);
    case "alter-index": return JSON.stringify(["drop-index", table, change.from.name ?? change.from.keys]);
    case "drop-foreign-key": return JSON.stringify([change.kind, table, change.foreignKey.columns, tableKey(change.foreignKey.references.table), change.foreignKey.references.columns]);
    case "drop-unique": return JSON.stringify([change.kind, table, [...change.unique.columns].sort()]);
    case "drop-check": return JSON.stringify([change.kind, table, change.check.expression.sql]);
    case "drop-primary-key": return JSON.stringify([change.kind, table]);
    case "drop-policy": return JSON.stringify([change.kind, table, change.policy.name]);
    case "alter-policy": return JSON.stringify(["drop-policy", table, change.from.name]);
    default: return JSON.stringify(change);
  }
}
