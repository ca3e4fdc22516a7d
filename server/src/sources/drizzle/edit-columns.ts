// The columns of one table: changes of those that stay, new ones at the end, and the key where it is declared at a column.
import type { ts } from "ts-morph";
import type { Change } from "../../model/change";
import type { Column, SchemaModel, Table } from "../../model/schema";
import { applyCasing } from "./casing";
import { callerOf, columnCode, editColumn, importingCaller, type Caller, type ColumnChange } from "./edit-column";
import type { FileEdit } from "./edit-file";
import type { Words } from "./edit-index";
import type { Splice } from "./edit-list";
import { editList } from "./edit-list";
import { camelCase, indentUnit, isIdentifier, quoted } from "./edit-style";
import type { TableSyntax } from "./edit-syntax";
import { calls, compiler, rangeOf, unwrap } from "./edit-syntax";

/** The splices for the changes that stand at columns, and the changes that are left; undefined where one of the former cannot be made safely. */
export function editColumns(table: Table, changes: readonly Change[], syntax: TableSyntax, file: FileEdit, words: Words): { splices: readonly Splice[]; rest: readonly Change[] } | undefined {
  const byColumn = new Map<string, ColumnChange[]>();
  const put = (change: ColumnChange): void => void byColumn.set(change.column, [...(byColumn.get(change.column) ?? []), change]);
  const added: Column[] = [];
  const rest: Change[] = [];
  for (const change of changes) {
    switch (change.kind) {
      case "alter-column-type": case "alter-column-nullability": case "alter-column-default":
        put(change);
        break;
      case "rename-column":
        put({ kind: "name", column: change.from, to: change.to });
        break;
      case "add-column":
        added.push(change.column);
        break;
      case "add-primary-key": {
        const [only, ...more] = change.primaryKey.columns;
        if (only !== undefined && more.length === 0) put({ kind: "key", column: only, key: true });
        else rest.push(change);
        break;
      }
      case "drop-primary-key":
        if (change.primaryKey.inline) for (const column of change.primaryKey.columns) put({ kind: "key", column, key: false });
        else rest.push(change);
        break;
      default: rest.push(change);
    }
  }
  const splices: Splice[] = [];
  for (const [name, own] of byColumn) {
    const column = table.columns.find((one) => one.name === name);
    const edited = column && editColumn(column, table, own, syntax, file, words);
    if (!edited) return undefined;
    splices.push(...edited);
  }
  if (added.length > 0) {
    const listed = addColumns(table, added, syntax, file, words);
    if (!listed) return undefined;
    splices.push(...listed);
  }
  return { splices, rest };
}

function addColumns(table: Table, added: readonly Column[], syntax: TableSyntax, file: FileEdit, words: Words): Splice[] | undefined {
  const ts = compiler();
  const given = unwrap(syntax.columns);
  const callback = given && ts.isArrowFunction(given) ? given : undefined;
  const object = callback ? unwrap(ts.isBlock(callback.body) ? undefined : callback.body) : given;
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const roots = object.properties.flatMap((property) => {
    const root = ts.isPropertyAssignment(property) ? calls(property.initializer).at(-1) : undefined;
    return root ? [root] : [];
  });
  const parameter = callback?.parameters[0]?.name;
  const caller = parameter && ts.isIdentifier(parameter) ? { call: (name: string) => `${parameter.text}.${name}` }
    : (roots.map((root) => callerOf(root, syntax, file)).find((one) => one !== undefined) ?? importingCaller(file));
  const naming = namingOf(roots, file.model, table);
  const taken = new Set(table.columns.map(({ property }) => property));
  const elements = added.map((column) => declaration(column, table, taken, naming, caller, syntax.statement.start, file, words));
  if (elements.includes(undefined)) return undefined;
  const range = rangeOf(object, syntax);
  return editList(syntax.text, { open: range.start + 1, close: range.end - 1, elements: object.properties.map((property) => rangeOf(property, syntax)) }, { removed: new Set(), replaced: new Map(), added: elements as string[] }, {
    eol: file.eol, unit: indentUnit(syntax), multiline: true, trailingComma: true, padded: true, wraps: true,
  });
}

/** `note: text("note")`, under a property that is not `taken`; undefined where the column cannot be written. */
export function declaration(column: Column, table: Table, taken: Set<string>, naming: Naming, caller: Caller, before: number, file: FileEdit, words: Words, key = false): string | undefined {
  const property = naming.property(column.name);
  if (taken.has(property)) return undefined;
  taken.add(property);
  const code = columnCode(column, naming.written(property, column.name), table, caller, before, file, words, key);
  return code === undefined ? undefined : `${isIdentifier(property) ? property : quoted(property, file.quote)}: ${code}`;
}

/** How a project names its columns in code. */
export interface Naming {
  property(column: string): string;
  /** The column's name where the declaration has to give it. */
  written(property: string, column: string): string | undefined;
}

/** As most of the `roots`, the column functions' calls beside it, give a name or leave it to the property; and as the model's tables name their properties. `table`: the one that stands already, which in Drizzle 1.0 has a casing of its own or none. */
export function namingOf(roots: readonly ts.CallExpression[], model: SchemaModel, table?: Table): Naming {
  const ts = compiler();
  const named = roots.filter((root) => root.arguments[0] && ts.isStringLiteralLike(root.arguments[0])).length;
  const omits = roots.length > 0 ? named * 2 < roots.length : false;
  const columns = model.tables.filter((table) => table.at).flatMap((table) => table.columns);
  const cased = (model.tables.some(({ ormVersion }) => ormVersion) ? table?.columns ?? [] : columns).find((column) => column.cased);
  const casing = cased && (applyCasing("snake_case", cased.property) === cased.name ? "snake_case" : "camelCase");
  const telling = columns.filter(({ name }) => /_[a-z]/.test(name));
  const same = telling.filter(({ name, property }) => name === property).length * 2 > telling.length;
  return {
    property: (column) => (same && isIdentifier(column) ? column : camelCase(column)),
    written: (property, column) => (omits && applyCasing(casing, property) === column ? undefined : column),
  };
}
