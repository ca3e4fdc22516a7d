// drizzle.config.*: which files make a schema, for which dialect, read by the same evaluator as the schemas themselves.
import { parse as parseJsonc } from "jsonc-parser/lib/esm/main.js";
import type { DialectName, Problem, QualifiedName } from "../../model/schema";
import type { Files, SchemaEntry } from "../source";
import { normalizePath } from "./known-modules";
import { defaultExport, moduleAt, type Machine } from "./machine";
import { directoryOf } from "./resolve";
import { rangeIn } from "./chunk";
import { isKind, objectOf, type Value } from "./values";

export interface ConfigReading {
  readonly files: readonly string[];
  readonly dialect?: DialectName;
  readonly casing?: SchemaEntry["casing"];
  readonly problems: readonly Problem[];
}

/** drizzle-kit takes any file by `--config`; people call theirs drizzle.config.ts, drizzle-dev.config.ts, configs/mysql.config.ts. */
const configGlob = "**/{*drizzle*,*.config}.{ts,mts,cts,js,mjs,cjs,json}";
const codeGlob = "*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}";

const dialects: Readonly<Record<string, DialectName>> = {
  postgresql: "postgresql", pg: "postgresql", gel: "postgresql", mysql: "mysql", mysql2: "mysql", singlestore: "mysql", sqlite: "sqlite", turso: "sqlite", libsql: "sqlite",
  "better-sqlite": "sqlite", d1: "sqlite", "d1-http": "sqlite", expo: "sqlite", mssql: "sqlserver", cockroach: "cockroachdb", cockroachdb: "cockroachdb",
};

