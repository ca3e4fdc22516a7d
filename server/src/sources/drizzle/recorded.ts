// What drizzle-kit writes of types, defaults and SQL into its snapshots, where the model has them as PostgreSQL does. The
// rules are those of `generatePgSnapshot` (0.31.11) and `fromDrizzleSchema` (1.0.0-rc.5); tests hold them against both.
import type { ColumnType, Expression } from "../../model/schema";
import { jsonOf } from "./json";
import type { Naming } from "./sql";
import { querySql } from "./query";
import { isComposite, isKind, type ColumnValue, type Value } from "./values";

/** As drizzle-orm's `getSQLType()` spells the type; `type.recorded` wins. `serial`: it counts up by a sequence of its own. */
export function recordedType(type: Pick<ColumnType, "name" | "enum" | "recorded">, serial: boolean): string {
  if (type.recorded !== undefined) return type.recorded;
  const array = /(?:\[\d*\])*$/.exec(type.name)![0];
  if (type.enum) return type.enum.name + array;
  const base = type.name.slice(0, type.name.length - array.length);
  return (serial ? serials[base] ?? base : spelled(base)) + array;
}

const serials: Readonly<Record<string, string>> = { integer: "serial", bigint: "bigserial", smallint: "smallserial" };

function spelled(type: string): string {
  const [, name, parameters = "", zone = ""] = /^([a-z ]+?)(\([^)]*\))?( with(?:out)? time zone)?$/.exec(type) ?? [undefined, type];
  const suffix = zone === " with time zone" ? zone : "";
  switch (name) {
    case "character varying": return `varchar${parameters}`;
    case "character": return `char${parameters}`;
    case "bit varying": return `varbit${parameters}`;
    case "numeric": return `numeric${parameters.replace(",", ", ")}`;
    case "timestamp": return `timestamp${parameters === "" ? "" : ` ${parameters}`}${suffix}`;
    case "time": return `time${parameters}${suffix}`;
    case "geometry": return type.toLowerCase();
    default: return type;
  }
}

/** How a piece of SQL is put into text: columns with their table or without, values as parameters or written out. */
export interface Manner {
  readonly columns: "with table" | "alone";
  readonly values: "numbered" | "inline";
  /** Of drizzle-orm: the operators of 1.0 put parentheses around what they make. */
  readonly version: 0 | 1;
}

/** Of a view's query: columns with their tables, values written out. */
export const ofView = { columns: "with table", values: "inline" } as const;

/** The expression with what drizzle-kit records of it, where that differs. */
export function withRecorded(expression: Expression, recorded: Expression["recorded"]): Expression {
  return recorded === undefined || recorded === expression.sql ? expression : { ...expression, recorded };
}

/** The text that drizzle-orm makes of a value in SQL; undefined where a part cannot be read. */
export function recordedSql(value: Value, naming: Naming, { columns, values, version }: Manner): string | undefined {
  let text = "";
  let parameters = 0;
  let complete = true;
  const inView = columns === ofView.columns && values === ofView.values;
  const write = (part: Value): void => {
    if (part === undefined) return;
    if (!isComposite(part)) {
      if (inView && typeof part === "bigint" && version === 0) complete = false;
      if (values === "numbered") text += `$${++parameters}`;
      else text += typeof part === "string" ? `'${part.replaceAll("'", "''")}'` : String(part);
    } else if (part.kind === "sql" && inView && (part.selected || part.alias !== undefined)) {
      text += `${part.selected && version === 1 && !part.selected.bare ? `${naming.quote(part.selected.origin)}.` : ""}${naming.quote(part.selected?.name ?? part.alias!)}`;
    } else if (part.kind === "sql") {
      for (const one of part.parts) {
        if ("text" in one) text += version === 1 ? one.version1 ?? one.text : one.text;
        else if ("name" in one) text += naming.quote(one.name);
        else if (inView && one.encoder && !isWrittenAsIs(one.value, one.encoder)) complete = false;
        else write(one.value);
      }
    } else if (part.kind === "column") {
      const { schema, name, alias, view } = part.table;
      if (columns === "with table" && !part.bare) text += `${schema === undefined || alias !== undefined || view ? "" : `${naming.quote(schema)}.`}${naming.quote(alias ?? name)}.`;
      // drizzle-orm 0.x forgets there what the config's casing makes of a property.
      if (part.bare && version === 0 && naming.column(part) !== (part.column.builder.name ?? part.column.property)) complete = false;
      text += naming.quote(naming.column(part));
    } else if (part.kind === "query") {
      const made = querySql(part, version);
      text += "(";
      write(made);
      text += `)${part.alias === undefined ? "" : ` ${naming.quote(part.alias)}`}`;
    } else if (part.kind === "table" && part.alias !== undefined) text += naming.quote(part.alias);
    else if (part.kind === "table") text += (part.schema === undefined ? "" : `${naming.quote(part.schema)}.`) + naming.quote(part.name);
    else if (part.kind === "array" && !part.unknown) {
      text += "(";
      part.items.forEach((item, i) => { if (i > 0) text += ", "; write(item); });
      text += ")";
    } else if (part.kind === "enum") text += (part.schema === undefined ? "" : `${naming.quote(part.schema)}.`) + naming.quote(part.name);
    else complete = false;
  };
  write(value);
  return complete ? text : undefined;
}

