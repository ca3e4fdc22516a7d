// The embedded PostgreSQL as a database: built from a recipe in a process of its own, kept by the hash of the recipe, and
// disposable. What a reading needs is kept too, so that reading it again starts no process at all.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseFacts } from "../../model/facts";
import type { Problem, SourceRange } from "../../model/schema";
import { DatabaseError, type Database, type DatabaseReading } from "../database";
import { readOnlyMessage } from "../postgres/message";
import { schemaReading, schemaSql } from "../postgres/reading";
import { serverVersion } from "../postgres/server-version";
import { openCache, type Cache } from "./cache";
import { EmbeddedProcess } from "./process";
import type { Refused, Rows } from "./protocol";
import { loadedExtensions, recipeKey, type Recipe } from "./recipe";

export interface EmbeddedOptions {
  /** Folder of embedded.js and pglite/: where the bundle lies, if nothing else is said. */
  readonly runtime?: string;
  /** Where built databases are kept (`userCacheFolder()`, the editor's global storage); undefined: nowhere. */
  readonly cache?: string;
  /** Minutes without a request after which its process ends; 5 by default. */
  readonly idleMinutes?: number;
  readonly signal?: AbortSignal;
}

/** An embedded database. `close` ends its process and keeps what is in the cache. */
export interface EmbeddedDatabase extends Database {
  /** What PostgreSQL refused when it was built, at its place in the migration files. */
  readonly problems: readonly Problem[];
  /** It was found built, and no process was started. */
  readonly cached: boolean;
  /** Process number while one runs. */
  readonly pid: number | undefined;
  /** Runs several statements in one message and gives the rows of each. They must undo what they do: a process that ends comes back as it was built. */
  run(sql: string, signal?: AbortSignal): Promise<readonly Rows[]>;
}

/** What is kept beside a snapshot. */
interface Built {
  /** The document of the catalogue, a JSON text. */
  readonly schema: string;
  /** As server_version has it: "18.6". */
  readonly version: string;
  readonly refused: readonly Refused[];
}

const name = "embedded";

/** PGlite 0.5 is PostgreSQL 18; the reading itself says which minor version. */
export const embeddedMajor = 18;

/** A statement that runs longer ends the process, in milliseconds: WebAssembly knows no statement_timeout. */
const queryTimeout = 60_000;

/** Finds the database of the recipe in the cache, or builds it. Rejects with a `DatabaseError` where PGlite cannot run; statements that it refuses are `problems`. */
export async function openEmbedded(recipe: Recipe, options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const runtime = options.runtime ?? __dirname;
  const prepared = join(runtime, "pglite", "prepared.snapshot");
  const extensions = loadedExtensions(recipe, runtime);
  const sql = schemaSql({ major: embeddedMajor });
  const key = recipeKey(recipe, extensions, [hashOf(prepared), sql]);
  const cache = options.cache === undefined ? undefined : openCache(options.cache);
  const database = new Embedded({ recipe, runtime, prepared, extensions, sql, key, cache, idle: (options.idleMinutes ?? 5) * 60_000 });
  await database.open(options.signal);
  return database;
}

function hashOf(file: string): string {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    throw new DatabaseError(`The embedded PostgreSQL is not there: ${file} is missing. Install Plumbline again, or build it with "npm run build".`, "unsupported");
  }
}

interface Parts {
  readonly recipe: Recipe;
  readonly runtime: string;
  readonly prepared: string;
  readonly extensions: readonly string[];
  /** The SELECT of the catalogue's document. */
  readonly sql: string;
  readonly key: string;
  readonly cache: Cache | undefined;
  readonly idle: number;
}

class Embedded implements EmbeddedDatabase {
  readonly name = name;
  cached = false;
  private built: Built | undefined;
  private process: EmbeddedProcess | undefined;
  private starting: Promise<EmbeddedProcess> | undefined;

  constructor(private readonly parts: Parts) {}

  get pid(): number | undefined {
    return this.process?.running ? this.process.pid : undefined;
  }

  get problems(): readonly Problem[] {
    return (this.built?.refused ?? []).map((refused) => problem(refused, this.parts.recipe));
  }

  async open(signal?: AbortSignal): Promise<void> {
    const kept = this.parts.cache?.find<Built>(this.parts.key);
    if (kept && isBuilt(kept.content)) {
      this.built = kept.content;
      this.cached = true;
      return;
    }
    await this.running(signal);
  }

  async read(): Promise<DatabaseReading> {
    const { schema, version } = this.built!;
    const { backend: _, ...reading } = schemaReading(schema, name, serverVersion(new Map([["server_version", version]])), false);
    return { ...reading, server: { ...reading.server, title: `embedded ${reading.server.title}` }, problems: [...reading.problems, ...(this.parts.recipe.folderProblems ?? []), ...this.sentences()] };
  }

  async readAll(): Promise<{ readonly reading: DatabaseReading; readonly facts: DatabaseFacts }> {
    const reading = await this.read();
    return { reading, facts: factsOf(reading) };
  }

  async facts(): Promise<DatabaseFacts> {
    return factsOf(await this.read());
  }

