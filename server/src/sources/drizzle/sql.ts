// SQL in schemas: sql`` templates and Drizzle's operators as pieces, and the pieces as one text with columns by their
// quoted database names.
import type { Expression } from "../../model/schema";
import { isComposite, isKind, native, unknown, type ColumnValue, type NativeValue, type SqlPart, type SqlValue, type Value } from "./values";

export function sqlTemplate(strings: readonly string[], values: readonly Value[]): SqlValue {
  const parts: SqlPart[] = [];
  strings.forEach((text, i) => {
    if (text !== "") parts.push({ text });
    if (i < values.length) parts.push({ value: values[i] });
  });
  return { kind: "sql", parts };
}

function sequence(...parts: readonly (string | SqlPart)[]): SqlValue {
  return { kind: "sql", parts: parts.map((part) => (typeof part === "string" ? { text: part } : part)) };
}

/** A plain value that a column is compared with is written as the column's type writes it. */
function bound(value: Value, column: Value): SqlPart {
  return isKind(column, "column") && (!isComposite(value) || isKind(value, "object") || isKind(value, "array")) ? { value, encoder: column } : { value };
}

function operator(name: string, text: string): NativeValue {
  return native(name, ([left, right]) => sequence({ value: left }, text, bound(right, left)));
}

/** Of lists and subqueries; an empty list holds for none. */
function membership(name: string, text: string, empty: { readonly text: string; readonly version1: string }): NativeValue {
  return native(name, ([column, list]) => {
    if (!isKind(list, "array") || list.unknown) return sequence({ value: column }, text, bound(list, column));
    if (list.items.length === 0) return sequence(empty);
    return sequence({ value: column }, `${text}(`, ...list.items.flatMap((item, at): (string | SqlPart)[] => (at === 0 ? [bound(item, column)] : [", ", bound(item, column)])), ")");
  });
}

function aggregate(name: string, start: string): NativeValue {
  return native(name, ([value]) => sequence(start, { value }, ")"));
}

function joined(name: "and" | "or"): NativeValue {
  return native(name, (args) => {
    const conditions = args.filter((one) => one !== undefined);
    if (conditions.length === 0) return undefined;
    if (conditions.length === 1) return sequence({ value: conditions[0] });
    return sequence({ text: "(", version1: "((" }, ...conditions.flatMap((value, i): SqlPart[] => (i === 0 ? [{ value }] : [{ text: ` ${name} `, version1: `) ${name} (` }, { value }])), { text: ")", version1: "))" });
  });
}

function nullTest(name: string, text: string): NativeValue {
  return native(name, ([value]) => sequence({ text: "", version1: "(" }, { value }, { text, version1: `${text})` }));
}

function suffix(name: string, text: string): NativeValue {
  return native(name, ([value]) => sequence({ value }, text));
}

const sql = native("sql", ([strings, ...values]) => (isKind(strings, "array") && strings.items.every((item) => typeof item === "string") ? sqlTemplate(strings.items as string[], values) : unknown("the SQL cannot be read")), [
  ["raw", native("raw", ([text], { place }) => sequence(typeof text === "string" ? text : { value: isKind(text, "unknown") ? text : unknown("the SQL cannot be read", place) }))],
  ["identifier", native("identifier", ([name]): SqlValue => ({ kind: "sql", parts: [typeof name === "string" ? { name } : { value: name }] }))],
  ["join", native("join", ([list, separator]) => (isKind(list, "array") && !list.unknown ? { kind: "sql", parts: list.items.flatMap((value, i): SqlPart[] => (i === 0 || separator === undefined ? [{ value }] : [{ value: separator }, { value }])) } : unknown("the SQL cannot be read")))],
  ["empty", native("empty", () => sequence())],
  ["fromList", native("fromList", ([list]) => (isKind(list, "array") ? { kind: "sql", parts: list.items.map((value) => ({ value })) } : unknown("the SQL cannot be read")))],
  ["param", native("param", ([value]) => value)],
  ["placeholder", native("placeholder", ([name]) => sequence(`:${String(name)}`))],
]);

