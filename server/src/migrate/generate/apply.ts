// A schema after some changes: the model that a migration leads to. It judges nothing: a change of what is not there
// leaves the schema as it is.
import type { Change } from "../../model/change";
import type { Column, Index, QualifiedName, SchemaModel, Table, View } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { renameRole } from "./declared";
import { renameEnumValue } from "./enum-values";
import { underNewName, viewReading, withSequence } from "./new-names";
import { policiesWith, withRowSecurity } from "./policies";

/** The schema once `changes` have been made in turn. */
export function applyChanges(model: SchemaModel, changes: readonly Change[]): SchemaModel {
  return changes.reduce(applyChange, model);
}

/** What PostgreSQL does to the partitions of a table too, by the same names. */
const passedOn: ReadonlySet<Change["kind"]> = new Set(["add-column", "drop-column", "alter-column-type", "alter-column-nullability", "alter-column-default", "alter-column-generation", "add-check", "drop-check"]);

function applyChange(model: SchemaModel, change: Change): SchemaModel {
  const alter = (name: QualifiedName, with_: (table: Table) => Table): SchemaModel => {
    const altered = new Set([tableKey(name), ...(passedOn.has(change.kind) ? partitionsOf(name, model) : [])]);
    return { ...model, tables: model.tables.map((table) => (altered.has(tableKey(table.name)) ? with_(table) : table)) };
  };
  const column = (name: string, with_: (column: Column) => Column): SchemaModel => alter((change as { table: QualifiedName }).table, (table) => ({ ...table, columns: table.columns.map((one) => (one.name === name ? with_(one) : one)) }));
  switch (change.kind) {
    case "add-table": return { ...model, tables: [...model.tables, change.table] };
    case "drop-table": return { ...model, tables: model.tables.filter(({ name }) => tableKey(name) !== tableKey(change.table.name)) };
    case "rename-table":
    case "rename-enum":
    case "rename-sequence":
    case "rename-schema": return underNewName(model, change);
    case "add-column": return alter(change.table, (table) => ({ ...table, columns: [...table.columns, change.column] }));
    case "drop-column": return alter(change.table, (table) => ({ ...table, columns: table.columns.filter(({ name }) => name !== change.column.name) }));
    case "rename-column": return renameColumn(model, change.table, change.from, change.to);
    case "alter-column-type": return column(change.column, (one) => ({ ...one, type: change.to }));
    case "alter-column-nullability": return column(change.column, (one) => ({ ...one, nullable: change.nullable }));
    case "alter-column-default": return column(change.column, ({ default: _, ...one }) => ({ ...one, ...(change.to && { default: change.to }) }));
    case "alter-column-generation": return alter(change.table, (table) => ({ ...table, columns: table.columns.map((one) => (one.name === change.to.name ? regenerated(one, change.to) : one)) }));
    // The unique index of the same name becomes the constraint's (USING INDEX).
    case "add-primary-key": return alter(change.table, (table) => ({ ...without(table, change.primaryKey.name), primaryKey: change.primaryKey, columns: table.columns.map((one) => (change.primaryKey.columns.includes(one.name) ? { ...one, nullable: false } : one)) }));
    case "drop-primary-key": return alter(change.table, ({ primaryKey, ...table }) => without(table, primaryKey?.name ?? change.primaryKey.name));
    case "add-unique": return alter(change.table, (table) => ({ ...without(table, change.unique.name), uniques: [...table.uniques, change.unique] }));
    case "drop-unique": return alter(change.table, (table) => ({ ...without(table, change.unique.name), uniques: table.uniques.filter((one) => !same(one, change.unique)) }));
    case "add-check": return alter(change.table, (table) => ({ ...table, checks: [...table.checks, change.check] }));
    case "drop-check": return alter(change.table, (table) => ({ ...table, checks: table.checks.filter((one) => !same(one, change.check)) }));
    case "add-foreign-key": return alter(change.table, (table) => ({ ...table, foreignKeys: [...table.foreignKeys, change.foreignKey] }));
    case "drop-foreign-key": return alter(change.table, (table) => ({ ...table, foreignKeys: table.foreignKeys.filter((one) => !same(one, change.foreignKey)) }));
    case "add-index": return alter(change.table, (table) => ({ ...table, indexes: [...table.indexes, change.index] }));
    case "drop-index": return alter(change.table, (table) => ({ ...table, indexes: table.indexes.filter((one) => !same(one, change.index)) }));
    case "rename-index": return alter(change.table, (table) => ({ ...table, indexes: table.indexes.map((one) => (same(one, change.index) ? { ...one, name: change.to } : one)) }));
    case "rename-constraint": return alter(change.table, (table) => renameConstraint(table, change.from, change.to));
    case "alter-index": return alter(change.table, (table) => ({ ...table, indexes: table.indexes.map((one) => (same(one, change.from) ? change.to : one)) }));
    case "enable-row-security":
    case "disable-row-security":
    case "add-policy":
    case "drop-policy":
    case "alter-policy":
    case "rename-policy": return alter(change.table, (table) => withRowSecurity(table, change));
    case "add-enum": return { ...model, enums: [...model.enums, change.enum] };
    case "drop-enum": return { ...model, enums: model.enums.filter(({ name }) => tableKey(name) !== tableKey(change.enum.name)) };
    case "alter-enum": return { ...model, enums: model.enums.map((type) => (tableKey(type.name) === tableKey(change.name) ? { ...type, values: change.to } : type)) };
    case "rename-enum-value": return renameEnumValue(model, change);
    case "add-sequence": return { ...model, sequences: [...(model.sequences ?? []), change.sequence] };
    case "drop-sequence": return { ...model, sequences: (model.sequences ?? []).filter(({ name }) => tableKey(name) !== tableKey(change.sequence.name)) };
    case "alter-sequence": return { ...model, sequences: (model.sequences ?? []).map((one) => (tableKey(one.name) === tableKey(change.to.name) ? change.to : one)) };
    case "add-schema": return { ...model, schemas: [...new Set([...(model.schemas ?? []), change.schema])] };
    case "drop-schema": return { ...model, schemas: (model.schemas ?? []).filter((name) => name !== change.schema) };
    case "add-role": return { ...model, roles: [...(model.roles ?? []), change.role] };
    case "drop-role": return { ...model, roles: (model.roles ?? []).filter(({ name }) => name !== change.role.name) };
    case "alter-role": return { ...model, roles: (model.roles ?? []).map((role) => (role.name === change.to.name ? change.to : role)) };
    case "rename-role": return renameRole(model, change.from, change.to);
    case "add-view": return { ...model, views: [...(model.views ?? []), change.view] };
    case "drop-view": return { ...model, views: (model.views ?? []).filter(({ name }) => tableKey(name) !== tableKey(change.view.name)) };
    case "rename-view": return { ...model, views: (model.views ?? []).map((one) => viewRenamed(one, change.from, change.to)) };
    case "alter-view": return { ...model, views: (model.views ?? []).map((one) => (tableKey(one.name) === tableKey(change.to.name) ? change.to : one)) };
    case "validate-constraint": return alter(change.table, (table) => ({ ...table, foreignKeys: table.foreignKeys.map((one) => validated(one, change.name)), checks: table.checks.map((one) => validated(one, change.name)) }));
    case "rebuild-index": return alter(change.table, (table) => ({ ...table, indexes: table.indexes.map((one) => (same(one, change.index) ? withoutValidity(one) : one)) }));
    case "analyze-table": return model;
  }
}

