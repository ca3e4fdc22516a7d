// Splits the SQL of a predicate or an index expression into words, just far enough to compare two of them, to part
// conjuncts and to see function calls. It is no parser: what it does not understand stays unequal and unreported.
import type { Expression } from "../model/schema";

export interface SqlWord {
  readonly kind: "identifier" | "quoted" | "literal" | "symbol";
  /** An identifier in lower case, a quoted one without its quotes, a literal and a symbol as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const word = /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|`([^`]*)`|\[([\p{L}_][^\]]*)\]|([eEbBxXnN]?'(?:[^']|'')*'|\d[\w.]*|\$\d+)|([\p{L}_][\p{L}\p{N}_$]*)|(::|<>|!=|<=|>=|\|\||->>?|#>>?|@>|<@|[\s\S])/gu;

/** The words of `sql`, comments and white space left out. */
export function sqlWords(sql: string): readonly SqlWord[] {
  const words: SqlWord[] = [];
  for (const match of sql.matchAll(word)) {
    const [all, double, backtick, bracket, literal, identifier, symbol] = match;
    const start = match.index;
    const end = start + all.length;
    const quoted = double?.replaceAll('""', '"') ?? backtick ?? bracket;
    if (quoted !== undefined) words.push({ kind: "quoted", text: quoted, start, end });
    else if (literal !== undefined) words.push({ kind: "literal", text: literal, start, end });
    else if (identifier !== undefined) words.push({ kind: "identifier", text: identifier.toLowerCase(), start, end });
    else if (symbol !== undefined) words.push({ kind: "symbol", text: symbol, start, end });
  }
  return words;
}

/** Those of `columns` that `sql` mentions, in the order in which they come; a type's name after `::` and a function's before `(` are none. */
export function columnsIn(sql: string, columns: ReadonlySet<string>): readonly string[] {
  const words = sqlWords(sql);
  const found = new Set<string>();
  for (const [at, { kind, text }] of words.entries()) {
    if ((kind !== "identifier" && kind !== "quoted") || !columns.has(text) || words[at - 1]?.text === "::") continue;
    if (words[at + 1]?.kind === "symbol" && words[at + 1]!.text === "(") continue;
    found.add(text);
  }
  return [...found];
}

/** True where both say the same but for spelling: white space, letter case of words, quotes that are not needed, outer parentheses, the table's name before a column. Expressions that could not be read are never the same. */
export function sameExpression(a: Expression | undefined, b: Expression | undefined, table: string): boolean {
  if (!a || !b) return a === b;
  return a.complete && b.complete && (a.sql === b.sql || canonical(a.sql, table) === canonical(b.sql, table));
}

function canonical(sql: string, table: string): string {
  const words = withoutParentheses(sqlWords(sql));
  const texts: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const { kind, text } = words[at]!;
    if ((kind === "quoted" || kind === "identifier") && text === table && words[at + 1]?.text === ".") {
      at++;
      continue;
    }
    texts.push(kind === "quoted" && /^[a-z_][a-z0-9_]*$/.test(text) ? text : kind === "quoted" ? `"${text}"` : text === "!=" ? "<>" : text);
  }
  return texts.join(" ");
}

function withoutParentheses(words: readonly SqlWord[]): readonly SqlWord[] {
  if (words[0]?.text !== "(" || words[0].kind !== "symbol") return words;
  let depth = 0;
  for (const [at, each] of words.entries()) {
    if (each.kind !== "symbol") continue;
    if (each.text === "(") depth++;
    else if (each.text === ")" && --depth === 0) return at === words.length - 1 ? withoutParentheses(words.slice(1, -1)) : words;
  }
  return words;
}

/** The text with other names of columns in it; `quote` writes a name as SQL does. Functions, types and the table's name before a column stay. */
export function withColumnsRenamed(sql: string, renamed: ReadonlyMap<string, string>, quote: (name: string) => string): string {
  const words = sqlWords(sql);
  let text = "";
  let end = 0;
  for (const [at, one] of words.entries()) {
    const to = one.kind === "identifier" || one.kind === "quoted" ? renamed.get(one.text) : undefined;
    const after = words[at + 1]?.kind === "symbol" ? words[at + 1]!.text : "";
    if (to === undefined || after === "(" || after === "." || words[at - 1]?.text === "::") continue;
    text += sql.slice(end, one.start) + quote(to);
    end = one.end;
  }
  return text + sql.slice(end);
}

