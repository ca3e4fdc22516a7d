// What a folder's migrations say of the tables that stand before each of them: partitioning, columns and their types, the
// tables of indexes. Read off their statements alone; what a DO block or a function makes it does not know.
import { as, names, objectName, qualified, tableName, typeSpelling, typeText, type Constraint, type Node } from "./sql/tree";
import type { ParsedStatement } from "./sql/parser";
import type { QualifiedName } from "./model/schema";
import { tableKey } from "./model/table-key";
import type { StandingTable } from "./rules/rule";

export interface MigrationHistory {
  /** The table before the migration at `position` of the folder; undefined where no migration before it speaks of the table, or the last one drops it. */
  table(name: QualifiedName, position: number): StandingTable | undefined;
  tableOfIndex(index: QualifiedName, position: number): QualifiedName | undefined;
}

interface KnownColumn {
  type: string | undefined;
  nullable: boolean | undefined;
}

type Event = { readonly position: number } & (
  | { readonly kind: "create"; readonly partitioned: boolean }
  | { readonly kind: "drop" }
  | { readonly kind: "column"; readonly name: string; readonly type?: string | undefined; readonly nullable?: boolean | undefined }
  | { readonly kind: "drop column"; readonly name: string }
  | { readonly kind: "rename column"; readonly name: string; readonly to: string }
  /** A CHECK that the column is not NULL. */
  | { readonly kind: "required"; readonly name: string; readonly column: string; readonly valid: boolean }
  | { readonly kind: "validate"; readonly name: string }
  | { readonly kind: "drop constraint"; readonly name: string }
);

/** `scripts`: the statements of each migration, in the folder's order. */
export function migrationHistory(scripts: readonly (readonly ParsedStatement[])[]): MigrationHistory {
  const tables = new Map<string, Event[]>();
  const indexes = new Map<string, { readonly position: number; readonly table: QualifiedName }[]>();
  const add = (table: QualifiedName, event: Event): void => {
    const key = tableKey(table);
    const list = tables.get(key);
    if (list) list.push(event);
    else tables.set(key, [event]);
  };
  scripts.forEach((statements, position) => {
    for (const { node } of statements) note(node, position, add, tables, indexes);
  });
  return {
    table(name, position) {
      const events = tables.get(tableKey(name)) ?? [];
      const columns = new Map<string, KnownColumn>();
      const required = new Map<string, { readonly column: string; readonly valid: boolean }>();
      // A table that is altered stands, whoever made it.
      let standing = events.some(({ position: at }) => at < position);
      let partitioned = false;
      for (const event of events) {
        if (event.position >= position) break;
        switch (event.kind) {
          case "create": [standing, partitioned] = [true, event.partitioned]; break;
          case "drop": standing = false; columns.clear(); break;
          case "column": {
            const column = columns.get(event.name) ?? { type: undefined, nullable: undefined };
            columns.set(event.name, { type: event.type ?? column.type, nullable: event.nullable ?? column.nullable });
            break;
          }
          case "drop column": columns.delete(event.name); break;
          case "rename column": {
            const column = columns.get(event.name);
            columns.delete(event.name);
            if (column) columns.set(event.to, column);
            break;
          }
          case "required": required.set(event.name, event); break;
          case "validate": {
            const check = required.get(event.name);
            if (check) required.set(event.name, { ...check, valid: true });
            break;
          }
          case "drop constraint": required.delete(event.name); break;
        }
      }
      return standing ? { partitioned, column: (column) => columns.get(column), requires: (column) => [...required.values()].some((one) => one.valid && one.column === column) } : undefined;
    },
    tableOfIndex: (index, position) => indexes.get(tableKey(index))?.findLast((one) => one.position < position)?.table,
  };
}