/** Whether the column's type leaves a value that it is compared with as it is. Types of the project's own, JSON and lists have their ways. */
function isWrittenAsIs(value: Value, { column: { builder } }: ColumnValue): boolean {
  if (isComposite(value)) return value.kind !== "object" && value.kind !== "array";
  if (value === null || value === undefined) return true;
  if (builder.enum) return typeof value === "string" && !builder.type.endsWith("]");
  if (builder.recorded !== undefined && !/^(char|varchar|numeric|bigserial|serial|smallserial)/.test(builder.recorded)) return false;
  if (typeof value === "boolean") return builder.type === "boolean";
  if (typeof value === "number") return /^(smallint|integer|bigint|real|double precision)$/.test(builder.type);
  return typeof value === "string" && /^(text|character|uuid|numeric|date|time|interval|inet|cidr|macaddr)[^[\]]*$/.test(builder.type);
}

/** What is recorded of `.default(value)` of a column of this type; undefined where it cannot be read. */
export function recordedDefault(value: Value, { name: type, enum: own }: Pick<ColumnType, "name" | "enum">, naming: Naming, version: 0 | 1): Expression["recorded"] {
  if (isKind(value, "sql")) {
    const text = recordedSql(value, naming, { columns: "with table", values: "numbered", version });
    return version === 1 ? text && withoutCasts(text) : text;
  }
  const json = /^jsonb?$/.test(type);
  if (isKind(value, "object") || isKind(value, "array")) {
    if (isKind(value, "array") && type.endsWith("]")) {
      const list = version === 1 ? arrayText1(value) : arrayText0(value);
      return list === undefined ? undefined : `'${list}'`;
    }
    const plain = json ? jsonOf(value) : undefined;
    if (plain === undefined) return undefined;
    return version === 1 ? `'${JSON.stringify(plain).replaceAll("'", "''")}'` : `'${JSON.stringify(plain)}'::${type}`;
  }
  if (isKind(value, "date")) return dateText(value.iso, recordedType({ name: type }, false), version);
  if (isComposite(value) || value === undefined || (value === null && !json)) return undefined;
  if (version === 0) {
    if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
    if (json) return `'${JSON.stringify(value)}'::${type}`;
    return typeof value === "bigint" ? undefined : value ?? undefined;
  }
  if (json) return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  // Where it knows no type, 1.0 records a text as it stands.
  if (typeof value === "string") return own || knownTypes.test(type) ? `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'` : value;
  return /^numeric/.test(type) ? `'${value}'` : String(value);
}

function dateText(iso: string, type: string, version: 0 | 1): string {
  if (type === "date") return `'${iso.slice(0, iso.indexOf("T"))}'`;
  if (version === 0) return type === "timestamp" ? `'${iso.replace("T", " ").slice(0, -1)}'` : `'${iso}'`;
  return `'${iso.replace("T", " ").replace("Z", type.endsWith("with time zone") ? "+00" : "")}'`;
}

const knownTypes = /^(smallint|integer|bigint|numeric|real|double precision|boolean|character|text|json|jsonb|time|timestamp|uuid|interval|inet|cidr|macaddr|macaddr8|vector|halfvec|sparsevec|bit|point|line|date|geometry)\b/;

/** `trimDefaultValueSuffix` of 1.0: `'{}'::text[]` is recorded without its cast. */
function withoutCasts(text: string): string {
  const one = text.endsWith("[]") ? text.slice(0, -2) : text;
  return one.replace(/(::["\w.\s-]+(?:\([^)]*\))?(?:\swith(?:out)?\stime\szone)?(?:\[\])?)+$/gi, "");
}

/** `buildArrayString` of 0.31. */
function arrayText0(value: Value): string | undefined {
  if (!isKind(value, "array") || value.unknown) return undefined;
  const items = value.items.map((item) => {
    if (isKind(item, "array")) return arrayText0(item);
    if (isKind(item, "object")) { const plain = jsonOf(item); return plain === undefined ? undefined : `"${JSON.stringify(plain).replaceAll('"', '\\"')}"`; }
    if (isComposite(item) || item === undefined) return undefined;
    return typeof item === "string" || item === null ? `"${item}"` : String(item);
  });
  return items.includes(undefined) ? undefined : `{${items.join(",")}}`;
}

/** `stringifyArray` of 1.0. */
function arrayText1(value: Value): string | undefined {
  if (!isKind(value, "array") || value.unknown) return undefined;
  const items = value.items.map((item) => {
    if (isKind(item, "array")) return arrayText1(item);
    if (isComposite(item) || item === undefined || item === null) return undefined;
    if (typeof item !== "string") return typeof item === "boolean" ? (item ? "t" : "f") : String(item);
    const escaped = item.replaceAll("'", "''").replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    return item === "" || /[\\",]/.test(item) ? `"${escaped}"` : escaped;
  });
  return items.includes(undefined) ? undefined : `{${items.join(",")}}`;
}
