// What an editor shows over a table, a column, a key or an index: keys and indexes, whether an index serves them and
// why, and what deleting a row costs. Markdown; every name stands in a code span.
import { coverage, type Coverage } from "../indexes/coverage";
import { indexNameOf, uniqueNameOf } from "../indexes/default-name";
import type { ForeignKey, Index, SchemaModel, Table } from "../model/schema";
import { tableOf } from "../rules/pair";
import { deleteCost, deleteSentence } from "./delete-cost";
import { indexText, tableText, type KnownFacts } from "./database-facts";
import type { Located } from "./located";
import { code, plain } from "./markdown";

/** Markdown for what is under the cursor; `known` is what a connected database knows. */
export function hoverText(located: Located, known?: KnownFacts): string {
  const { model, table } = located;
  switch (located.kind) {
    case "table": return paragraphs([`**${code(qualified(table))}**`, inDatabase(table, known), ...tableFacts(table, model, known), cost(table, model)]);
    case "column": {
      const { column } = located;
      const facts = [`**${code(`${table.name.name}.${column.name}`)}** ${code(column.type.name)}${column.nullable && !isPrimary(column.name, table) ? "" : ", not null"}`, list(columnFacts(column.name, table, model, known))];
      const key = table.foreignKeys.find(({ columns }) => columns.includes(column.name));
      const parent = key && tableOf(model, key.references.table);
      if (parent) facts.push(cost(parent, model));
      else if (isPrimary(column.name, table)) facts.push(cost(table, model));
      return paragraphs(facts);
    }
    case "foreign-key": {
      const parent = tableOf(model, located.foreignKey.references.table);
      return paragraphs([list([keyFact(located.foreignKey, table, model)]), parent ? cost(parent, model) : ""]);
    }
    case "index": return paragraphs([`**${code(indexNameOf(located.index, table, model.source, model.dialect))}** on ${code(table.name.name)}`, list([indexFact(located.index, table, model, known), ...servedBy(located.index, table, model)])]);
    case "unique": return paragraphs([`**${code(uniqueNameOf(located.unique, table, model.source, model.dialect))}** on ${code(table.name.name)}`, list([`unique (${located.unique.columns.map(code).join(", ")})${used(uniqueNameOf(located.unique, table, model.source, model.dialect), table, known)}`, ...servedBy(located.unique, table, model)])]);
  }
}

/** "In the database: 12 M rows, 3.1 GB, 4 indexes". */
function inDatabase(table: Table, known: KnownFacts | undefined): string {
  const facts = known?.table(table.name);
  if (!facts) return "";
  const { length } = known!.indexes(table.name);
  return `In the database: ${plain(tableText(facts))}, ${length} ${length === 1 ? "index" : "indexes"}`;
}

/** What the database knows of the index of that name, to be said behind it. */
function used(name: string, table: Table, known: KnownFacts | undefined): string {
  const facts = known?.indexes(table.name).find((one) => one.name === name);
  return facts ? `: ${plain(indexText(facts))}` : "";
}

function tableFacts(table: Table, model: SchemaModel, known: KnownFacts | undefined): readonly string[] {
  const uniqueName = (unique: Table["uniques"][number]): string => uniqueNameOf(unique, table, model.source, model.dialect);
  const facts = [
    table.primaryKey ? `Primary key (${table.primaryKey.columns.map(code).join(", ")})` : "No primary key",
    ...table.foreignKeys.map((foreignKey) => keyFact(foreignKey, table, model)),
    ...table.uniques.map((unique) => `Unique ${code(uniqueName(unique))} (${unique.columns.map(code).join(", ")})${used(uniqueName(unique), table, known)}`),
    ...table.indexes.map((index) => indexFact(index, table, model, known)),
  ];
  return [list(facts), table.complete ? "" : "*A part of this definition could not be read, so what is missing here may stand there.*"];
}

