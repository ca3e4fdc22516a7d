// Relations of a schema as the model has them, by the table that they belong to; and the foreign keys that they imply.
import type { DialectName, ForeignKey, QualifiedName, Relation, Table } from "../../model/schema";
import type { Machine } from "./machine";
import { moduleAt } from "./machine";
import { columnName, qualifiedName } from "./read-table";
import { rangeOfPlace } from "./places";
import { callRelations, relationTable } from "./relations";
import { fileScope } from "./scope";
import { dialectOf, isKind, type Casing, type ObjectValue, type RelationsValue, type TableValue, type Value } from "./values";

export interface TableRelations {
  readonly dialect: DialectName;
  readonly table: QualifiedName;
  readonly relations: readonly Relation[];
  /** Foreign keys that no constraint enforces, by the relation that implies them. */
  readonly foreignKeys: readonly ForeignKey[];
}

/** All relations that one `relations()` or `defineRelations()` declares. What cannot be read is left out: nothing argues from a missing relation. */
export function readRelations(machine: Machine, value: RelationsValue, casing: Casing | undefined): readonly TableRelations[] {
  const module = moduleAt(machine, value.place.chunk.file);
  if (!module) return [];
  const scope = fileScope(machine, module, value.place.chunk);
  const result = callRelations(value, scope);
  if (!result) return [];
  if (value.version === 0) return isKind(value.table, "table") ? [ofTable(value.table, result, casing)] : [];
  return [...result.props].flatMap(([name, relations]) => {
    const table = relationTable({ kind: "relation tables", tables: value.table, part: "all" }, name, "", value.place, scope);
    return isKind(table, "table") && isKind(relations, "object") ? [ofTable(table, relations, casing)] : [];
  });
}

function ofTable(table: TableValue, result: ObjectValue, casing: Casing | undefined): TableRelations {
  const relations: Relation[] = [];
  const foreignKeys: ForeignKey[] = [];
  for (const [name, value] of result.props) {
    if (!isKind(value, "relation") || !isKind(value.target, "table")) continue;
    const place = result.places.get(name) ?? value.place;
    const at = rangeOfPlace(place);
    const columns = namesOf(value.columns, casing), references = namesOf(value.references, casing);
    const target = qualifiedName(value.target);
    relations.push({ name, target, many: value.many, columns: columns ?? [], references: references ?? [], at });
    if (value.many || !columns || !references || columns.length === 0 || columns.length !== references.length) continue;
    // A one() whose fields are this table's key and whose references point back (the other side of 1:1) implies nothing here.
    const own = table.columns;
    const primary = [...own.values()].filter((column) => column.builder.primary).map((column) => columnName(table, column, casing));
    if (columns.length === primary.length && columns.every((column) => primary.includes(column)) && !referencesKey(value.target, references, casing)) continue;
    foreignKeys.push({ columns, references: { table: target, columns: references }, onDelete: "no action", onUpdate: "no action", enforced: false, at });
  }
  return { dialect: dialectOf[table.family], table: qualifiedName(table), relations, foreignKeys };
}

/** True where the columns are the target's primary key. */
function referencesKey(target: TableValue, references: readonly string[], casing: Casing | undefined): boolean {
  const primary = [...target.columns.values()].filter((column) => column.builder.primary).map((column) => columnName(target, column, casing));
  return primary.length === references.length && references.every((column) => primary.includes(column));
}

function namesOf(value: Value, casing: Casing | undefined): readonly string[] | undefined {
  if (!isKind(value, "array") || value.unknown) return undefined;
  const names = value.items.map((item) => (isKind(item, "column") && !item.through ? columnName(item.table, item.column, casing) : undefined));
  return names.includes(undefined) ? undefined : (names as string[]);
}

/** The table with its relations, and with a foreign key for each relation that no constraint stands behind. */
export function link(table: Table, parts: readonly TableRelations[]): Table {
  if (parts.length === 0) return table;
  const relations: Relation[] = parts.flatMap((part) => part.relations);
  const real = new Set(table.foreignKeys.map((key) => [...key.columns].sort().join()));
  const implied: ForeignKey[] = [];
  for (const key of parts.flatMap((part) => part.foreignKeys)) {
    const columns = [...key.columns].sort().join();
    if (real.has(columns)) continue;
    real.add(columns);
    implied.push(key);
  }
  return { ...table, relations, foreignKeys: implied.length > 0 ? [...table.foreignKeys, ...implied] : table.foreignKeys };
}
