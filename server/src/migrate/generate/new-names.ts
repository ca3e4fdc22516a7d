// A schema once one of its tables, types or sequences, or a whole schema of the database, goes by another name or stands
// in another schema: PostgreSQL knows all of them by number, so whatever refers to them goes along.
import { literal, postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { sqlWords, type SqlWord } from "../../indexes/expression-text";
import { sequenceNameOf } from "../../indexes/default-name";
import type { Change } from "../../model/change";
import type { Column, ColumnType, Expression, QualifiedName, SchemaModel, Table, View } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import { policiesWith } from "./policies";

type NewName = Extract<Change, { readonly kind: "rename-table" | "rename-enum" | "rename-sequence" | "rename-schema" }>;

/** The schema after `change`. */
export function underNewName(model: SchemaModel, change: NewName): SchemaModel {
  switch (change.kind) {
    case "rename-schema": {
      const inIt = (name: QualifiedName): QualifiedName => (name.schema === change.from ? { ...name, schema: change.to } : name);
      return withNames({ ...model, ...(model.schemas && { schemas: model.schemas.map((name) => (name === change.from ? change.to : name)) }) }, { table: inIt, type: inIt, sequence: inIt });
    }
    case "rename-table": {
      const named = withNames(model, { table: one(change) });
      return { ...named, tables: named.tables.map((table, at) => (table.name.name === model.tables[at]!.name.name ? table : { ...table, columns: table.columns.map((column) => withSequence(column, model.tables[at]!, model)) })) };
    }
    case "rename-enum": return withNames(model, { type: one(change) });
    case "rename-sequence": return withNames(model, { sequence: one(change) });
  }
}

/** The column with the name of the sequence behind it, which stays when the table or the column gets another one. */
export function withSequence(column: Column, table: Table, { source }: SchemaModel): Column {
  const sequence = sequenceNameOf(column, table, source);
  return sequence === undefined ? column : { ...column, sequence };
}

type Use = NonNullable<View["uses"]>[number];

/** The view once what it reads goes by other names; the same one where `renamed` gives each use back as it is. */
export function viewReading(view: View, renamed: (use: Use) => Use): View {
  const uses = view.uses?.map(renamed);
  return uses?.some((use, at) => use !== view.uses![at]) ? { ...view, uses, outdated: true } : view;
}

type Renaming = (name: QualifiedName) => QualifiedName;

interface Names {
  readonly table?: Renaming;
  /** Of enum types and domains. */
  readonly type?: Renaming;
  readonly sequence?: Renaming;
}

const unchanged: Renaming = (name) => name;

function one({ from, to }: { readonly from: QualifiedName; readonly to: QualifiedName }): Renaming {
  return (name) => (sameTable(name, from) ? to : name);
}

function withNames(model: SchemaModel, { table: tableOf = unchanged, type: typeOf = unchanged, sequence: sequenceOf = unchanged }: Names): SchemaModel {
  const named = <One extends { readonly name: QualifiedName }>(list: readonly One[], of: Renaming): readonly One[] => list.map((each) => { const name = of(each.name); return name === each.name ? each : { ...each, name }; });
  const said = <Said extends Expression | undefined>(expression: Said): Said => {
    const sql = expression && expressionWith(expression.sql, typeOf, sequenceOf);
    return expression === undefined || sql === expression.sql ? expression : { ...expression, sql };
  };
  return {
    ...model,
    enums: named(model.enums, typeOf),
    ...(model.sequences && { sequences: named(model.sequences, sequenceOf) }),
    ...(model.domains && { domains: named(model.domains, typeOf) }),
    ...(model.views && { views: named(model.views, tableOf).map((view) => viewReading(view, (use) => { const name = tableOf(use.name); return name === use.name ? use : { ...use, name }; })) }),
    tables: named(model.tables, tableOf).map((table) => ({
      ...table,
      ...(table.partitionOf && { partitionOf: tableOf(table.partitionOf) }),
      columns: table.columns.map((column) => ({ ...column, type: typeWith(column.type, typeOf), ...(column.default && { default: said(column.default) }) })),
      foreignKeys: table.foreignKeys.map((key) => ({ ...key, references: { ...key.references, table: tableOf(key.references.table) } })),
      checks: table.checks.map((check) => ({ ...check, expression: said(check.expression) })),
      ...policiesWith(table, said),
      indexes: table.indexes.map((index) => ({
        ...index,
        keys: index.keys.map((key) => (key.expression ? { ...key, expression: said(key.expression) } : key)),
        ...(index.where && { where: said(index.where) }),
      })),
    })),
  };
}

function typeWith(type: ColumnType, typeOf: Renaming): ColumnType {
  const name = type.enum && typeOf(type.enum);
  if (!name || name === type.enum) return type;
  return { ...type, enum: name, name: `${name.schema === null || name.schema === "public" ? "" : `${name.schema}.`}${name.name}${/\[\]$/.exec(type.name)?.[0] ?? ""}` };
}

/** Types stand behind a cast (`'open'::app.state`), sequences in what counts by them (`nextval('app.counter'::regclass)`). */
function expressionWith(sql: string, typeOf: Renaming, sequenceOf: Renaming): string {
  if (typeOf === unchanged && sequenceOf === unchanged) return sql;
  const words = sqlWords(sql);
  let text = "";
  let end = 0;
  const replace = ({ start }: SqlWord, last: SqlWord, by: string): void => {
    text += sql.slice(end, start) + by;
    end = last.end;
  };
  for (const [at, word] of words.entries()) {
    if (word.text === "::") {
      const [found, last] = nameAt(words, at + 1);
      const name = found && typeOf(found);
      if (name && name !== found) replace(words[at + 1]!, last!, tableName(name, postgres));
    } else if (word.kind === "literal" && /^(next|curr|set)val$/.test(words[at - 2]?.text ?? "")) {
      const [found] = nameAt(sqlWords(word.text.slice(1, -1).replaceAll("''", "'")), 0);
      const name = found && sequenceOf(found);
      if (name && name !== found) replace(word, word, literal(tableName(name, postgres)));
    }
  }
  return text + sql.slice(end);
}

/** `app.state`, or `state` of the schema public; with its last word. */
function nameAt(words: readonly SqlWord[], at: number): readonly [QualifiedName, SqlWord] | readonly [] {
  const isName = (word: SqlWord | undefined): word is SqlWord => word?.kind === "identifier" || word?.kind === "quoted";
  const [first, dot, second] = words.slice(at, at + 3);
  if (!isName(first)) return [];
  return dot?.text === "." && isName(second) ? [{ schema: first.text, name: second.text }, second] : [{ schema: "public", name: first.text }, first];
}
