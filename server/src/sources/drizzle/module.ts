// The names of one file: what its statements declare, export and change afterwards. Purely syntactic; values are the
// evaluator's business.
import type { ts as t } from "ts-morph";
import { editDocument, openDocument, type Chunk, type ChunkChange, type Document } from "./chunk";
import { forget, newSlot, type Journal, type Slot } from "./slot";
import { ts } from "./typescript";

export type Declaration = { readonly chunk: Chunk; readonly nameNode?: t.Node } & (
  | { readonly kind: "variable"; readonly node: t.VariableDeclaration }
  | { readonly kind: "function"; readonly node: t.FunctionDeclaration }
  | { readonly kind: "class"; readonly node: t.ClassDeclaration }
  | { readonly kind: "enum"; readonly node: t.EnumDeclaration }
  | { readonly kind: "namespace"; readonly node: t.ModuleDeclaration }
  /** `imported`: the exported name; undefined for the whole namespace. */
  | { readonly kind: "import"; readonly specifier: string; readonly imported?: string }
  | { readonly kind: "expression"; readonly node: t.Expression }
);

export type Export =
  | { readonly kind: "local"; readonly local: string }
  | { readonly kind: "from"; readonly specifier: string; readonly imported: string }
  | { readonly kind: "namespace"; readonly specifier: string };

export interface Module {
  readonly path: string;
  readonly document: Document;
  locals: Map<string, Declaration[]>;
  exports: Map<string, Export>;
  stars: readonly string[];
  /** Statements that change a name's value after its declaration, in order. */
  changes: Map<string, Chunk[]>;
  /** By name of a local; exports and `export *` have slots of their own, so that a reader can depend on them. */
  readonly slots: Map<string, Slot>;
  /** The workspace's: what is forgotten is noted there. */
  readonly journal: Journal;
}

interface Facts {
  readonly locals: readonly (readonly [string, Declaration])[];
  readonly exports: readonly (readonly [string, Export])[];
  readonly stars: readonly string[];
  readonly changed: readonly string[];
  readonly signature: string;
}

const factsOfChunk = new WeakMap<Chunk, Facts>();

/** The name under which `export default` and `module.exports =` are kept among the locals. */
export const defaultLocal = "\0default";

export function openModule(path: string, text: string, journal: Journal): Module {
  const module: Module = { path, document: openDocument(path, text), locals: new Map(), exports: new Map(), stars: [], changes: new Map(), slots: new Map(), journal };
  index(module);
  return module;
}

/** Brings the module to another text; what depended on the changed statements is forgotten. True where its names or exports may be others now. */
export function editModule(module: Module, text: string, start: number, oldEnd: number, newEnd: number): boolean {
  const change = editDocument(module.document, text, start, oldEnd, newEnd);
  if (change.removed.length === 0 && change.added.length === 0) return false;
  const sameNames = replaceInPlace(module, change);
  if (!sameNames) index(module);
  for (const chunk of [...change.removed, ...change.added]) {
    const { locals, changed } = facts(chunk);
    for (const [name] of locals) forgetName(module, name);
    for (const name of changed) forgetName(module, name);
  }
  return !sameNames;
}

/** The slot of a local name; there is one for names that are not declared too. */
export function localSlot(module: Module, name: string): Slot {
  let slot = module.slots.get(name);
  if (!slot) module.slots.set(name, (slot = newSlot(module, name, module.locals.get(name) ?? [])));
  return slot;
}

/** The slot that stands for how `name` is exported (name `*`: the `export *` list). Its value tells changes apart and nothing more. */
export function exportSlot(module: Module, name: string): Slot {
  const key = `\0export ${name}`;
  let slot = module.slots.get(key);
  if (!slot) {
    module.slots.set(key, (slot = newSlot(module, key, [])));
    slot.state = "done";
    slot.value = exportKey(module, name);
  }
  return slot;
}

function exportKey(module: Module, name: string): string {
  return JSON.stringify(name === "*" ? module.stars : (module.exports.get(name) ?? null));
}

