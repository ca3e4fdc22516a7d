// What a folder's migrations say of the tables that stand before each of them: partitioning, columns and their types, the
// tables of indexes. Read off their statements alone; what a DO block or a function makes it does not know.
import { as, names, objectName, qualified, tableName, typeText, type Node, type TypeName } from "./sql/tree";
import type { ParsedStatement } from "./sql/parser";
import type { QualifiedName } from "./model/schema";
import { tableKey } from "./model/table-key";
import type { StandingTable } from "./rules/rule";

export interface MigrationHistory {
  /** The table before the migration at `position` of the folder; undefined where no migration before it makes the table. */
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
      const columns = new Map<string, KnownColumn>();
      let standing = false;
      let partitioned = false;
      for (const event of tables.get(tableKey(name)) ?? []) {
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
        }
      }
      return standing ? { partitioned, column: (column) => columns.get(column) } : undefined;
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
        case "AT_AlterColumnType": add(table, { kind: "column", position, name, type: spelt(as(command.def, "ColumnDef")?.typeName) }); break;
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
  add(table, { kind: "column", position, name: column.colname ?? "", type: spelt(column.typeName), nullable: !required && !/^(big|small)?serial/.test(typeText(column.typeName).name) });
}

/** "varchar(255)", "int4", "text[]". */
function spelt(type: TypeName | undefined): string {
  const { name, modifiers, array } = typeText(type);
  return `${name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${array ? "[]" : ""}`;
}