function columnFacts(column: string, table: Table, model: SchemaModel, known: KnownFacts | undefined): readonly string[] {
  const uniques = table.uniques.filter(({ columns }) => columns.includes(column));
  const indexes = table.indexes.filter(({ keys, include }) => include.includes(column) || keys.some((key) => key.column === column || key.expression?.columns.includes(column)));
  return [
    ...(isPrimary(column, table) ? [`Primary key${position(column, table.primaryKey!.columns)}`] : []),
    ...table.foreignKeys.filter(({ columns }) => columns.includes(column)).map((foreignKey) => keyFact(foreignKey, table, model)),
    ...uniques.map((unique) => `Unique ${code(uniqueNameOf(unique, table, model.source, model.dialect))}${position(column, unique.columns)}`),
    ...indexes.map((index) => indexFact(index, table, model, known)),
    ...(isPrimary(column, table) || uniques.length + indexes.length > 0 ? [] : ["In no index"]),
  ];
}

function position(column: string, columns: readonly string[]): string {
  return columns.length < 2 ? "" : `, column ${columns.indexOf(column) + 1} of ${columns.length}`;
}

function keyFact(foreignKey: ForeignKey, table: Table, model: SchemaModel): string {
  const { references, onDelete, onUpdate } = foreignKey;
  const actions = [onDelete !== "no action" && `on delete ${onDelete}`, onUpdate !== "no action" && `on update ${onUpdate}`].filter((action) => action !== false);
  const kind = foreignKey.enforced ? "Foreign key" : "Relation without a constraint";
  const to = `${code(references.table.name)} (${references.columns.map(code).join(", ")})`;
  return `${kind} (${foreignKey.columns.map(code).join(", ")}) to ${to}${actions.length > 0 ? `, ${actions.join(", ")}` : ""}: ${verdict(coverage(foreignKey, table, model.dialect, model.source))}`;
}

function verdict({ verdict, by, reason }: Coverage): string {
  const index = by === undefined || by === "primary key" ? by ?? "an index" : code(by);
  switch (verdict) {
    case "covered": return `served by ${by === "primary key" ? "the primary key" : index} (${plain(reason)})`;
    case "automatic": return `served: ${plain(reason)}`;
    case "partial": return `**served in part**: ${plain(reason)}`;
    case "unusable": return `**${index} cannot serve it**: ${plain(reason)}`;
    case "missing": return `**no index serves it**: ${plain(reason)}`;
    case "unknown": return plain(reason);
  }
}

function indexFact(index: Index, table: Table, model: SchemaModel, known: KnownFacts | undefined): string {
  const keys = index.keys.map((key) => code(key.column ?? key.expression?.sql ?? "?") + (key.order === "desc" ? " desc" : ""));
  const parts = [`${index.unique ? "Unique index" : "Index"} ${code(indexNameOf(index, table, model.source, model.dialect))} ${index.method === "btree" ? "" : `${index.method} `}(${keys.join(", ")})`];
  if (index.include.length > 0) parts.push(`include (${index.include.map(code).join(", ")})`);
  if (index.where) parts.push(`where ${code(index.where.sql)}`);
  return `${parts.join(" ")}${used(indexNameOf(index, table, model.source, model.dialect), table, known)}`;
}

/** The foreign keys whose verdict names this index. */
function servedBy(index: Coverage["index"], table: Table, model: SchemaModel): readonly string[] {
  return table.foreignKeys
    .filter((foreignKey) => {
      const found = coverage(foreignKey, table, model.dialect, model.source);
      return found.index === index && (found.verdict === "covered" || found.verdict === "automatic");
    })
    .map((foreignKey) => `Serves the foreign key (${foreignKey.columns.map(code).join(", ")}) to ${code(foreignKey.references.table.name)}`);
}

const cost = (table: Table, model: SchemaModel): string => plain(deleteSentence(table, deleteCost(table, model)));
const isPrimary = (column: string, table: Table): boolean => table.primaryKey?.columns.includes(column) ?? false;
const qualified = ({ name }: Table): string => (name.schema === null || name.schema === "public" ? name.name : `${name.schema}.${name.name}`);
const paragraphs = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");
