// A foreign key as Drizzle code: `.references()` at its column, or `foreignKey()` where it has several columns or a name;
// and the way to reach the table that it points at, with the import where that stands in another file.
import type { ts } from "ts-morph";
import type { ForeignKey, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import type { FileEdit } from "./edit-file";
import { nearestManifest, resolveRelative } from "./edit-file";
import type { Words } from "./edit-index";
import { chainCall } from "./edit-index";
import type { Splice } from "./edit-list";
import { indentAt, startsLine } from "./edit-list";
import { isIdentifier, quoted } from "./edit-style";
import type { TableSyntax } from "./edit-syntax";
import { calledName, calls, compiler, parsePiece, rangeOf, unwrap } from "./edit-syntax";

/** True where the foreign key can be written at its column. */
export function fitsColumn(foreignKey: ForeignKey): boolean {
  return foreignKey.columns.length === 1 && foreignKey.references.columns.length === 1 && foreignKey.name === undefined;
}

/** `.references(() => clients.id)` at the column. */
export function addReferences(foreignKey: ForeignKey, table: Table, syntax: TableSyntax, file: FileEdit): Splice[] | undefined {
  const ts = compiler();
  const column = table.columns.find((candidate) => candidate.name === foreignKey.columns[0]);
  const property = column && columnProperty(column.at, syntax);
  const chain = property ? calls(property.initializer) : [];
  const root = chain.at(-1);
  const end = unwrap(property?.initializer);
  if (!root || !end || !ts.isCallExpression(end) || chain.some((call) => calledName(call) === "references")) return undefined;
  const call = referencesCall(foreignKey, table, syntax.text, file);
  if (call === undefined) return undefined;
  const at = rangeOf(end, syntax).end;
  const lastDot = ts.isPropertyAccessExpression(end.expression) ? rangeOf(end.expression.name, syntax).start - 1 : undefined;
  const lead = lastDot !== undefined && startsLine(syntax.text, lastDot) ? file.eol + indentAt(syntax.text, lastDot) : "";
  return [{ start: at, end: at, text: lead + call }];
}

/** `.references(() => clients.id, { onDelete: "cascade" })`; undefined where the code has no such table, or it cannot be reached. `text` is the file's. */
export function referencesCall(foreignKey: ForeignKey, table: Table, text: string, file: FileEdit): string | undefined {
  const target = targetTable(foreignKey.references.table, table, text, file, new Set());
  const referenced = target && target.table.columns.find((candidate) => candidate.name === foreignKey.references.columns[0])?.property;
  if (!target || referenced === undefined) return undefined;
  return referenceText(foreignKey, reaches(file.model, target.table, table), target.expression + access(referenced, file), file);
}

/** The same for a table that references its own column `expression`. */
export function selfReference(foreignKey: ForeignKey, expression: string, file: FileEdit): string {
  return referenceText(foreignKey, true, expression, file);
}

function referenceText(foreignKey: ForeignKey, circular: boolean, expression: string, file: FileEdit): string {
  const actions = actionPairs(foreignKey, file);
  return `.references(()${circular ? `: ${anyColumn(file)}` : ""} => ${expression}${actions === "" ? "" : `, { ${actions} }`})`;
}

/** `foreignKey({ columns, foreignColumns })`, as an element of the third argument. */
export function foreignKeyCall(foreignKey: ForeignKey, table: Table, text: string, file: FileEdit, words: Words, locals: ReadonlySet<string>): string | undefined {
  const target = targetTable(foreignKey.references.table, table, text, file, locals);
  if (!target) return undefined;
  const columns = foreignKey.columns.map((name) => words.column(name));
  const foreign = foreignKey.references.columns.map((name) => {
    const property = target.table.columns.find((column) => column.name === name)?.property;
    if (target.table === table) return words.column(name);
    return property === undefined ? undefined : target.expression + access(property, file);
  });
  if (columns.length === 0 || columns.includes(undefined) || foreign.includes(undefined)) return undefined;
  const name = foreignKey.name === undefined ? "" : `name: ${quoted(foreignKey.name, file.quote)}, `;
  const actions = [["onDelete", foreignKey.onDelete], ["onUpdate", foreignKey.onUpdate]] as const;
  const tail = actions.filter(([, action]) => action !== "no action").map(([method, action]) => `.${method}(${quoted(action, file.quote)})`).join("");
  return `${words.builder("foreignKey")}({ ${name}columns: [${columns.join(", ")}], foreignColumns: [${foreign.join(", ")}] })${tail}`;
}

/** Takes out the `.references(…)` or `.unique(…)` that stands at `at`; undefined where no column of the statement has it there. */
export function dropColumnCall(name: "references" | "unique", at: { readonly start: number; readonly end: number }, syntax: TableSyntax): Splice[] | undefined {
  const ts = compiler();
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === name) {
      const range = { start: rangeOf(node.expression.name, syntax).start, end: rangeOf(node, syntax).end };
      const inside = at.start <= range.start && range.end <= at.end;
      if (inside) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax.columns);
  return found.length === 1 ? [chainCall(found[0]!, syntax)] : undefined;
}

export function columnProperty(at: { readonly start: number } | undefined, syntax: TableSyntax): ts.PropertyAssignment | undefined {
  const ts = compiler();
  let found: ts.PropertyAssignment | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && rangeOf(node, syntax).start === at?.start) found = node;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(syntax.columns);
  return found;
}

