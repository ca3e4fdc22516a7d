// `@@index`, `@unique`, `@@unique`, `@id` and `@@id` to indexes, uniques and the primary key.
import type { Expression, Index, IndexKey, PrimaryKey, SourceRange, Unique } from "../../model/schema";
import { quoted } from "./defaults";
import { GrowingList } from "./growing-list";
import { operatorClass } from "./operator-classes";
import { descending, type PlainKey } from "./plain-key";
import { argument, none, stringArgument, type Attribute, type Value } from "./syntax";

/** What an attribute needs of its table. */
export interface Surroundings {
  /** The column of a field, or undefined where there is none. */
  column(field: string): string | undefined;
  /** Database names of all columns. */
  columns(): readonly string[];
  /** Whether the column of a field may hold NULL; true where there is none. */
  isNullable(field: string): boolean;
  range(node: { readonly start: number; readonly end: number }): SourceRange;
  problem(message: string, node: { readonly start: number; readonly end: number }): void;
}

/** `@@index([…])`. `name:` is the older word for `map:`. */
export function indexOf(attribute: Attribute | PlainKey, table: Surroundings): Index {
  if (isPlain(attribute)) return { name: attribute.map, method: "btree", unique: false, keys: plainKeys(attribute, table), include: none, where: undefined, at: table.range(attribute) };
  const method = argument(attribute, "type");
  const where = argument(attribute, "where");
  return {
    name: databaseName(attribute) ?? stringArgument(attribute, "name"),
    method: method?.kind === "name" ? method.text.toLowerCase() : "btree",
    unique: false,
    keys: keysOf(attribute, table),
    include: none,
    where: where ? predicate(where, table) : undefined,
    at: table.range(attribute),
  };
}

/** `@unique` of one column or `@@unique([…])`: a unique, or with `where:` a partial unique index, since no constraint can be partial. */
export function uniqueOf(attribute: Attribute | PlainKey, columns: readonly string[] | undefined, table: Surroundings): { readonly unique: Unique } | { readonly index: Index } {
  if (isPlain(attribute)) return { unique: { name: attribute.map, columns: plainColumns(attribute, table), at: table.range(attribute) } };
  const where = argument(attribute, "where");
  const name = databaseName(attribute);
  const at = table.range(attribute);
  if (where) {
    const keys = columns ? columns.map((column): IndexKey => ({ column, ...keyOptions(attribute.arguments ?? []) })) : keysOf(attribute, table);
    return { index: { name, method: "btree", unique: true, keys, include: [], where: predicate(where, table), at } };
  }
  return { unique: { name, columns: columns ?? keysOf(attribute, table).map((key) => key.column!), at } };
}

/** `@id` of one column or `@@id([…])`. */
export function primaryKeyOf(attribute: Attribute | PlainKey, columns: readonly string[] | undefined, table: Surroundings): PrimaryKey {
  if (isPlain(attribute)) return { name: attribute.map, columns: plainColumns(attribute, table), at: table.range(attribute) };
  return { name: databaseName(attribute), columns: columns ?? keysOf(attribute, table).map((key) => key.column!), at: table.range(attribute) };
}

function databaseName(attribute: Attribute): string | undefined {
  return stringArgument(attribute, "map");
}

function keysOf(attribute: Attribute, table: Surroundings): readonly IndexKey[] {
  const items = itemsOf(argument(attribute, "fields", 0));
  if (items.length === 0) table.problem(`@@${attribute.name} names no fields`, attribute);
  const fields = items.filter((item) => item.kind === "name" || item.kind === "call");
  if (fields.length < items.length) {
    for (const item of items) if (item.kind !== "missing" && !fields.includes(item as (typeof fields)[number])) table.problem("A field's name is expected", item);
  }
  return fields.map((item): IndexKey => {
    const column = columnOfPath(item.text, table);
    if (column === undefined) table.problem(noField(item.text), item);
    return item.kind === "name" ? { column: column ?? item.text, order: "asc" } : { column: column ?? item.text, ...keyOptions(item.arguments) };
  });
}

function isPlain(attribute: Attribute | PlainKey): attribute is PlainKey {
  return "descending" in attribute;
}

function plainKeys(key: PlainKey, table: Surroundings): readonly IndexKey[] {
  const { fields } = key;
  if (fields.length === 2) return [{ column: plainColumn(key, 0, table), order: (key.descending & 1) === 0 ? "asc" : "desc" }];
  keysOfIndex.clear();
  for (let at = 0; at < fields.length; at += 2) keysOfIndex.add({ column: plainColumn(key, at, table), order: (key.descending & (1 << (at >> 1))) === 0 ? "asc" : "desc" });
  return keysOfIndex.taken();
}

