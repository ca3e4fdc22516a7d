// The outline of a schema: tables with their columns, keys and indexes.
import { SymbolKind, type DocumentSymbol, type SymbolInformation } from "vscode-languageserver/node";
import { indexNameOf, uniqueNameOf } from "../indexes/default-name";
import type { SchemaModel, SourceRange } from "../model/schema";
import { locationOf, rangeOf, type Texts } from "./place";

export function documentSymbols(models: readonly SchemaModel[], file: string, texts: Texts): DocumentSymbol[] {
  return models.flatMap((model) => model.tables.flatMap((table): DocumentSymbol[] => {
    if (table.at?.file !== file || table.implicit) return [];
    const children = [
      ...table.columns.map((column) => symbol(column.property, `${column.name} ${column.type.name}`, SymbolKind.Field, column.at, column.nameAt)),
      ...table.foreignKeys.map((key) => symbol(`${key.columns.join(", ")} → ${key.references.table.name}`, "foreign key", SymbolKind.Interface, key.at)),
      ...table.uniques.map((unique) => symbol(uniqueNameOf(unique, table, model.source, model.dialect), "unique", SymbolKind.Key, unique.at)),
      ...table.indexes.map((index) => symbol(indexNameOf(index, table, model.source, model.dialect), "index", SymbolKind.Key, index.at)),
    ].filter((child) => child !== undefined);
    const own = symbol(table.property, table.name.name === table.property ? "table" : table.name.name, SymbolKind.Struct, table.at, table.nameAt);
    return own ? [{ ...own, children }] : [];
  }));

  function symbol(name: string, detail: string, kind: SymbolKind, at: SourceRange | undefined, nameAt = at): DocumentSymbol | undefined {
    if (at?.file !== file) return undefined;
    const inside = nameAt !== undefined && nameAt.file === file && at.start <= nameAt.start && nameAt.end <= at.end;
    return { name: name === "" ? "?" : name, detail, kind, range: rangeOf(at, texts), selectionRange: rangeOf(inside ? nameAt : at, texts) };
  }
}

/** The same for clients that know no hierarchy. */
export function flatSymbols(symbols: readonly DocumentSymbol[], uri: string, container?: string): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    { name, kind, location: { uri, range }, ...(container !== undefined && { containerName: container }) },
    ...flatSymbols(children ?? [], uri, name),
  ]);
}

/** Tables of the whole workspace by a part of their name. */
export function workspaceSymbols(models: readonly SchemaModel[], query: string, texts: Texts): SymbolInformation[] {
  const wanted = query.toLowerCase();
  return models.flatMap((model) => model.tables.flatMap((table) => {
    const at = table.nameAt ?? table.at;
    if (!at || table.implicit || !(table.property.toLowerCase().includes(wanted) || table.name.name.toLowerCase().includes(wanted))) return [];
    return [{ name: table.property, kind: SymbolKind.Struct, containerName: model.id, location: locationOf(at, texts) }];
  }));
}
