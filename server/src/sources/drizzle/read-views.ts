// Views as Drizzle would build them: the query as text, the columns that drizzle-kit 0.31 records, and the options. A view
// of which a part cannot be read is only told by name.
import type { QualifiedName, SourceRange, Unmodelled, View } from "../../model/schema";
import { compute, release, type Machine } from "./machine";
import { rangeOfPlace } from "./places";
import { outputOf, queryOf, selectedColumns } from "./query";
import { columnName, namingFor, qualifiedName, readTable } from "./read-table";
import { ofView, recordedSql } from "./recorded";
import { newMemo, type Memo } from "./slot";
import { isKind, type Casing, type TableColumn, type TableValue, type Value } from "./values";

/** One of both. */
export interface ViewReading {
  readonly view?: View;
  readonly unread?: Unmodelled;
}

/** Each of them, read again where what it was made from has changed; `known` keeps what was read, and `memos` gets what it rests on. `casing` is the config's. */
export function readViews(machine: Machine, casing: Casing | undefined, known: Map<TableValue, Memo<ViewReading>>, values: readonly TableValue[], memos: Map<Memo<unknown>, unknown>): readonly ViewReading[] {
  for (const [value, memo] of known) {
    if (values.includes(value)) continue;
    release(memo);
    known.delete(value);
  }
  return values.map((value) => {
    const memo = known.get(value) ?? newMemo<ViewReading>();
    known.set(value, memo);
    memos.set(memo, value);
    return memo.state === "done" ? memo.value! : compute(machine, memo, () => readView(machine, value, casing));
  });
}

function readView(machine: Machine, value: TableValue, casing: Casing | undefined): ViewReading {
  const name = qualifiedName(value);
  const at = value.place && rangeOfPlace(value.place);
  const view = value.family === "pg" ? viewOf(machine, value, casing, name, at) : undefined;
  if (view) return { view };
  return value.existing ? {} : { unread: { what: value.materialized ? "materialized view" : "view", name, ...(at && { at }) } };
}

function viewOf(machine: Machine, value: TableValue, casing: Casing | undefined, name: QualifiedName, at: SourceRange | undefined): View | undefined {
  const { viewParts = {}, materialized = false } = value;
  const options = optionsOf(viewParts.with);
  const text = (given: Value): string | undefined | false => (given === undefined || typeof given === "string" ? given : false);
  const [using, tablespace] = [text(viewParts.using), text(viewParts.tablespace)];
  const declared = readTable(machine, { ...value, view: false, extra: undefined, columns: new Map() }, undefined).table;
  const version = declared.ormVersion ?? 0;
  const query = value.existing ? undefined : queryOf(value);
  const columns = isKind(query, "query") ? selectedColumns(query)?.map(({ column }) => column) : [...value.columns.values()];
  if (!options || using === false || tablespace === false || value.unknowns.length > 0 || (columns === undefined && version === 0)) return undefined;
  const naming = namingFor(value.family, casing);
  const definition = value.existing ? "" : isKind(query, "query") || isKind(query, "sql") ? recordedSql(query, naming, { ...ofView, version }) : undefined;
  if (definition === undefined || (definition === "" && !value.existing)) return undefined;
  const output = isKind(query, "query") ? outputOf(query, (column) => naming.column(column)) : value.columns.size > 0 ? [...value.columns.values()].map((column) => columnName(value, column, casing)) : undefined;
  return {
    name, materialized, definition: isKind(query, "query") && definition.startsWith("(") ? inner(definition) : definition,
    ...(Object.keys(options).length > 0 && { options }), ...(using !== undefined && { using }), ...(tablespace !== undefined && { tablespace }), ...(viewParts.noData && { withNoData: true }),
    ...(value.existing && { existing: true }), ...(output && { output }), ...(version === 0 ? recordedColumns(machine, value, columns ?? []) : { ormVersion: 1 }), ...(at && { at }),
  };
}

/** A query that stands alone has no parentheses around it. */
function inner(text: string): string {
  return text.slice(1, -1);
}

function recordedColumns(machine: Machine, value: TableValue, columns: readonly TableColumn[]): Pick<View, "columns" | "key"> {
  // drizzle-kit 0.31 looks at the columns' own names there, whatever the casing.
  const { table } = readTable(machine, { ...value, view: false, extra: undefined, columns: new Map(columns.map((column) => [column.builder.name ?? column.property, column])) }, undefined);
  return { columns: table.columns, ...(table.primaryKey && { key: table.primaryKey.columns }) };
}

/** By PostgreSQL's names, which drizzle-kit makes of those in the code; undefined where a value cannot be read. */
function optionsOf(given: Value): Readonly<Record<string, string>> | undefined {
  if (given === undefined) return {};
  if (!isKind(given, "object") || given.unknown) return undefined;
  const options: Record<string, string> = {};
  for (const [name, value] of given.props) {
    if (value === undefined) continue;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
    options[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = String(value);
  }
  return options;
}
