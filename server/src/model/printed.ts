// What PostgreSQL prints of expressions, as far as it was asked: two that are spelled differently and print alike are the same.
import type { Table } from "./schema";

export type TableExpression =
  /** `column` is the column's name. */
  | { readonly kind: "default" | "generated"; readonly column: string; readonly sql: string }
  /** A check, an index's predicate, or an index key that is an expression. */
  | { readonly kind: "check" | "predicate" | "key"; readonly sql: string };

/** Expressions of one table of a database that PostgreSQL is to print. */
export interface TableQuestions {
  readonly table: Table;
  readonly expressions: readonly TableExpression[];
}

/** The answers by `expressionKey`; null: PostgreSQL refuses the expression. */
export type PrintedExpressions = ReadonlyMap<string, string | null>;

/** The same for the same expression in tables with the same columns. */
export function expressionKey(table: Table, expression: TableExpression): string {
  return JSON.stringify([columnsOf(table), expression.kind, "column" in expression ? expression.column : null, expression.sql]);
}

const columns = new WeakMap<Table, string>();

function columnsOf(table: Table): string {
  let text = columns.get(table);
  if (text === undefined) columns.set(table, (text = JSON.stringify(table.columns.map(({ name, type }) => [name, type.name]))));
  return text;
}
