// The dependency rules of the engine as data, and a checker that reads imports with TypeScript's own parser. It
// follows no import: each file is judged by what it names itself.
import * as path from "node:path";
import ts from "typescript";

export interface Import {
  readonly specifier: string;
  /** `import type`, `typeof import(…)`: gone in the bundle. */
  readonly typeOnly: boolean;
  /** Inside a function: loaded when that runs. */
  readonly lazy: boolean;
  readonly line: number;
}

/** A part of the code: `folder` under the repository, what it may import beside itself, and what else it may do. */
interface Layer {
  readonly folder: string;
  readonly layers: readonly string[];
  /** npm packages and Node modules. */
  readonly packages: readonly string[];
  /** Touches disk, network, clock or process. */
  readonly door?: boolean;
}

const pureNode = ["node:crypto", "node:path", "node:url"];
const protocol = ["vscode-languageserver", "vscode-languageserver-textdocument"];

/** The first layer whose folder holds a file is the file's layer. `engine` is what lies directly in server/src, the doors apart. */
export const layers = {
  model: { folder: "server/src/model", layers: [], packages: [] },
  indexes: { folder: "server/src/indexes", layers: ["model"], packages: pureNode },
  dialects: { folder: "server/src/dialects", layers: ["model", "indexes"], packages: pureNode },
  compare: { folder: "server/src/compare", layers: ["model", "indexes", "dialects"], packages: pureNode },
  sources: { folder: "server/src/sources", layers: ["model", "indexes"], packages: [...pureNode, "ts-morph", "picomatch", "jsonc-parser"] },
  rules: { folder: "server/src/rules", layers: ["model", "indexes", "dialects", "compare", "migrate", "sql"], packages: pureNode },
  diagram: { folder: "server/src/diagram", layers: ["model"], packages: ["@dagrejs/dagre"] },
  report: { folder: "server/src/report", layers: ["model", "indexes", "migrate", "rules"], packages: [...pureNode, "picocolors", "diff"] },
  sql: { folder: "server/src/sql", layers: ["model", "dialects"], packages: [...pureNode, "libpg-query"] },
  run: { folder: "server/src/migrate/run", layers: ["databases", "engine", "migrate", "model", "dialects", "compare", "sql"], packages: ["node:"], door: true },
  prove: { folder: "server/src/migrate/prove", layers: ["compare", "databases", "dialects", "engine", "migrate", "model", "report", "run", "sources", "sql"], packages: [], door: true },
  operations: { folder: "server/src/migrate/operations", layers: ["backup", "compare", "databases", "dialects", "engine", "migrate", "model", "prove", "report", "run", "sources", "sql"], packages: ["node:"], door: true },
  migrate: { folder: "server/src/migrate", layers: ["model", "indexes", "dialects", "compare", "sources", "sql"], packages: [...pureNode, "jsonc-parser"] },
  backup: { folder: "server/src/backup", layers: ["compare", "databases", "dialects", "engine", "migrate", "model", "report", "sources", "sql"], packages: ["node:"], door: true },
  databases: { folder: "server/src/databases", layers: ["engine", "migrate", "model", "indexes", "dialects", "sources"], packages: ["node:", "pg", "pg-connection-string", "pg-copy-streams", "dotenv", "@electric-sql/pglite"], door: true },
  lsp: { folder: "server/src/lsp", layers: ["backup", "databases", "diagram", "engine", "migrate", "operations", "run", "sql", "model", "indexes", "dialects", "compare", "sources", "rules", "report", "terminal"], packages: [...pureNode, "node:fs", "node:os", "node:stream", ...protocol, "picomatch", "jsonc-parser"], door: true },
  terminal: { folder: "server/src/terminal", layers: ["backup", "databases", "migrate", "operations", "run", "sql", "engine", "model", "indexes", "dialects", "compare", "sources", "rules", "report"], packages: [...pureNode, "node:child_process", "node:fs", "node:process", "node:os", "node:util", "@clack/prompts", "commander", "picocolors", "picomatch", "diff"], door: true },
  doors: { folder: "server/src/{server,server-main,cli,cli-main,compiled-code,migrate-main,young-objects}.ts", layers: ["databases", "migrate", "operations", "run", "engine", "model", "lsp", "terminal", "report", "rules", "sql"], packages: [...pureNode, "node:console", "node:fs", "node:module", "node:os", "node:process", "node:v8", "node:vm", "commander", "picocolors", ...protocol], door: true },
  engine: { folder: "server/src", layers: ["model", "indexes", "dialects", "compare", "migrate", "sources", "sql", "rules"], packages: [...pureNode, "jsonc-parser"] },
  page: { folder: "client/src/diagram/page", layers: ["diagram"], packages: [], door: true },
  client: { folder: "client/src", layers: [], packages: [...pureNode, "node:fs", "vscode", "vscode-languageclient"], door: true },
} satisfies Readonly<Record<string, Layer>>;

