// An index as Drizzle code: the builder call for a new one, and the smallest edits of the call of an existing one.
// Knows what each dialect's builder can say; what it cannot is undefined.
import type { ts } from "ts-morph";
import { nullOrder } from "../../indexes/null-order";
import type { Expression, Index, IndexKey } from "../../model/schema";
import type { Splice } from "./edit-list";
import type { Quote } from "./edit-style";
import { quoted } from "./edit-style";
import type { TableSyntax } from "./edit-syntax";
import { calledName, calls, compiler, rangeOf } from "./edit-syntax";

export type Core = "pg" | "mysql" | "sqlite";

/** What the place gives: how columns are reached there, and the local names of builders. */
export interface Words {
  readonly core: Core;
  readonly quote: Quote;
  /** `t.clientId` for the database name `client_id`; undefined where the table has no such column. */
  column(name: string): string | undefined;
  /** The local name of a builder of the core module. */
  builder(name: "index" | "uniqueIndex" | "unique" | "foreignKey" | "check" | "primaryKey"): string;
  /** The local name of drizzle-orm's `sql`. */
  sql(): string;
}

/** The whole element, `index("orders_client_id_idx").on(t.clientId)`. */
export function indexCall(index: Index, words: Words): string | undefined {
  if (index.include.length > 0 || index.keys.length === 0) return undefined;
  if (index.nullsNotDistinct) return uniqueCall(index, words);
  if (index.name === undefined && words.core !== "pg") return undefined;
  const keys = keyList(index.keys, words);
  const tail = keys === undefined ? undefined : options(index, words);
  if (keys === undefined || tail === undefined) return undefined;
  const name = index.name === undefined ? "" : quoted(index.name, words.quote);
  const head = `${words.builder(index.unique ? "uniqueIndex" : "index")}(${name})`;
  if (index.method === "btree") return `${head}.on(${keys})${tail}`;
  if (words.core === "pg") return `${head}.using(${quoted(index.method, words.quote)}, ${keys})${tail}`;
  if (words.core === "mysql" && index.method === "hash") return `${head}.on(${keys}).using(${quoted("hash", words.quote)})`;
  return undefined;
}

/** A unique index that holds NULLs equal: Drizzle says that of a constraint only. */
function uniqueCall(index: Index, words: Words): string | undefined {
  const plain = index.keys.every((key) => key.column !== undefined && key.order === "asc" && !key.nulls && !key.operatorClass && !key.collation);
  if (words.core !== "pg" || !index.unique || !plain || index.where || index.with || index.method !== "btree") return undefined;
  const keys = keyList(index.keys, words);
  if (keys === undefined) return undefined;
  return `${words.builder("unique")}(${index.name === undefined ? "" : quoted(index.name, words.quote)}).on(${keys}).nullsNotDistinct()`;
}

function options(index: Index, words: Words): string | undefined {
  let text = "";
  if (index.where) {
    const condition = words.core === "mysql" ? undefined : sqlTemplate(index.where, words);
    if (condition === undefined) return undefined;
    text += `.where(${condition})`;
  }
  if (index.with && Object.keys(index.with).length > 0) {
    if (words.core !== "pg") return undefined;
    const pairs = Object.entries(index.with).map(([key, value]) => `${key}: ${/^-?\d+(\.\d+)?$|^(true|false)$/.test(value) ? value : quoted(value, words.quote)}`);
    text += `.with({ ${pairs.join(", ")} })`;
  }
  return text;
}

function keyList(keys: readonly IndexKey[], words: Words): string | undefined {
  const texts = keys.map((key) => keyText(key, words));
  return texts.every((text) => text !== undefined) ? texts.join(", ") : undefined;
}

function keyText(key: IndexKey, words: Words): string | undefined {
  if (key.collation) return undefined;
  const column = key.column === undefined ? undefined : words.column(key.column);
  if (key.column !== undefined && column === undefined) return undefined;
  if (words.core === "pg" && column !== undefined && key.length === undefined) {
    const order = key.order === "desc" ? ".desc()" : key.nulls ? ".asc()" : "";
    // Without a word drizzle-kit writes NULLS LAST, which is not PostgreSQL's default for DESC.
    const wanted = key.nullsImplied ? undefined : key.order === "desc" ? nullOrder(key, "postgresql") : key.nulls;
    const nulls = wanted ? (wanted === "first" ? ".nullsFirst()" : ".nullsLast()") : "";
    return `${column}${order}${nulls}${key.operatorClass ? `.op(${quoted(key.operatorClass, words.quote)})` : ""}`;
  }
  const suffix = `${key.length === undefined ? "" : `(${key.length})`}${key.operatorClass ? ` ${key.operatorClass}` : ""}${key.order === "desc" ? " desc" : ""}${key.nulls ? ` nulls ${key.nulls}` : ""}`;
  if (column !== undefined) return suffix === "" ? column : `${words.sql()}\`\${${column}}${suffix}\``;
  return key.expression && sqlTemplate(key.expression, words, suffix);
}

