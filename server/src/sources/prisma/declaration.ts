// What other blocks see of a model or an enum: its name in the database, its columns, its relations. A table depends on
// the declarations that it names and on nothing else of their blocks, so that a comment in one model changes no other.
import type { DialectName, QualifiedName } from "../../model/schema";
import { argument, attribute, carriesKey, none, stringArgument, type Attribute, type Block, type Field, type Value } from "./syntax";
import { isScalar, nativeAttribute } from "./types";

/** What the datasource and the Prisma version say about the whole schema. */
export interface SchemaFacts {
  readonly dialect: DialectName;
  /** False with relationMode = "prisma" and for MongoDB: relations make no constraints. */
  readonly enforced: boolean;
  /** What keeps the rows of an implicit join table apart. */
  readonly joinTableKey: "primary key" | "unique index";
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
  /** Replaced when the block changes in a way that no other block has asked about. */
  fields: readonly Field[];
  /** Fields whose columns other blocks have asked for. */
  readonly asked: Set<string>;
  /** Fields of the primary key. */
  readonly id: readonly string[];
  readonly relations: readonly RelationDeclaration[];
}

export interface EnumDeclaration {
  readonly kind: "enum";
  readonly name: string;
  readonly type: QualifiedName;
  /** Names in the database, by names in the code. */
  readonly values: ReadonlyMap<string, string>;
}

export type Declaration = ModelDeclaration | EnumDeclaration;

/** What `block` declares; undefined for datasources and generators. */
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
  let relations: RelationDeclaration[] | undefined;
  let id: readonly string[] | undefined;
  for (const { name, type, attributes } of block.fields) {
    if (!type) continue;
    if (id === undefined && attributes.length > 0 && attribute(attributes, "id")) id = [name];
    if (isScalar(type) || !(type.list || attributes.length > 0)) continue;
    const relation = attribute(attributes, "relation");
    if (type.list || relation) (relations ??= []).push({ field: name, target: type.name, list: type.list && !carriesKey(relation), relation: relationName(relation) });
  }
  id ??= fieldNames(argument(attribute(block.attributes, "id"), "fields", 0));
  return {
    kind, name: block.name.text, table: qualifiedName(block, facts), isTable: kind === "model" && !attribute(block.attributes, "ignore"),
    fields: block.fields, asked: new Set(), id, relations: relations ?? none,
  };
}

function enumDeclaration(block: Block, facts: SchemaFacts): EnumDeclaration {
  const values = new Map<string, string>();
  for (const field of block.fields) values.set(field.name, columnName(field));
  return { kind: "enum", name: block.name.text, type: qualifiedName(block, facts), values };
}

/** `before`, brought up to date, where `after` says the same of everything that other blocks have asked for; else `after`. */
export function updated(before: Declaration, after: Declaration): Declaration {
  if (before.kind === "enum" || after.kind === "enum") return signature(before) === signature(after) ? before : after;
  if (signature(before) !== signature(after)) return after;
  for (const name of before.asked) if (columnOf(before, name) !== columnOf(after, name)) return after;
  before.fields = after.fields;
  return before;
}

function signature(one: Declaration): string {
  if (one.kind === "enum") return JSON.stringify([one.kind, one.name, one.type, ...one.values]);
  const id = one.id.map((name) => fieldNamed(one, name)).map((field) => field && [columnName(field), field.type?.name, field.type?.unsupported, nativeType(field)]);
  return JSON.stringify([one.kind, one.name, one.table, one.isTable, one.id, one.relations, id]);
}

function nativeType(field: Field): unknown {
  const native = nativeAttribute(field.attributes);
  return native && [native.name, native.arguments?.map(({ value }) => ("text" in value ? value.text : value.kind))];
}

/** The database's name of a field's column; undefined where the model has no such field. */
export function columnOfField(declaration: ModelDeclaration, name: string): string | undefined {
  declaration.asked.add(name);
  return columnOf(declaration, name);
}

function columnOf(declaration: ModelDeclaration, name: string): string | undefined {
  const field = fieldNamed(declaration, name);
  return field && columnName(field);
}

export function fieldNamed({ fields }: ModelDeclaration, name: string): Field | undefined {
  for (const field of fields) if (field.name === name) return field;
  return undefined;
}

/** `@@map` and `@@schema`; the default schema is "public" for PostgreSQL and CockroachDB, none for the others. */
export function qualifiedName(block: Block, facts: SchemaFacts): QualifiedName {
  const name = (block.attributes.length > 0 && stringArgument(attribute(block.attributes, "map"), "name", 0)) || block.name.text;
  const schema = block.attributes.length > 0 ? stringArgument(attribute(block.attributes, "schema"), "map", 0) : undefined;
  return { schema: schema ?? (facts.dialect === "postgresql" || facts.dialect === "cockroachdb" ? "public" : null), name };
}

/** `@map("…")`, or the field's own name. */
export function columnName(field: Field): string {
  return (field.attributes.length > 0 && stringArgument(attribute(field.attributes, "map"), "name", 0)) || field.name;
}

/** The name in `@relation("…")` or `@relation(name: "…")`. */
export function relationName(relation: Attribute | undefined): string {
  return stringArgument(relation, "name", 0) ?? "";
}

/** Names in a list of fields, `a(sort: Desc)` without its arguments. */
export function fieldNames(value: Value | undefined): readonly string[] {
  if (!value) return none;
  const items = value.kind === "list" ? value.items : [value];
  if (items.length === 1 && items[0]!.kind === "name") return [items[0]!.text];
  return items.flatMap((item) => (item.kind === "name" || item.kind === "call" ? [item.text] : []));
}
