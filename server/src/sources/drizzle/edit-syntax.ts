// Where a table stands in its file: the call that makes it, its columns and what its third argument returns.
// Parses the one statement at `table.at` and never the file. What it does not recognise is undefined, so that nothing is written there.
import type { ts } from "ts-morph";
import type { SourceRange, Table } from "../../model/schema";

/** A list in brackets or braces, in offsets of the file. */
export interface ListPlace {
  /** Just after the opening bracket. */
  readonly open: number;
  /** At the closing bracket. */
  readonly close: number;
  /** The elements' own text, without commas. */
  readonly elements: readonly { readonly start: number; readonly end: number }[];
}

/** The third argument, where it is a function that returns a literal. */
export interface ExtraConfig {
  readonly kind: "array" | "object";
  readonly list: ListPlace;
  /** The expressions of the elements: for an object the values. Undefined for spreads and the like. */
  readonly values: readonly (ts.Expression | undefined)[];
  /** Keys of the properties, in an object. */
  readonly keys: readonly (ts.PropertyName | undefined)[];
  readonly parameter: ts.BindingName | undefined;
  /** Where the name of a missing parameter goes. */
  readonly parameterAt: number;
  /** Names declared inside the function, which hide those of the file. */
  readonly locals: ReadonlySet<string>;
}

export interface TableSyntax {
  readonly file: string;
  /** The file's text. */
  readonly text: string;
  readonly statement: { readonly start: number; readonly end: number };
  readonly source: ts.SourceFile;
  readonly call: ts.CallExpression;
  readonly columns: ts.Expression;
  /** Undefined where there is no third argument. */
  readonly extra: ExtraConfig | undefined;
}

/** The TypeScript inside ts-morph, so that the bundle holds one; loaded at the first call, because it costs half a second of CPU. */
export function compiler(): typeof ts {
  return (require("ts-morph") as typeof import("ts-morph")).ts;
}

/** Parses a piece of a file; undefined where it is not valid by itself. */
export function parsePiece(file: string, piece: string): ts.SourceFile | undefined {
  const ts = compiler();
  const kind = /\.[jt]sx$/.test(file) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, piece, ts.ScriptTarget.Latest, true, kind);
  const { parseDiagnostics } = source as unknown as { parseDiagnostics?: readonly unknown[] };
  return parseDiagnostics && parseDiagnostics.length > 0 ? undefined : source;
}

/** The place of `table` in its file; undefined where the statement is not a call with columns, or its third argument is nothing that can be extended. */
export function tableSyntax(table: Table, text: string | undefined): TableSyntax | undefined {
  if (!table.at || text === undefined) return undefined;
  const { file, start, end } = table.at;
  if (end > text.length) return undefined;
  const source = parsePiece(file, text.slice(start, end));
  if (!source) return undefined;
  const made = unwrap(initializer(source, table, start));
  if (!made) return undefined;
  const ts = compiler();
  let call = made;
  while (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "enableRLS") {
    const inner = unwrap(call.expression.expression);
    if (!inner) return undefined;
    call = inner;
  }
  if (!ts.isCallExpression(call) || call.arguments.some((argument) => ts.isSpreadElement(argument))) return undefined;
  const columns = call.arguments[1];
  if (!columns || call.arguments.length > 3) return undefined;
  const syntax = { file, text, statement: { start, end }, source, call, columns };
  const third = call.arguments[2];
  if (!third) return { ...syntax, extra: undefined };
  const extra = extraConfig(unwrap(third), start);
  return extra && { ...syntax, extra };
}

/** The range of a node in the file. */
export function rangeOf(node: ts.Node, syntax: Pick<TableSyntax, "source" | "statement">): { start: number; end: number } {
  return { start: syntax.statement.start + node.getStart(syntax.source), end: syntax.statement.start + node.getEnd() };
}

/** The element of the third argument that stands at `at`, or undefined: then it comes from a helper or a spread. */
export function elementAt(extra: ExtraConfig | undefined, at: SourceRange | undefined, syntax: TableSyntax): { index: number; value: ts.Expression } | undefined {
  if (!extra || !at || at.file !== syntax.file) return undefined;
  for (const [index, value] of extra.values.entries()) {
    if (!value) continue;
    const range = rangeOf(value, syntax);
    if (range.start <= at.start && at.end <= range.end && calls(value).some((call) => rangeOf(call, syntax).end === at.end)) return { index, value };
  }
  return undefined;
}

