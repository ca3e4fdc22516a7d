// A scalar expression of PostgreSQL as a tree, in one spelling: IN is = ANY, BETWEEN is two comparisons, LIKE is ~~,
// as PostgreSQL itself has them after parsing (https://www.postgresql.org/docs/current/sql-expressions.html).

export type Tree =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "word"; readonly text: "true" | "false" | "null" }
  | { readonly kind: "cast"; readonly to: string; readonly of: Tree }
  | { readonly kind: "array"; readonly items: readonly Tree[] }
  | { readonly kind: "call"; readonly name: string; readonly items: readonly Tree[] }
  /** Operators, AND, OR, NOT, IS NULL, subscripts and CASE, with their parts in order. */
  | { readonly kind: "operation"; readonly operator: string; readonly items: readonly Tree[] };

/** AND and OR of several parts are one operation, whatever the parentheses. */
export function operation(operator: string, ...items: readonly Tree[]): Tree {
  if (operator !== "and" && operator !== "or") return { kind: "operation", operator, items };
  return { kind: "operation", operator, items: items.flatMap((item) => (item.kind === "operation" && item.operator === operator ? item.items : [item])) };
}

/** `x = ANY (ARRAY[…])`, from IN as well; one element is a plain comparison, as PostgreSQL makes of it. */
export function comparesAny(left: Tree, operator: string, quantifier: "any" | "all", list: Tree): Tree {
  const inner = list.kind === "cast" && list.of.kind === "array" ? list.of : list;
  if (inner.kind === "array" && inner.items.length === 1) return operation(operator, left, inner.items[0]!);
  return operation(`${operator} ${quantifier}`, left, inner.kind === "array" ? inner : list);
}