/** The files of the workspace that could be Drizzle's configs. */
export function configFiles(files: Files): readonly string[] {
  return files.list(configGlob).filter((path) => {
    if (path.endsWith(".d.ts")) return false;
    if (/drizzle[^/]*config[^/]*$/.test(path)) return true;
    const text = path.endsWith(".json") ? undefined : files.read(path);
    return text !== undefined && /["']drizzle-kit["']/.test(text);
  })
    // The plain name first: of two configs with the same files it is the one that counts.
    .sort((a, b) => Number(!/\/drizzle\.config\.\w+$/.test(a)) - Number(!/\/drizzle\.config\.\w+$/.test(b)) || (a < b ? -1 : 1));
}

export function readConfig(machine: Machine, path: string): ConfigReading | undefined {
  const problems: Problem[] = [];
  const get = configProperties(machine, path);
  if (!get) return undefined;
  const schema = get("schema"), dialect = get("dialect") ?? get("driver");
  // A config without a schema serves `drizzle-kit pull`, which writes one, or is no config of Drizzle.
  if (schema === undefined) return undefined;
  const fail = (message: string): void => {
    const chunk = machine.modules.get(path)?.document.chunks[0];
    problems.push({ kind: "unreadable", message, at: chunk ? rangeIn(chunk, chunk.start, chunk.end) : { file: path, start: 0, end: 0 } });
  };
  const patterns: string[] = [];
  const items: readonly Value[] = isKind(schema, "array") ? schema.items : [schema];
  for (const item of items) {
    if (typeof item === "string") patterns.push(item);
    else if (item !== undefined) fail(`the schema that this config names cannot be read${isKind(item, "unknown") ? `: ${item.reason}` : ""}`);
  }
  if (isKind(schema, "array") && schema.unknown) fail(`the schema that this config names cannot be read: ${schema.unknown.reason}`);
  const { files } = schemaFiles(machine.files, directoryOf(path), patterns);
  if (files.length === 0 && problems.length === 0) fail(patterns.length > 0 ? `no file of the schema was found: ${patterns.join(", ")}` : "the schema of this config names no file");
  const casing = machine.resolver.takesCasing(files[0] ?? path) ? get("casing") : undefined;
  if (isKind(casing, "unknown")) fail(`the casing that this config names cannot be read, so columns without a name of their own are taken to be called as in the code: ${casing.reason}`);
  return {
    files, problems,
    ...(typeof dialect === "string" && dialects[dialect] && { dialect: dialects[dialect] }),
    ...((casing === "snake_case" || casing === "camelCase") && { casing }),
  };
}

/** Where drizzle-kit keeps the migrations that a config speaks of; a part that is absent is not said there. */
export interface MigrationsConfig {
  /** Absolute, with `/`: the `out` folder, drizzle-kit's default where the config names none. */
  readonly folder: string;
  /** The table of applied migrations, and the schema that it lies in. */
  readonly table?: string;
  readonly schema?: string;
}

/** https://orm.drizzle.team/docs/drizzle-config-file#out */
const defaultOut = "./drizzle";

/** Undefined where the file is no config, or its `out` cannot be read without running it. */
export function migrationsOfConfig(machine: Machine, path: string): MigrationsConfig | undefined {
  const get = configProperties(machine, path);
  if (!get) return undefined;
  const out = get("out") ?? defaultOut, schema = get("schema"), migrations = get("migrations");
  if (typeof out !== "string") return undefined;
  const patterns = (isKind(schema, "array") ? schema.items : [schema]).filter((item) => typeof item === "string");
  const { base } = schemaFiles(machine.files, directoryOf(path), patterns);
  const text = (name: string): string | undefined => {
    const value = isKind(migrations, "object") ? migrations.props.get(name) : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const named = { table: text("table"), schema: text("schema") };
  return { folder: normalizePath(out.startsWith("/") ? out : `${base}/${out}`), ...(named.table !== undefined && { table: named.table }), ...(named.schema !== undefined && { schema: named.schema }) };
}

/** The table of applied migrations that a config names; undefined where it leaves drizzle-kit's own name. */
export function migrationsTableOf(machine: Machine, path: string): QualifiedName | undefined {
  const { table, schema = "drizzle" } = migrationsOfConfig(machine, path) ?? {};
  return table === undefined ? undefined : { schema, name: table };
}

type Get = (name: string) => Value;

/** The properties of what a config exports; undefined where that is no object. */
export function configProperties(machine: Machine, path: string): Get | undefined {
  return path.endsWith(".json") ? jsonProperties(machine, path) : codeProperties(machine, path);
}

/** What drizzle-kit's word for a dialect, or its older drivers, means. */
export function dialectNamed(name: string): DialectName | undefined {
  return dialects[name];
}

function codeProperties(machine: Machine, path: string): Get | undefined {
  const module = moduleAt(machine, path);
  if (!module) return undefined;
  let value = defaultExport(machine, module);
  if (isKind(value, "array")) value = value.items[0];
  if (!isKind(value, "object")) return isKind(value, "unknown") ? (name) => (name === "schema" ? value : undefined) : undefined;
  const object = value;
  return (name) => object.props.get(name) ?? (name === "schema" ? object.unknown : undefined);
}

function jsonProperties(machine: Machine, path: string): Get | undefined {
  const value: unknown = parseJsonc(machine.files.read(path) ?? "", [], { allowTrailingComma: true });
  if (typeof value !== "object" || value === null) return undefined;
  return (name) => {
    const found = (value as Record<string, unknown>)[name];
    if (Array.isArray(found)) return { kind: "array", items: found.filter((one): one is string => typeof one === "string"), places: [] };
    return fromJson(found);
  };
}

function fromJson(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? objectOf(Object.entries(value).map(([name, item]) => [name, fromJson(item)])) : undefined;
}

/** Files that drizzle-kit would load for these patterns. They count from where it is run (`base`), which is the config's folder or one above it. */
function schemaFiles(files: Files, directory: string, patterns: readonly string[]): { readonly base: string; readonly files: readonly string[] } {
  const above: string[] = [];
  for (let at = directory; at.length > files.root.length; at = directoryOf(at)) above.push(directoryOf(at));
  for (const base of [directory, ...above]) {
    const found = [...new Set(patterns.flatMap((pattern) => expandPath(files, normalizePath(pattern.startsWith("/") ? pattern : `${base}/${pattern}`))))];
    if (found.length > 0) return { base, files: found };
  }
  return { base: directory, files: [] };
}

/** A file, a folder (its direct files, as drizzle-kit) or a glob, as absolute paths of code files. */
export function expandPath(files: Files, path: string): readonly string[] {
  const isCode = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
  if (files.exists(path)) return isCode(path) ? [path] : [];
  const magic = path.search(/[*?[\]{}()!]/);
  if (magic >= 0) {
    const base = path.slice(0, path.lastIndexOf("/", magic));
    const found = files.list(path.slice(base.length + 1), base);
    // A pattern may match folders as well, and `src/schema/*` means their direct files too.
    if (found.length > 0) return found.filter(isCode);
  } else {
    const direct = files.list(codeGlob, path).filter(isCode);
    if (direct.length > 0) return direct;
    for (const extension of [".ts", ".mts", ".js"]) if (files.exists(path + extension)) return [path + extension];
  }
  // Built output is read from its source.
  const source = path.replace(/\/(?:dist|build|lib|out)\/(?:src\/)?/, "/src/").replace(/\.([cm]?)js$/, ".$1ts");
  return source === path ? [] : expandPath(files, source);
}
