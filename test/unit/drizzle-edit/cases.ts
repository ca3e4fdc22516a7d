// Cases of editing: the texts before, the changes, the text after. `undefined` after: nothing may be written.
import type { Change } from "../../../server/src/model/change";
import type { ForeignKey, Index, SchemaModel, Table } from "../../../server/src/model/schema";

export interface Case {
  readonly title: string;
  readonly dialect?: SchemaModel["dialect"];
  readonly before: string | Readonly<Record<string, string>>;
  readonly changes: (schema: SchemaModel) => readonly Change[];
  readonly after: string | Readonly<Record<string, string>> | undefined;
  /** It names things that real types do not have. */
  readonly untyped?: boolean;
}

export const tableOf = (schema: SchemaModel, name: string): Table => schema.tables.find((table) => table.name.name === name)!;

export function added(table: string, name: string | undefined, columns: readonly string[], more: Partial<Index> = {}): (schema: SchemaModel) => Change {
  return (schema) => ({ kind: "add-index", table: tableOf(schema, table).name, index: { ...(name === undefined ? {} : { name }), method: "btree", unique: false, keys: columns.map((column) => ({ column, order: "asc" })), include: [], ...more } });
}

export function dropped(table: string, name: string): (schema: SchemaModel) => Change {
  return (schema) => ({ kind: "drop-index", table: tableOf(schema, table).name, index: tableOf(schema, table).indexes.find((index) => index.name === name)! });
}

export function referencing(table: string, columns: readonly string[], target: string, foreign: readonly string[], more: Partial<ForeignKey> = {}): (schema: SchemaModel) => Change {
  return (schema) => ({ kind: "add-foreign-key", table: tableOf(schema, table).name, foreignKey: { columns, references: { table: tableOf(schema, target).name, columns: foreign }, onDelete: "no action", onUpdate: "no action", enforced: true, ...more } });
}

export const all = (...makers: ((schema: SchemaModel) => Change)[]) => (schema: SchemaModel): readonly Change[] => makers.map((maker) => maker(schema));
