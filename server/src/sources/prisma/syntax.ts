// What the parser makes of a Prisma schema: blocks with their fields, attributes and arguments, each with its place.
// All offsets are UTF-16 code units from the start of the block, so that a block that moves keeps its syntax.

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Named extends Span {
  readonly text: string;
}

/** For lists that are empty, as most are. */
export const none: readonly never[] = [];

export type Value =
  | (Given & { readonly kind: "string"; readonly text: string })
  | (Given & { readonly kind: "number"; readonly text: string })
  | (Given & { readonly kind: "name"; readonly text: string })
  | (Given & { readonly kind: "call"; readonly text: string; readonly arguments: readonly Value[] })
  | (Given & { readonly kind: "list"; readonly items: readonly Value[] })
  | (Given & { readonly kind: "object"; readonly entries: readonly Entry[] })
  /** Nothing where a value should stand, or something that is none. */
  | (Given & { readonly kind: "missing" });

/** A value, also as an argument in brackets: that it needs no object of its own saves a third of the syntax. */
interface Given extends Span {
  /** The argument's name, where it has one. */
  name: string | undefined;
  /** Where the argument begins: its name, or else the value. */
  from: number;
}

export interface Entry {
  readonly name: Named;
  readonly value: Value;
}

export interface Attribute extends Span {
  /** Without the at signs: `relation`, `db.VarChar`, `index`. */
  readonly name: string;
  /** Undefined without brackets. */
  readonly arguments: readonly Value[] | undefined;
  /** Where the opening bracket stands, if there is one; the closing one ends the attribute. */
  readonly open: number;
  /** False where a bracket or a string was left open. */
  readonly closed: boolean;
}

/** Without a place, so that fields of one type share it. */
export interface FieldType {
  /** `String`, `User`, or `Unsupported`. */
  readonly name: string;
  /** One of Prisma's own types, or `Unsupported("…")`: declared nowhere. */
  readonly scalar: boolean;
  /** The database's own type, of `Unsupported("…")`. */
  readonly unsupported: string | undefined;
  readonly list: boolean;
  readonly optional: boolean;
}

/** A line of a model, view or composite type; in an enum a value, then without a type. */
export interface Field extends Span {
  /** It stands where the field begins. */
  readonly name: string;
  readonly type: FieldType | undefined;
  readonly typeStart: number;
  readonly typeEnd: number;
  readonly attributes: readonly Attribute[];
}

/** A line of a datasource or generator. */
export interface Setting extends Span {
  readonly name: Named;
  readonly value: Value;
}

export type BlockKind = "model" | "view" | "type" | "enum" | "datasource" | "generator";

export interface SyntaxProblem extends Span {
  readonly message: string;
}

export interface Block {
  readonly kind: BlockKind;
  readonly name: Named;
  readonly fields: readonly Field[];
  /** `@@…` */
  readonly attributes: readonly Attribute[];
  readonly settings: readonly Setting[];
  readonly problems: readonly SyntaxProblem[];
  /** Just behind `{`; the closing bracket, or where it should stand. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Length of the block, its closing bracket included. */
  readonly length: number;
}

/** The attribute of that name, or undefined. */
export function attribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  for (const one of attributes) if (one.name === name) return one;
  return undefined;
}

/** The value of the argument named `name`, or of the unnamed one at `position`. */
export function argument(of: Attribute | undefined, name: string, position?: number): Value | undefined {
  if (!of?.arguments) return undefined;
  let unnamed = 0;
  for (const one of of.arguments) {
    if (one.name === undefined ? unnamed++ === position : one.name === name) return one;
  }
  return undefined;
}

/** The text of the string argument named `name`, or of the unnamed one at `position`. */
export function stringArgument(of: Attribute | undefined, name: string, position?: number): string | undefined {
  const value = argument(of, name, position);
  return value?.kind === "string" ? value.text : undefined;
}
