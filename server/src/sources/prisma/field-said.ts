// What the attributes behind a field say, read straight from the text. Nearly all are written in one plain way, which needs
// no syntax tree; what is written otherwise takes the way over the tree, which says the same.
import { readAttribute, readValue } from "./attributes";
import { identifier, plainString, type Cursor } from "./cursor";
import { plainRelation, relationDraft, type RelationDraft } from "./relation-draft";
import { argument, none, stringArgument, type Attribute, type Value } from "./syntax";
import { bracketed } from "./types";
import { word } from "./words";

/** Of an attribute that is given twice the last counts, of relations and native types the first. */
export interface Said {
  id: Attribute | undefined;
  unique: Attribute | undefined;
  hasDefault: boolean;
  default: Value | undefined;
  map: string | undefined;
  relation: RelationDraft | undefined;
  updatedAt: boolean;
  /** `db.VarChar`, and what stands in its brackets. */
  native: string | undefined;
  length: string;
  unknown: readonly Attribute[];
}

const said: Said = { id: undefined, unique: undefined, hasDefault: false, default: undefined, map: undefined, relation: undefined, updatedAt: false, native: undefined, length: "", unknown: none };

/** Nothing said yet; valid until the next call. */
export function nothingSaid(): Readonly<Said> {
  said.id = said.unique = said.default = said.map = said.relation = said.native = undefined;
  said.hasDefault = said.updatedAt = false;
  said.unknown = none;
  return said;
}

/** Adds what the attribute at the cursor says, and takes it. */
export function addSaid(cursor: Cursor): void {
  const start = cursor.at++;
  const name = identifier(cursor, "dots");
  const brackets = cursor.codes[cursor.at] === 40 && cursor.at < cursor.limit;
  if (brackets ? isSaidPlainly(said, name, cursor) : isSaidAlone(said, name)) return;
  cursor.at = start;
  addAttribute(said, readAttribute(cursor, "members"));
}

/** True for an attribute that needs no brackets, and says all by its name. */
function isSaidAlone(into: Said, name: string): boolean {
  if (name === "updatedAt") return (into.updatedAt = true);
  if (!name.startsWith("db.")) return false;
  if (into.native === undefined) {
    into.native = name;
    into.length = "";
  }
  return true;
}

/** True where the brackets hold what they mostly hold; then they are taken. */
function isSaidPlainly(into: Said, name: string, cursor: Cursor): boolean {
  switch (name) {
    case "map": {
      const from = cursor.at++;
      const text = plainString(cursor);
      if (text === undefined || cursor.codes[cursor.at] !== 41) return backTo(cursor, from);
      cursor.at++;
      into.map = text;
      return true;
    }
    case "default": {
      const before = cursor.problems.length;
      const from = cursor.at++;
      const value = readValue(cursor, "members");
      if (cursor.codes[cursor.at] !== 41 || cursor.at >= cursor.limit || cursor.problems.length !== before || value.kind === "missing") {
        cursor.problems.length = before;
        return backTo(cursor, from);
      }
      cursor.at++;
      into.default = value;
      return (into.hasDefault = true);
    }
    case "relation": {
      const relation = plainRelation(cursor, cursor.at - name.length - 1);
      if (relation) into.relation ??= relation;
      return relation !== undefined;
    }
    default: return name.startsWith("db.") && isPlainNative(into, name, cursor);
  }
}

/** `(255)`, `(10, 2)`. */
function isPlainNative(into: Said, name: string, cursor: Cursor): boolean {
  const { codes } = cursor;
  const first = cursor.at + 1;
  const firstEnd = digitsEnd(codes, first);
  let end = firstEnd;
  let second = 0;
  if (codes[end] === 44) {
    second = codes[end + 1] === 32 ? end + 2 : end + 1;
    end = digitsEnd(codes, second);
    if (end === second) return false;
  }
  if (firstEnd === first || codes[end] !== 41 || end >= cursor.limit) return false;
  if (into.native === undefined) {
    into.native = name;
    const length = word(cursor, first, firstEnd);
    into.length = second === 0 ? length : `${length},${word(cursor, second, end)}`;
  }
  cursor.at = end + 1;
  return true;
}

function digitsEnd(codes: Uint16Array, from: number): number {
  let at = from;
  while (codes[at]! >= 48 && codes[at]! <= 57) at++;
  return at;
}

function backTo(cursor: Cursor, at: number): false {
  cursor.at = at;
  return false;
}

function addAttribute(into: Said, one: Attribute): void {
  switch (one.name) {
    case "id": into.id = one; break;
    case "unique": into.unique = one; break;
    case "default":
      into.default = argument(one, "value", 0);
      into.hasDefault = true;
      break;
    case "map": into.map = stringArgument(one, "name", 0); break;
    case "relation": into.relation ??= relationDraft(one); break;
    case "updatedAt": into.updatedAt = true; break;
    case "ignore":
    case "shardKey": break;
    default:
      if (!one.name.includes(".")) into.unknown = [...into.unknown, one];
      else if (into.native === undefined) {
        into.native = one.name;
        into.length = bracketed(one.arguments ?? none);
      }
  }
}
