// The edited schemas against the real thing: drizzle-orm executes them and sees the index; TypeScript accepts them with drizzle-orm's own types.
import { strict as assert } from "node:assert";
import path from "node:path";
import { transformSync } from "esbuild";
import ts from "typescript";
import { edit } from "../../../server/src/sources/drizzle/edit";
import type { Change } from "../../../server/src/model/change";
import type { SchemaModel } from "../../../server/src/model/schema";
import type { Case } from "./cases";
import { columnCases } from "./column-cases";
import { importCases } from "./import-cases";
import { indexCases } from "./index-cases";
import { keyCases } from "./key-cases";
import { applied, filesOf, readingOf, schemaOf } from "./schema-of";

const written = [...indexCases, ...importCases, ...keyCases].filter((example) => example.after !== undefined && !example.untyped);
/** Those with columns that change are read again in a database's test: here they are compiled. */
const compiled = [...written, ...columnCases.filter((example) => example.after !== undefined)];

describe("edited Drizzle schemas in use", () => {
  for (const example of written) it(`drizzle-orm agrees: ${example.title}`, () => {
    const { texts, changes } = edited(example);
    const tables = execute(texts);
    for (const change of changes) assertSeen(change, tables, example.dialect ?? "postgresql");
  });

  for (const example of written) it(`reading again agrees: ${example.title}`, () => {
    const { texts, changes } = edited(example);
    const { model, problems } = readingOf(texts, example.dialect);
    for (const change of changes) assertSeen(change, listed(model), example.dialect ?? "postgresql");
    const before = typeof example.before === "string" ? { "a.ts": example.before } : example.before;
    assert.deepEqual(problems.map(({ message }) => message), readingOf(before, example.dialect).problems.map(({ message }) => message));
  });

  it("TypeScript accepts them all", function () {
    this.timeout(120_000);
    const folder = path.join(__dirname, "virtual");
    const virtual = new Map<string, string>();
    for (const [number, example] of compiled.entries()) for (const [name, text] of Object.entries(edited(example).texts)) if (name.endsWith(".ts")) virtual.set(path.join(folder, String(number), name), text);
    const options: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: ["node"] };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, directoryExists } = host;
    host.fileExists = (name) => virtual.has(name) || fileExists(name);
    host.readFile = (name) => virtual.get(name) ?? readFile(name);
    host.directoryExists = (name) => name.startsWith(folder) || (directoryExists?.(name) ?? true);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (name, target) => (virtual.has(name) ? ts.createSourceFile(name, virtual.get(name)!, target) : getSourceFile(name, target));
    const program = ts.createProgram([...virtual.keys()], options, host);
    const problems = ts.getPreEmitDiagnostics(program).map((problem) => {
      const place = problem.file ? path.relative(folder, problem.file.fileName) : "";
      return `${place} (${compiled[Number(place.split(path.sep)[0])]?.title}): ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`;
    });
    assert.deepEqual(problems, []);
    assert.ok(virtual.size >= compiled.length);
  });
});

function edited({ before, changes, dialect }: Case): { texts: Record<string, string>; changes: readonly Change[] } {
  const texts = typeof before === "string" ? { "a.ts": before } : before;
  const schema = schemaOf(texts, dialect);
  const made = changes(schema);
  return { texts: applied(texts, edit(made, schema, filesOf(texts))!), changes: made };
}

interface Built { name: string; indexes: { name?: string; unique: boolean; columns: string[]; method: string; where: boolean }[]; uniques: { name?: string; columns: string[]; nullsNotDistinct: boolean }[]; foreignKeys: { columns: string[]; table: string; onDelete: string; onUpdate: string }[] }

function listed(model: SchemaModel): Map<string, Built> {
  return new Map(model.tables.map((table) => [table.name.name, {
    name: table.name.name,
    indexes: table.indexes.map((index) => ({ ...(index.name === undefined ? {} : { name: index.name }), unique: index.unique, columns: index.keys.map((key) => key.column ?? "expression"), method: index.method, where: index.where !== undefined })),
    uniques: table.uniques.map((unique) => ({ ...(unique.name === undefined ? {} : { name: unique.name }), columns: [...unique.columns], nullsNotDistinct: !!unique.nullsNotDistinct })),
    foreignKeys: table.foreignKeys.filter(({ enforced }) => enforced).map((key) => ({ columns: [...key.columns], table: key.references.table.name, onDelete: key.onDelete, onUpdate: key.onUpdate })),
  }]));
}