  async stamp(): Promise<string> {
    return (await this.read()).stamp;
  }

  async query(sql: string, parameters: readonly unknown[] = [], signal?: AbortSignal): Promise<Rows> {
    return this.within(signal, async (process, either) => (await process.ask({ kind: "query", sql, parameters }, "rows", either)).rows);
  }

  async run(sql: string, signal?: AbortSignal): Promise<readonly Rows[]> {
    return this.within(signal, async (process, either) => (await process.ask({ kind: "script", sql }, "results", either)).results);
  }

  async close(): Promise<void> {
    await this.starting?.catch(() => undefined);
    await this.process?.end();
  }

  private async within<Result>(signal: AbortSignal | undefined, work: (process: EmbeddedProcess, signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const process = await this.running(signal);
    const timeout = AbortSignal.timeout(queryTimeout);
    try {
      return await work(process, signal ? AbortSignal.any([signal, timeout]) : timeout);
    } catch (error) {
      if (timeout.aborted && !signal?.aborted) throw new DatabaseError(`The embedded PostgreSQL gave no answer within ${queryTimeout / 1000} seconds and was ended. Ask for less at once.`, "timeout");
      throw error;
    }
  }

  /** The process with the database open in it: from the snapshot where there is one, else built. */
  private async running(signal?: AbortSignal): Promise<EmbeddedProcess> {
    if (this.process?.running && !this.starting) return this.process;
    this.starting ??= this.start(signal).finally(() => (this.starting = undefined));
    return this.starting;
  }

  private async start(signal?: AbortSignal): Promise<EmbeddedProcess> {
    const { cache, key, prepared } = this.parts;
    const snapshot = cache?.find(key)?.snapshot;
    if (snapshot !== undefined) {
      try {
        return await this.opened(snapshot, signal);
      } catch (error) {
        if (error instanceof DatabaseError && error.kind === "cancelled") throw error;
        // Damaged on disk: what can be built needs no repair.
        cache!.remove(key);
      }
    }
    const process = await this.opened(prepared, signal);
    try {
      const { refused } = await process.ask({ kind: "apply", scripts: this.parts.recipe.scripts }, "refused", signal);
      const { results } = await process.ask({ kind: "script", sql: readOnlyMessage(["show server_version", this.parts.sql], { statement: 0, lock: 0 }) }, "results", signal);
      const [version, schema] = results.flatMap((rows) => (rows.length > 0 ? [rows[0]![0] as string] : []));
      this.built = { schema: schema!, version: version!, refused };
      if (cache) await this.keep(process, cache, signal);
      return process;
    } catch (error) {
      await process.end();
      throw error;
    }
  }

  /** A cache that cannot be written makes the next start slower and nothing else. */
  private async keep(process: EmbeddedProcess, cache: Cache, signal?: AbortSignal): Promise<void> {
    try {
      await process.ask({ kind: "save", file: cache.snapshotOf(this.parts.key) }, "done", signal);
      cache.keep(this.parts.key, this.built);
    } catch (error) {
      if (error instanceof DatabaseError && (error.kind === "cancelled" || error.kind === "lost")) throw error;
    }
  }

  private async opened(snapshot: string, signal?: AbortSignal): Promise<EmbeddedProcess> {
    const { runtime, idle, extensions } = this.parts;
    this.process = new EmbeddedProcess({ runtime, idle });
    try {
      await this.process.ask({ kind: "open", snapshot, extensions }, "done", signal);
      return this.process;
    } catch (error) {
      await this.process.end();
      throw error;
    }
  }

  private sentences(): readonly string[] {
    return this.built!.refused.map((refused) => {
      const { file, text } = this.parts.recipe.scripts[refused.script]!;
      const { message } = problem(refused, this.parts.recipe);
      const line = text.slice(0, refused.start).split("\n").length;
      return file === undefined ? message : `${file}:${line}: ${message}`;
    });
  }
}

function isBuilt(content: Built): boolean {
  return typeof content?.schema === "string" && typeof content.version === "string" && Array.isArray(content.refused);
}

/** Rows, sizes and scans of a database in which nothing ever ran say nothing, so there are none. */
function factsOf({ server }: DatabaseReading): DatabaseFacts {
  return { readAt: Date.now(), database: { version: server.version, size: 0, connections: 1, maximumConnections: 1, lockEntries: 64 }, tables: [], indexes: [], sequences: [] };
}

function problem({ script, start, end, message, sql }: Refused, { scripts, from }: Recipe): Problem {
  const { file } = scripts[script]!;
  const at: SourceRange | undefined = file === undefined ? undefined : { file, start, end };
  const missing = /extension "(.*)" is not available/.exec(message)?.[1];
  const why = missing === undefined
    ? `the embedded PostgreSQL refuses this statement: ${message}`
    : `the embedded PostgreSQL has no extension "${missing}", so what needs it is missing; connect to a server that has it`;
  return { kind: "unreadable", message: from === "migrations" ? why : `${why} (${sql.split("\n", 1)[0]!.slice(0, 120)})`, at };
}
