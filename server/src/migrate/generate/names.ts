// Gives every part that a change adds the name that the owner's tool would give it, and the shape in which that tool
// writes it: so the owner finds what it expects, and the inverse can name what it drops.
import { readableTable, readableColumn, readableIndex } from "../../dialects/postgres-schema";
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, recordedUniqueName, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import { nameIndexes } from "../../indexes/naming";
import type { Change } from "../../model/change";
import type { Index, QualifiedName, SchemaModel, SourceName, Table, Unique } from "../../model/schema";
import { tableKey } from "../../model/table-key";

export interface NamingContext {
  readonly before: SchemaModel;
  readonly after: SchemaModel;
  /** The setting `indexName`. */
  readonly indexName?: string;
  /** The changes were made up (a fix), and no code gives their indexes a name. */
  readonly given: boolean;
}

/** The same changes with names throughout. */
export function nameChanges(changes: readonly Change[], context: NamingContext): readonly Change[] {
  const { before, after, given, indexName } = context;
  const named = given ? nameIndexes(changes, before, indexName) : changes;
  const tables = { before: byName(before), after: byName(after) };
  return named.flatMap((change) => nameChange(change, tables, before.source, after.source));
}

type Tables = Readonly<Record<"before" | "after", ReadonlyMap<string, Table>>>;

function nameChange(change: Change, tables: Tables, had: SourceName, gets: SourceName): readonly Change[] {
  const of = (side: "before" | "after", name: QualifiedName): Table => tables[side].get(tableKey(name)) ?? tables[side === "before" ? "after" : "before"].get(tableKey(name)) ?? emptyTable(name);
  switch (change.kind) {
    case "add-table": return [{ ...change, table: namedTable(change.table, gets, tables.after) }];
    case "drop-table": return [{ ...change, table: namedTable(change.table, had, tables.before) }];
    case "add-column": return [{ ...change, column: readableColumn(change.column, of("after", change.table), gets) }];
    case "drop-column": return [{ ...change, column: readableColumn(change.column, of("before", change.table), had) }];
    case "alter-column-generation": return [{ ...change, from: readableColumn(change.from, of("before", change.table), had), to: readableColumn(change.to, of("after", change.table), gets) }];
    case "add-primary-key": return [{ ...change, primaryKey: { ...change.primaryKey, name: primaryKeyNameOf(change.primaryKey, of("after", change.table), gets) } }];
    case "drop-primary-key": return [{ ...change, primaryKey: { ...change.primaryKey, name: primaryKeyNameOf(change.primaryKey, of("before", change.table), had) } }];
    // Prisma makes unique indexes, not constraints.
    case "add-unique": return [gets === "prisma" ? { kind: "add-index", table: change.table, index: asIndex(uniqueOf(change.unique, of("after", change.table), gets)) } : { ...change, unique: addedUnique(change.unique, of("after", change.table), gets) }];
    case "drop-unique": return [had === "prisma" ? { kind: "drop-index", table: change.table, index: asIndex(uniqueOf(change.unique, of("before", change.table), had)) } : { ...change, unique: uniqueOf(change.unique, of("before", change.table), had) }];
    case "add-check": return [{ ...change, check: { ...change.check, name: checkNameOf(change.check, of("after", change.table)) } }];
    case "drop-check": return [{ ...change, check: { ...change.check, name: checkNameOf(change.check, of("before", change.table)) } }];
    case "add-foreign-key":
      if (!change.foreignKey.enforced) return [];
      return [{ ...change, foreignKey: { ...change.foreignKey, name: cut(foreignKeyNameOf(change.foreignKey, of("after", change.table), gets, "postgresql", of("after", change.foreignKey.references.table))) } }];
    case "drop-foreign-key":
      if (!change.foreignKey.enforced) return [];
      return [{ ...change, foreignKey: { ...change.foreignKey, name: cut(foreignKeyNameOf(change.foreignKey, of("before", change.table), had, "postgresql", of("before", change.foreignKey.references.table))) } }];
    case "add-index": return [{ ...change, index: indexOf(change.index, of("after", change.table), gets) }];
    case "drop-index": return [{ ...change, index: indexOf(change.index, of("before", change.table), had) }];
    case "alter-index": return [{ ...change, from: indexOf(change.from, of("before", change.table), had), to: indexOf(change.to, of("after", change.table), gets) }];
    default: return [change];
  }
}

function indexOf(index: Index, table: Table, source: SourceName): Index {
  return { ...readableIndex(index, source), name: cut(indexNameOf(index, table, source)) };
}

function uniqueOf(unique: Unique, table: Table, source: SourceName): Unique {
  return { ...unique, name: cut(uniqueNameOf(unique, table, source)) };
}

/** As its owner would add it to a table that stands. */
function addedUnique(unique: Unique, table: Table, source: SourceName): Unique {
  return uniqueOf(source === "drizzle" && table.ormVersion && unique.name === undefined ? { ...unique, name: recordedUniqueName(unique, table) } : unique, table, source);
}

/** A unique constraint as the index that enforces it. */
export function asIndex({ name, columns, nullsNotDistinct }: Unique): Index {
  return { name, method: "btree", unique: true, keys: columns.map((column) => ({ column, order: "asc" })), include: [], ...(nullsNotDistinct && { nullsNotDistinct }) };
}

/** The table with a name for all that has none yet. */
function namedTable(table: Table, source: SourceName, targets: ReadonlyMap<string, Table>): Table {
  return readableTable(table, source, targets);
}

function cut<Name extends string | undefined>(name: Name): Name {
  return (name === undefined ? name : storedName(name, "postgresql")) as Name;
}

function byName({ tables }: SchemaModel): ReadonlyMap<string, Table> {
  return new Map(tables.map((table) => [tableKey(table.name), table]));
}

function emptyTable(name: QualifiedName): Table {
  return { name, property: name.name, columns: [], uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true };
}