const keysOfIndex = new GrowingList<IndexKey>();

function plainColumns(key: PlainKey, table: Surroundings): readonly string[] {
  const { fields } = key;
  if (fields.length === 2) return [plainColumn(key, 0, table)];
  const columns: string[] = [];
  for (let at = 0; at < fields.length; at += 2) columns.push(plainColumn(key, at, table));
  return columns;
}

function plainColumn(key: PlainKey, at: number, table: Surroundings): string {
  const field = key.fields[at] as string;
  const column = columnOfPath(field, table);
  if (column !== undefined) return column;
  const start = key.fields[at + 1] as number;
  table.problem(noField(field), { start, end: start + field.length + ((key.descending & (1 << (at >> 1))) === 0 ? 0 : descending.length) });
  return field;
}

function noField(name: string): string {
  return `There is no field ${name} to index`;
}

/** The column of a field, or of a key inside a composite type of MongoDB (`address.street`). */
function columnOfPath(path: string, table: Surroundings): string | undefined {
  const dot = path.indexOf(".");
  const column = table.column(dot < 0 ? path : path.slice(0, dot));
  return column === undefined || dot < 0 ? column : column + path.slice(dot);
}

/** A list of fields; one field may stand without the brackets. */
function itemsOf(value: Value | undefined): readonly Value[] {
  if (value?.kind === "list") return value.items;
  return value?.kind === "name" || value?.kind === "call" ? [value] : [];
}

function keyOptions(options: readonly Value[]): Pick<IndexKey, "order" | "operatorClass" | "length"> {
  let order: "asc" | "desc" = "asc";
  let operators: string | undefined;
  let length: number | undefined;
  for (const value of options) {
    const { name } = value;
    if (name === "sort" && value.kind === "name" && value.text === "Desc") order = "desc";
    else if (name === "length" && value.kind === "number") length = Number(value.text);
    else if (name === "ops") {
      if (value.kind === "name") operators = operatorClass(value.text);
      else if (value.kind === "call" && value.arguments[0]?.kind === "string") operators = value.arguments[0].text;
    }
  }
  return { order, ...(operators ? { operatorClass: operators } : {}), ...(length === undefined ? {} : { length }) };
}

/** `raw("…")`, or an object of conditions as Prisma's migrations write it: `"deleted_at" IS NULL AND "kind" = 3`. */
function predicate(value: Value, table: Surroundings): Expression {
  if (value.kind === "call" && value.arguments[0]?.kind === "string") {
    const sql = value.arguments[0].text;
    return { sql, columns: mentioned(sql, table.columns()), complete: true };
  }
  if (value.kind !== "object") return { sql: "", columns: [], complete: false };
  const columns: string[] = [];
  let complete = true;
  const parts = value.entries.map(({ name, value: wanted }) => {
    const column = table.column(name.text);
    if (column === undefined) {
      table.problem(`There is no field ${name.text}`, name);
      complete = false;
    }
    columns.push(column ?? name.text);
    const left = `"${column ?? name.text}"`;
    const negated = wanted.kind === "object" ? wanted.entries.find((entry) => entry.name.text === "not")?.value : undefined;
    const right = constant(negated ?? wanted);
    if (right === undefined) complete = false;
    if (right === "NULL") return `${left} IS ${negated ? "NOT " : ""}NULL`;
    return `${left} ${negated ? "<>" : "="} ${right ?? "?"}`;
  });
  return { sql: parts.join(" AND "), columns, complete };
}

function constant(value: Value): string | undefined {
  switch (value.kind) {
    case "string": return quoted(value.text);
    case "number": return value.text;
    case "name": return value.text === "null" ? "NULL" : value.text === "true" || value.text === "false" ? value.text : quoted(value.text);
    case "call":
    case "list":
    case "object":
    case "missing": return undefined;
  }
}

/** Columns that a piece of SQL names, quoted or not; what stands in SQL strings does not count. */
function mentioned(sql: string, columns: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const [word, quotedName] of sql.replace(/'(?:[^']|'')*'/g, "''").matchAll(/"((?:[^"]|"")+)"|[A-Za-z_][\w$]*/g)) words.add(quotedName ?? word.toLowerCase());
  return columns.filter((column) => words.has(column));
}