/** The column with the values' origin of the other. */
function regenerated({ default: _default, generated: _generated, identity: _identity, sequence: _sequence, sequenceOptions: _options, ...column }: Column, { default: value, generated, identity, sequence, sequenceOptions }: Column): Column {
  return { ...column, ...(value && { default: value }), ...(generated && { generated }), ...(identity && { identity }), ...(sequence !== undefined && { sequence }), ...(sequenceOptions && { sequenceOptions }) };
}

/** By name where both have one, else by what they say. */
function same<Part extends { readonly name?: string }>(a: Part, b: Part): boolean {
  return a.name !== undefined && b.name !== undefined ? a.name === b.name : JSON.stringify(said(a)) === JSON.stringify(said(b));
}

function said(part: object): object {
  return { ...part, name: undefined, at: undefined };
}

/** Without the index that bears a constraint's name. */
function without<Part extends Pick<Table, "indexes">>(table: Part, name: string | undefined): Part {
  return name === undefined ? table : { ...table, indexes: table.indexes.filter((index) => index.name !== name) };
}

function renameConstraint(table: Table, from: string, to: string): Table {
  const renamed = <Part extends { readonly name?: string }>(part: Part): Part => (part.name === from ? { ...part, name: to } : part);
  return { ...table, ...(table.primaryKey && { primaryKey: renamed(table.primaryKey) }), uniques: table.uniques.map(renamed), foreignKeys: table.foreignKeys.map(renamed), indexes: table.indexes.map((index) => (index.constraint === undefined ? index : renamed(index))) };
}

