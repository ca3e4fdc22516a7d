// What other blocks see of a model or an enum: its name in the database, its columns, its relations. A table depends on
// the declarations that it names and on nothing else of their blocks, so that a comment in one model changes no other.
import type { DialectName, QualifiedName } from "../../model/schema";
import { argument, attribute, carriesKey, stringArgument, type Attribute, type Block, type Field, type Value } from "./syntax";
import { scalars, typeName } from "./types";

/** What the datasource and the Prisma version say about the whole schema. */
export interface SchemaFacts {
  readonly dialect: DialectName;
  /** False with relationMode = "prisma" and for MongoDB: relations make no constraints. */
  readonly enforced: boolean;
  /** What keeps the rows of an implicit join table apart. */
  readonly joinTableKey: "primary key" | "unique index";
}

export interface ColumnDeclaration {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

export interface RelationDeclaration {
  readonly field: string;
  /** Name of the model that it leads to. */
  readonly target: string;
  readonly list: boolean;
  /** As given in `@relation("…")`; empty without one. */
  readonly relation: string;
}

export interface ModelDeclaration {
  readonly kind: "model" | "view" | "type";
  readonly name: string;
  readonly table: QualifiedName;
  /** Views, composite types and models with `@@ignore` are no tables of the model. */
  readonly isTable: boolean;
  /** By field; of fields whose type is a scalar or may be an enum. */
  readonly columns: ReadonlyMap<string, ColumnDeclaration>;
  /** Fields of the primary key. */
  readonly id: readonly string[];
  readonly relations: readonly RelationDeclaration[];
  readonly signature: string;
}

export interface EnumDeclaration {
  readonly kind: "enum";
  readonly name: string;
  readonly type: QualifiedName;
  /** Names in the database, by names in the code. */
  readonly values: ReadonlyMap<string, string>;
  readonly signature: string;
}

export type Declaration = ModelDeclaration | EnumDeclaration;

/** What `block` declares; undefined for datasources and generators. Two declarations with one signature are the same to others. */
export function declarationOf(block: Block, facts: SchemaFacts): Declaration | undefined {
  switch (block.kind) {
    case "model":
    case "view":
    case "type": return modelDeclaration(block, block.kind, facts);
    case "enum": return enumDeclaration(block, facts);
    case "datasource":
    case "generator": return undefined;
  }
}

function modelDeclaration(block: Block, kind: ModelDeclaration["kind"], facts: SchemaFacts): ModelDeclaration {
  const columns = new Map<string, ColumnDeclaration>();
  const relations: RelationDeclaration[] = [];
  let id: readonly string[] = fieldNames(argument(attribute(block.attributes, "id"), "fields", 0));
  const table = qualifiedName(block, facts);
  const isTable = kind === "model" && !attribute(block.attributes, "ignore");
  let signature = `${kind} ${block.name.text} ${table.schema} ${table.name} ${isTable}`;
  for (const field of block.fields) {
    const { type } = field;
    if (!type) continue;
    const name = field.name.text;
    const relation = attribute(field.attributes, "relation");
    if (!scalars.has(type.name) && type.name !== "Unsupported" && (type.list || relation)) {
      const one = { field: name, target: type.name, list: type.list && !carriesKey(relation), relation: relationName(relation) };
      relations.push(one);
      signature += `\n${name}>${one.target}${one.list}${one.relation}`;
    }
    if (relation) continue;
    const column = { name: columnName(field), type: typeName(facts.dialect, type, field.attributes), optional: type.optional };
    columns.set(name, column);
    if (attribute(field.attributes, "id")) id = [name];
    signature += `\n${name}:${column.name}:${column.type}:${column.optional}`;
  }
  return { kind, name: block.name.text, table, isTable, columns, id, relations, signature: `${signature}\n${id.join()}` };
}

function enumDeclaration(block: Block, facts: SchemaFacts): EnumDeclaration {
  const values = new Map<string, string>();
  for (const field of block.fields) values.set(field.name.text, columnName(field));
  const type = qualifiedName(block, facts);
  return { kind: "enum", name: block.name.text, type, values, signature: `${type.schema} ${type.name}\n${[...values].join("\n")}` };
}

/** `@@map` and `@@schema`; the default schema is "public" for PostgreSQL and CockroachDB, none for the others. */
export function qualifiedName(block: Block, facts: SchemaFacts): QualifiedName {
  const name = (block.attributes.length > 0 && stringArgument(attribute(block.attributes, "map"), "name", 0)) || block.name.text;
  const schema = block.attributes.length > 0 ? stringArgument(attribute(block.attributes, "schema"), "map", 0) : undefined;
  return { schema: schema ?? (facts.dialect === "postgresql" || facts.dialect === "cockroachdb" ? "public" : null), name };
}

/** `@map("…")`, or the field's own name. */
export function columnName(field: Field): string {
  return (field.attributes.length > 0 && stringArgument(attribute(field.attributes, "map"), "name", 0)) || field.name.text;
}

/** The name in `@relation("…")` or `@relation(name: "…")`. */
export function relationName(relation: Attribute | undefined): string {
  return stringArgument(relation, "name", 0) ?? "";
}

/** Names in a list of fields, `a(sort: Desc)` without its arguments. */
export function fieldNames(value: Value | undefined): readonly string[] {
  const items = value?.kind === "list" ? value.items : value ? [value] : [];
  return items.flatMap((item) => (item.kind === "name" || item.kind === "call" ? [item.text] : []));
}
