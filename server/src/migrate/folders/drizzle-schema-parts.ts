// What drizzle-kit's records of 0.31 and 1.0 have in common, as parts of the model. An expression keeps the record's own text
// beside it, without the table's name before its columns: that is how the code is told apart from it.
import { postgres } from "../../dialects/postgres";
import { columnsIn, sqlWords } from "../../indexes/expression-text";
import { postgresName } from "../../indexes/name-length";
import type { Column, ColumnType, EnumType, Expression, Policy, QualifiedName, RowSecurity, Sequence, Table, View } from "../../model/schema";
import { ownSequenceOptions, type SequenceOptions } from "../../model/sequence";
import type { RecordedPolicy } from "../generate/policies";
import type { Json } from "./drizzle-snapshot-v0";

/** `text` as drizzle-orm spells it ("varchar(20)", "state[]"); of an enum with its schema, which older versions leave out. */
export function recordedColumnType(text: string, schema: string | undefined, enums: readonly EnumType[]): { readonly type: ColumnType; readonly serial: boolean } {
  const array = /(?:\[\d*\])*$/.exec(text)![0], base = text.slice(0, text.length - array.length);
  const found = enums.filter(({ name }) => name.name === base && (schema === undefined || (name.schema ?? "public") === schema));
  const own = schema === undefined ? (found.length === 1 ? found[0]!.name : undefined) : { schema, name: base };
  const name = own ? `${own.schema === "public" || own.schema === null ? "" : `${own.schema}.`}${base}${array === "" ? "" : "[]"}` : postgres.comparableType(text);
  return { type: { name, ...(own && { enum: own }), recorded: text }, serial: /^(?:small|big)?serial$/.test(base) };
}

/** `value` as the record has it: a piece of SQL, or a number or truth value. Undefined where there is none. */
export function recordedExpression(value: unknown, { schema, name }: QualifiedName, columns: ReadonlySet<string>): Expression | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const own = postgres.quote(name);
  const sql = text.replaceAll(`${postgres.quote(schema ?? "public")}.${own}.`, "").replaceAll(`${own}.`, "");
  const recorded = typeof value === "number" || typeof value === "boolean" ? value : text;
  // A value that drizzle-kit has put a number for.
  return { sql, columns: columnsIn(sql, columns), recorded, complete: !/\$\d/.test(sql.replaceAll(/'(?:[^']|'')*'/g, "")) };
}

/** What an identity column counts by. */
export function recordedIdentity(identity: Json, type: ColumnType, table: QualifiedName, column: string): Pick<Column, "generated" | "identity" | "sequence" | "sequenceOptions"> {
  const name = String(identity["name"] ?? ""), options = ownSequenceOptions(type.name, recordedOptions(identity));
  return {
    generated: "identity", ...(identity["type"] === "always" && { identity: "always" }),
    ...(name !== "" && name !== postgresName(table.name, column, "seq") && { sequence: name }), ...(options && { sequenceOptions: options }),
  };
}

/** One that belongs to no column: drizzle-orm makes them all bigint. */
export function recordedSequence(name: QualifiedName, options: Json): Sequence {
  const own = ownSequenceOptions("bigint", recordedOptions(options));
  return { name, type: "bigint", ...(own && { options: own }) };
}

function recordedOptions(given: Json): Partial<SequenceOptions> {
  const text = (one: string, other = one) => given[one] ?? given[other];
  const said: Readonly<Record<string, unknown>> = { increment: text("increment", "incrementBy"), startWith: text("startWith"), minValue: text("minValue"), maxValue: text("maxValue"), cache: text("cache", "cacheSize") };
  return { ...Object.fromEntries(Object.entries(said).flatMap(([name, value]) => (value === undefined || value === null || isRounded(value) ? [] : [[name, String(value)]]))), cycle: given["cycle"] === true };
}

/** A number of JSON that is too great to be told exactly: the bound of bigint, which is the default. */
function isRounded(value: unknown): boolean {
  return typeof value === "number" && !Number.isSafeInteger(value);
}

/** Undefined where it is off and there are no policies. The kit turns it on with the first of them. */
export function recordedSecurity(declared: boolean, policies: readonly RecordedPolicy[], table: Pick<Table, "name" | "columns">): RowSecurity | undefined {
  if (!declared && policies.length === 0) return undefined;
  const columns = new Set(table.columns.map(({ name }) => name));
  return {
    enabled: true,
    policies: policies.map(({ name, as, for: command, to, using, withCheck }): Policy => {
      const [read, write] = [using, withCheck].map((one) => recordedExpression(one, table.name, columns));
      return { name, as, for: command, to, ...(read && { using: read }), ...(write && { withCheck: write }), complete: true };
    }),
  };
}

/** `options` by the record's names. What the view reads is taken from the words of its query. */
export function recordedView(name: QualifiedName, view: Json, tables: readonly Table[]): View {
  const definition = String(view["definition"] ?? ""), words = new Set(sqlWords(definition).map(({ text }) => text));
  const options = Object.entries((view["with"] ?? {}) as Json).filter(([, value]) => value !== null && value !== undefined);
  const text = (field: string) => (typeof view[field] === "string" ? { [field]: view[field] } : {});
  return {
    name, materialized: view["materialized"] === true, definition, ...text("using"), ...text("tablespace"),
    ...(options.length > 0 && { options: Object.fromEntries(options.map(([option, value]) => [option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), String(value)])) }),
    uses: tables.filter((table) => words.has(table.name.name)).map((table) => ({ name: table.name, columns: table.columns.map((column) => column.name).filter((column) => words.has(column)) })),
  };
}
