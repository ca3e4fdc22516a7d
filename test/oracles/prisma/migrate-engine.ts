// What `prisma migrate deploy`, `status`, `dev` and `resolve` do, by Prisma's own schema engine as WebAssembly. Its stock
// adapter lacks three things that the native engine has, and that are mended here: one session for the advisory lock, scripts
// sent whole (it splits them at semicolons), and the catalogue's types "char" and name.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Client, Pool, type QueryArrayResult } from "pg";
import { openEngine, type Engine, type Server } from "./schema-engine";

const require = createRequire(__filename);

/** "whole": a script is one message, as up to 7.3; "split": a message a statement, as from 7.4 on. */
export type Scripts = "whole" | "split";

export interface PrismaProject {
  /** Absolute; migrations/ lies in it. */
  readonly migrations: string;
  /** The schema's text, without `url` in its datasource. */
  readonly schema: string;
  readonly server: Server;
  /** `?schema=` of its URL. */
  readonly searched?: string;
  readonly scripts?: Scripts;
}

export interface Diagnosis {
  /** `prisma migrate dev` would write nothing. */
  readonly nothingToDo: boolean;
  /** What it would write; undefined: it demands a reset, and `reset` says why. */
  readonly script?: string;
  readonly reset?: string;
}

export interface MigrateEngine {
  /** `prisma migrate deploy`: the names of the migrations that were applied. */
  deploy(): Promise<readonly string[]>;
  /** `prisma migrate status`. */
  status(): Promise<{ readonly edited: readonly string[]; readonly failed: readonly string[]; readonly history: object | null }>;
  /** `prisma migrate dev`, without writing: what it would. It takes several databases, which is where its time goes. */
  dev(): Promise<Diagnosis>;
  /** `prisma migrate diff` from the database to the schema: empty where the database is as the schema says. */
  lacks(): Promise<string>;
  resolve(how: "applied" | "rolled-back", migration: string): Promise<void>;
}

const filters = { externalTables: [], externalEnums: [] };

export function migrateEngine(project: PrismaProject): MigrateEngine {
  const schema = { files: [{ path: "/schema.prisma", content: project.schema }] };
  const list = (): object => migrationList(project.migrations);
  const once = <Result>(use: (engine: Engine) => Promise<Result>): Promise<Result> => withEngine(project, project.schema, use);
  return {
    deploy: () => once(async (engine) => (await engine.applyMigrations({ migrationsList: list(), filters })).appliedMigrationNames),
    status: () => once(async (engine) => {
      const { editedMigrationNames, failedMigrationNames, history } = await engine.diagnoseMigrationHistory({ migrationsList: list(), optInToShadowDatabase: false, filters });
      return { edited: editedMigrationNames, failed: failedMigrationNames, history };
    }),
    dev: () => once(async (engine): Promise<Diagnosis> => {
      const { action } = await engine.devDiagnostic({ migrationsList: list(), filters });
      if (action.tag === "reset") return { nothingToDo: false, reset: action.reason };
      const { migrationScript } = await engine.createMigration({ draft: false, migrationName: "next", migrationsList: list(), schema, filters });
      return { nothingToDo: migrationScript === null, ...(migrationScript !== null && { script: migrationScript }) };
    }),
    lacks: () => once(async (engine) => {
      const files = [...schema.files];
      const { stdout } = await engine.diff({ from: { tag: "schemaDatasource", files, configDir: "/" }, to: { tag: "schemaDatamodel", files, configDir: "/" }, script: true, exitCode: null, shadowDatabaseUrl: null, filters });
      return stdout?.trim() === "-- This is an empty migration." ? "" : (stdout ?? "");
    }),
    resolve: (how, migrationName) => once(async (engine) => {
      await (how === "applied" ? engine.markMigrationApplied({ migrationName, migrationsList: list() }) : engine.markMigrationRolledBack({ migrationName }));
    }),
  };
}

/** One command of Prisma's: its connections, and with them its advisory lock, go with it. */
async function withEngine<Result>(place: Pick<PrismaProject, "server" | "searched" | "scripts">, schema: string, use: (engine: Engine) => Promise<Result>): Promise<Result> {
  const adapter = new FaithfulAdapter(place);
  try {
    return await use(await openEngine(adapter, [["/schema.prisma", schema]]));
  } finally {
    await adapter.close();
  }
}

/** The SQL that `prisma migrate diff` prints from one schema to another. */
export async function prismaDiff(from: string, to: string, server: Server): Promise<string> {
  const files = (content: string): object => ({ tag: "schemaDatamodel", files: [{ path: "/schema.prisma", content }], configDir: "/" });
  return withEngine({ server }, to, async (engine) => (await engine.diff({ from: files(from), to: files(to), script: true, exitCode: null, shadowDatabaseUrl: null, filters })).stdout ?? "");
}

