// The part of a database that a migration concerns, so that its proof need not make the rest: the tables that it changes or
// names, and those that a foreign key joins to them in either direction. Where that is in doubt, there is no such part.
import type { Change } from "../../model/change";
import type { SchemaModel, Table, View } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { applyChanges } from "../generate/apply";

export interface Concerned {
  readonly before: SchemaModel;
  readonly wanted: SchemaModel;
  /** How many tables stand in `before`, of how many. */
  readonly tables: number;
  readonly of: number;
}

/** `changes` and `texts`: all that the migration does, and all of its SQL; `wanted`: what it is to lead to. Undefined: the whole database is needed, or nearly so. */
export function concernedBy(before: SchemaModel, changes: readonly Change[], wanted: SchemaModel, texts: readonly string[]): Concerned | undefined {
  const after = applyChanges(before, changes);
  // An enum may serve any table, and so may a sequence; a view may read any.
  if (before.enums !== after.enums || before.sequences !== after.sequences || before.views?.length !== after.views?.length || before.views?.some((view, at) => view !== after.views![at])) return undefined;
  const words = wordsOf(texts);
  // What no change concerns is the same object.
  const standing = new Set(before.tables), following = new Set(after.tables);
  const both = [...before.tables, ...after.tables.filter((table) => !standing.has(table))];
  const concerned = new Set<string>();
  for (const table of both) if (!standing.has(table) || !following.has(table) || namesOf(table).some((name) => words.has(name))) concerned.add(tableKey(table.name));
  const near = new Set(concerned);
  for (const table of both) {
    const key = tableKey(table.name);
    for (const { references } of table.foreignKeys) {
      const other = tableKey(references.table);
      if (concerned.has(key)) near.add(other);
      if (concerned.has(other)) near.add(key);
    }
    for (const { reads = [] } of table.rowSecurity?.policies ?? [])
      for (const read of reads) {
        if (concerned.has(key)) near.add(tableKey(read.table));
        if (concerned.has(tableKey(read.table))) near.add(key);
      }
  }
  withFamilies(both, near);
  const restricted = (model: SchemaModel): SchemaModel => ({ ...model, tables: model.tables.filter(({ name }) => near.has(tableKey(name))).map((table) => withinOnly(table, near)) });
  const part = restricted(before);
  if (part.tables.length * 2 > before.tables.length) return undefined;
  return { before: part, wanted: restricted(wanted), tables: part.tables.length, of: before.tables.length };
}

/** Of the views that stand, those that the texts name, and what they read in turn. */
export function concernedViews({ views = [] }: SchemaModel, texts: readonly string[]): readonly View[] {
  const words = wordsOf(texts);
  const kept = new Set(views.filter(({ name }) => words.has(name.name)));
  for (const view of kept) for (const use of view.uses ?? []) for (const other of views) if (tableKey(other.name) === tableKey(use.name)) kept.add(other);
  return [...kept];
}

/** Every word and every quoted name; words as PostgreSQL folds them too. */
function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [, quoted, word] of text.matchAll(/"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)/gu)) {
      if (quoted !== undefined) words.add(quoted.replaceAll('""', '"'));
      else words.add(word!).add(word!.toLowerCase());
    }
  }
  return words;
}

/** Of the table and of what lies beside it under a name of its own: a migration that makes another of that name must meet it. */
function namesOf({ name: { name }, indexes, uniques, primaryKey, columns, otherNames }: Table): readonly string[] {
  const unnamed = uniques.flatMap((unique) => (unique.name === undefined ? [[name, ...unique.columns, "key"].join("_")] : []));
  return [name, `${name}_pkey`, ...columns.flatMap((column) => [`${name}_${column.name}_seq`, column.sequence ?? []].flat()), ...[...indexes, ...uniques, ...(primaryKey ? [primaryKey] : [])].flatMap((one) => one.name ?? []), ...unnamed, ...(otherNames ?? [])];
}

/** Partitions and what they belong to are one thing. */
function withFamilies(tables: readonly Table[], near: Set<string>): void {
  for (let size = -1; size !== near.size; ) {
    size = near.size;
    for (const { name, partitionOf } of tables) {
      if (!partitionOf) continue;
      const [child, parent] = [tableKey(name), tableKey(partitionOf)];
      if (near.has(child)) near.add(parent);
      if (near.has(parent)) near.add(child);
    }
  }
}

/** Without the foreign keys that lead out: none of them is the migration's, whose own lead to what is near. */
function withinOnly(table: Table, near: ReadonlySet<string>): Table {
  const kept = table.foreignKeys.filter(({ references }) => near.has(tableKey(references.table)));
  return kept.length === table.foreignKeys.length ? table : { ...table, foreignKeys: kept };
}
