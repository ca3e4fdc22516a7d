// SQL as PostgreSQL prints it, as the model's Expression: with the columns that it mentions.
import { sqlWords } from "../../indexes/expression-text";
import type { Expression } from "../../model/schema";

/** `columns` has the names of the table's columns. Null where PostgreSQL gave no text: the object was dropped meanwhile. */
export function expressionOf(sql: string | null, columns: ReadonlySet<string>): Expression {
  if (sql === null) return { sql: "", columns: [], complete: false };
  return { sql, columns: columns.size === 0 ? [] : mentioned(sql, columns), complete: true };
}

/** Names of columns in the order in which they come; a type's name after `::` and a function's before `(` are none. */
function mentioned(sql: string, columns: ReadonlySet<string>): readonly string[] {
  const words = sqlWords(sql);
  const found = new Set<string>();
  for (const [at, { kind, text }] of words.entries()) {
    if ((kind !== "identifier" && kind !== "quoted") || !columns.has(text) || words[at - 1]?.text === "::") continue;
    if (words[at + 1]?.kind === "symbol" && words[at + 1]!.text === "(") continue;
    found.add(text);
  }
  return [...found];
}
