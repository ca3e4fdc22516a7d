// Finds what belongs to a table by the table's name, in a list that is indexed once.
import type { QualifiedName } from "../model/schema";
import { tableKey } from "../model/table-key";

export type TableFinder<Named> = (name: QualifiedName) => Named | undefined;

/** The one of that name in `list`; of several the last. PostgreSQL's first schema is the same whether it is named or not. */
export function createTableFinder<Named extends { readonly name: QualifiedName }>(list: readonly Named[]): TableFinder<Named> {
  let known: Map<string, Named> | undefined;
  return (name) => (known ??= new Map(list.map((each) => [tableKey(each.name), each]))).get(tableKey(name));
}