/** Runs the modules in this process and lists what drizzle-orm built, by table name. */
function execute(texts: Readonly<Record<string, string>>): Map<string, Built> {
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (name: string): Record<string, unknown> => {
    const known = loaded.get(name);
    if (known) return known;
    const exported: Record<string, unknown> = {};
    loaded.set(name, exported);
    const { code } = transformSync(texts[name]!, { loader: "ts", format: "cjs", target: "node20" });
    const module = { exports: exported };
    const find = (specifier: string): unknown => {
      if (!specifier.startsWith(".")) return require(specifier);
      const base = path.posix.join(path.posix.dirname(name), specifier).replace(/\.js$/, "");
      return load([`${base}.ts`, `${base}/index.ts`].find((candidate) => candidate in texts)!);
    };
    new Function("module", "exports", "require", code)(module, exported, find);
    loaded.set(name, module.exports);
    return module.exports;
  };
  const built = new Map<string, Built>();
  for (const name of Object.keys(texts).filter((file) => file.endsWith(".ts"))) for (const value of Object.values(load(name))) {
    const table = describeTable(value);
    if (table) built.set(table.name, table);
  }
  return built;
}

function describeTable(value: unknown): Built | undefined {
  const { is } = require("drizzle-orm") as typeof import("drizzle-orm");
  for (const core of ["pg", "mysql", "sqlite"]) {
    const module = require(`drizzle-orm/${core}-core`);
    const kind = { pg: "PgTable", mysql: "MySqlTable", sqlite: "SQLiteTable" }[core]!;
    if (!value || typeof value !== "object" || !is(value, module[kind])) continue;
    const config = module.getTableConfig(value);
    const columns = (list: { name?: string; expression?: unknown }[]): string[] => list.map((column) => column.name ?? "expression");
    return {
      name: config.name,
      indexes: config.indexes.map((index: any) => ({ name: index.config.name, unique: !!index.config.unique, columns: columns(index.config.columns), method: index.config.method ?? "btree", where: index.config.where !== undefined })),
      uniques: config.uniqueConstraints.map((unique: any) => ({ name: unique.name, columns: columns(unique.columns), nullsNotDistinct: !!unique.nullsNotDistinct })),
      foreignKeys: config.foreignKeys.map((key: any) => { const reference = key.reference(); return { columns: columns(reference.columns), table: module.getTableConfig(reference.foreignTable).name, onDelete: key.onDelete ?? "no action", onUpdate: key.onUpdate ?? "no action" }; }),
    };
  }
  return undefined;
}

function assertSeen(change: Change, tables: ReadonlyMap<string, Built>, dialect: string): void {
  assert.ok("table" in change && "schema" in change.table);
  const table = tables.get(change.table.name);
  assert.ok(table, `no table ${change.table.name}`);
  switch (change.kind) {
    case "add-index": {
      const found = table.indexes.find((index) => index.name === change.index.name && index.columns.length === change.index.keys.length);
      assert.ok(found, `no index ${change.index.name}`);
      const simple = dialect === "postgresql" || change.index.keys.every((key) => key.order === "asc");
      if (simple) assert.deepEqual(found.columns, change.index.keys.map((key) => key.column ?? "expression"));
      assert.deepEqual([found.unique, found.method, found.where], [change.index.unique, change.index.method, change.index.where !== undefined]);
      return;
    }
    case "drop-index": return assert.ok(!table.indexes.some((index) => index.name === change.index.name));
    case "rename-index": return assert.ok(table.indexes.some((index) => index.name === change.to));
    case "alter-index":
      if (change.to.nullsNotDistinct) return assert.ok(table.uniques.some((unique) => unique.name === change.to.name && unique.nullsNotDistinct));
      return assert.ok(table.indexes.some((index) => index.name === change.to.name && index.method === change.to.method && index.where === (change.to.where !== undefined)));
    case "add-foreign-key": return assert.ok(table.foreignKeys.some((key) => key.columns.join() === change.foreignKey.columns.join() && key.table === change.foreignKey.references.table.name && key.onDelete === change.foreignKey.onDelete && key.onUpdate === change.foreignKey.onUpdate));
    case "drop-foreign-key": return assert.equal(table.foreignKeys.length, 0);
    case "add-unique": return assert.ok(table.uniques.some((unique) => unique.name === change.unique.name && unique.nullsNotDistinct === !!change.unique.nullsNotDistinct));
    case "drop-unique": return assert.ok(!table.uniques.some((unique) => unique.name === change.unique.name));
    default: throw new Error(`no way to see ${change.kind}`);
  }
}