/** The parts that AND joins at the top, as pieces of the text; the AND of a BETWEEN joins nothing. One part, where OR stands beside it. */
export function conjunctsOf(sql: string): readonly string[] {
  const words = withoutParentheses(sqlWords(sql));
  if (words.length === 0) return [];
  const parts: string[] = [];
  let depth = 0;
  let betweens = 0;
  let first = 0;
  const piece = (from: number, to: number) => sql.slice(words[from]!.start, words[to - 1]!.end);
  for (const [at, { kind, text }] of words.entries()) {
    if (kind === "symbol" && text === "(") depth++;
    else if (kind === "symbol" && text === ")") depth--;
    else if (kind !== "identifier") continue;
    else if (text === "case") depth++;
    else if (text === "end" && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (text === "or") return [piece(0, words.length)];
    else if (text === "between") betweens++;
    else if (text === "and" && betweens > 0) betweens--;
    else if (text === "and" && at > first) {
      parts.push(piece(first, at));
      first = at + 1;
    }
  }
  if (first >= words.length) return parts;
  parts.push(piece(first, words.length));
  return parts.length === 1 ? parts : parts.flatMap(conjunctsOf);
}

/** The column of `column IS NOT NULL`, undefined for any other condition. A name without quotes is given in lower case, as PostgreSQL folds it. */
export function notNullColumn(conjunct: string): string | undefined {
  const words = withoutParentheses(sqlWords(conjunct));
  const tail = words.slice(-3).map((each) => (each.kind === "identifier" ? each.text : ""));
  return tail.join(" ") === "is not null" ? nameOf(withoutParentheses(words.slice(0, -3))) : undefined;
}

/** The column that stands before a comparison, `column = 'x'`: no row in which it is NULL fulfils that. */
export function comparedColumn(conjunct: string): string | undefined {
  const words = withoutParentheses(sqlWords(conjunct));
  const at = words.findIndex(({ kind, text }) => kind === "symbol" && /^(=|<>|!=|<|>|<=|>=)$/.test(text));
  return at < 0 || words.some(({ kind, text }) => kind === "identifier" && text === "or") ? undefined : nameOf(words.slice(0, at));
}

/** The last name of a path of one to three: a column's, or one behind its table's, or behind schema and table. */
function nameOf(words: readonly SqlWord[]): string | undefined {
  const isName = (each: SqlWord) => each.kind === "identifier" || each.kind === "quoted";
  for (const [at, each] of words.entries()) if (at % 2 === 0 ? !isName(each) : each.text !== ".") return undefined;
  return words.length % 2 === 1 && words.length <= 5 ? words.at(-1)!.text : undefined;
}

export interface FunctionCall {
  /** In lower case where it is not quoted. */
  readonly name: string;
  /** The schema before it. */
  readonly schema?: string;
  /** Number of arguments. */
  readonly arguments: number;
}

/** Names that stand before a parenthesis and call nothing. */
const noFunctions = new Set(["and", "or", "not", "in", "is", "any", "all", "some", "exists", "case", "when", "then", "else", "like", "ilike", "between", "array", "row", "as", "on", "where", "from", "select", "values", "varchar", "char", "character", "numeric", "decimal", "bit", "varbit", "float", "timestamp", "timestamptz", "time", "interval", "precision", "varying"]);

/** Words that are functions without parentheses. */
const bareFunctions = new Set(["current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "current_user", "session_user", "current_role", "current_catalog", "current_schema", "user"]);

/** All function calls of an expression, in order. */
export function functionCalls(sql: string): readonly FunctionCall[] {
  const words = sqlWords(sql);
  const calls: FunctionCall[] = [];
  for (const [at, { kind, text }] of words.entries()) {
    if (kind !== "identifier" && kind !== "quoted") continue;
    const before = words[at - 1]?.text;
    if (words[at + 1]?.text !== "(" || words[at + 1]!.kind !== "symbol") {
      if (kind === "identifier" && bareFunctions.has(text) && before !== "." && words[at + 1]?.text !== ".") calls.push({ name: text, arguments: 0 });
      continue;
    }
    if (before === "::" || (kind === "identifier" && noFunctions.has(text))) continue;
    const schema = before === "." ? words[at - 2]?.text : undefined;
    calls.push({ name: text, ...(schema === undefined ? {} : { schema }), arguments: countArguments(words, at + 1) });
  }
  return calls;
}

function countArguments(words: readonly SqlWord[], open: number): number {
  let depth = 0;
  let commas = 0;
  for (let at = open; at < words.length; at++) {
    const { kind, text } = words[at]!;
    if (kind !== "symbol") continue;
    if (text === "(" || text === "[") depth++;
    else if (text === ")" || text === "]") {
      if (--depth === 0) return at === open + 1 ? 0 : commas + 1;
    } else if (text === "," && depth === 1) commas++;
  }
  return commas + 1;
}
