// A schema as an entity-relationship diagram: tables, columns, foreign keys, and the findings on them, as plain data without
// places or colours. What draws or sends it treats every name as text of unknown origin.
import type { Finding, Severity } from "../model/finding";
import type { Column, ForeignKey, QualifiedName, SchemaModel, Table } from "../model/schema";
import { tableKey } from "../model/table-key";

export interface Diagram {
  /** Id of the schema. */
  readonly title: string;
  /** In the model's order, then those that a foreign key names and the schema does not have. */
  readonly tables: readonly DiagramTable[];
  readonly keys: readonly DiagramKey[];
}

export interface DiagramTable {
  /** The database's schema where it is not the usual one; null otherwise. */
  readonly schema: string | null;
  readonly name: string;
  /** False for a table that only a foreign key names. */
  readonly known: boolean;
  readonly columns: readonly DiagramColumn[];
  /** All of the table, those on its columns included. */
  readonly findings: readonly DiagramFinding[];
}

export interface DiagramColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly foreignKey: boolean;
  /** True where a unique constraint or index is on this column alone. */
  readonly unique: boolean;
}

export interface DiagramFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Names of columns of the table; empty: the table as a whole. */
  readonly columns: readonly string[];
}

/** A foreign key from the table at `from` to the table at `to`, positions in `Diagram.tables`. */
export interface DiagramKey {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly string[];
  readonly references: readonly string[];
  /** True where a row may reference nothing. */
  readonly optional: boolean;
  /** True where at most one row references the same one. */
  readonly single: boolean;
  /** False for a relation without a constraint. */
  readonly enforced: boolean;
}

/** The diagram of `model`; of `findings`, those of this schema that name a table. */
export function diagramOf(model: SchemaModel, findings: readonly Finding[]): Diagram {
  const byTable = new Map<string, DiagramFinding[]>();
  for (const { schema, table, rule, severity, message, columns } of findings) {
    if (schema !== model.id || table === undefined) continue;
    const key = tableKey(table);
    const list = byTable.get(key) ?? [];
    byTable.set(key, list);
    list.push({ rule, severity, message, columns });
  }
  const at = new Map(model.tables.map(({ name }, position) => [tableKey(name), position]));
  const tables = model.tables.map((table) => tableOf(table, byTable.get(tableKey(table.name)) ?? []));
  const keys = model.tables.flatMap((table, from) => table.foreignKeys.map((key): DiagramKey => {
    const target = tableKey(key.references.table);
    let to = at.get(target);
    if (to === undefined) {
      at.set(target, (to = tables.length));
      tables.push({ ...nameOf(key.references.table), known: false, columns: [], findings: [] });
    }
    return {
      from, to, columns: key.columns, references: key.references.columns, enforced: key.enforced,
      optional: key.columns.some((name) => columnOf(table, name)?.nullable ?? true) && !key.columns.every((name) => table.primaryKey?.columns.includes(name)),
      single: isUnique(table, key),
    };
  }));
  return { title: model.id, tables, keys };
}

function tableOf(table: Table, findings: readonly DiagramFinding[]): DiagramTable {
  const primary = new Set(table.primaryKey?.columns);
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const unique = new Set(uniqueLists(table).flatMap((columns) => (columns.length === 1 ? columns : [])));
  const columns = table.columns.map(({ name, type, nullable }): DiagramColumn => ({
    name, type: type.name, nullable: nullable && !primary.has(name), primaryKey: primary.has(name), foreignKey: foreign.has(name), unique: unique.has(name),
  }));
  return { ...nameOf(table.name), known: true, columns, findings };
}

const nameOf = ({ schema, name }: QualifiedName): Pick<DiagramTable, "schema" | "name"> => ({ schema: schema === "public" ? null : schema, name });

const columnOf = (table: Table, name: string): Column | undefined => table.columns.find((column) => column.name === name);

/** The columns of each unique constraint and of each whole unique index. */
function uniqueLists({ uniques, indexes }: Table): readonly (readonly string[])[] {
  const ofIndexes = indexes.filter(({ unique, where, keys }) => unique && !where && keys.every(({ column }) => column !== undefined));
  return [...uniques.map(({ columns }) => columns), ...ofIndexes.map(({ keys }) => keys.map(({ column }) => column!))];
}

function isUnique(table: Table, key: ForeignKey): boolean {
  const lists = [...(table.primaryKey ? [table.primaryKey.columns] : []), ...uniqueLists(table)];
  return lists.some((columns) => columns.length > 0 && columns.every((name) => key.columns.includes(name)));
}