function forgetName(module: Module, name: string): void {
  const slot = module.slots.get(name);
  if (!slot) return;
  slot.declarations = module.locals.get(name) ?? [];
  forget(slot, module.journal);
}

/** One statement for one with the same names: no need to look at the others. */
function replaceInPlace(module: Module, { removed, added }: ChunkChange): boolean {
  if (removed.length !== added.length) return false;
  if (removed.some((chunk, i) => facts(chunk).signature !== facts(added[i]!).signature)) return false;
  removed.forEach((chunk, i) => {
    const fresh = facts(added[i]!);
    fresh.locals.forEach(([name, declaration]) => {
      const list = module.locals.get(name)!;
      list[list.findIndex((one) => one.chunk === chunk)] = declaration;
    });
    for (const name of fresh.changed) {
      const list = module.changes.get(name)!;
      list[list.indexOf(chunk)] = added[i]!;
    }
  });
  return true;
}

function index(module: Module): void {
  module.locals = new Map();
  module.exports = new Map();
  module.changes = new Map();
  const stars: string[] = [];
  for (const chunk of module.document.chunks) {
    const found = facts(chunk);
    for (const [name, declaration] of found.locals) push(module.locals, name, declaration);
    for (const [name, exported] of found.exports) module.exports.set(name, exported);
    for (const name of found.changed) push(module.changes, name, chunk);
    stars.push(...found.stars);
  }
  module.stars = stars;
  for (const [name, slot] of module.slots) {
    if (name.startsWith("\0export ")) {
      const key = exportKey(module, name.slice(8));
      if (slot.value === key) continue;
      forget(slot, module.journal);
      slot.state = "done";
      slot.value = key;
    } else {
      const declarations = module.locals.get(name) ?? [];
      if (declarations.length === slot.declarations.length && declarations.every((one, i) => one === slot.declarations[i])) continue;
      slot.declarations = declarations;
      forget(slot, module.journal);
    }
  }
}

function push<T>(map: Map<string, T[]>, name: string, item: T): void {
  const list = map.get(name);
  if (list) list.push(item);
  else map.set(name, [item]);
}

function facts(chunk: Chunk): Facts {
  let found = factsOfChunk.get(chunk);
  if (!found) factsOfChunk.set(chunk, (found = read(chunk)));
  return found;
}

function read(chunk: Chunk): Facts {
  const locals: [string, Declaration][] = [];
  const exports: [string, Export][] = [];
  const stars: string[] = [];
  const changed: string[] = [];
  const { statement } = chunk;
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const exported = modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  const isDefault = modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
  const add = (name: string, declaration: Declaration): void => {
    locals.push([name, declaration]);
    if (exported) exports.push([isDefault ? "default" : name, { kind: "local", local: name }]);
  };
  if (ts.isVariableStatement(statement)) {
    for (const node of statement.declarationList.declarations)
      for (const name of namesIn(node.name)) add(name.text, { kind: "variable", node, chunk, nameNode: name });
  } else if (ts.isFunctionDeclaration(statement)) {
    add(statement.name?.text ?? defaultLocal, { kind: "function", node: statement, chunk, nameNode: statement.name });
  } else if (ts.isClassDeclaration(statement)) {
    add(statement.name?.text ?? defaultLocal, { kind: "class", node: statement, chunk, nameNode: statement.name });
  } else if (ts.isEnumDeclaration(statement)) {
    add(statement.name.text, { kind: "enum", node: statement, chunk, nameNode: statement.name });
  } else if (ts.isModuleDeclaration(statement)) {
    if (ts.isIdentifier(statement.name)) add(statement.name.text, { kind: "namespace", node: statement, chunk, nameNode: statement.name });
  } else if (ts.isImportDeclaration(statement)) {
    readImport(statement, chunk, locals);
  } else if (ts.isImportEqualsDeclaration(statement)) {
    const reference = statement.moduleReference;
    if (ts.isExternalModuleReference(reference) && ts.isStringLiteralLike(reference.expression))
      add(statement.name.text, { kind: "import", specifier: reference.expression.text, chunk, nameNode: statement.name });
  } else if (ts.isExportDeclaration(statement)) {
    readExport(statement, exports, stars);
  } else if (ts.isExportAssignment(statement)) {
    locals.push([defaultLocal, { kind: "expression", node: statement.expression, chunk }]);
    exports.push(["default", { kind: "local", local: defaultLocal }]);
  } else {
    readCommonJs(statement, chunk, locals, exports);
    changed.push(...changedNames(statement));
  }
  const signature = JSON.stringify([locals.map(([name]) => name), exports, stars, changed]);
  return { locals, exports, stars, changed, signature };
}

