// What a database holds, as the client's tree shows it: tables with rows and sizes, indexes with scans, and the findings,
// each with its place in the code. It makes plain data; escaping is not needed, because a tree shows no markup.
import type { Location } from "vscode-languageserver/node";
import { exchanged, searchedFor } from "../compare/searched-schema";
import { createTableFinder } from "../compare/table-finder";
import type { Finding } from "../model/finding";
import type { Index, QualifiedName, SchemaModel, SourceRange, Table } from "../model/schema";
import { keepsAccountOfMigrations } from "../model/migration-accounts";
import { sameTable, tableKey } from "../model/table-key";
import type { DatabaseConnection } from "./database-connection";
import { indexText, tableText } from "./database-facts";
import { locationOf, type Texts } from "./place";
import type { DatabaseTable, DatabaseTableDetails } from "./protocol";
import type { Folder } from "./workspace";

/** By schema, then name. */
export function tablesOf({ reading, facts }: DatabaseConnection, folder: Folder | undefined, texts: Texts): readonly DatabaseTable[] {
  const { tables, views = [] } = reading!.model;
  const known = createTableFinder((facts?.tables ?? []).map((each) => ({ ...each, name: each.table })));
  const declared = declarationsOf(reading!.model, folder);
  const findings = findingsByTable(reading!.model, folder);
  const journals = (folder?.report().folders ?? []).map(({ journal }) => journal);
  const found = tables.map((table): DatabaseTable => {
    const at = placeOf(declared(table.name));
    return {
      schema: table.name.schema ?? "", name: table.name.name, kind: table.kind ?? "table",
      facts: tableText(known(table.name)),
      indexes: indexesOf(table).length, findings: findings.get(tableKey(table.name))?.length ?? 0, account: keepsAccountOfMigrations(table.name) || journals.some((journal) => sameTable(journal, table.name)), ...place(at, texts),
    };
  });
  for (const { name, materialized } of views) found.push({ schema: name.schema ?? "", name: name.name, kind: materialized ? "materialized view" : "view", facts: "", indexes: 0, findings: 0, account: false });
  return found.sort((a, b) => compareText(a.schema, b.schema) || compareText(a.name, b.name));
}

/** Null where the database has no such table. */
export function detailsOf({ reading, facts }: DatabaseConnection, name: QualifiedName, folder: Folder | undefined, texts: Texts): DatabaseTableDetails | null {
  const table = reading!.model.tables.find((one) => one.name.name === name.name && (one.name.schema ?? "") === name.schema);
  if (!table) return null;
  const declared = declarationsOf(reading!.model, folder)(table.name);
  return {
    indexes: indexesOf(table).map(({ name: index, definition, valid }) => {
      const known = facts?.indexes.find((one) => one.name === index && one.table.name === table.name.name && one.table.schema === table.name.schema);
      const at = [...(declared?.indexes ?? []), ...(declared?.uniques ?? [])].find((one) => one.name === index)?.at ?? placeOf(declared);
      return { name: index, definition, valid, facts: indexText(known), ...place(at, texts) };
    }),
    findings: (findingsByTable(reading!.model, folder).get(tableKey(table.name)) ?? []).map(({ rule, severity, message, at }) => ({ rule, severity, message, ...place(at, texts) })),
  };
}

/** Those of keys and unique constraints too. */
function indexesOf({ primaryKey, uniques, indexes }: Table): readonly { readonly name: string; readonly definition: string; readonly valid: boolean }[] {
  const constraints = [
    ...(primaryKey?.name === undefined ? [] : [{ name: primaryKey.name, definition: `primary key (${primaryKey.columns.join(", ")})`, valid: true }]),
    ...uniques.flatMap(({ name, columns }) => (name === undefined ? [] : [{ name, definition: `unique (${columns.join(", ")})`, valid: true }])),
  ];
  const said = new Set(constraints.map(({ name }) => name));
  return [...constraints, ...indexes.flatMap((index) => (index.name === undefined || said.has(index.name) ? [] : [{ name: index.name, definition: definitionOf(index), valid: index.valid !== false }]))];
}

function definitionOf({ unique, method, keys, include, where }: Index): string {
  const parts = keys.map((key) => `${key.column ?? key.expression?.sql ?? "?"}${key.order === "desc" ? " desc" : ""}`);
  return `${unique ? "unique " : ""}${method} (${parts.join(", ")})${include.length > 0 ? ` include (${include.join(", ")})` : ""}${where ? ` where ${where.sql}` : ""}`;
}

/** The declaration of a table, by the database's name of it, in the schemas that the database holds. */
function declarationsOf(model: SchemaModel, folder: Folder | undefined): (name: QualifiedName) => Table | undefined {
  const finders = schemasIn(model, folder).map((code) => ({ find: createTableFinder(code.tables), searched: searchedFor(code, model) }));
  return (name) => finders.flatMap(({ find, searched }) => find(exchanged(name, searched)) ?? [])[0];
}

function schemasIn(model: SchemaModel, folder: Folder | undefined): readonly SchemaModel[] {
  const report = folder?.report();
  const held = new Set(report?.databases.find(({ database }) => database.model === model)?.schemas ?? []);
  return (report?.schemas ?? []).map((reading) => reading.model).filter(({ id }) => held.has(id));
}

function findingsByTable(model: SchemaModel, folder: Folder | undefined): ReadonlyMap<string, readonly Finding[]> {
  const codes = schemasIn(model, folder);
  // Of a table that no code declares, in the words of the code that the database holds.
  const own = codes.length > 0 && codes.every(({ inSearchedSchema }) => inSearchedSchema) ? model.searchedSchema : undefined;
  const searched = new Map([[model.id, own], ...codes.map((code) => [code.id, searchedFor(code, model)] as const)]);
  const found = new Map<string, Finding[]>();
  for (const finding of folder?.report().findings ?? []) {
    if (!finding.table || !searched.has(finding.schema)) continue;
    const key = tableKey(exchanged(finding.table, searched.get(finding.schema)));
    const list = found.get(key);
    if (list) list.push(finding);
    else found.set(key, [finding]);
  }
  return found;
}

const placeOf = (table: Table | undefined): SourceRange | undefined => table?.nameAt ?? table?.at;

function place(at: SourceRange | undefined, texts: Texts): { readonly place?: Location } {
  return at && texts.document(at.file) ? { place: locationOf(at, texts) } : {};
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
