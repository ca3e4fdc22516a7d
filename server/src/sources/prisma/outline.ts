// What a model's block says by itself: its declaration, which other blocks ask for, and a draft of its table, which waits
// until they can be asked too. So the syntax of a block is needed no longer than the block is read.
import type { Column, Problem, SourceRange } from "../../model/schema";
import { fieldNames, qualifiedName, relationName, type ModelDeclaration, type RelationDeclaration, type SchemaFacts } from "./declaration";
import { defaultOf, filledByClient, type Defaulted } from "./defaults";
import { rangeIn, type Place } from "./place";
import { argument, attribute, carriesKey, none, stringArgument, type Attribute, type Block, type Field, type Named } from "./syntax";
import { scalarType } from "./types";

export interface Outline {
  readonly declaration: ModelDeclaration;
  readonly draft: Draft;
}

export interface Draft {
  readonly name: Named;
  readonly length: number;
  /** In the order of the fields; undefined for a field that waits. */
  readonly columns: readonly (Column | undefined)[];
  /** Fields whose type is declared elsewhere: an enum, a model, or nothing. */
  readonly waiting: readonly Field[];
  /** `@id` and `@unique`, with the field that they stand behind. */
  readonly keys: readonly { readonly attribute: Attribute; readonly field: string }[];
  /** `@@…` */
  readonly attributes: readonly Attribute[];
  readonly problems: readonly Problem[];
  /** False where the syntax has problems. */
  readonly wellFormed: boolean;
}

export function outlineOf(block: Block, kind: ModelDeclaration["kind"], place: Place, facts: SchemaFacts): Outline {
  const table = qualifiedName(block, facts);
  const columns: (Column | undefined)[] = [];
  const waiting: Field[] = [];
  let keys: { readonly attribute: Attribute; readonly field: string }[] | undefined;
  let problems: Problem[] | undefined;
  let relations: RelationDeclaration[] | undefined;
  let mapped: string[] | undefined;
  let id: readonly string[] | undefined;
  for (const field of block.fields) {
    const { name, type } = field;
    const said = sort(field);
    for (const one of said.unknown) (problems ??= []).push({ message: `Prisma knows no attribute @${one.name}`, at: rangeIn(place, one.start, one.end), table, kind: "syntax" });
    if (!type) continue;
    if (said.id) id ??= [name];
    if (said.id) (keys ??= []).push({ attribute: said.id, field: name });
    if (said.unique) (keys ??= []).push({ attribute: said.unique, field: name });
    const column = (said.map && stringArgument(said.map, "name", 0)) || name;
    if (column !== name) (mapped ??= []).push(name, column);
    if (type.scalar) {
      const columnType = scalarType(facts.dialect, type, said.native);
      const filled = said.default ? defaultOf(said.default, facts.dialect, columnType.name, undefined) : said.updatedAt ? filledByClient : undefined;
      columns.push(columnOf(field, column, columnType, filled, place));
    } else {
      columns.push(undefined);
      waiting.push(field);
      const { relation } = said;
      if (type.list || relation) (relations ??= []).push({ field: name, target: type.name, list: type.list && !carriesKey(relation), relation: relationName(relation) });
    }
  }
  id ??= fieldNames(argument(attribute(block.attributes, "id"), "fields", 0));
  let idColumn: Column | undefined;
  if (id.length > 0) for (const column of columns) if (column?.property === id[0]) { idColumn = column; break; }
  return {
    declaration: {
      kind, name: block.name.text, table, isTable: kind === "model" && !attribute(block.attributes, "ignore"), mapped: mapped ?? none, asked: none, id,
      idType: idColumn?.type.name ?? "unknown", relations: relations ?? none,
    },
    draft: { name: block.name, length: block.length, columns, waiting, keys: keys ?? none, attributes: block.attributes, problems: problems ?? none, wellFormed: block.problems.length === 0 },
  };
}

/** The attributes of a field, by what they say. */
type FieldAttributes = Record<"id" | "unique" | "default" | "map" | "relation" | "updatedAt" | "native", Attribute | undefined> & { unknown: readonly Attribute[] };

const sorted: FieldAttributes = { id: undefined, unique: undefined, default: undefined, map: undefined, relation: undefined, updatedAt: undefined, native: undefined, unknown: none };

/** The attributes of `field`, valid until the next call. */
export function sort(field: Field): Readonly<FieldAttributes> {
  sorted.id = sorted.unique = sorted.default = sorted.map = sorted.relation = sorted.updatedAt = sorted.native = undefined;
  sorted.unknown = none;
  for (const one of field.attributes) {
    switch (one.name) {
      case "id": sorted.id = one; break;
      case "unique": sorted.unique = one; break;
      case "default": sorted.default = one; break;
      case "map": sorted.map = one; break;
      case "relation": sorted.relation = one; break;
      case "updatedAt": sorted.updatedAt = one; break;
      case "ignore":
      case "shardKey": break;
      default:
        if (one.name.includes(".")) sorted.native ??= one;
        else sorted.unknown = [...sorted.unknown, one];
    }
  }
  return sorted;
}

/** The column `name` of a field. */
export function columnOf(field: Field, name: string, type: Column["type"], filled: Defaulted | undefined, place: Place): Column {
  return new FieldColumn(field, name, type, filled, place);
}

/** A column that makes its ranges when they are asked for: a schema has thousands of columns, and few are ever pointed at. */
class FieldColumn implements Column {
  readonly name: string;
  readonly property: string;
  readonly type: Column["type"];
  readonly nullable: boolean;
  readonly default: Column["default"];
  readonly generated: Column["generated"];
  private readonly place: Place;
  private readonly start: number;
  private readonly end: number;

  constructor(field: Field, name: string, type: Column["type"], filled: Defaulted | undefined, place: Place) {
    this.name = name;
    this.property = field.name;
    this.type = type;
    // As declared: a list is never null for Prisma, though its migrations write no NOT NULL for one.
    this.nullable = field.type!.optional;
    this.default = filled?.default;
    this.generated = filled?.generated;
    this.place = place;
    this.start = field.start;
    this.end = field.end;
  }

  get at(): SourceRange {
    return rangeIn(this.place, this.start, this.end);
  }

  get nameAt(): SourceRange {
    return rangeIn(this.place, this.start, this.start + this.property.length);
  }

  toJSON(): Column {
    const { name, property, type, nullable, generated, at, nameAt } = this;
    return { name, property, type, nullable, default: this.default, generated, at, nameAt };
  }
}
