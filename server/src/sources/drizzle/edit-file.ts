// What is known of one file while its tables are edited: its style, its imports, and how its tables write their third argument.
import type { SchemaModel, Table } from "../../model/schema";
import type { Files } from "../source";
import type { Core } from "./edit-index";
import type { ImportWriter, Imports } from "./edit-imports";
import { importWriter, readImports } from "./edit-imports";
import type { Splice } from "./edit-list";
import type { Quote } from "./edit-style";
import { camelCase, dominantQuote, lineEnd } from "./edit-style";
import type { ExtraConfig, TableSyntax } from "./edit-syntax";
import { calledName, calls, compiler, elementAt, tableSyntax } from "./edit-syntax";

export interface FileEdit {
  readonly path: string;
  readonly text: string;
  readonly eol: string;
  readonly quote: Quote;
  readonly imports: Imports;
  readonly writer: ImportWriter;
  /** The module of the builders, `drizzle-orm/pg-core`. */
  readonly core: Core;
  readonly module: string;
  readonly model: SchemaModel;
  readonly files: Files;
  readonly splices: Splice[];
  /** How tables near by write their third argument; read when first asked for. */
  habits(): Habits;
}

/** How the third argument is written where the project has one. */
export interface Habits {
  readonly parameter: string;
  readonly kind: "array" | "object";
  /** Texts of the functions that made those tables. */
  readonly constructors: ReadonlySet<string>;
  readonly key: KeyHabit;
}

/** How a property of the object form is named after its index: the index's name as it is, in camel case, or that without the table's name. */
export type KeyHabit = "same" | "camel" | "short";

// Tables that are parsed to learn a file's habits: enough to tell, few enough to take milliseconds (0.3 ms each).
const sample = 40;

const cores: Readonly<Record<string, Core>> = { postgresql: "pg", cockroachdb: "pg", mysql: "mysql", sqlite: "sqlite" };

/** Undefined where the file cannot be read, or the dialect is none that Drizzle writes. */
export function fileEdit(path: string, model: SchemaModel, files: Files): FileEdit | undefined {
  const text = files.read(path);
  const core = cores[model.dialect];
  if (text === undefined || core === undefined) return undefined;
  const imports = readImports(path, text);
  const quote = imports.quote ?? dominantQuote(text);
  let learned: Habits | undefined;
  return {
    path, text, quote, imports, core, model, files,
    eol: lineEnd(text),
    writer: importWriter(imports, quote),
    module: coreModule(imports, core, model, files),
    splices: [],
    habits: () => (learned ??= habits(path, text, model, files)),
  };
}

function coreModule(imports: Imports, core: Core, model: SchemaModel, files: Files): string {
  const family = { pg: ["pg", "cockroach", "gel"], mysql: ["mysql", "singlestore"], sqlite: ["sqlite"] }[core];
  const candidates = family.map((name) => `drizzle-orm/${name}-core`);
  const own = candidates.filter((candidate) => imports.modules.includes(candidate) || imports.lists.some((list) => list.module === candidate));
  if (own[0]) return own[0];
  const paths = new Set(model.tables.flatMap((table) => (table.at ? [table.at.file] : [])));
  for (const path of paths) {
    const text = files.read(path) ?? "";
    const found = candidates.find((candidate) => text.includes(candidate));
    if (found) return found;
  }
  return candidates[0]!;
}

