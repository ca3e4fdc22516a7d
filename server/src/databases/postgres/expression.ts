// SQL as PostgreSQL prints it, as the model's Expression: with the columns that it mentions.
import { columnsIn } from "../../indexes/expression-text";
import type { Expression } from "../../model/schema";

/** `columns` has the names of the table's columns. Null where PostgreSQL gave no text: the object was dropped meanwhile. */
export function expressionOf(sql: string | null, columns: ReadonlySet<string>): Expression {
  if (sql === null) return { sql: "", columns: [], complete: false };
  return { sql, columns: columns.size === 0 ? [] : columnsIn(sql, columns), complete: true };
}
