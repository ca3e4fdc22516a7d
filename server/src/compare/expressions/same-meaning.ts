// Whether two expressions of PostgreSQL mean the same, one as a person wrote it and one as the server prints it: the
// server adds casts that the parser has chosen and never takes one away that does something.
import { dialectOf } from "../../dialects/dialect";
import { sameExpression } from "../../indexes/expression-text";
import type { DialectName, Expression, Table } from "../../model/schema";
import { constantText } from "./constant";
import { parseExpression } from "./parse";
import type { Tree } from "./tree";

/** True where both mean the same in `table`, whose columns' types decide which casts are the server's own. Expressions that could not be read are never the same. */
export function sameMeaning(a: Expression, b: Expression, table: Pick<Table, "name" | "columns">): boolean {
  if (sameExpression(a, b, table.name.name)) return true;
  if (!a.complete || !b.complete) return false;
  const [left, right] = [parseExpression(a.sql, table.name.name), parseExpression(b.sql, table.name.name)];
  if (!left || !right) return false;
  const types = new Map(table.columns.map((column) => [column.name, comparable(column.type.name)]));
  return same(left, right, types);
}

/** The same for any dialect: what PostgreSQL adds to an expression is known, elsewhere only the spelling is evened out. Two that are not there are the same. */
export function sameInDialect(a: Expression | undefined, b: Expression | undefined, table: Pick<Table, "name" | "columns">, dialect: DialectName): boolean {
  if (!a || !b) return a === b;
  return dialect === "postgresql" || dialect === "cockroachdb" ? sameMeaning(a, b, table) : sameExpression(a, b, table.name.name);
}

type Types = ReadonlyMap<string, string>;

function same(a: Tree, b: Tree, types: Types): boolean {
  const type = a.kind === "cast" ? a.to : b.kind === "cast" ? b.to : undefined;
  const [left, right] = [innermost(a), innermost(b)];
  if (type !== undefined && left.kind === "string" && right.kind === "string") return constantText(left.text, comparable(type)) === constantText(right.text, comparable(type));
  if (a.kind === "cast" && b.kind === "cast" && comparable(a.to) === comparable(b.to) && same(a.of, b.of, types)) return true;
  if (a.kind === "cast" && isImplied(a.of, a.to, types) && same(a.of, b, types)) return true;
  if (b.kind === "cast" && isImplied(b.of, b.to, types) && same(a, b.of, types)) return true;
  switch (a.kind) {
    case "name": return b.kind === "name" && a.name === b.name;
    case "word": return b.kind === "word" && a.text === b.text;
    case "string":
    case "number":
      if (b.kind !== "string" && b.kind !== "number") return false;
      return a.kind === "string" && b.kind === "string" ? a.text === b.text : isNumber(a.text) && isNumber(b.text) && Number(a.text) === Number(b.text);
    case "array": return b.kind === "array" && all(a.items, b.items, types);
    case "call": return b.kind === "call" && a.name === b.name && all(a.items, b.items, types);
    case "operation": return b.kind === "operation" && a.operator === b.operator && all(a.items, b.items, types);
    case "cast": return false;
  }
}

/** A constant behind one cast, else the tree itself. */
function innermost(tree: Tree): Tree {
  return tree.kind === "cast" ? tree.of : tree;
}

function all(a: readonly Tree[], b: readonly Tree[], types: Types): boolean {
  return a.length === b.length && a.every((item, position) => same(item, b[position]!, types));
}

const numbers = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const times = ["date", "timestamp without time zone", "timestamp with time zone"];

/** Whether PostgreSQL casts `of` to that type unasked (pg_cast's implicit casts: https://www.postgresql.org/docs/current/catalog-pg-cast.html), or the cast does nothing. */
function isImplied(of: Tree, to: string, types: Types): boolean {
  const target = comparable(to);
  switch (of.kind) {
    // A constant takes the type that its place needs.
    case "string":
    case "number":
    case "word": return true;
    case "cast": return widens(comparable(of.to), target) || isImplied(of.of, to, types);
    case "array": return of.items.every((item) => isImplied(item, to.replace(/\[\]$/, ""), types));
    case "name": {
      const own = types.get(of.name);
      return own === undefined ? widens("character varying", target) || widens("smallint", target) : own === target || widens(own, target);
    }
    // What a function or an operator gives is not known here.
    case "call":
    case "operation": return widens("character varying", target) || widens("smallint", target) || target === "timestamp with time zone";
  }
}

function widens(from: string, to: string): boolean {
  if (from.endsWith("[]") && to.endsWith("[]")) return widens(from.slice(0, -2), to.slice(0, -2));
  if (/^(character|"char"|name)/.test(from)) return to === "text" || /^character/.test(to);
  const bare = (name: string) => name.replace(/\(.*?\)/, "");
  for (const order of [numbers, times]) {
    const [lower, higher] = [order.indexOf(bare(from)), order.indexOf(bare(to))];
    if (lower >= 0 && higher >= lower) return true;
  }
  return false;
}

function comparable(type: string): string {
  return dialectOf("postgresql")!.comparableType(type);
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim());
}