/** What `drizzle-orm` exports for writing SQL. */
export const sqlFunctions: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["sql", sql],
  ...Object.entries({ eq: "=", ne: "<>", gt: ">", gte: ">=", lt: "<", lte: "<=", like: "like", notLike: "not like", ilike: "ilike", notIlike: "not ilike", arrayContains: "@>", arrayContained: "<@", arrayOverlaps: "&&" })
    .map(([name, text]) => [name, operator(name, ` ${text} `)] as const),
  ["inArray", membership("inArray", " in ", { text: "false", version1: "1 = 0" })], ["notInArray", membership("notInArray", " not in ", { text: "true", version1: "1 = 1" })],
  ["and", joined("and")], ["or", joined("or")],
  ["not", native("not", ([value]) => (isKind(value, "sql") ? sequence({ text: "not ", version1: "not (" }, { value }, { text: "", version1: ")" }) : sequence("not ", { value })))],
  ["isNull", nullTest("isNull", " is null")], ["isNotNull", nullTest("isNotNull", " is not null")],
  ["asc", suffix("asc", " asc")], ["desc", suffix("desc", " desc")],
  ["between", native("between", ([value, low, high]) => sequence({ value }, " between ", bound(low, value), " and ", bound(high, value)))],
  ["notBetween", native("notBetween", ([value, low, high]) => sequence({ value }, " not between ", bound(low, value), " and ", bound(high, value)))],
  ["exists", native("exists", ([value]) => sequence("exists ", { value }))], ["notExists", native("notExists", ([value]) => sequence("not exists ", { value }))],
  ["count", native("count", ([value]) => (value === undefined ? sequence("count(*)") : sequence("count(", { value }, ")")))],
  ...Object.entries({ max: "max(", min: "min(", sum: "sum(", avg: "avg(", countDistinct: "count(distinct ", sumDistinct: "sum(distinct ", avgDistinct: "avg(distinct " }).map(([name, start]) => [name, aggregate(name, start)] as const),
]);

export interface Naming {
  /** Name of a column in the database. */
  column(column: ColumnValue): string;
  quote(name: string): string;
}

/** The text of a value in SQL. Parts that cannot be read appear as their source text, and the result is not complete. */
export function expressionOf(value: Value, naming: Naming): Expression {
  const columns = new Set<string>();
  let complete = true;
  let sqlText = "";
  const write = (part: Value): void => {
    if (typeof part === "string") sqlText += `'${part.replaceAll("'", "''")}'`;
    else if (!isComposite(part)) sqlText += part === undefined || part === null ? "null" : String(part);
    else if (part.kind === "sql") {
      for (const one of part.parts) {
        if ("text" in one) sqlText += one.text;
        else if ("name" in one) sqlText += naming.quote(one.name);
        else write(one.value);
      }
    } else if (part.kind === "column") {
      const name = naming.column(part);
      columns.add(name);
      sqlText += naming.quote(name);
      if (part.operatorClass) sqlText += ` ${part.operatorClass}`;
      if (part.order === "desc") sqlText += " desc";
    } else if (part.kind === "table") sqlText += (part.schema ? `${naming.quote(part.schema)}.` : "") + naming.quote(part.name);
    else if (part.kind === "array" && !part.unknown) {
      sqlText += "(";
      part.items.forEach((item, i) => { if (i > 0) sqlText += ", "; write(item); });
      sqlText += ")";
    } else if (part.kind === "enum") sqlText += naming.quote(part.name);
    else if (part.kind === "schema") sqlText += naming.quote(part.name);
    else {
      complete = false;
      const place = part.kind === "unknown" ? part.place : undefined;
      sqlText += place ? `\${${place.chunk.source.text.slice(place.node.getStart(place.chunk.source), place.node.end)}}` : "${…}";
    }
  };
  write(value);
  return { sql: sqlText.trim(), columns: [...columns], complete };
}