function habits(path: string, text: string, model: SchemaModel, files: Files): Habits {
  const here = model.tables.filter((table) => table.at?.file === path);
  let seen = here.slice(0, sample).map((table) => ({ table, syntax: tableSyntax(table, text) }));
  if (!seen.some(({ syntax }) => syntax?.extra)) {
    const elsewhere = model.tables.filter((table) => table.at && table.at.file !== path && table.indexes.length + table.uniques.length + table.foreignKeys.length > 0);
    seen = elsewhere.slice(0, sample).map((table) => ({ table, syntax: tableSyntax(table, files.read(table.at!.file)) }));
  }
  const parameters = new Map<string, number>();
  const kinds = { array: 0, object: 0 };
  const keys = { same: 0, camel: 0, short: 0 };
  const constructors = new Set<string>();
  for (const { table, syntax } of seen) {
    if (!syntax?.extra) continue;
    const parameter = syntax.extra.parameter;
    if (parameter && compiler().isIdentifier(parameter) && !parameter.text.startsWith("_")) parameters.set(parameter.text, (parameters.get(parameter.text) ?? 0) + 1);
    kinds[syntax.extra.kind] += 1;
    constructors.add(syntax.call.expression.getText(syntax.source));
    const habit = keyHabit(syntax.extra, table, syntax);
    if (habit) keys[habit] += 1;
  }
  const parameter = [...parameters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "table";
  const none = kinds.array + kinds.object === 0;
  return {
    parameter,
    kind: kinds.object > kinds.array || (none && tooOldForArrays(path, files)) ? "object" : "array",
    constructors,
    key: keys.same > keys.camel && keys.same > keys.short ? "same" : keys.short > keys.camel ? "short" : "camel",
  };
}

/** How an object's keys follow the names of its indexes; undefined where they do not. */
export function keyHabit(extra: ExtraConfig, table: Table, syntax: TableSyntax): KeyHabit | undefined {
  if (extra.kind !== "object") return undefined;
  const count = { same: 0, camel: 0, short: 0 };
  for (const index of table.indexes) {
    const element = elementAt(extra, index.at, syntax);
    const key = element && extra.keys[element.index];
    if (!key || !index.name || !("text" in key) || camelCase(index.name) === index.name) continue;
    if (key.text === index.name) count.same += 1;
    else if (key.text === camelCase(index.name)) count.camel += 1;
    else if (key.text === shortKey(index.name, table)) count.short += 1;
  }
  const [best] = (Object.entries(count) as [KeyHabit, number][]).sort((a, b) => b[1] - a[1]);
  return best && best[1] > 0 ? best[0] : undefined;
}

/** The index's name in camel case, without the table's name before or after the first word: `clientIdIdx` for `orders_client_id_idx`. */
export function shortKey(name: string, table: Table): string {
  const own = table.name.name;
  const rest = name.startsWith(`${own}_`) ? name.slice(own.length + 1) : name.replace(new RegExp(`^(idx|uq|ix|uniq)_${own.replace(/[^\w]/g, ".")}_`), "");
  return camelCase(rest);
}

/** Arrays came with drizzle-orm 0.36; an unreadable version counts as newer. */
function tooOldForArrays(path: string, files: Files): boolean {
  const manifest = nearestManifest(path, files);
  if (!manifest) return false;
  const declared = /"drizzle-orm"\s*:\s*"([^"]*)"/.exec(manifest.text)?.[1];
  const version = declared && /(\d+)\.(\d+)/.exec(declared);
  return !!version && Number(version[1]) === 0 && Number(version[2]) < 36;
}

/** The package.json that rules `path`, and its folder. */
export function nearestManifest(path: string, files: Files): { folder: string; text: string } | undefined {
  let folder = path.slice(0, path.lastIndexOf("/"));
  while (folder.length >= files.root.length && folder !== "") {
    const text = files.read(`${folder}/package.json`);
    if (text !== undefined) return { folder, text };
    folder = folder.slice(0, folder.lastIndexOf("/"));
  }
  return undefined;
}

/** True where the function that makes the table is known to take a third argument: a constructor of Drizzle's own, one made of it, or one that is given it elsewhere in the file. */
export function takesExtraConfig(syntax: TableSyntax, file: FileEdit): boolean {
  return isDrizzleMaker(syntax, file) || file.habits().constructors.has(syntax.call.expression.getText(syntax.source));
}

/** True where it is a constructor of Drizzle's own, or one made of it: its third argument may be left out, too. */
export function isDrizzleMaker(syntax: TableSyntax, file: FileEdit): boolean {
  const ts = compiler();
  const callee = syntax.call.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    const owner = calls(callee.expression)[0];
    const root = ts.isIdentifier(callee.expression) ? callee.expression.text : undefined;
    if (/^(pg|mysql|sqlite|singlestore|cockroach|gel)Table$/.test(callee.name.text)) return root !== undefined && file.imports.namespaces.some(({ module, local }) => local === root && module === file.module);
    if (callee.name.text === "withRLS") return true;
    return callee.name.text === "table" && (owner === undefined || /Schema$/.test(calledName(owner) ?? ""));
  }
  return ts.isIdentifier(callee) && makesTables(callee.text, file.text, file.imports, file.files, 0);
}

function makesTables(name: string, text: string, imports: Imports, files: Files, depth: number): boolean {
  for (const list of imports.lists) {
    const listed = list.names.find((candidate) => candidate.local === name);
    if (!listed) continue;
    if (/^drizzle-orm\/[\w-]+-core$/.test(list.module)) return /Table$/.test(listed.imported);
    const target = depth < 4 ? resolveRelative(imports.file, list.module, files) : undefined;
    const other = target === undefined ? undefined : files.read(target);
    return other !== undefined && makesTables(listed.imported, other, readImports(target!, other), files, depth + 1);
  }
  const made = new RegExp(`(?:const|let|var)\\s+${name.replace(/\$/g, "\\$&")}\\s*(?::[^=]+)?=\\s*(?:[\\w$]+\\.)?((?:pg|mysql|sqlite|singlestore|cockroach|gel)Table(?:Creator)?)\\b`).exec(text)?.[1];
  return made !== undefined;
}

/** The file that a relative specifier means; undefined for others. */
export function resolveRelative(from: string, specifier: string, files: Files): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  const base = parts.join("/");
  const bare = base.replace(/\.([cm]?)jsx?$/, "");
  const module = /\.([cm])js$/.exec(base)?.[1] ?? "";
  return [base, `${base}.ts`, `${base}.tsx`, `${base}.mts`, `${base}.js`, `${bare}.${module}ts`, `${bare}.tsx`, `${base}/index.ts`, `${base}/index.js`].find((path) => /\.[cm]?[jt]sx?$/.test(path) && files.exists(path));
}
