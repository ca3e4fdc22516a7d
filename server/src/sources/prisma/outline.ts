// What a model's block says by itself: its declaration, which other blocks ask for, and a draft of its table, which waits
// until they can be asked too. So the syntax of a block is needed no longer than the block is read.
import type { Column, ColumnType, Problem, SourceRange } from "../../model/schema";
import { readAttribute } from "./attributes";
import type { Cursor } from "./cursor";
import { declaredName, fieldNames, type ModelDeclaration, type RelationDeclaration, type SchemaFacts } from "./declaration";
import { defaultOf, filledByClient, type Defaulted } from "./defaults";
import { addSaid, nothingSaid } from "./field-said";
import { GrowingList } from "./growing-list";
import { bodyCursor, eachLine, endField, isAtAttribute, nameOf, readHead, trimmed, type BlockPiece } from "./parse";
import { rangeIn, type Place } from "./place";
import { blockAttribute, plainKey, type PlainKey } from "./plain-key";
import type { RelationDraft } from "./relation-draft";
import { argument, none, type Attribute, type FieldType, type Named, type Span, type SyntaxProblem, type Value } from "./syntax";
import { scalarType } from "./types";

export interface Outline {
  readonly declaration: ModelDeclaration;
  readonly draft: Draft;
  readonly problems: readonly SyntaxProblem[];
}

export interface Draft {
  readonly name: Named;
  readonly length: number;
  /** In the order of the fields; undefined for a field that waits. */
  readonly columns: readonly (Column | undefined)[];
  /** Fields whose type is declared elsewhere: an enum, a model, or nothing. */
  readonly waiting: readonly WaitingField[];
  /** `@id` and `@unique`, with the field that they stand behind. */
  readonly keys: readonly FieldKey[];
  /** `@@…` */
  readonly attributes: readonly (Attribute | PlainKey)[];
  readonly problems: readonly Problem[];
  /** False where the syntax has problems. */
  readonly wellFormed: boolean;
}

/** `@id` or `@unique`, and the name of its field. */
interface FieldKey {
  readonly attribute: Attribute;
  readonly field: string;
}

/** A field whose type is declared elsewhere, and what its attributes say. */
export interface WaitingField extends Span {
  readonly name: string;
  readonly type: FieldType;
  readonly typeStart: number;
  readonly typeEnd: number;
  /** The name of its column, should it have one. */
  readonly column: string;
  readonly hasDefault: boolean;
  readonly default: Value | undefined;
  readonly updatedAt: boolean;
  readonly relation: RelationDraft | undefined;
}

export type OutlinedPiece = BlockPiece & { readonly kind: ModelDeclaration["kind"] };

/** What stands at `piece` of `text`, a model's, a view's or a composite type's. Never throws. */
export function readOutline(text: string, piece: OutlinedPiece, place: Place, facts: SchemaFacts): Outline {
  const { kind } = piece;
  const cursor = bodyCursor(text, piece);
  for (const list of allLists) list.clear();
  const reader = new BlockReader(cursor, kind, place, facts);
  eachLine(cursor, reader);
  const name = nameOf(text, piece);
  const columns = lists.columns.taken();
  const attributes = lists.attributes.taken();
  const table = declaredName(name.text, attributes, facts);
  const unknown = lists.unknown.taken();
  const problems = unknown.map((one): Problem => ({ message: `Prisma knows no attribute @${one.name}`, at: rangeIn(place, one.start, one.end), table, kind: "syntax" }));
  const id = reader.id ?? reader.ownKey ?? none;
  return {
    declaration: {
      kind, name: name.text, table, isTable: kind === "model" && !blockAttribute(attributes, "ignore"), mapped: lists.mapped.taken(), asked: none, id,
      idType: typeOf(id[0], columns), relations: lists.relations.taken(),
    },
    draft: { name, length: piece.end - piece.start, columns, waiting: lists.waiting.taken(), keys: lists.keys.taken(), attributes, problems: problems.length > 0 ? problems : none, wellFormed: cursor.problems.length === 0 },
    problems: cursor.problems.length > 0 ? cursor.problems : none,
  };
}

