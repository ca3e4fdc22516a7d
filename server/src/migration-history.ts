// What a folder's migrations say of the tables that stand before each of them: partitioning, columns and their types, the
// tables of indexes. Read off their statements alone; what a DO block or a function makes it does not know.
import { as, names, objectName, qualified, tableName, typeSpelling, typeText, visit, type Constraint, type IndexStmt, type Node } from "./sql/tree";
import type { ParsedStatement } from "./sql/parser";
import type { QualifiedName } from "./model/schema";
import { tableKey } from "./model/table-key";
import { constraintName } from "./rules/migration-statement";
import type { StandingTable } from "./rules/rule";

export interface MigrationHistory {
  /** The table before the migration at `position` of the folder; undefined where no migration before it speaks of the table, or the last one drops it. */
  table(name: QualifiedName, position: number): StandingTable | undefined;
  /** What `table` answers from: where two numbers are equal, in histories of one `migrationHistories`, so are the answers. */
  state(name: QualifiedName, position: number): number;
  tableOfIndex(index: QualifiedName, position: number): QualifiedName | undefined;
  /** Columns that the table's indexes and keys sort by, or read to tell which rows they hold, before the migration at `position`. */
  indexed(table: QualifiedName, position: number): readonly string[];
}

interface KnownColumn {
  type: string | undefined;
  nullable: boolean | undefined;
}

type Event =
  | { readonly kind: "create"; readonly partitioned: boolean }
  | { readonly kind: "drop" }
  | { readonly kind: "column"; readonly name: string; readonly type?: string | undefined; readonly nullable?: boolean | undefined }
  | { readonly kind: "drop column"; readonly name: string }
  | { readonly kind: "rename column"; readonly name: string; readonly to: string }
  /** A CHECK that the column is not NULL. */
  | { readonly kind: "required"; readonly name: string; readonly column: string; readonly valid: boolean }
  | { readonly kind: "validate"; readonly name: string }
  | { readonly kind: "drop constraint"; readonly name: string }
  /** By name of an index or constraint. */
  | { readonly kind: "indexed"; readonly name: string; readonly columns: readonly string[] };

/** What one script says of a table (`on`: its key) or an index, whatever stands before it. */
type Note = { readonly on: string } & (Event | { readonly kind: "table renamed"; readonly from: string } | { readonly kind: "index"; readonly table: QualifiedName } | { readonly kind: "index dropped"; readonly name: string });

/** A script's notes, each as JSON as well. */
type Notes = readonly (readonly [note: Note, text: string])[];

/** A note in its place; a renamed table takes over what was said of the old name. */
type Entry = { readonly position: number; readonly state: number } & ({ readonly event: Event } | { readonly takesOver: readonly Entry[] });

/** Reads histories one after the other, of one folder as it is edited. What a script says is read off it once. */
export function migrationHistories(): { of(scripts: readonly (readonly ParsedStatement[])[]): MigrationHistory } {
  const noted = new WeakMap<readonly ParsedStatement[], Notes>();
  let numbers = new Map<string, number>();
  let last = 0;
  let known: { readonly notes: readonly Notes[]; readonly history: MigrationHistory } | undefined;
  return {
    of(scripts) {
      const notes = scripts.map((statements) => {
        let found = noted.get(statements);
        if (!found) noted.set(statements, (found = statements.flatMap(({ node }) => notesOf(node)).map((note) => [note, JSON.stringify(note)])));
        return found;
      });
      // Most edits say nothing else of any table.
      if (known && known.notes.length === notes.length && known.notes.every((one, at) => isSaying(one, notes[at]!))) return known.history;
      const before = numbers;
      numbers = new Map();
      const numberOf = (text: string): number => {
        const number = numbers.get(text) ?? before.get(text) ?? ++last;
        numbers.set(text, number);
        return number;
      };
      known = { notes, history: history(notes, numberOf) };
      return known.history;
    },
  };
}

