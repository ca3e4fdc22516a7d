// What stands at a place of a schema: the table, column, foreign key or index under the cursor.
import type { Column, ForeignKey, Index, SchemaModel, SourceRange, Table, Unique } from "../model/schema";
import { contains } from "./place";

export type Located =
  | { readonly kind: "table"; readonly model: SchemaModel; readonly table: Table; readonly at: SourceRange }
  | { readonly kind: "column"; readonly model: SchemaModel; readonly table: Table; readonly column: Column; readonly at: SourceRange }
  | { readonly kind: "foreign-key"; readonly model: SchemaModel; readonly table: Table; readonly foreignKey: ForeignKey; readonly at: SourceRange }
  | { readonly kind: "index"; readonly model: SchemaModel; readonly table: Table; readonly index: Index; readonly at: SourceRange }
  | { readonly kind: "unique"; readonly model: SchemaModel; readonly table: Table; readonly unique: Unique; readonly at: SourceRange };

/** The smallest thing of the models that has a name or a declaration of its own at the offset. */
export function locate(models: readonly SchemaModel[], file: string, offset: number): Located | undefined {
  let found: Located | undefined;
  const offer = (at: SourceRange | undefined, make: (at: SourceRange) => Located): void => {
    if (at === undefined || !contains(at, file, offset)) return;
    if (found === undefined || at.end - at.start < found.at.end - found.at.start) found = make(at);
  };
  for (const model of models) {
    for (const table of model.tables) {
      if (table.nameAt) offer(table.nameAt, (at) => ({ kind: "table", model, table, at }));
      if (table.at && !contains(table.at, file, offset)) continue;
      for (const column of table.columns) offer(column.nameAt ?? column.at, (at) => ({ kind: "column", model, table, column, at }));
      for (const foreignKey of table.foreignKeys) offer(foreignKey.at, (at) => ({ kind: "foreign-key", model, table, foreignKey, at }));
      for (const index of table.indexes) offer(index.at, (at) => ({ kind: "index", model, table, index, at }));
      for (const unique of table.uniques) offer(unique.at, (at) => ({ kind: "unique", model, table, unique, at }));
    }
  }
  return found;
}