function migrationList(folder: string): object {
  const lock = join(folder, "migration_lock.toml");
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name).sort((a, b) => a.localeCompare(b)) : [];
  const fileOf = (name: string): object => {
    const file = join(folder, name, "migration.sql");
    return { path: "migration.sql", content: existsSync(file) ? { tag: "ok", value: readFileSync(file, "utf8") } : { tag: "error", value: "missing" } };
  };
  return {
    baseDir: folder, shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: existsSync(lock) ? readFileSync(lock, "utf8") : null },
    migrationDirectories: names.map((name) => ({ path: name, migrationFile: fileOf(name) })),
  };
}

interface Query {
  readonly sql: string;
  readonly args: readonly unknown[];
}

interface Adapter {
  performIO(query: Query): Promise<QueryArrayResult>;
  queryRaw(query: Query): Promise<{ columnTypes: number[] }>;
  executeRaw(query: Query): Promise<number>;
  executeScript(script: string): Promise<void>;
  dispose(): Promise<void>;
  onError(error: unknown): never;
}

class FaithfulAdapter {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  private readonly opened: Adapter[] = [];

  constructor(private readonly project: Pick<PrismaProject, "server" | "searched" | "scripts">) {}

  async close(): Promise<void> {
    for (const adapter of this.opened) await adapter.dispose();
  }

  connect(): Promise<Adapter> {
    return this.open(this.project.server);
  }

  /** A database for one call, as the native engine makes it. */
  async connectToShadowDb(): Promise<Adapter> {
    const { server } = this.project;
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const once = async (sql: string): Promise<void> => {
      const client = new Client({ ...server });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await once(`CREATE DATABASE "${database}"`);
    return this.open({ ...server, database }, () => once(`DROP DATABASE "${database}"`));
  }

  private async open(server: Server, after?: () => Promise<void>): Promise<Adapter> {
    const { PrismaPg } = require("@prisma/adapter-pg") as { PrismaPg: new (pool: Pool, options: object) => { connect(): Promise<Adapter> } };
    const { searched, scripts } = this.project;
    const pool = new Pool({ ...server, max: 1, ...(searched !== undefined && { options: `-c search_path="${searched}"` }) });
    pool.on("error", () => undefined);
    const adapter = await new PrismaPg(pool, searched === undefined ? {} : { schema: searched }).connect();
    mend(adapter, pool, scripts ?? "whole");
    let done = false;
    adapter.dispose = async () => {
      if (done) return;
      done = true;
      await pool.end();
      await after?.();
    };
    this.opened.push(adapter);
    return adapter;
  }
}

/** Numbers of types, theirs for the adapter's own: "char" (18) is Character (6), name (19) is Text (7). */
const catalogueTypes: Readonly<Record<number, number>> = { 18: 6, 19: 7 };
/** One that the adapter knows. */
const bpchar = 1042;

function mend(adapter: Adapter, pool: Pool, scripts: Scripts): void {
  const ask = adapter.performIO.bind(adapter);
  let types: readonly (number | undefined)[] = [];
  adapter.performIO = async (query) => {
    const answer: unknown = await ask(query);
    const result = (Array.isArray(answer) ? answer.at(-1) : answer) as QueryArrayResult;
    types = result.fields.map(({ dataTypeID }) => catalogueTypes[dataTypeID]);
    result.fields = result.fields.map((field) => (catalogueTypes[field.dataTypeID] === undefined ? field : { ...field, dataTypeID: bpchar }));
    return result;
  };
  const query = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (sent) => {
    const result = await query(sent);
    types.forEach((type, at) => {
      if (type !== undefined) result.columnTypes[at] = type;
    });
    return result;
  };
  const run = async (script: string): Promise<void> => {
    for (const message of scripts === "split" ? statementsOf(script) : [script]) {
      await pool.query(message).catch((error: unknown) => adapter.onError(error));
    }
  };
  adapter.executeScript = run;
  const execute = adapter.executeRaw.bind(adapter);
  adapter.executeRaw = async (sent) => {
    if (sent.args.length > 0 || statementsOf(sent.sql).length < 2) return execute(sent);
    await run(sent.sql);
    return 0;
  };
}

/** Cut at semicolons outside of comments, quotes and dollar quotes. */
function statementsOf(script: string): readonly string[] {
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|;/g;
  const parts: string[] = [];
  let from = 0;
  for (const { 0: text, index } of script.matchAll(token)) {
    if (text !== ";") continue;
    parts.push(script.slice(from, index + 1));
    from = index + 1;
  }
  return [...parts, script.slice(from)].filter((part) => part.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|;/g, "").trim() !== "");
}