/** `scripts`: the notes of each migration, in the folder's order; each state follows from the one before it and the note. */
function history(scripts: readonly Notes[], numberOf: (text: string) => number): MigrationHistory {
  const tables = new Map<string, Entry[]>();
  const indexes = new Map<string, { readonly position: number; readonly table: QualifiedName }[]>();
  scripts.forEach((notes, position) => {
    for (const [note, text] of notes) {
      if (note.kind === "index") {
        listOf(indexes, note.on).push({ position, table: note.table });
        continue;
      }
      if (note.kind === "index dropped") {
        const list = tables.get(tableKey(indexes.get(note.on)?.at(-1)?.table ?? { schema: null, name: "" }));
        list?.push({ position, event: { kind: "indexed", name: note.name, columns: [] }, state: list.at(-1)?.state ?? 0 });
        continue;
      }
      const list = listOf(tables, note.on);
      if (note.kind === "table renamed") {
        const takesOver = [...(tables.get(note.from) ?? [])];
        list.push({ position, takesOver, state: numberOf(`${takesOver.at(-1)?.state ?? 0} taken over`) });
      } else list.push({ position, event: note, state: note.kind === "indexed" ? (list.at(-1)?.state ?? 0) : numberOf(`${list.at(-1)?.state ?? 0} ${text}`) });
    }
  });
  return {
    state: (name, position) => tables.get(tableKey(name))?.findLast((one) => one.position < position)?.state ?? 0,
    table(name, position) {
      const events = eventsBefore(tables.get(tableKey(name)) ?? [], position);
      const columns = new Map<string, KnownColumn>();
      const required = new Map<string, { readonly column: string; readonly valid: boolean }>();
      // A table that is altered stands, whoever made it.
      let standing = events.some(({ kind }) => kind !== "indexed");
      let partitioned = false;
      for (const event of events) {
        switch (event.kind) {
          case "create": [standing, partitioned] = [true, event.partitioned]; break;
          case "drop": standing = false; columns.clear(); required.clear(); break;
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
          case "indexed": break;
        }
      }
      return standing ? { partitioned, column: (column) => columns.get(column), requires: (column) => [...required.values()].some((one) => one.valid && one.column === column) } : undefined;
    },
    indexed(name, position) {
      const indexed = new Map<string, readonly string[]>();
      for (const event of eventsBefore(tables.get(tableKey(name)) ?? [], position)) {
        if (event.kind === "drop") indexed.clear();
        else if (event.kind === "indexed") indexed.set(event.name, event.columns);
        else if (event.kind === "drop constraint") indexed.delete(event.name);
        else if (event.kind === "rename column") for (const [index, columns] of indexed) indexed.set(index, columns.map((one) => (one === event.name ? event.to : one)));
      }
      return [...indexed.values()].flat();
    },
    tableOfIndex: (index, position) => indexes.get(tableKey(index))?.findLast((one) => one.position < position)?.table,
  };
}

function isSaying(one: Notes, other: Notes): boolean {
  return one === other || (one.length === other.length && one.every(([, text], at) => text === other[at]![1]));
}

function listOf<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}

/** In order, from before the table's last renaming on under its earlier names. */
function eventsBefore(entries: readonly Entry[], position: number): readonly Event[] {
  const parts: (readonly Event[])[] = [];
  for (let list: readonly Entry[] | undefined = entries.filter((one) => one.position < position); list; ) {
    const renamed: number = list.findLastIndex((one) => "takesOver" in one);
    parts.push(list.slice(renamed + 1).flatMap((one) => ("event" in one ? one.event : [])));
    const before: Entry | undefined = list[renamed];
    list = before && "takesOver" in before ? before.takesOver : undefined;
  }
  return parts.reverse().flat();
}

function notesOf(node: Readonly<Record<string, unknown>>): readonly Note[] {
  const create = as(node, "CreateStmt");
  if (create) {
    const table = tableName(create.relation);
    return [{ on: tableKey(table), kind: "create", partitioned: create.partspec !== undefined }, ...(create.tableElts ?? []).flatMap((element) => columnNotes(element, table))];
  }
  const index = as(node, "IndexStmt");
  if (index) {
    const table = tableName(index.relation);
    const columns = columnsOf(index);
    const name = constraintName(index.idxname, table, columns, "idx");
    return [...(index.idxname === undefined ? [] : [{ on: tableKey({ schema: table.schema, name }), kind: "index", table } as const]), { on: tableKey(table), kind: "indexed", name, columns }];
  }
  const alter = as(node, "AlterTableStmt");
  if (alter && alter.objtype === "OBJECT_TABLE") {
    const table = tableName(alter.relation);
    return (alter.cmds ?? []).flatMap((one) => commandNotes(one, table));
  }
  const rename = as(node, "RenameStmt");
  if (rename?.renameType === "OBJECT_COLUMN") return [{ on: tableKey(tableName(rename.relation)), kind: "rename column", name: rename.subname ?? "", to: rename.newname ?? "" }];
  if (rename?.renameType === "OBJECT_TABLE") {
    const from = tableName(rename.relation);
    return [{ on: tableKey({ schema: from.schema, name: rename.newname ?? "" }), kind: "table renamed", from: tableKey(from) }, { on: tableKey(from), kind: "drop" }];
  }
  const drop = as(node, "DropStmt");
  const dropped = (drop?.objects ?? []).map((object) => qualified(objectName(object)));
  if (drop?.removeType === "OBJECT_INDEX") return dropped.map((one) => ({ on: tableKey(one), kind: "index dropped", name: one.name }));
  return drop?.removeType === "OBJECT_TABLE" ? dropped.map((one) => ({ on: tableKey(one), kind: "drop" })) : [];
}