function namesIn(name: t.BindingName): t.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)));
}

function readImport(statement: t.ImportDeclaration, chunk: Chunk, locals: [string, Declaration][]): void {
  if (!ts.isStringLiteralLike(statement.moduleSpecifier)) return;
  const specifier = statement.moduleSpecifier.text;
  const clause = statement.importClause;
  if (clause?.name) locals.push([clause.name.text, { kind: "import", specifier, imported: "default", chunk, nameNode: clause.name }]);
  const bindings = clause?.namedBindings;
  if (!bindings) return;
  if (ts.isNamespaceImport(bindings)) locals.push([bindings.name.text, { kind: "import", specifier, chunk, nameNode: bindings.name }]);
  else
    for (const element of bindings.elements)
      locals.push([element.name.text, { kind: "import", specifier, imported: (element.propertyName ?? element.name).text, chunk, nameNode: element.name }]);
}

function readExport(statement: t.ExportDeclaration, exports: [string, Export][], stars: string[]): void {
  const specifier = statement.moduleSpecifier && ts.isStringLiteralLike(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
  if (statement.isTypeOnly) return;
  const clause = statement.exportClause;
  if (!clause) {
    if (specifier !== undefined) stars.push(specifier);
  } else if (ts.isNamespaceExport(clause)) {
    if (specifier !== undefined) exports.push([clause.name.text, { kind: "namespace", specifier }]);
  } else {
    for (const element of clause.elements) {
      if (element.isTypeOnly) continue;
      const name = (element.propertyName ?? element.name).text;
      exports.push([element.name.text, specifier === undefined ? { kind: "local", local: name } : { kind: "from", specifier, imported: name }]);
    }
  }
}

/** `module.exports = …`, `exports.name = …`: configs are written so. */
function readCommonJs(statement: t.Statement, chunk: Chunk, locals: [string, Declaration][], exports: [string, Export][]): void {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return;
  const { left, operatorToken, right } = statement.expression;
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left) || !ts.isIdentifier(left.expression)) return;
  const whole = left.expression.text === "module" && left.name.text === "exports";
  if (!whole && left.expression.text !== "exports") return;
  const local = whole ? defaultLocal : `\0exports.${left.name.text}`;
  locals.push([local, { kind: "expression", node: right, chunk }]);
  exports.push([whole ? "default" : left.name.text, { kind: "local", local }]);
}

/** Names that a statement assigns to, or to whose properties it assigns. */
function changedNames(statement: t.Statement): readonly string[] {
  const names = new Set<string>();
  const root = (node: t.Node): void => {
    let at = node;
    while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at) || ts.isNonNullExpression(at) || ts.isParenthesizedExpression(at) || ts.isAsExpression(at)) at = at.expression;
    if (ts.isIdentifier(at)) names.add(at.text);
  };
  const visit = (node: t.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) root(node.left);
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      if (ts.isIdentifier(expression) && expression.text === "Object" && name.text === "assign") {
        if (node.arguments[0]) root(node.arguments[0]);
      } else if (name.text === "push" || name.text === "unshift" || name.text === "set" || name.text === "add") root(expression);
      else if (name.text === "forEach") for (const argument of node.arguments) if (ts.isArrowFunction(argument) || ts.isFunctionExpression(argument)) visit(argument.body);
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return [...names];
}
