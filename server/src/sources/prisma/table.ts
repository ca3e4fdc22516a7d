// One model block to its table, with the join tables that it owns. What it needs of other blocks it asks by name.
import type { Column, ColumnType, ForeignKey, Index, PrimaryKey, Problem, QualifiedName, Relation, SourceRange, Table, Unique } from "../../model/schema";
import type { Declaration, EnumDeclaration, ModelDeclaration, SchemaFacts } from "./declaration";
import { defaultOf, filledByClient } from "./defaults";
import { GrowingList } from "./growing-list";
import { indexOf, primaryKeyOf, uniqueOf, type Surroundings } from "./indexes";
import { columnOf, type Draft, type WaitingField } from "./outline";
import { rangeIn, type Place } from "./place";
import type { PlainKey } from "./plain-key";
import { foreignKeyOf, joinRelation, joinTable, relationOf } from "./relations";
import { argument, none, stringArgument, type Attribute, type FieldType, type Span } from "./syntax";

export interface BuiltTable {
  readonly table: Table;
  readonly joinTables: readonly Table[];
  readonly problems: readonly Problem[];
}

/** Prisma Next, another dialect of the language: an index comes with each foreign key unless the relation refuses it. */
export type Language = "prisma" | "prisma-next";

/** The table of a model. `find` gives the declaration of a name, and is asked for every name that the table depends on. */
export function buildTable(draft: Draft, place: Place, own: ModelDeclaration, find: (name: string) => Declaration | undefined, facts: SchemaFacts, language: Language): BuiltTable {
  for (const list of allLists) list.clear();
  const table = new OpenTable(place, own.table);
  for (const problem of draft.problems) table.add(problem);
  addColumns(draft, table, find, facts);
  const primaryKey = addKeys(draft, table);
  addRelations(own, table, facts, language);
  // A field that lost its type or its last attribute may be the key that seems to be missing.
  if (!primaryKey && !draft.wellFormed) table.complete = false;
  const otherNames = lists.otherNames.taken();
  return {
    table: {
      name: own.table, property: draft.name.text, columns: table.all, primaryKey, uniques: lists.uniques.taken(), foreignKeys: lists.foreignKeys.taken(), indexes: lists.indexes.taken(), checks: none,
      relations: lists.relations.taken(), complete: table.complete,
      ...(otherNames.length > 0 ? { otherNames } : {}),
      at: rangeIn(place, 0, draft.length), nameAt: table.range(draft.name),
    },
    joinTables: lists.joinTables.taken(),
    problems: lists.problems.taken(),
  };
}

/** What the table that is being built consists of so far. */
const lists = {
  columns: new GrowingList<Column>(),
  relationFields: new GrowingList<WaitingField>(),
  /** Of each relation field. */
  targets: new GrowingList<ModelDeclaration | undefined>(),
  uniques: new GrowingList<Unique>(),
  indexes: new GrowingList<Index>(),
  otherNames: new GrowingList<string>(),
  foreignKeys: new GrowingList<ForeignKey>(),
  relations: new GrowingList<Relation>(),
  joinTables: new GrowingList<Table>(),
  problems: new GrowingList<Problem>(),
};

const allLists = Object.values(lists);

/** A table that is being built. A class, since closures over all of this would be made for each table. */
class OpenTable implements Surroundings {
  complete = true;
  all: readonly Column[] = none;

  constructor(readonly place: Place, private readonly name: QualifiedName) {}

  column(field: string): string | undefined {
    return columnOfProperty(this.all, field)?.name;
  }

  columns(): readonly string[] {
    return this.all.map((column) => column.name);
  }

  isNullable(field: string): boolean {
    return columnOfProperty(this.all, field)?.nullable ?? true;
  }

  range(node: { readonly start: number; readonly end: number }): SourceRange {
    return rangeIn(this.place, node.start, node.end);
  }

  problem(message: string, node: { readonly start: number; readonly end: number }): void {
    this.add({ message, at: this.range(node), table: this.name, kind: "syntax" });
  }

  add(problem: Problem): void {
    lists.problems.add(problem);
    this.complete = false;
  }
}

/** The columns, all of which keys and relations may ask for; what turns out to be a relation waits for them. */
function addColumns({ columns, waiting }: Draft, table: OpenTable, find: (name: string) => Declaration | undefined, facts: SchemaFacts): void {
  let next = 0;
  for (const drafted of columns) {
    if (drafted) {
      lists.columns.add(drafted);
      continue;
    }
    const field = waiting[next++]!;
    const declared = find(field.type.name);
    if (isRelation(field, declared)) {
      lists.relationFields.add(field);
      lists.targets.add(declared?.kind === "enum" ? undefined : declared);
    } else if (!declared) table.problem(`${field.type.name} is neither a type of Prisma nor declared`, typeSpan(field));
    else lists.columns.add(declaredColumn(field, declared, table.place, facts));
  }
  table.all = lists.columns.taken();
}

