// One model block to its table, with the join tables that it owns. What it needs of other blocks it asks by name.
import type { Column, ColumnType, ForeignKey, Index, PrimaryKey, Problem, Relation, Table, Unique } from "../../model/schema";
import type { Declaration, EnumDeclaration, ModelDeclaration, SchemaFacts } from "./declaration";
import { defaultOf, filledByClient } from "./defaults";
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
  const problems: Problem[] = [...draft.problems];
  let complete = problems.length === 0;
  const range = (node: { readonly start: number; readonly end: number }) => rangeIn(place, node.start, node.end);
  const columns: Column[] = [];
  const relationFields: WaitingField[] = [];
  const targets: (ModelDeclaration | undefined)[] = [];

  const problem = (message: string, node: { readonly start: number; readonly end: number }): void => {
    problems.push({ message, at: range(node), table: own.table, kind: "syntax" });
    complete = false;
  };
  const table: Surroundings = { column: (field) => columnOfProperty(columns, field)?.name, columns: () => columns.map((column) => column.name), range, problem };

  let next = 0;
  for (const drafted of draft.columns) {
    if (drafted) {
      columns.push(drafted);
      continue;
    }
    const field = draft.waiting[next++]!;
    const declared = find(field.type.name);
    if (isRelation(field, declared)) {
      relationFields.push(field);
      targets.push(declared?.kind === "enum" ? undefined : declared);
    } else if (!declared) problem(`${field.type.name} is neither a type of Prisma nor declared`, typeSpan(field));
    else columns.push(declaredColumn(field, declared, place, facts));
  }

  let primaryKey: PrimaryKey | undefined;
  const uniques: Unique[] = [];
  const indexes: Index[] = [];
  const otherNames: string[] = [];
  const addUnique = (attribute: Attribute | PlainKey, of?: readonly string[]): void => {
    const made = uniqueOf(attribute, of, table);
    if ("unique" in made) uniques.push(made.unique);
    else indexes.push(made.index);
  };
  for (const { attribute, field } of draft.keys) {
    const column = table.column(field);
    if (column === undefined) continue;
    if (attribute.name === "id") primaryKey = primaryKeyOf(attribute, [column], table);
    else addUnique(attribute, [column]);
  }
  for (const one of draft.attributes) {
    switch (one.name) {
      case "id": primaryKey = primaryKeyOf(one, undefined, table); break;
      case "unique": addUnique(one); break;
      case "index": indexes.push(indexOf(one, table)); break;
      // Serves full-text search of MySQL and MongoDB alone, never a lookup or an order: only its name counts.
      case "fulltext": {
        const name = stringArgument(one as Attribute, "map");
        if (name !== undefined) otherNames.push(name);
        break;
      }
      case "map":
      case "schema":
      case "ignore":
      case "shardKey": break;
      default: problem(`Prisma knows no attribute @@${one.name}`, one);
    }
    if ("closed" in one && !one.closed && !argument(one, "fields", 0)) complete = false;
  }

  const foreignKeys: ForeignKey[] = [];
  const relations: Relation[] = [];
  const joinTables: Table[] = [];
  for (let at = 0; at < relationFields.length; at++) {
    const field = relationFields[at]!;
    const target = targets[at];
    if (!target) problems.push({ message: `There is no model ${field.type.name}`, at: range(typeSpan(field)), table: own.table, kind: "syntax" });
    const key = foreignKeyOf(field, target, (name) => columnOfProperty(columns, name)?.nullable ?? true, table, facts);
    if (key) {
      foreignKeys.push(key);
      if (language === "prisma-next" && !field.relation?.refusesIndex) indexes.push(indexWith(key));
    }
    if (!target) continue;
    relations.push(relationOf(field, target, key, range(field)));
    if (key || !field.type.list || !target.isTable || facts.dialect === "mongodb") continue;
    const join = joinRelation(field, own, target);
    if (join) joinTables.push(joinTable(join.name, own, target, range(field), facts));
  }
  // A field that lost its type or its last attribute may be the key that seems to be missing.
  if (!primaryKey && !draft.wellFormed) complete = false;
  return {
    table: {
      name: own.table, property: draft.name.text, columns: kept(columns), primaryKey, uniques: kept(uniques), foreignKeys: kept(foreignKeys), indexes: kept(indexes), checks: none,
      relations: kept(relations), complete,
      ...(otherNames.length > 0 ? { otherNames } : {}),
      at: rangeIn(place, 0, draft.length), nameAt: range(draft.name),
    },
    joinTables: kept(joinTables),
    problems: kept(problems),
  };
}

/** A list without the room that it grew into. */
function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice();
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
  const filled = field.hasDefault ? defaultOf(field.default, facts.dialect, enumeration ? `"${enumeration.type.name}"[]` : type.name, enumeration?.values) : field.updatedAt ? filledByClient : undefined;
  return columnOf(field, type, filled, place);
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