function note(node: Readonly<Record<string, unknown>>, position: number, add: (table: QualifiedName, event: Event) => void, tables: Map<string, Event[]>, indexes: Map<string, { readonly position: number; readonly table: QualifiedName }[]>): void {
  const create = as(node, "CreateStmt");
  if (create) {
    const table = tableName(create.relation);
    add(table, { kind: "create", position, partitioned: create.partspec !== undefined });
    for (const element of create.tableElts ?? []) noteColumn(element, table, position, add);
    return;
  }
  const index = as(node, "IndexStmt");
  if (index?.idxname !== undefined) {
    const table = tableName(index.relation);
    const key = tableKey({ schema: table.schema, name: index.idxname });
    indexes.set(key, [...(indexes.get(key) ?? []), { position, table }]);
    return;
  }
  const alter = as(node, "AlterTableStmt");
  if (alter && alter.objtype === "OBJECT_TABLE") {
    const table = tableName(alter.relation);
    for (const one of alter.cmds ?? []) {
      const command = as(one, "AlterTableCmd");
      const name = command?.name ?? "";
      switch (command?.subtype) {
        case "AT_AddColumn": noteColumn(command.def, table, position, add); break;
        case "AT_DropColumn": add(table, { kind: "drop column", position, name }); break;
        case "AT_AlterColumnType": add(table, { kind: "column", position, name, type: typeSpelling(as(command.def, "ColumnDef")?.typeName) }); break;
        case "AT_AddConstraint": {
          const constraint = as(command.def, "Constraint");
          const column = constraint && requiredBy(constraint);
          if (column !== undefined) add(table, { kind: "required", position, name: constraint!.conname ?? "", column, valid: constraint!.skip_validation !== true });
          break;
        }
        case "AT_ValidateConstraint": add(table, { kind: "validate", position, name }); break;
        case "AT_DropConstraint": add(table, { kind: "drop constraint", position, name }); break;
        case "AT_SetNotNull": add(table, { kind: "column", position, name, nullable: false }); break;
        case "AT_DropNotNull": add(table, { kind: "column", position, name, nullable: true }); break;
      }
    }
    return;
  }
  const rename = as(node, "RenameStmt");
  if (rename?.renameType === "OBJECT_COLUMN") add(tableName(rename.relation), { kind: "rename column", position, name: rename.subname ?? "", to: rename.newname ?? "" });
  if (rename?.renameType === "OBJECT_TABLE") {
    const from = tableName(rename.relation);
    const to = { schema: from.schema, name: rename.newname ?? "" };
    tables.set(tableKey(to), [...(tables.get(tableKey(from)) ?? [])]);
    add(from, { kind: "drop", position });
  }
  const drop = as(node, "DropStmt");
  if (drop?.removeType === "OBJECT_TABLE") for (const object of drop.objects ?? []) add(qualified(objectName(object)), { kind: "drop", position });
}

function noteColumn(element: Node | undefined, table: QualifiedName, position: number, add: (table: QualifiedName, event: Event) => void): void {
  const column = as(element, "ColumnDef");
  if (!column) {
    const constraint = as(element, "Constraint");
    if (constraint?.contype === "CONSTR_PRIMARY") for (const name of names(constraint.keys)) add(table, { kind: "column", position, name, nullable: false });
    return;
  }
  const constraints = (column.constraints ?? []).flatMap((one) => as(one, "Constraint")?.contype ?? []);
  const required = constraints.some((one) => one === "CONSTR_NOTNULL" || one === "CONSTR_PRIMARY" || one === "CONSTR_IDENTITY");
  add(table, { kind: "column", position, name: column.colname ?? "", type: typeSpelling(column.typeName), nullable: !required && !/^(big|small)?serial/.test(typeText(column.typeName).name) });
}

/** The column that `CHECK (column IS NOT NULL)` is about. */
export function requiredBy(constraint: Constraint): string | undefined {
  const test = constraint.contype === "CONSTR_CHECK" ? as(constraint.raw_expr, "NullTest") : undefined;
  if (test?.nulltesttype !== "IS_NOT_NULL") return undefined;
  const fields = as(test.arg, "ColumnRef")?.fields ?? [];
  return fields.length === 1 ? names(fields)[0] : undefined;
}
