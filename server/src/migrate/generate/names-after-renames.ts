// The keys, constraints and indexes of a renamed table keep their names in the database, while the owner's tool makes them up
// from the new one: where the code leaves them unnamed they are renamed too, or the tool would drop them by a name that they
// do not have.
import { foreignKeyNameOf, indexNameOf, primaryKeyNameOf, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import type { Change } from "../../model/change";
import type { ForeignKey, Index, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";

/** `before` has the renames already. */
export function namesAfterRenames(renames: readonly Change[], before: SchemaModel, after: SchemaModel): readonly Change[] {
  const renamed = new Set(renames.flatMap((change) => (change.kind === "rename-table" ? [tableKey(change.to)] : change.kind === "rename-column" ? [tableKey(change.table)] : [])));
  if (renamed.size === 0 || before.dialect !== "postgresql") return [];
  const wanted = new Map(after.tables.map((table) => [tableKey(table.name), table]));
  const taken = new Set(before.tables.flatMap(namesIn));
  return before.tables.flatMap((table) => {
    const other = wanted.get(tableKey(table.name));
    return other ? namesOf(table, other, { renamed, wanted, taken, after }) : [];
  });
}

interface Renamed {
  readonly renamed: ReadonlySet<string>;
  readonly wanted: ReadonlyMap<string, Table>;
  /** Names of everything, since those of indexes are common to a schema. */
  readonly taken: Set<string>;
  readonly after: SchemaModel;
}

/** Of a table that refers to a renamed one, its foreign keys to that. */
function namesOf(table: Table, other: Table, { renamed, wanted, taken, after: { source } }: Renamed): readonly Change[] {
  const own = renamed.has(tableKey(table.name));
  const changes: Change[] = [];
  const rename = (from: string | undefined, made: string | undefined, change: (from: string, to: string) => Change): void => {
    const to = made === undefined ? undefined : storedName(made, "postgresql");
    if (from === undefined || to === undefined || from === to || taken.has(to)) return;
    taken.add(to);
    changes.push(change(from, to));
  };
  const constraint = (from: string, to: string): Change => ({ kind: "rename-constraint", table: table.name, from, to });
  for (const key of other.foreignKeys) {
    if (!key.enforced || (!own && !renamed.has(tableKey(key.references.table)))) continue;
    const standing = table.foreignKeys.find((one) => one.enforced && target(one) === target(key));
    rename(standing?.name, foreignKeyNameOf(key, other, source, "postgresql", wanted.get(tableKey(key.references.table))), constraint);
  }
  if (!own) return changes;
  const { primaryKey } = other;
  if (primaryKey && list(table.primaryKey?.columns) === list(primaryKey.columns)) rename(table.primaryKey?.name, primaryKeyNameOf(primaryKey, other, source), constraint);
  for (const unique of other.uniques) {
    const name = uniqueNameOf(unique, other, source);
    const standing = table.uniques.find(({ columns }) => list(columns) === list(unique.columns));
    if (standing) rename(standing.name, name, constraint);
    else renameIndex(table.indexes.find((index) => index.unique && !index.where && list(index.keys.map(({ column }) => column ?? "")) === list(unique.columns)), name);
  }
  // One that the code names is compared by its name.
  for (const index of other.indexes) if (index.name === undefined) renameIndex(table.indexes.find((one) => shape(one) === shape(index)), indexNameOf(index, other, source));
  return changes;

  function renameIndex(index: Index | undefined, name: string): void {
    if (index && index.constraint === undefined) rename(index.name, name, (_, to) => ({ kind: "rename-index", table: table.name, index, to }));
  }
}

function namesIn({ primaryKey, uniques, foreignKeys, indexes, checks, otherNames }: Table): readonly string[] {
  return [primaryKey, ...uniques, ...foreignKeys, ...indexes, ...checks].flatMap((part) => part?.name ?? []).concat(otherNames ?? []);
}

function target({ columns, references }: ForeignKey): string {
  return JSON.stringify([columns, tableKey(references.table), references.columns]);
}

function list(columns: readonly string[] | undefined): string {
  return JSON.stringify(columns);
}

/** An index of columns alone: no tool makes up the name of an expression. */
function shape({ unique, method, keys, where }: Index): string {
  return JSON.stringify([unique, method, keys.map(({ column, order }) => [column ?? "", order]), where !== undefined]);
}
