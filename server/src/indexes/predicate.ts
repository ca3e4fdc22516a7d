// Reads the predicate of a partial index just far enough to tell whether an equality lookup implies it.
// It deliberately proves nothing else: whatever is not a plain `column IS NOT NULL` counts as not implied.
import type { Expression } from "../model/schema";

/**
 * True where every conjunct of the predicate is `column IS NOT NULL` for one of `columns` (database names), so that
 * `column = $1` implies it. PostgreSQL and SQLite both prove that much:
 * https://www.postgresql.org/docs/current/indexes-partial.html, https://www.sqlite.org/partialindex.html
 */
export function impliedByEquality(predicate: Expression, columns: readonly string[]): boolean {
  return predicate.complete && conjuncts(predicate.sql).every((conjunct) => {
    const name = notNullColumn(conjunct);
    return name !== undefined && columns.some((column) => name.quoted ? column === name.text : column.toLowerCase() === name.text.toLowerCase());
  });
}

const identifier = String.raw`(?:"(?:[^"]|"")+"|\x60[^\x60]+\x60|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)`;
const isNotNull = new RegExp(`^(?:${identifier}\\s*\\.\\s*){0,2}(${identifier})\\s+is\\s+not\\s+null$`, "iu");
const notIsNull = new RegExp(`^not\\s*\\(?\\s*(?:${identifier}\\s*\\.\\s*){0,2}(${identifier})\\s+is\\s+null\\s*\\)?$`, "iu");

function notNullColumn(conjunct: string): { text: string; quoted: boolean } | undefined {
  const raw = (isNotNull.exec(conjunct) ?? notIsNull.exec(conjunct))?.[1] ?? isNotNull.exec(conjunct.replace(/\(\s*([^()]+?)\s*\)/u, "$1"))?.[1];
  if (raw === undefined) return undefined;
  return /^["`[]/.test(raw) ? { text: raw.slice(1, -1).replaceAll('""', '"'), quoted: true } : { text: raw, quoted: false };
}

/** The parts of `sql` that AND joins, outer parentheses removed. Quotes and parentheses are respected. */
function conjuncts(sql: string): string[] {
  const text = withoutOuterParentheses(sql.trim());
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "'" || character === '"' || character === "`") {
      const end = text.indexOf(character, at + 1);
      at = end < 0 ? text.length : end;
    } else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (depth === 0 && /^and\b/i.test(text.slice(at, at + 4)) && !/[\p{L}\p{N}_$]/u.test(text[at - 1] ?? " ")) {
      parts.push(text.slice(from, at));
      from = at + 3;
      at += 2;
    }
  }
  parts.push(text.slice(from));
  return parts.length === 1 ? [text] : parts.flatMap(conjuncts);
}

function withoutOuterParentheses(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0 && at < text.length - 1) return text;
  }
  return depth === 0 ? withoutOuterParentheses(text.slice(1, -1).trim()) : text;
}
