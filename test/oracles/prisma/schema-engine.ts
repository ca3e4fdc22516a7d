// Prisma's own schema engine, as WebAssembly, as judge: the SQL that `prisma migrate diff --from-empty` prints for a schema.
// What it says of folders of migrations and of databases is asked in migrate-engine.ts.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(__filename);

/** As @prisma/schema-engine-wasm types them, which Node cannot import as they are. */
export interface Engine {
  diff(request: object): Promise<{ readonly stdout: string | null; readonly exitCode: number }>;
  applyMigrations(request: object): Promise<{ readonly appliedMigrationNames: readonly string[] }>;
  diagnoseMigrationHistory(request: object): Promise<{ readonly editedMigrationNames: readonly string[]; readonly failedMigrationNames: readonly string[]; readonly history: object | null }>;
  devDiagnostic(request: object): Promise<{ readonly action: { readonly tag: "reset"; readonly reason: string } | { readonly tag: "createMigration" } }>;
  createMigration(request: object): Promise<{ readonly migrationScript: string | null; readonly generatedMigrationName: string }>;
  markMigrationApplied(request: object): Promise<unknown>;
  markMigrationRolledBack(request: object): Promise<unknown>;
}

interface Bindings {
  __wbg_set_wasm(exports: object): void;
  readonly SchemaEngine: { new: (options: object, log: () => void, adapter: object) => Promise<Engine> };
}

/** Prisma's packages lie beside each other; this one is not a dependency of ours by name. */
export const adapterRequire = createRequire(require.resolve("@prisma/adapter-pg"));

/** An engine that reaches its database through `factory`, an adapter factory as @prisma/adapter-pg has one. */
export async function openEngine(factory: object, datamodels?: readonly (readonly [path: string, text: string])[]): Promise<Engine> {
  const { SchemaEngine } = await (bindings ??= load());
  const { bindMigrationAwareSqlAdapterFactory } = adapterRequire("@prisma/driver-adapter-utils") as { bindMigrationAwareSqlAdapterFactory(factory: object): object };
  return SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(factory));
}

let bindings: Promise<Bindings> | undefined;

async function load(): Promise<Bindings> {
  const folder = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const module = (await import(pathToFileURL(join(folder, "schema_engine_bg.js")).href)) as Bindings;
  // Node has it; the types of a browser are not loaded here.
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { instantiate(code: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: Record<string, () => void> } }> } };
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "schema_engine_bg.wasm")), { "./schema_engine_bg.js": module });
  module.__wbg_set_wasm(instance.exports);
  instance.exports["__wbindgen_start"]!();
  return module;
}

/** What the engine asks for a version number; it reads nothing else there. */
export interface Server {
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

/** The SQL that makes the schema of `files` (by name) in an empty PostgreSQL database. Datasource URLs are left out: the engine refuses them in files. */
export async function prismaSql(files: Readonly<Record<string, string>>, server: Server): Promise<string> {
  const { PrismaPg } = require("@prisma/adapter-pg") as { PrismaPg: new (options: object) => object };
  const texts = Object.entries(files).map(([path, text]) => ({ path, content: text.replace(/^\s*(url|directUrl)\s*=.*$/gm, "") }));
  const { host, user, database } = server;
  const engine = await openEngine(new PrismaPg({ host, user, database }), texts.map(({ path, content }) => [path, content]));
  const { stdout } = await engine.diff({ from: { tag: "empty" }, to: { tag: "schemaDatamodel", files: texts, configDir: "/" }, script: true, exitCode: null, shadowDatabaseUrl: null, filters: { externalTables: [], externalEnums: [] } });
  return stdout ?? "";
}