/** Uniques and indexes; returns the primary key. */
function addKeys({ keys, attributes }: Draft, table: OpenTable): PrimaryKey | undefined {
  let primaryKey: PrimaryKey | undefined;
  for (const { attribute, field } of keys) {
    const column = table.column(field);
    if (column === undefined) continue;
    if (attribute.name === "id") primaryKey = primaryKeyOf(attribute, [column], table);
    else addUnique(attribute, [column], table);
  }
  for (const one of attributes) {
    switch (one.name) {
      case "id": primaryKey = primaryKeyOf(one, undefined, table); break;
      case "unique": addUnique(one, undefined, table); break;
      case "index": lists.indexes.add(indexOf(one, table)); break;
      // Serves full-text search of MySQL and MongoDB alone, never a lookup or an order: only its name counts.
      case "fulltext": {
        const name = stringArgument(one as Attribute, "map");
        if (name !== undefined) lists.otherNames.add(name);
        break;
      }
      case "map":
      case "schema":
      case "ignore":
      case "shardKey": break;
      default: table.problem(`Prisma knows no attribute @@${one.name}`, one);
    }
    if ("closed" in one && !one.closed && !argument(one, "fields", 0)) table.complete = false;
  }
  return primaryKey;
}

function addUnique(attribute: Attribute | PlainKey, of: readonly string[] | undefined, table: OpenTable): void {
  const made = uniqueOf(attribute, of, table);
  if ("unique" in made) lists.uniques.add(made.unique);
  else lists.indexes.add(made.index);
}

/** Foreign keys, relations, and the join tables behind them. */
function addRelations(own: ModelDeclaration, table: OpenTable, facts: SchemaFacts, language: Language): void {
  const fields = lists.relationFields.taken();
  const targets = lists.targets.taken();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!;
    const target = targets[at];
    if (!target) lists.problems.add({ message: `There is no model ${field.type.name}`, at: table.range(typeSpan(field)), table: own.table, kind: "syntax" });
    const key = foreignKeyOf(field, target, table, facts);
    if (key) {
      lists.foreignKeys.add(key);
      if (language === "prisma-next" && !field.relation?.refusesIndex) lists.indexes.add(indexWith(key));
    }
    if (!target) continue;
    lists.relations.add(relationOf(field, target, key, table.range(field)));
    if (key || !field.type.list || !target.isTable || facts.dialect === "mongodb") continue;
    const join = joinRelation(field, own, target);
    if (join) lists.joinTables.add(joinTable(join.name, own, target, table.range(field), facts));
  }
}

function isRelation(field: WaitingField, declared: Declaration | undefined): boolean {
  if (!declared) return field.type.list || field.relation !== undefined;
  return declared.kind === "model" || declared.kind === "view";
}

function typeSpan(field: WaitingField): Span {
  return { start: field.typeStart, end: field.typeEnd };
}

/** A column whose type is an enum, or a composite type of MongoDB. */
function declaredColumn(field: WaitingField, declared: Declaration, place: Place, facts: SchemaFacts): Column {
  const enumeration = declared.kind === "enum" ? declared : undefined;
  const values = enumeration && facts.dialect !== "postgresql" && facts.dialect !== "cockroachdb" ? [...enumeration.values.values()] : undefined;
  const type = declaredType(field.type, enumeration, values, facts);
  const filled = field.hasDefault ? defaultOf(field.default, facts.dialect, enumeration ? `${writtenType(enumeration.type)}[]` : type.name, enumeration?.values) : field.updatedAt ? filledByClient : undefined;
  return columnOf(field, type, filled, place);
}

/** An enum's type as Prisma writes it in a default. */
function writtenType({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? `"${name}"` : `"${schema}"."${name}"`;
}

/** The type of a field whose type is an enum, or a composite type of MongoDB. */
function declaredType(type: FieldType, enumeration: EnumDeclaration | undefined, values: readonly string[] | undefined, facts: SchemaFacts): ColumnType {
  const base = enumeration ? enumType(enumeration.type.name, values, facts) : type.name;
  const name = type.list ? `${base}[]` : base;
  return !enumeration ? { name } : values ? { name, values } : { name, enum: enumeration.type };
}

function columnOfProperty(columns: readonly Column[], property: string): Column | undefined {
  for (const column of columns) if (column.property === property) return column;
  return undefined;
}

function enumType(name: string, values: readonly string[] | undefined, facts: SchemaFacts): string {
  if (!values) return name;
  if (facts.dialect === "mysql") return `enum(${values.map((value) => `'${value}'`).join(",")})`;
  return facts.dialect === "sqlite" ? "text" : name;
}

function indexWith(key: ForeignKey): Index {
  return { method: "btree", unique: false, keys: key.columns.map((column) => ({ column, order: "asc" })), include: [], at: key.at };
}