/** The calls of a method chain, the outermost first: `index("x").on(t.a)` gives the call of on, then that of index. */
export function calls(expression: ts.Expression): ts.CallExpression[] {
  const ts = compiler();
  const found: ts.CallExpression[] = [];
  let node: ts.Expression | undefined = unwrap(expression);
  while (node && ts.isCallExpression(node)) {
    found.push(node);
    node = ts.isPropertyAccessExpression(node.expression) ? unwrap(node.expression.expression) : undefined;
  }
  return found;
}

/** The name that a call calls: the method's, or the function's. */
export function calledName(call: ts.CallExpression): string | undefined {
  const ts = compiler();
  if (ts.isPropertyAccessExpression(call.expression)) return call.expression.name.text;
  return ts.isIdentifier(call.expression) ? call.expression.text : undefined;
}

/** Without parentheses, `as`, `satisfies` and `!`. */
export function unwrap(expression: ts.Expression | undefined): ts.Expression | undefined {
  const ts = compiler();
  let node = expression;
  while (node && (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node))) node = node.expression;
  return node;
}

function initializer(source: ts.SourceFile, table: Table, start: number): ts.Expression | undefined {
  const ts = compiler();
  let named: ts.Expression | undefined;
  const all: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) && node.initializer) {
      if (table.nameAt && node.name.getStart(source) + start === table.nameAt.start) named = node.initializer;
      if (ts.isVariableDeclaration(node)) all.push(node.initializer);
    }
    if (ts.isExportAssignment(node)) all.push(node.expression);
    if (!named) ts.forEachChild(node, visit);
  };
  visit(source);
  return named ?? (all.length === 1 ? all[0] : undefined);
}

function extraConfig(callback: ts.Expression | undefined, start: number): ExtraConfig | undefined {
  const ts = compiler();
  if (!callback || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return undefined;
  if (callback.parameters.length > 1 || callback.asteriskToken || callback.modifiers) return undefined;
  const parameter = callback.parameters[0];
  if (parameter && (parameter.dotDotDotToken || parameter.initializer || ts.isArrayBindingPattern(parameter.name))) return undefined;
  const returned = unwrap(ts.isBlock(callback.body) ? onlyReturn(callback.body) : callback.body);
  if (!returned) return undefined;
  const source = callback.getSourceFile();
  const locals = new Set<string>();
  collectLocals(callback, locals);
  const shared = {
    parameter: parameter?.name,
    parameterAt: start + source.text.indexOf("(", callback.getStart(source)) + 1,
    locals,
    list: {
      open: start + returned.getStart(source) + 1,
      close: start + returned.getEnd() - 1,
      elements: (ts.isArrayLiteralExpression(returned) ? returned.elements : ts.isObjectLiteralExpression(returned) ? returned.properties : [])
        .map((element: ts.Node) => ({ start: start + element.getStart(source), end: start + element.getEnd() })),
    },
  };
  if (ts.isArrayLiteralExpression(returned)) {
    if (returned.elements.some((element) => ts.isOmittedExpression(element))) return undefined;
    return { ...shared, kind: "array", values: returned.elements.map((element) => (ts.isSpreadElement(element) ? undefined : element)), keys: [] };
  }
  if (ts.isObjectLiteralExpression(returned)) {
    return {
      ...shared,
      kind: "object",
      values: returned.properties.map((property) => (ts.isPropertyAssignment(property) ? property.initializer : undefined)),
      keys: returned.properties.map((property) => property.name),
    };
  }
  return undefined;
}

/** The expression of a block's one return statement, where it stands at its end. */
function onlyReturn(block: ts.Block): ts.Expression | undefined {
  const ts = compiler();
  let returns = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) returns += 1;
    ts.forEachChild(node, visit);
  };
  block.statements.forEach(visit);
  const last = block.statements.at(-1);
  return returns === 1 && last && ts.isReturnStatement(last) ? last.expression : undefined;
}

function collectLocals(root: ts.Node, into: Set<string>): void {
  const ts = compiler();
  const names = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) into.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) names(element.name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isParameter(node) || ts.isVariableDeclaration(node)) names(node.name);
    if (ts.isFunctionDeclaration(node) && node.name) into.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
}