/** What the lines of the block that is being read add to. */
const lists = {
  columns: new GrowingList<Column | undefined>(),
  waiting: new GrowingList<WaitingField>(),
  keys: new GrowingList<FieldKey>(),
  attributes: new GrowingList<Attribute | PlainKey>(),
  unknown: new GrowingList<Attribute>(),
  relations: new GrowingList<RelationDeclaration>(),
  mapped: new GrowingList<string>(),
};

const allLists = Object.values(lists);

/** Reads the lines of one block. A class, since closures over all of this would be made for each block. */
class BlockReader {
  /** The field with `@id`. */
  id: readonly string[] | undefined = undefined;
  /** The fields of `@@id`. */
  ownKey: readonly string[] | undefined = undefined;

  constructor(private readonly cursor: Cursor, private readonly kind: OutlinedPiece["kind"], private readonly place: Place, private readonly facts: SchemaFacts) {}

  member(): void {
    const { cursor, kind, facts } = this;
    const head = readHead(cursor, kind);
    if (!head) return;
    const { name, type, start } = head;
    const said = nothingSaid();
    const end = trimmed(cursor, readSaid(cursor));
    endField(cursor, head, kind);
    for (const one of said.unknown) lists.unknown.add(one);
    if (!type) return;
    if (said.id) {
      this.id ??= [name];
      lists.keys.add({ attribute: said.id, field: name });
    }
    if (said.unique) lists.keys.add({ attribute: said.unique, field: name });
    const column = said.map || name;
    if (column !== name) {
      lists.mapped.add(name);
      lists.mapped.add(column);
    }
    if (type.scalar) {
      const columnType = scalarType(facts.dialect, type, said.native, said.length);
      const filled = said.hasDefault ? defaultOf(said.default, facts.dialect, columnType.name, undefined) : said.updatedAt ? filledByClient : undefined;
      lists.columns.add(new FieldColumn(name, column, columnType, type.optional, filled, this.place, start, end));
    } else {
      const { relation } = said;
      lists.columns.add(undefined);
      lists.waiting.add({ name, type, typeStart: head.typeStart, typeEnd: head.typeEnd, column, hasDefault: said.hasDefault, default: said.default, updatedAt: said.updatedAt, relation, start, end });
      if (type.list || relation) lists.relations.add({ field: name, target: type.name, list: type.list && relation?.fields === undefined, relation: relation?.name ?? "" });
    }
  }

  attribute(): void {
    const key = plainKey(this.cursor);
    const one = key ?? readAttribute(this.cursor, "members");
    lists.attributes.add(one);
    if (one.name === "id") this.ownKey ??= key ? namesIn(key) : fieldNames(argument(one as Attribute, "fields", 0));
  }
}

/** Reads the attributes behind a field into what `nothingSaid` has given; returns where they end. */
function readSaid(cursor: Cursor): number {
  let end = cursor.at;
  while (isAtAttribute(cursor)) {
    addSaid(cursor);
    end = cursor.at;
  }
  return end;
}

function namesIn({ fields }: PlainKey): readonly string[] {
  return fields.filter((one) => typeof one === "string");
}

function typeOf(field: string | undefined, columns: readonly (Column | undefined)[]): string {
  if (field !== undefined) for (const column of columns) if (column?.property === field) return column.type.name;
  return "unknown";
}

/** The column of a field whose type is declared elsewhere. */
export function columnOf({ name, column, type, start, end }: WaitingField, columnType: ColumnType, filled: Defaulted | undefined, place: Place): Column {
  return new FieldColumn(name, column, columnType, type.optional, filled, place, start, end);
}

/** A column that makes its ranges when they are asked for: a schema has thousands of columns, and few are ever pointed at. */
class FieldColumn implements Column {
  readonly name: string;
  readonly property: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default: Column["default"];
  readonly generated: Column["generated"];
  private readonly place: Place;
  private readonly start: number;
  private readonly end: number;

  constructor(property: string, name: string, type: ColumnType, optional: boolean, filled: Defaulted | undefined, place: Place, start: number, end: number) {
    this.name = name;
    this.property = property;
    this.type = type;
    // As declared: a list is never null for Prisma, though its migrations write no NOT NULL for one.
    this.nullable = optional;
    this.default = filled?.default;
    this.generated = filled?.generated;
    this.place = place;
    this.start = start;
    this.end = end;
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
