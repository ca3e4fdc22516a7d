// The columns of the catalogue's document: types by their names, defaults, and which column counts by a sequence.
import { sqlWords } from "../../indexes/expression-text";
import type { Column, ColumnType, QualifiedName } from "../../model/schema";
import { ownSequenceOptions, type SequenceOptions } from "../../model/sequence";
import { postgresName } from "../../indexes/name-length";
import type { CatalogueSection } from "./catalogue";
import { collationNames } from "./collations";
import { expressionOf } from "./expression";
import { rows, type Document } from "./section";

/** A column, and what its indexes are judged by. */
export interface CatalogueColumn {
  readonly column: Column;
  /** Oid of its type; of the type below, for a domain. */
  readonly type: number;
  /** Oid of its collation; 0 for none and for the database's default one. */
  readonly collation: number;
}

export interface CatalogueColumns {
  /** By the table's oid, then by attnum; holes where columns were dropped. */
  readonly byTable: ReadonlyMap<number, readonly CatalogueColumn[]>;
  /** "table's oid, attnum" of the columns whose sequence is a part of them: identity and serial ones. */
  readonly countedBySequences: ReadonlySet<string>;
}

interface TypeEntry {
  readonly type: ColumnType;
  readonly base: number;
  readonly collation: number;
}

/** As the section has them; the options where they are not PostgreSQL's default. */
export type SequenceRow = [schema: number, name: string, type: string, table: number | null, column: number | null, options: SequenceOptions | null];

interface OwnedSequence {
  readonly name: QualifiedName;
  readonly options: SequenceOptions | null;
}

type Named = (schema: number, name: string) => QualifiedName;

/** `enums` by the oid of their type. */
export function catalogueColumns(document: Document<CatalogueSection>, enums: ReadonlyMap<number, QualifiedName>, named: Named): CatalogueColumns {
  const types = typesOf(document, enums);
  const collations = collationNames(document);
  const defaults = byColumn(rows<[table: number, number: number, sql: string | null]>(document.defaults), ([table, number, sql]) => [table, number, sql]);
  const sequences = byColumn(rows<SequenceRow>(document.sequences), ([schema, name, , table, number, options]) => [table ?? 0, number ?? 0, { name: named(schema, name), options }]);
  const tableNames = new Map(rows<[oid: number, schema: number, name: string]>(document.relations).map(([oid, , name]) => [oid, name]));
  const byTable = new Map<number, CatalogueColumn[]>();
  const countedBySequences = new Set<string>();
  const computed: { readonly list: CatalogueColumn[]; readonly number: number; readonly sql: string | null }[] = [];
  let last = -1;
  let list: CatalogueColumn[] = [];
  let tableDefaults: readonly (string | null)[] | undefined;
  let tableSequences: readonly OwnedSequence[] | undefined;
  for (const row of rows<[table: number, number: number, name: string, type: number, modifier: number, flags: string, collation: number | null]>(document.columns)) {
    // By index, because taking an array apart goes through its iterator.
    const table = row[0], number = row[1], name = row[2], typeOid = row[3], flags = row[5], collation = row[6];
    // Mostly the columns of a table come together.
    if (table !== last) {
      last = table;
      list = byTable.get(table) ?? [];
      byTable.set(table, list);
      tableDefaults = defaults.get(table);
      tableSequences = sequences.get(table);
    }
    const entry = types.get(typeOid)?.get(row[4]) ?? unknownType;
    const sql = tableDefaults?.[number];
    const sequence = tableSequences?.[number];
    const generated = generatedBy(flags, sql, sequence?.name);
    if (sql !== undefined && (generated === "stored" || generated === "virtual")) computed.push({ list, number, sql });
    // Filled in one by one: a large database has tens of thousands.
    const column: Mutable<Column> = { name, property: name, type: entry.type, nullable: !flags.startsWith("n") };
    // A default mentions no column: https://www.postgresql.org/docs/current/sql-createtable.html
    if (sql !== undefined && generated !== "serial") column.default = expressionOf(sql, noColumns);
    if (generated !== undefined) column.generated = generated;
    if (generated === "identity" && flags.includes("a")) column.identity = "always";
    if (generated === "identity" || generated === "serial") {
      countedBySequences.add(`${table} ${number}`);
      const plain = postgresName(tableNames.get(table) ?? "", name, "seq");
      if (sequence && sequence.name.name !== plain) column.sequence = sequence.name.name;
      const options = generated === "identity" && sequence?.options && ownSequenceOptions(entry.type.name, sequence.options);
      if (options) column.sequenceOptions = options;
    }
    if ((collation ?? 0) !== entry.collation) column.collation = collation === null ? "default" : (collations.get(collation) ?? "default");
    list[number] = { column, type: entry.base || typeOid, collation: collation ?? 0 };
  }
  for (const { list, number, sql } of computed) {
    const names = new Set(list.flatMap((each) => (each ? [each.column.name] : [])));
    list[number] = { ...list[number]!, column: { ...list[number]!.column, default: expressionOf(sql, names) } };
  }
  return { byTable, countedBySequences };
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

const noColumns: ReadonlySet<string> = new Set();

/** Values by the table's oid, then by attnum. */
function byColumn<Row, Value>(all: readonly Row[], place: (row: Row) => readonly [table: number, number: number, value: Value]): ReadonlyMap<number, readonly Value[]> {
  const found = new Map<number, Value[]>();
  for (const row of all) {
    const [table, number, value] = place(row);
    let list = found.get(table);
    if (!list) found.set(table, (list = []));
    list[number] = value;
  }
  return found;
}

const unknownType: TypeEntry = { type: { name: "unknown" }, base: 0, collation: 0 };

/** By the type's oid, then by its modifier. */
function typesOf(document: Document<CatalogueSection>, enums: ReadonlyMap<number, QualifiedName>): ReadonlyMap<number, ReadonlyMap<number, TypeEntry>> {
  const found = new Map<number, Map<number, TypeEntry>>();
  for (const [oid, modifier, name, element, base, collation] of rows<[oid: number, modifier: number, name: string, element: number | null, base: number | null, collation: number | null]>(document.types)) {
    const of = enums.get(oid) ?? enums.get(element ?? 0);
    let modified = found.get(oid);
    if (!modified) found.set(oid, (modified = new Map()));
    modified.set(modifier, { type: { name, ...(of && { enum: of }) }, base: base ?? 0, collation: collation ?? 0 });
  }
  return found;
}

/** `flags`: n for NOT NULL, then pg_attribute's attidentity (a, d) and attgenerated (s, v). */
function generatedBy(flags: string, sql: string | null | undefined, sequence: QualifiedName | undefined): Column["generated"] {
  if (flags.includes("s")) return "stored";
  if (flags.includes("v")) return "virtual";
  if (flags.includes("a") || flags.includes("d")) return "identity";
  return sequence && sql && isNextOf(sql, sequence) ? "serial" : undefined;
}

/** True for `nextval('…'::regclass)` of that very sequence, which is what serial stands for. */
function isNextOf(sql: string, sequence: QualifiedName): boolean {
  const argument = /^nextval\((E?)'((?:[^'\\]|''|\\\\)*)'::regclass\)$/s.exec(sql);
  if (!argument) return false;
  const text = argument[2]!.replaceAll("''", "'");
  const path = sqlWords(argument[1] ? text.replaceAll("\\\\", "\\") : text).map((word) => word.text);
  return path.at(-1) === sequence.name && (path.length === 1 || (path.length === 3 && path[0] === sequence.schema));
}