/** SQL with columns by their quoted names becomes a template that reaches them through the table. */
export function sqlTemplate(expression: Expression, words: Words, suffix = ""): string | undefined {
  if (!expression.complete) return undefined;
  const known = new Set(expression.columns);
  let ok = true;
  // String literals are left alone: a name inside one is text. A database prints plain names without quotes.
  const body = expression.sql.replace(/'(?:[^']|'')*'|"((?:[^"]|"")+)"|`([^`]+)`|(?<![.:\w$])([a-z_][\w$]*)(?!\s*[.(]|[\w$])/g, (match, double: string | undefined, tick: string | undefined, bare: string | undefined) => {
    const name = (double ?? tick ?? bare)?.replace(/""/g, '"');
    if (name === undefined || !known.has(name)) return match;
    const column = words.column(name);
    if (column === undefined) ok = false;
    return `\0${column}\0`;
  });
  if (!ok) return undefined;
  const parts = body.split("\0").map((part, index) => (index % 2 === 1 ? `\${${part}}` : escapePlain(part)));
  return `${words.sql()}\`${parts.join("")}${suffix}\``;
}

function escapePlain(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/`/g, "\\`").replace(/\$\{/g, "\\${");
}

/** Edits of an existing element that give it another name. */
export function renameCall(element: ts.Expression, to: string, syntax: TableSyntax): Splice[] | undefined {
  const ts = compiler();
  const root = calls(element).at(-1);
  if (!root) return undefined;
  const argument = root.arguments[0];
  const close = rangeOf(root, syntax).end - 1;
  if (!argument) return [{ start: close, end: close, text: quoted(to, ownQuote(element, syntax)) }];
  if (!ts.isStringLiteral(argument) && !ts.isNoSubstitutionTemplateLiteral(argument)) return undefined;
  const range = rangeOf(argument, syntax);
  return [{ ...range, text: quoted(to, syntax.text[range.start] === "'" ? "'" : '"') }];
}

/** Edits of an existing element where only its predicate or its method differ; undefined where more does. */
export function alterCall(element: ts.Expression, from: Index, to: Index, words: Words, syntax: TableSyntax): Splice[] | undefined {
  const chain = calls(element);
  const root = chain.at(-1);
  if (!root || !sameKeys(from, to) || !!from.nullsNotDistinct !== !!to.nullsNotDistinct || from.unique !== to.unique || JSON.stringify(from.with) !== JSON.stringify(to.with)) return undefined;
  const splices: Splice[] = [];
  if (from.where?.sql !== to.where?.sql) {
    const where = chain.find((call) => calledName(call) === "where");
    const condition = to.where && (words.core === "mysql" ? undefined : sqlTemplate(to.where, words));
    if (to.where && condition === undefined) return undefined;
    if (where && condition) {
      const argument = where.arguments[0];
      if (!argument) return undefined;
      splices.push({ ...rangeOf(argument, syntax), text: condition });
    } else if (where) {
      splices.push(chainCall(where, syntax));
    } else if (condition) {
      const end = rangeOf(element, syntax).end;
      splices.push({ start: end, end, text: `.where(${condition})` });
    }
  }
  if (from.method !== to.method) {
    if (words.core !== "pg") return undefined;
    const keys = chain.find((call) => ["on", "using"].includes(calledName(call) ?? ""));
    const ts = compiler();
    if (!keys || !ts.isPropertyAccessExpression(keys.expression)) return undefined;
    const first = keys.arguments[0];
    if (!first) return undefined;
    if (calledName(keys) === "on") {
      splices.push({ ...rangeOf(keys.expression.name, syntax), text: "using" });
      const at = rangeOf(first, syntax).start;
      splices.push({ start: at, end: at, text: `${quoted(to.method, words.quote)}, ` });
    } else splices.push({ ...rangeOf(first, syntax), text: quoted(to.method, words.quote) });
  }
  return splices;
}

/** The range of `.name(…)` in a chain, with the line break before it. */
export function chainCall(call: ts.CallExpression, syntax: TableSyntax): Splice {
  const ts = compiler();
  const owner = (call.expression as ts.PropertyAccessExpression).expression;
  return { start: rangeOf(ts.isPropertyAccessExpression(call.expression) ? owner : call, syntax).end, end: rangeOf(call, syntax).end, text: "" };
}

function sameKeys(from: Index, to: Index): boolean {
  return JSON.stringify([from.keys, from.include]) === JSON.stringify([to.keys, to.include]);
}

function ownQuote(element: ts.Expression, syntax: TableSyntax): Quote {
  const range = rangeOf(element, syntax);
  return /["']/.exec(syntax.text.slice(range.start, range.end))?.[0] === "'" ? "'" : /'/.test(syntax.text) && !/"/.test(syntax.text) ? "'" : '"';
}