function commandNotes(node: Node, table: QualifiedName): readonly Note[] {
  const on = tableKey(table);
  const command = as(node, "AlterTableCmd");
  const name = command?.name ?? "";
  switch (command?.subtype) {
    case "AT_AddColumn": return columnNotes(command.def, table);
    case "AT_DropColumn": return [{ on, kind: "drop column", name }];
    case "AT_AlterColumnType": return [{ on, kind: "column", name, type: typeSpelling(as(command.def, "ColumnDef")?.typeName) }];
    case "AT_AddConstraint": {
      const constraint = as(command.def, "Constraint");
      const column = constraint && requiredBy(constraint);
      return [...keyNotes(constraint, [], table), ...(column === undefined ? [] : [{ on, kind: "required", name: constraint!.conname ?? "", column, valid: constraint!.skip_validation !== true } as const])];
    }
    case "AT_ValidateConstraint": return [{ on, kind: "validate", name }];
    case "AT_DropConstraint": return [{ on, kind: "drop constraint", name }];
    case "AT_SetNotNull": return [{ on, kind: "column", name, nullable: false }];
    case "AT_DropNotNull": return [{ on, kind: "column", name, nullable: true }];
    default: return [];
  }
}

function columnNotes(element: Node | undefined, table: QualifiedName): readonly Note[] {
  const on = tableKey(table);
  const column = as(element, "ColumnDef");
  if (!column) {
    const constraint = as(element, "Constraint");
    const required = constraint?.contype === "CONSTR_PRIMARY" ? names(constraint.keys) : [];
    return [...required.map((name) => ({ on, kind: "column", name, nullable: false }) as const), ...keyNotes(constraint, [], table)];
  }
  const constraints = (column.constraints ?? []).flatMap((one) => as(one, "Constraint") ?? []);
  const required = constraints.some(({ contype }) => contype === "CONSTR_NOTNULL" || contype === "CONSTR_PRIMARY" || contype === "CONSTR_IDENTITY");
  const name = column.colname ?? "";
  return [{ on, kind: "column", name, type: typeSpelling(column.typeName), nullable: !required && !/^(big|small)?serial/.test(typeText(column.typeName).name) }, ...constraints.flatMap((one) => keyNotes(one, [name], table))];
}

/** The index of a primary key or unique constraint; `column`: that it stands at, where it names none. */
function keyNotes(constraint: Constraint | undefined, column: readonly string[], table: QualifiedName): readonly Note[] {
  if (constraint?.contype !== "CONSTR_PRIMARY" && constraint?.contype !== "CONSTR_UNIQUE") return [];
  const columns = constraint.keys ? names(constraint.keys) : column;
  const name = constraint.contype === "CONSTR_PRIMARY" ? constraintName(constraint.conname, table, [], "pkey") : constraintName(constraint.conname, table, columns, "key");
  return [{ on: tableKey(table), kind: "indexed", name, columns }];
}

/** The columns that an index sorts by, or reads to tell which rows it holds. */
function columnsOf({ indexParams, whereClause }: IndexStmt): readonly string[] {
  const columns: string[] = [];
  visit([indexParams, whereClause], (content, key) => {
    if (key === "IndexElem" && typeof content["name"] === "string") columns.push(content["name"]);
    if (key === "ColumnRef") columns.push(...names(content["fields"] as readonly Node[]).slice(-1));
  });
  return columns;
}

/** The column that `CHECK (column IS NOT NULL)` is about. */
export function requiredBy(constraint: Constraint): string | undefined {
  const test = constraint.contype === "CONSTR_CHECK" ? as(constraint.raw_expr, "NullTest") : undefined;
  if (test?.nulltesttype !== "IS_NOT_NULL") return undefined;
  const fields = as(test.arg, "ColumnRef")?.fields ?? [];
  return fields.length === 1 ? names(fields)[0] : undefined;
}
