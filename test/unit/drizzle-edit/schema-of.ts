// Reads the plain schemas of these tests into a model, and applies edits to text.
import ts from "typescript";
import type { Column, ForeignKey, Index, SchemaModel, SourceRange, Table, Unique } from "../../../server/src/model/schema";
import type { Files, TextEdit } from "../../../server/src/sources/source";

export const root = "/project";

export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const absolute = new Map(Object.entries(texts).map(([path, text]) => [`${root}/${path}`, text]));
  return {
    root,
    read: (path) => absolute.get(path),
    exists: (path) => absolute.has(path),
    list: () => [...absolute.keys()],
  };
}

export function applied(texts: Readonly<Record<string, string>>, edits: readonly TextEdit[]): Record<string, string> {
  const result = { ...texts };
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) {
    const path = edit.file.slice(root.length + 1);
    const text = result[path]!;
    result[path] = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return result;
}

/** Tables of literals only: what these tests need, with the places as the contract of sources says. */
export function schemaOf(texts: Readonly<Record<string, string>>, dialect: SchemaModel["dialect"] = "postgresql"): SchemaModel {
  const tables: Table[] = [];
  const parsed = Object.entries(texts).filter(([path]) => /\.[jt]s$/.test(path)).map(([path, text]) => ts.createSourceFile(`${root}/${path}`, text, ts.ScriptTarget.Latest, true));
  const schema = dialect === "postgresql" ? "public" : null;
  const names = new Map<string, { table: string; columns: Map<string, string> }>();
  for (const source of parsed) for (const found of calls(source)) names.set(found.property, { table: found.name, columns: new Map(found.columns.map((column) => [column.property, column.name])) });
  for (const source of parsed) {
    for (const { statement, property, name, nameNode, columns, call } of calls(source)) {
      const at = (node: ts.Node): SourceRange => ({ file: source.fileName, start: node.getStart(source), end: node.getEnd() });
      const columnName = (reference: string): string => columns.find((column) => column.property === reference)?.name ?? reference;
      const indexes: Index[] = [];
      const uniques: Unique[] = [];
      const foreignKeys: ForeignKey[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "references") {
          const target = node.arguments[0]!.getText(source).split("=>")[1]!.trim().split(".");
          const owner = ts.findAncestor(node, (ancestor) => columns.some((column) => column.node === ancestor));
          const known = names.get(target[0]!)!;
          foreignKeys.push({
            columns: [columns.find((column) => column.node === owner)!.name], references: { table: { schema, name: known.table }, columns: [known.columns.get(target[1]!)!] },
            onDelete: "no action", onUpdate: "no action", enforced: true, at: { file: source.fileName, start: node.expression.name.getStart(source), end: node.getEnd() },
          });
        }
        ts.forEachChild(node, visit);
      };
      visit(call.arguments[1]!);
      const extra = (node: ts.Node): void => {
        const chain = ts.isCallExpression(node) ? chainOf(node) : [];
        const builder = chain.at(-1)?.expression.getText(source).replace(/^.*\./, "") ?? "";
        const kind = { index: "index", uniqueIndex: "unique index", unique: "unique", idx: "index", pgIndex: "index", foreignKey: "foreign key" }[builder];
        if (!kind) { ts.forEachChild(node, extra); return; }
        const method = (wanted: string): ts.CallExpression | undefined => chain.find((part) => ts.isPropertyAccessExpression(part.expression) && part.expression.name.text === wanted);
        const first = chain.at(-1)!.arguments[0];
        const indexName = first && ts.isStringLiteralLike(first) ? first.text : undefined;
        const keys = method("on")?.arguments ?? method("using")?.arguments.slice(1) ?? [];
        const plain = keys.map((key) => /^\w+(?:\.(\w+)|\["([^"]+)"\])|^(\w+)/.exec(key.getText(source))!).map((match) => columnName((match[1] ?? match[2] ?? match[3])!));
        const where = method("where");
        if (kind === "foreign key") {
          const text = first!.getText(source);
          foreignKeys.push({ columns: [columnName(/columns: \[\w+\.(\w+)/.exec(text)![1]!)], references: { table: { schema, name: "users" }, columns: ["id"] }, onDelete: "no action", onUpdate: "no action", enforced: true, at: at(chain.at(-1)!) });
        } else if (kind === "unique") uniques.push({ ...(indexName ? { name: indexName } : {}), columns: plain, at: at(node) });
        else {
          indexes.push({
            ...(indexName ? { name: indexName } : {}), unique: kind === "unique index", include: [], at: at(node),
            method: method("using")?.arguments[0]?.getText(source).slice(1, -1) ?? "btree",
            keys: plain.map((column) => ({ column, order: "asc" as const })),
            ...(where ? { where: { sql: "…", columns: [], complete: false } } : {}),
          });
        }
      };
      if (call.arguments[2]) extra(call.arguments[2]);
      tables.push({
        name: { schema, name }, property, indexes, uniques, foreignKeys, checks: [], relations: [], complete: true, at: at(statement), nameAt: at(nameNode),
        columns: columns.map((column): Column => ({ name: column.name, property: column.property, type: { name: "integer" }, nullable: true, at: at(column.node) })),
      });
    }
  }
  return { id: "schema", source: "drizzle", dialect, tables, enums: [] };
}

function* calls(source: ts.SourceFile) {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      let call = declaration.initializer;
      if (call && ts.isCallExpression(call) && /\.enableRLS$/.test(call.expression.getText(source))) call = (call.expression as ts.PropertyAccessExpression).expression;
      if (!call || !ts.isCallExpression(call) || call.arguments.length < 2 || !ts.isStringLiteral(call.arguments[0]!) || !/table/i.test(call.expression.getText(source))) continue;
      const columns: { property: string; name: string; node: ts.Node }[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isPropertyAssignment(node) && ts.isCallExpression(node.initializer)) {
          const property = (node.name as ts.Identifier).text;
          const first = chainOf(node.initializer).at(-1)!.arguments[0];
          columns.push({ property, name: first && ts.isStringLiteral(first) ? first.text : property, node });
        } else ts.forEachChild(node, visit);
      };
      visit(call.arguments[1]!);
      yield { statement, property: (declaration.name as ts.Identifier).text, nameNode: declaration.name, name: call.arguments[0].text, columns, call };
    }
  }
}

function chainOf(node: ts.CallExpression): ts.CallExpression[] {
  const chain: ts.CallExpression[] = [];
  let current: ts.Expression = node;
  while (ts.isCallExpression(current)) {
    chain.push(current);
    if (!ts.isPropertyAccessExpression(current.expression)) break;
    current = current.expression.expression;
  }
  return chain;
}
