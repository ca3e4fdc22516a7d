// Completion where an index is written: inside Prisma's @@index([ and @@unique([, and in the third argument of a
// Drizzle table. Foreign keys that no index serves come first.
import { CompletionItemKind, InsertTextFormat, type CompletionItem } from "vscode-languageserver/node";
import { coverage } from "../indexes/coverage";
import { nameIndexes } from "../indexes/naming";
import type { SchemaModel, Table } from "../model/schema";
import { indexElement } from "../sources/drizzle/index-element";
import { contextAt } from "../sources/prisma/context";
import type { Files } from "../sources/source";
import { drizzleContext, type DrizzleContext } from "./drizzle-context";
import { rangeOf, type Texts } from "./place";

/** A schema, and what names and writes its new indexes. */
export interface CompletedSchema {
  readonly model: SchemaModel;
  /** The setting `indexName`. */
  readonly indexName: string | undefined;
  readonly files: Files;
}

export function completions(schemas: readonly CompletedSchema[], file: string, text: string, offset: number, texts: Texts): readonly CompletionItem[] {
  for (const schema of schemas) {
    const { model } = schema;
    for (const table of model.tables) {
      if (table.at?.file !== file || offset < table.at.start || table.at.end < offset) continue;
      if (model.source === "prisma") {
        const context = contextAt(text, offset);
        return context?.model === table.property ? columnItems(table, model, context.fields) : [];
      }
      const context = drizzleContext(text.slice(table.at.start, offset), text.slice(offset, table.at.end));
      switch (context?.kind) {
        case undefined: return [];
        case "element": return indexItems(table, schema, context, texts);
        case "column": return columnItems(table, model, context.written);
      }
    }
  }
  return [];
}

/** Uncovered keys as whole column lists, then the single columns that are not written yet. */
function columnItems(table: Table, model: SchemaModel, written: readonly string[]): readonly CompletionItem[] {
  const uncovered = uncoveredKeys(table, model);
  const single = model.source !== "prisma";
  const keys = uncovered.filter(({ properties }) => !properties.some((property) => written.includes(property)) && (!single || properties.length === 1));
  const items = keys.map(({ properties, to, reason }, at): CompletionItem => ({
    label: properties.join(", "), kind: CompletionItemKind.Reference, detail: `foreign key to ${to}, no index`, documentation: reason, sortText: `0${digits(at)}`, preselect: at === 0,
  }));
  const offered = new Set(items.map(({ label }) => label));
  // TypeScript offers a table's columns itself; Prisma's fields are offered here, because its own extension may be absent.
  const rest = single ? [] : table.columns.filter(({ property }) => !offered.has(property) && !written.includes(property));
  return [...items, ...rest.map(({ property, type }, at): CompletionItem => ({ label: property, kind: CompletionItemKind.Field, detail: type.name, sortText: `1${digits(at)}` }))];
}

/** Whole indexes, named and written as the quick fix would. */
function indexItems(table: Table, { model, indexName, files }: CompletedSchema, context: Extract<DrizzleContext, { readonly kind: "element" }>, texts: Texts): readonly CompletionItem[] {
  const { parameter, style, keys, comma } = context;
  return uncoveredKeys(table, model).flatMap(({ columns, properties, to, reason }, at): readonly CompletionItem[] => {
    const [change] = nameIndexes([{ kind: "add-index", table: table.name, index: { method: "btree", unique: false, include: [], keys: columns.map((column) => ({ column, order: "asc" as const })) } }], model, indexName);
    if (change?.kind !== "add-index" || change.index.name === undefined) return [];
    const element = indexElement({ ...change.index, name: change.index.name }, table, parameter, keys, model, files);
    if (!element) return [];
    const code = style === "property" ? `${element.key}: ${element.code}` : element.code;
    return [{
      label: code, filterText: `${style === "property" ? `${element.key} ` : ""}index ${properties.join(" ")}`, kind: CompletionItemKind.Snippet, detail: `foreign key to ${to}, no index`, documentation: reason,
      insertText: comma ? `${code},` : code, insertTextFormat: InsertTextFormat.PlainText, sortText: `0${digits(at)}`, preselect: at === 0,
      ...(element.imports.length > 0 && { additionalTextEdits: element.imports.map((edit) => ({ range: rangeOf(edit, texts), newText: edit.text })) }),
    }];
  });
}

interface UncoveredKey {
  readonly columns: readonly string[];
  readonly properties: readonly string[];
  readonly to: string;
  readonly reason: string;
}

function uncoveredKeys(table: Table, model: SchemaModel): readonly UncoveredKey[] {
  const seen = new Set<string>();
  return table.foreignKeys.flatMap((foreignKey): readonly UncoveredKey[] => {
    const { verdict, reason } = coverage(foreignKey, table, model.dialect, model.source);
    const properties = foreignKey.columns.map((name) => table.columns.find((column) => column.name === name)?.property ?? name);
    if (verdict === "covered" || verdict === "automatic" || seen.has(properties.join())) return [];
    seen.add(properties.join());
    return [{ columns: foreignKey.columns, properties, to: foreignKey.references.table.name, reason }];
  });
}

const digits = (number: number): string => String(number).padStart(3, "0");
