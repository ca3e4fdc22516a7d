// What `@relation(…)` says, without its syntax.
import type { ReferentialAction } from "../../model/schema";
import { fieldNames, relationName } from "./declaration";
import { identifier, plainString, skipSpaces, type Cursor } from "./cursor";
import { argument, stringArgument, type Attribute, type Span, type Value } from "./syntax";

/** It stands where the attribute does. */
export interface RelationDraft extends Span {
  /** As given in `@relation("…")`; empty without one. */
  readonly name: string;
  /** The fields that carry the key; undefined where it is carried by the other side. */
  readonly fields: readonly string[] | undefined;
  /** Undefined where the referenced model's key is meant. */
  readonly references: readonly string[] | undefined;
  readonly onDelete: ReferentialAction | undefined;
  readonly onUpdate: ReferentialAction | undefined;
  /** Name of the constraint. */
  readonly map: string | undefined;
  /** `index: false`, in the language of Prisma Next. */
  readonly refusesIndex: boolean;
}

/** What an attribute says that is written in any way. */
export function relationDraft(attribute: Attribute): RelationDraft {
  const fields = argument(attribute, "fields");
  const references = argument(attribute, "references");
  const index = argument(attribute, "index");
  return {
    name: relationName(attribute), fields: fields && fieldNames(fields), references: references && fieldNames(references),
    onDelete: actionOf(argument(attribute, "onDelete")), onUpdate: actionOf(argument(attribute, "onUpdate")), map: stringArgument(attribute, "map"),
    refusesIndex: index?.kind === "name" && index.text === "false", start: attribute.start, end: attribute.end,
  };
}

/** What one says that is written on one line in the usual way; it begins at `start`, the cursor stands on the bracket. Undefined, the cursor where it was, for any other. */
export function plainRelation(cursor: Cursor, start: number): RelationDraft | undefined {
  const from = cursor.at;
  const found = readPlain(cursor, start);
  if (!found) cursor.at = from;
  return found;
}

function readPlain(cursor: Cursor, start: number): RelationDraft | undefined {
  const { codes } = cursor;
  let name: string | undefined;
  let map: string | undefined;
  let fields: readonly string[] | undefined;
  let references: readonly string[] | undefined;
  let onDelete: string | undefined;
  let onUpdate: string | undefined;
  do {
    cursor.at++;
    skipSpaces(cursor);
    if (codes[cursor.at] === 34) {
      const text: string | undefined = name === undefined ? plainString(cursor) : undefined;
      if (text === undefined) return undefined;
      name = text;
    } else {
      const label = identifier(cursor, "dots");
      if (codes[cursor.at] !== 58) return undefined;
      cursor.at++;
      skipSpaces(cursor);
      if (label === "fields" && !fields) {
        if (!(fields = plainNames(cursor))) return undefined;
      } else if (label === "references" && !references) {
        if (!(references = plainNames(cursor))) return undefined;
      } else if (label === "onDelete" && onDelete === undefined) {
        if ((onDelete = identifier(cursor, "dots")) === "") return undefined;
      } else if (label === "onUpdate" && onUpdate === undefined) {
        if ((onUpdate = identifier(cursor, "dots")) === "") return undefined;
      } else if (label === "map" && map === undefined) {
        if ((map = plainString(cursor)) === undefined) return undefined;
      } else return undefined;
    }
    skipSpaces(cursor);
  } while (codes[cursor.at] === 44 && cursor.at < cursor.limit);
  if (codes[cursor.at] !== 41 || cursor.at >= cursor.limit) return undefined;
  cursor.at++;
  return {
    name: name ?? "", fields, references, onDelete: onDelete === undefined ? undefined : actions[onDelete], onUpdate: onUpdate === undefined ? undefined : actions[onUpdate], map,
    refusesIndex: false, start, end: cursor.at,
  };
}

/** `[a, b]`: one name or more; undefined for anything else. */
function plainNames(cursor: Cursor): readonly string[] | undefined {
  const { codes } = cursor;
  if (codes[cursor.at] !== 91) return undefined;
  let names: string[] | undefined;
  do {
    cursor.at++;
    skipSpaces(cursor);
    // A number is no name.
    if (codes[cursor.at]! < 65) return undefined;
    const name = identifier(cursor, "dots");
    if (name === "") return undefined;
    if (names) names.push(name);
    else names = [name];
    skipSpaces(cursor);
  } while (codes[cursor.at] === 44);
  if (codes[cursor.at] !== 93) return undefined;
  cursor.at++;
  return names;
}

const actions: Readonly<Record<string, ReferentialAction>> = {
  Cascade: "cascade", Restrict: "restrict", NoAction: "no action", SetNull: "set null", SetDefault: "set default",
};

function actionOf(value: Value | undefined): ReferentialAction | undefined {
  return value?.kind === "name" ? actions[value.text] : undefined;
}
