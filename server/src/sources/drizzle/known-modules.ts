// What the modules that Plumbline knows export: Drizzle's own, the few of Node that configs compute paths with,
// and object helpers. They are modelled here and never read, so a project need not be installed.
import { columnFunctions } from "./column-types";
import { extraConfigFunctions } from "./extra-config";
import { isObjectLibrary, objectLibraryExport } from "./object-libraries";
import { relationFunctions } from "./relations";
import { sqlFunctions } from "./sql";
import { familyFunctions, providerTables } from "./table-makers";
import { arrayOf, isKind, native, objectOf, unknown, type Family, type Value } from "./values";

/** True for specifiers that `knownExport` answers. */
export function isKnownModule(specifier: string): boolean {
  return /^drizzle-(orm|kit)(\/|$)/.test(specifier) || nodeModules.has(specifier.replace(/^node:/, "")) || isObjectLibrary(specifier);
}

const cache = new Map<string, Value>();

export function knownExport(specifier: string, name: string): Value {
  const key = `${specifier}\n${name}`;
  if (!cache.has(key)) cache.set(key, find(specifier, name) ?? unknown(`"${name}" of "${specifier}" is not known to Plumbline`));
  return cache.get(key);
}

/** The module as a whole: `import * as`, and the argument of a columns callback. */
export function knownModule(specifier: string): Value {
  return native(`module ${specifier}`, () => unknown("a module is not a function"));
}

function find(specifier: string, name: string): Value {
  const node = nodeModules.get(specifier.replace(/^node:/, ""));
  if (node) return name === "default" ? objectOf(node) : node.get(name);
  if (isObjectLibrary(specifier)) return objectLibraryExport(specifier, name);
  if (specifier === "drizzle-kit") return name === "defineConfig" ? native(name, ([config]) => config) : undefined;
  const family = /^drizzle-orm\/(pg|mysql|sqlite|singlestore|gel|mssql|cockroach)-core/.exec(specifier)?.[1] as Family | undefined;
  if (family) return familyFunctions(family).get(name) ?? columnFunctions(family).get(name) ?? extraConfigFunctions(family).get(name) ?? sqlFunctions.get(name);
  if (/^drizzle-orm\/(supabase|neon)/.test(specifier)) return providerTables(specifier).get(name);
  return sqlFunctions.get(name) ?? relationFunctions.get(name) ?? tableFunctions.get(name);
}

/** Functions of `drizzle-orm` itself over tables. */
const tableFunctions = new Map<string, Value>([
  ...["getTableColumns", "getColumns"].map((name) => [name, native(name, ([table]) =>
    isKind(table, "table") ? objectOf([...table.columns.values()].map((column) => [column.property, { kind: "column", table, column }])) : unknown("the table cannot be read"))] as const),
  ["getTableName", native("getTableName", ([table]) => (isKind(table, "table") ? table.name : unknown("the table cannot be read")))],
  ["getTableUniqueName", native("getTableUniqueName", ([table]) => (isKind(table, "table") ? `${table.schema ?? "public"}.${table.name}` : unknown("the table cannot be read")))],
]);

const texts = (args: readonly Value[]): string[] | undefined => (args.every((one) => typeof one === "string") ? (args as string[]) : undefined);

/** `.` and `..` resolved, as Node's path.posix does. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== ".." || !path.startsWith("/")) parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

function relativePath(from: string, to: string): string {
  const a = normalizePath(from).split("/"), b = normalizePath(to).split("/");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
}

const pathFunctions = new Map<string, Value>([
  ["join", native("join", (args) => { const parts = texts(args); return parts ? normalizePath(parts.join("/")) : unknown("the path cannot be read"); })],
  ["resolve", native("resolve", (args, { scope }) => {
    const parts = texts(args);
    if (!parts) return unknown("the path cannot be read");
    const { path } = scope.module;
    return normalizePath(parts.reduce((at, part) => (part.startsWith("/") ? part : `${at}/${part}`), path.slice(0, path.lastIndexOf("/"))));
  })],
  ["dirname", native("dirname", ([path]) => (typeof path === "string" ? path.slice(0, Math.max(0, path.lastIndexOf("/"))) || "." : unknown("the path cannot be read")))],
  ["basename", native("basename", ([path]) => (typeof path === "string" ? path.slice(path.lastIndexOf("/") + 1) : unknown("the path cannot be read")))],
  ["relative", native("relative", ([from, to]) => (typeof from === "string" && typeof to === "string" ? relativePath(from, to) : unknown("the path cannot be read")))],
  ["normalize", native("normalize", ([path]) => (typeof path === "string" ? normalizePath(path) : unknown("the path cannot be read")))],
  ["sep", "/"],
]);

const nodeModules = new Map<string, ReadonlyMap<string, Value>>([
  ["path", pathFunctions],
  ["path/posix", pathFunctions],
  ["url", new Map<string, Value>([
    ["fileURLToPath", native("fileURLToPath", ([url]) => {
      const text = isKind(url, "object") ? url.props.get("href") : url;
      return typeof text === "string" ? decodeURIComponent(text.replace(/^file:\/\//, "")) : unknown("the path cannot be read");
    })],
  ])],
  ["process", new Map<string, Value>([
    ["env", { ...unknown("it comes from the environment"), environment: true }],
    ["cwd", native("cwd", (_, { scope }) => scope.module.path.slice(0, scope.module.path.lastIndexOf("/")))],
    ["argv", arrayOf([])],
  ])],
]);
