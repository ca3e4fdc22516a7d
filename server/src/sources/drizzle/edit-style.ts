// How a file is written: line ends, indentation, quotes, semicolons. Read from its text, so that an edit looks as if its author had made it.
import { indentAt } from "./edit-list";
import type { TableSyntax } from "./edit-syntax";
import { rangeOf } from "./edit-syntax";

export type Quote = '"' | "'" | "`";

export function lineEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** One level of indentation: as the table's columns have it, else the first indented line of the file, else two spaces. */
export function indentUnit(syntax: TableSyntax): string {
  const { text, statement } = syntax;
  const columns = rangeOf(syntax.columns, syntax);
  const outer = indentAt(text, columns.start);
  const inner = /\{[ \t]*\r?\n([ \t]+)\S/.exec(text.slice(columns.start, columns.end))?.[1];
  if (inner !== undefined && inner.startsWith(outer) && inner.length > outer.length) return inner.slice(outer.length);
  return /\n([ \t]+)[^\s*]/.exec(text.slice(statement.start, statement.end))?.[1] ?? /\n(\t| {2,8})[^\s*]/.exec(text)?.[1] ?? "  ";
}

/** The quote that most strings of the text have; backticks do not count. */
export function dominantQuote(text: string): Quote {
  const double = text.match(/"[^"'\n]*"/g)?.length ?? 0;
  const single = text.match(/'[^"'\n]*'/g)?.length ?? 0;
  return single > double ? "'" : '"';
}

export function quoted(value: string, quote: Quote): string {
  const inner = JSON.stringify(value).slice(1, -1);
  return quote === "'" ? `'${inner.replace(/\\"/g, '"').replace(/'/g, "\\'")}'` : `"${inner}"`;
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name) && !reserved.has(name);
}

/** `orders_client_id_idx` gives `ordersClientIdIdx`. */
export function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join("");
  return /^[A-Za-z]/.test(joined) ? joined : `_${joined}`;
}

const reserved = new Set((
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface package private protected public"
).split(" "));
