// Where things stand in a statement's text, for the marks and edits of the rules about migrations: PostgreSQL's tree gives
// places of some nodes alone. It works on words and understands no SQL.
import { sqlWords, type SqlWord } from "../indexes/expression-text";

/** [start, end) in the text that was searched. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** The first run of these words, in any case: `find(sql, "set", "not", "null")`. `within`: only there. */
export function findWords(sql: string, words: readonly string[], within: Piece = { start: 0, end: sql.length }): Piece | undefined {
  const all = sqlWords(sql).filter(({ start, end }) => start >= within.start && end <= within.end);
  const is = (word: SqlWord | undefined, text: string): boolean => word !== undefined && word.kind !== "quoted" && word.kind !== "literal" && word.text === text;
  const at = all.findIndex((_, from) => words.every((word, offset) => is(all[from + offset], word)));
  return at < 0 ? undefined : { start: all[at]!.start, end: all[at + words.length - 1]!.end };
}

/** The subcommands of ALTER TABLE, in order: what stands behind the table's name, parted at its commas. */
export function subcommands(sql: string): readonly Piece[] {
  const words = sqlWords(sql);
  let at = 2;
  while (["if", "exists", "only"].includes(words[at]?.kind === "identifier" ? words[at]!.text : "")) at++;
  at++;
  while (words[at]?.text === ".") at += 2;
  if (words[at]?.text === "*") at++;
  const pieces: Piece[] = [];
  let from = at;
  let depth = 0;
  for (; at <= words.length; at++) {
    const word = words[at];
    const symbol = word?.kind === "symbol" ? word.text : "";
    if (symbol === "(" || symbol === "[") depth++;
    else if (symbol === ")" || symbol === "]") depth--;
    if (word && !(symbol === "," && depth === 0)) continue;
    if (at > from) pieces.push({ start: words[from]!.start, end: words[at - 1]!.end });
    from = at + 1;
  }
  return pieces;
}

/** The expression that begins behind `start`, to the end of the column's default: up to the next word of a column constraint outside parentheses, or the end of `within`. */
export function expressionEnd(sql: string, within: Piece): number {
  let depth = 0;
  let end = within.start;
  for (const word of sqlWords(sql)) {
    if (word.start < within.start || word.end > within.end) continue;
    if (word.kind === "symbol" && (word.text === "(" || word.text === "[")) depth++;
    else if (word.kind === "symbol" && (word.text === ")" || word.text === "]")) depth--;
    else if (depth === 0 && end > within.start && word.kind === "identifier" && columnWords.has(word.text)) return end;
    end = word.end;
  }
  return end;
}

/** What may follow a default in a column's definition: https://www.postgresql.org/docs/current/sql-createtable.html */
const columnWords = new Set(["not", "null", "constraint", "check", "unique", "primary", "references", "generated", "collate", "default", "deferrable", "initially"]);