function validated<Part extends { readonly name?: string; readonly validated?: boolean }>(part: Part, name: string): Part {
  if (part.name !== name) return part;
  const { validated: _, ...rest } = part;
  return rest as Part;
}

function withoutValidity({ valid: _, ...index }: Index): Index {
  return index;
}

/** Itself renamed, or what it reads. */
function viewRenamed(view: View, from: QualifiedName, to: QualifiedName): View {
  const renamed = (name: QualifiedName): QualifiedName => (tableKey(name) === tableKey(from) ? to : name);
  const own = renamed(view.name);
  return viewReading(own === view.name ? view : { ...view, name: own }, (use) => { const name = renamed(use.name); return name === use.name ? use : { ...use, name }; });
}

/** In its table, in all that mentions it there, and in foreign keys to it. Expressions are rewritten where they name it in quotes or as a word. */
function renameColumn(model: SchemaModel, table: QualifiedName, from: string, to: string): SchemaModel {
  const name = (column: string): string => (column === from ? to : column);
  const inside = new Set([tableKey(table), ...partitionsOf(table, model)]);
  const quoted = `"${to.replaceAll('"', '""')}"`;
  const expression = <Said extends { readonly sql: string; readonly columns: readonly string[] } | undefined>(one: Said): Said =>
    one === undefined ? one : { ...one, columns: one.columns.map(name), sql: replaceName(one.sql, from, quoted) };
  return {
    ...model,
    ...(model.views && { views: model.views.map((view) => viewReading(view, (use) => (inside.has(tableKey(use.name)) && use.columns.includes(from) ? { ...use, columns: use.columns.map(name) } : use))) }),
    tables: model.tables.map((one) => {
      const own = inside.has(tableKey(one.name));
      const foreignKeys = one.foreignKeys.map((key) => ({
        ...key,
        columns: own ? key.columns.map(name) : key.columns,
        references: inside.has(tableKey(key.references.table)) ? { ...key.references, columns: key.references.columns.map(name) } : key.references,
      }));
      if (!own) return { ...one, foreignKeys };
      return {
        ...one,
        foreignKeys,
        columns: one.columns.map((column) => ({ ...(column.name === from ? withSequence(column, one, model) : column), name: name(column.name), ...(column.default && column.generated && { default: expression(column.default) }) })),
        ...(one.primaryKey && { primaryKey: { ...one.primaryKey, columns: one.primaryKey.columns.map(name) } }),
        uniques: one.uniques.map((unique) => ({ ...unique, columns: unique.columns.map(name) })),
        checks: one.checks.map((check) => ({ ...check, expression: expression(check.expression) })),
        ...policiesWith(one, expression),
        indexes: one.indexes.map((index) => ({
          ...index,
          include: index.include.map(name),
          keys: index.keys.map((key) => ({ ...key, ...(key.column !== undefined && { column: name(key.column) }), ...(key.expression && { expression: expression(key.expression) }) })),
          ...(index.where && { where: expression(index.where) }),
        })),
      };
    }),
  };
}

/** Keys of the tables that PostgreSQL alters with it: its partitions and theirs, and those that inherit from it. */
function partitionsOf(name: QualifiedName, model: SchemaModel): readonly string[] {
  return model.tables.filter(({ partitionOf }) => partitionOf && tableKey(partitionOf) === tableKey(name)).flatMap((table) => [tableKey(table.name), ...partitionsOf(table.name, model)]);
}

/** Strings, and names that are longer, stay as they are. */
function replaceName(sql: string, from: string, to: string): string {
  const bare = /^[a-z_][a-z0-9_]*$/.test(from) ? from : undefined;
  return sql.replace(/'(?:''|[^'])*'|"((?:""|[^"])*)"|[A-Za-z_][\w$]*/g, (piece, inQuotes: string | undefined) => {
    if (inQuotes !== undefined) return inQuotes.replaceAll('""', '"') === from ? to : piece;
    return bare !== undefined && piece.toLowerCase() === bare && !piece.startsWith("'") ? to : piece;
  });
}
