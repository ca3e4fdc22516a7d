// A key of an index that the code writes as SQL, collation, operator class and order included (`sql\`${table.createdAt} desc\``), in its
// parts. It reads words and no grammar: what it does not understand stays one expression.
import type { IndexKey } from "../model/schema";
import { sqlWords } from "./expression-text";

/** The column, or the expression alone, with what stands behind it as the key's own; the same key where there is nothing to part. */
export function keyOfSql(key: IndexKey): IndexKey {
  if (!key.expression?.complete) return key;
  const words = [...sqlWords(key.expression.sql)];
  const last = (): string | undefined => (words.at(-1)?.kind === "identifier" ? words.at(-1)!.text : undefined);
  const nulls = last() === "first" || last() === "last" ? (last() as "first" | "last") : undefined;
  if (nulls) words.splice(-2);
  const order = last() === "asc" || last() === "desc" ? (last() as "asc" | "desc") : undefined;
  if (order) words.pop();
  const operatorClass = words.length > 1 && last() !== undefined && /_ops$/.test(last()!) ? words.pop()!.text : key.operatorClass;
  const collated = words.length > 2 && words.at(-2)!.kind === "identifier" && words.at(-2)!.text === "collate";
  const collation = collated ? words.splice(-2)[1]!.text : key.collation;
  const own = { ...(order && { order }), ...(nulls && { nulls }), ...(operatorClass !== undefined && { operatorClass }), ...(collation !== undefined && { collation }) };
  // A name alone is a column; behind its table's name too.
  const named = words.length === 1 || (words.length === 3 && words[1]!.text === ".");
  const column = words.at(-1);
  if (!named || (column?.kind !== "identifier" && column?.kind !== "quoted")) {
    const end = words.at(-1)?.end;
    if (end === undefined || end === key.expression.sql.length) return key;
    return { ...key, ...own, expression: { ...key.expression, sql: key.expression.sql.slice(0, end) } };
  }
  const { expression: _, ...rest } = key;
  return { ...rest, ...own, column: column.text };
}