export const forbiddenFolders = ["utils", "util", "helpers", "common", "core", "shared", "services"];

/** Names that reach the disk, the network, the clock or the process without an import. */
const outside = new Set(["process", "fetch", "setTimeout", "setInterval", "setImmediate", "console", "performance", "XMLHttpRequest", "WebSocket"]);

/** What in `text`, standing at `file` (relative to the repository, with `/`), breaks the rules: one line each. */
export function violations(file: string, text: string): readonly string[] {
  const name = layerOf(file);
  if (name === undefined) return [`${file}: belongs to no layer; add it to test/architecture/imports.ts`];
  const layer: Layer = layers[name];
  const found: string[] = [];
  const say = (line: number, message: string): void => void found.push(`${file}:${line}: ${message}`);
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  for (const one of importsOf(parsed)) {
    if (one.specifier.startsWith(".")) {
      const target = path.posix.join(path.posix.dirname(file), one.specifier);
      // The version, and nothing else, comes from there.
      if (target === "package.json" && (name === "report" || name === "terminal" || name === "doors" || name === "lsp")) continue;
      // What client and server say to each other is written once.
      if ((name === "client" || name === "page") && target === "server/src/lsp/protocol") continue;
      const other = layerOf(target) ?? layerOf(`${target}.ts`);
      if (other === name || (other !== undefined && layer.layers.includes(other))) continue;
      say(one.line, `${name} may not import ${other ?? target}`);
    } else if (!layer.packages.some((allowed) => one.specifier === allowed || one.specifier.startsWith(allowed.endsWith(":") ? allowed : `${allowed}/`))) {
      say(one.line, `${name} may not import ${one.specifier}`);
    } else if (one.specifier === "ts-morph" && !one.typeOnly && !one.lazy) {
      say(one.line, "ts-morph must be loaded on the first TypeScript schema: require it inside a function");
    }
  }
  if (!layer.door) for (const { text: identifier, line } of reachesOutside(parsed)) say(line, `${name} is pure: it may not use ${identifier}`);
  return found;
}

export function layerOf(file: string): keyof typeof layers | undefined {
  for (const [name, { folder }] of Object.entries(layers) as [keyof typeof layers, Layer][]) {
    const [, parent, names] = /^(.*)\/\{(.*)\}\.ts$/.exec(folder) ?? [];
    const inside = names === undefined ? file.startsWith(`${folder}/`) : names.split(",").some((one) => file === `${parent}/${one}.ts` || file === `${parent}/${one}`);
    // The engine is the files directly in its folder: a new folder needs a layer of its own.
    if (inside && (name !== "engine" || !file.slice(folder.length + 1).includes("/"))) return name;
  }
  return undefined;
}

/** Every import, export … from, import(), require() and import type of a file. */
export function importsOf(file: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node, lazy: boolean): void => {
    const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
      if (specifier && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, typeOnly, lazy, line: lineOf(file, node) });
    };
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, onlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === "require"))) add(node.arguments[0], false);
    ts.forEachChild(node, (child) => visit(child, lazy || ts.isFunctionLike(node)));
  };
  visit(file, false);
  return found;
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function reachesOutside(file: ts.SourceFile): readonly { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isUse(node)) {
      const clock = node.text === "Date" && ((ts.isNewExpression(node.parent) && !node.parent.arguments?.length) || (ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === "now"));
      if (outside.has(node.text) || clock) found.push({ text: clock ? "the clock" : node.text, line: lineOf(file, node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Not a property's or a parameter's name. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isCallExpression(parent) || ts.isNewExpression(parent);
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}