function actionPairs(foreignKey: ForeignKey, file: FileEdit): string {
  return ([["onDelete", foreignKey.onDelete], ["onUpdate", foreignKey.onUpdate]] as const)
    .filter(([, action]) => action !== "no action")
    .map(([key, action]) => `${key}: ${quoted(action, file.quote)}`)
    .join(", ");
}

function access(property: string, file: FileEdit): string {
  return isIdentifier(property) ? `.${property}` : `[${quoted(property, file.quote)}]`;
}

/** TypeScript cannot infer tables that reference each other in a circle: drizzle's own way out is this annotation. */
function anyColumn(file: FileEdit): string {
  const name = { pg: "AnyPgColumn", mysql: "AnyMySqlColumn", sqlite: "AnySQLiteColumn" }[file.core];
  return file.writer.use({ module: file.module, name, type: true, otherwise: `Drizzle${name}` });
}

/** True where following foreign keys leads from `from` to `to` (or they are one). */
function reaches(model: SchemaModel, from: Table, to: Table): boolean {
  const byName = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const seen = new Set<Table>([from]);
  for (const table of seen) {
    if (table === to) return true;
    for (const foreignKey of table.foreignKeys) {
      const next = foreignKey.enforced ? byName.get(tableKey(foreignKey.references.table)) : undefined;
      if (next) seen.add(next);
    }
  }
  return false;
}

function targetTable(name: QualifiedName, table: Table, own: string, file: FileEdit, locals: ReadonlySet<string>): { table: Table; expression: string } | undefined {
  const target = file.model.tables.find((candidate) => sameTable(candidate.name, name));
  if (!target?.at || !isIdentifier(target.property)) return undefined;
  if (target === table || target.at.file === file.path) {
    return !locals.has(target.property) && declaredAtTop(target, own) !== undefined ? { table: target, expression: target.property } : undefined;
  }
  const text = file.files.read(target.at.file);
  const declared = text === undefined ? undefined : declaredAtTop(target, text);
  const exported = declared === "exported" || (declared === "local" && new RegExp(`^export\\s*\\{[^}]*\\b${target.property}\\s*[,}]`, "m").test(text!));
  if (!exported) return undefined;
  const specifier = specifierOf(target.at.file, file);
  if (specifier === undefined) return undefined;
  return { table: target, expression: file.writer.use({ module: specifier, name: target.property, hidden: locals, otherwise: `${target.property}Table` }) };
}

function declaredAtTop(table: Table, text: string): "exported" | "local" | undefined {
  const ts = compiler();
  const piece = parsePiece(table.at!.file, text.slice(table.at!.start, table.at!.end));
  for (const statement of piece?.statements ?? []) {
    if (!ts.isVariableStatement(statement) || !statement.declarationList.declarations.some((declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === table.property)) continue;
    return statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ? "exported" : "local";
  }
  return undefined;
}

/** The module specifier by which the file reaches `target`: that of an import that it has already, else a relative one in the project's manner. */
export function specifierOf(target: string, file: FileEdit): string | undefined {
  const present = file.imports.modules.find((module) => resolveRelative(file.path, module, file.files) === target);
  if (present !== undefined) return present;
  if (nearestManifest(target, file.files)?.folder !== nearestManifest(file.path, file.files)?.folder) return undefined;
  const from = file.path.split("/").slice(0, -1);
  const to = target.split("/");
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same += 1;
  const relative = [...(same === from.length ? ["."] : from.slice(same).map(() => "..")), ...to.slice(same)].join("/");
  const extension = /\.([cm]?[jt]sx?)$/.exec(relative)?.[1];
  if (extension === undefined) return undefined;
  const bare = relative.slice(0, -extension.length - 1);
  const habit = extensionHabit(file);
  if (habit === undefined) return bare.replace(/(?<=\w)\/index$/, "");
  return `${bare}.${habit === "js" ? extension.replace("t", "j").replace("x", "") : extension}`;
}

/** "js" or "ts" where the relative imports of the file (or of the schema's others) end so. */
function extensionHabit(file: FileEdit): "js" | "ts" | undefined {
  const of = (text: string): string | undefined => /\bfrom\s*["']\.{1,2}\/[^"']*?(\.[cm]?[jt]sx?)?["']/.exec(text)?.[0];
  const texts = [file.text, ...new Set(file.model.tables.flatMap((table) => (table.at && table.at.file !== file.path ? [table.at.file] : [])))];
  for (const [index, item] of texts.entries()) {
    const found = of(index === 0 ? item : (file.files.read(item) ?? ""));
    if (found !== undefined) return /\.[cm]?jsx?["']$/.test(found) ? "js" : /\.[cm]?tsx?["']$/.test(found) ? "ts" : undefined;
  }
  const manifest = nearestManifest(file.path, file.files);
  const config = manifest && file.files.read(`${manifest.folder}/tsconfig.json`);
  return config && /"moduleResolution"\s*:\s*"(node16|nodenext)"|"module"\s*:\s*"(node16|node18|node20|nodenext)"/i.test(config) && /"type"\s*:\s*"module"/.test(manifest.text) ? "js" : undefined;
}
