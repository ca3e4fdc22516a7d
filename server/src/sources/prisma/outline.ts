// What a model's block says by itself: its declaration, which other blocks ask for, and a draft of its table, which waits
// until they can be asked too. So the syntax of a block is needed no longer than the block is read.
import type { Column, ColumnType, Problem, SourceRange } from "../../model/schema";
import { readAttribute } from "./attributes";
import type { Cursor } from "./cursor";
import { declaredName, fieldNames, type ModelDeclaration, type RelationDeclaration, type SchemaFacts } from "./declaration";
import { defaultOf, filledByClient, type Defaulted } from "./defaults";
import { addSaid, nothingSaid } from "./field-said";
import { bodyCursor, eachLine, endField, isAtAttribute, nameOf, readHead, trimmed, type BlockPiece } from "./parse";
import { rangeIn, type Place } from "./place";
import { plainKey, type PlainKey } from "./plain-key";
import type { RelationDraft } from "./relation-draft";
import { argument, attribute, none, type Attribute, type FieldType, type Named, type Span, type SyntaxProblem, type Value } from "./syntax";
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
  readonly keys: readonly { readonly attribute: Attribute; readonly field: string }[];
  /** `@@…` */
  readonly attributes: readonly (Attribute | PlainKey)[];
  readonly problems: readonly Problem[];
  /** False where the syntax has problems. */
  readonly wellFormed: boolean;
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
  const columns: (Column | undefined)[] = [];
  const waiting: WaitingField[] = [];
  const attributes: (Attribute | PlainKey)[] = [];
  let others: Attribute[] | undefined;
  let ownKey: readonly string[] | undefined;
  let keys: { readonly attribute: Attribute; readonly field: string }[] | undefined;
  let unknown: Attribute[] | undefined;
  let relations: RelationDeclaration[] | undefined;
  let mapped: string[] | undefined;
  let id: readonly string[] | undefined;
  const readField = (): void => {
    const head = readHead(cursor, kind);
    if (!head) return;
    const { name, type, start } = head;
    const said = nothingSaid();
    const end = trimmed(cursor, readSaid(cursor));
    endField(cursor, head, kind);
    for (const one of said.unknown) (unknown ??= []).push(one);
    if (!type) return;
    if (said.id) {
      id ??= [name];
      (keys ??= []).push({ attribute: said.id, field: name });
    }
    if (said.unique) (keys ??= []).push({ attribute: said.unique, field: name });
    const column = said.map || name;
    if (column !== name) (mapped ??= []).push(name, column);
    if (type.scalar) {
      const columnType = scalarType(facts.dialect, type, said.native, said.length);
      const filled = said.hasDefault ? defaultOf(said.default, facts.dialect, columnType.name, undefined) : said.updatedAt ? filledByClient : undefined;
      columns.push(new FieldColumn(name, column, columnType, type.optional, filled, place, start, end));
    } else {
      columns.push(undefined);
      const { relation } = said;
      waiting.push({ name, type, typeStart: head.typeStart, typeEnd: head.typeEnd, column, hasDefault: said.hasDefault, default: said.default, updatedAt: said.updatedAt, relation, start, end });
      if (type.list || relation) (relations ??= []).push({ field: name, target: type.name, list: type.list && relation?.fields === undefined, relation: relation?.name ?? "" });
    }
  };
  const readBlockAttribute = (): void => {
    const key = plainKey(cursor);
    const one = key ?? readAttribute(cursor, "members");
    attributes.push(one);
    if (!key) (others ??= []).push(one as Attribute);
    if (one.name === "id") ownKey ??= key ? namesIn(key) : fieldNames(argument(one as Attribute, "fields", 0));
  };
  eachLine(cursor, { attribute: readBlockAttribute, member: readField });

  const name = nameOf(text, piece);
  const table = declaredName(name.text, others ?? none, facts);
  const problems = unknown?.map((one): Problem => ({ message: `Prisma knows no attribute @${one.name}`, at: rangeIn(place, one.start, one.end), table, kind: "syntax" }));
  id ??= ownKey ?? none;
  return {
    declaration: {
      kind, name: name.text, table, isTable: kind === "model" && !attribute(others ?? none, "ignore"), mapped: mapped ?? none, asked: none, id,
      idType: typeOf(id[0], columns), relations: relations ?? none,
    },
    draft: { name, length: piece.end - piece.start, columns, waiting, keys: keys ?? none, attributes, problems: problems ?? none, wellFormed: cursor.problems.length === 0 },
    problems: cursor.problems.length > 0 ? cursor.problems : none,
  };
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
