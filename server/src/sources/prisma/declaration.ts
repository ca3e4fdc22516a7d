// What other blocks see of a model or an enum: its name in the database, its columns, its relations. A table depends on
// the declarations that it names and on nothing else of their blocks, so that a comment in one model changes no other.
import type { DialectName, QualifiedName } from "../../model/schema";
import { blockAttribute, type PlainKey } from "./plain-key";
import { attribute, none, stringArgument, type Attribute, type Block, type Field, type Value } from "./syntax";

/** What the datasource and the Prisma version say about the whole schema. */
export interface SchemaFacts {
  readonly dialect: DialectName;
  /** False with relationMode = "prisma" and for MongoDB: relations make no constraints. */
  readonly enforced: boolean;
  /** What keeps the rows of an implicit join table apart. */
  readonly joinTableKey: "primary key" | "unique index";
  /** The datasource lists `schemas`, so that each block names its own; otherwise all lie where the connection's `?schema=` says. */
  readonly multiSchema: boolean;
  /** What the datasource's `extensions` lists, by their names in the database. */
  readonly extensions: readonly string[];
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
  /** Fields whose columns are named otherwise, each with its column behind it. Replaced when the block changes in a way that no other block has asked about. */
  mapped: readonly string[];
  /** Fields whose columns other blocks have asked for, each once: few. */
  asked: readonly string[];
  /** Fields of the primary key. */
  readonly id: readonly string[];
  /** Type of the key's first column. */
  readonly idType: string;
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

/** What an enum declares. */
export function enumDeclaration(block: Block, facts: SchemaFacts): EnumDeclaration {
  const values = new Map<string, string>();
  for (const field of block.fields) values.set(field.name, columnName(field));
  return { kind: "enum", name: block.name.text, type: declaredName(block.name.text, block.attributes, facts), values };
}

/** `before`, brought up to date, where `after` says the same of everything that other blocks have asked for; else `after`. */
export function updated(before: Declaration, after: Declaration): Declaration {
  if (signature(before) !== signature(after)) return after;
  if (before.kind === "enum" || after.kind === "enum") return before;
  for (const name of before.asked) if (mappedColumn(before, name) !== mappedColumn(after, name)) return after;
  before.mapped = after.mapped;
  return before;
}

function signature(one: Declaration): string {
  if (one.kind === "enum") return JSON.stringify([one.kind, one.name, one.type, ...one.values]);
  return JSON.stringify([one.kind, one.name, one.table, one.isTable, one.id, one.idType, one.relations]);
}

/** The database's name of a field's column. */
export function columnOfField(declaration: ModelDeclaration, name: string): string {
  if (!declaration.asked.includes(name)) declaration.asked = [...declaration.asked, name];
  return mappedColumn(declaration, name) ?? name;
}

/** Of a field that is declared twice the last counts. */
function mappedColumn({ mapped }: ModelDeclaration, field: string): string | undefined {
  for (let at = mapped.length - 2; at >= 0; at -= 2) if (mapped[at] === field) return mapped[at + 1];
  return undefined;
}

/** The name of a block as its `@@map` and `@@schema` have it; the default schema is "public" for PostgreSQL and CockroachDB, none for the others. */
export function declaredName(name: string, attributes: readonly (Attribute | PlainKey)[], facts: SchemaFacts): QualifiedName {
  const mapped = stringArgument(blockAttribute(attributes, "map"), "name", 0);
  const schema = stringArgument(blockAttribute(attributes, "schema"), "map", 0);
  return { schema: schema ?? (facts.dialect === "postgresql" || facts.dialect === "cockroachdb" ? "public" : null), name: mapped || name };
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
