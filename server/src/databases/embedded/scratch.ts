// The scratch database of a project: an embedded PostgreSQL that is written to, and kept in the cache between commands, so
// that a folder can be migrated up and down with nothing installed. One process uses it at a time.
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError, type ServerDescription } from "../database";
import { SessionError, type Session, type StatementResult } from "../session";
import { openCache, type Cache } from "./cache";
import { shippedExtensions } from "./extensions";
import { EmbeddedProcess } from "./process";
import type { Rows } from "./protocol";

export interface ScratchOptions {
  /** Absolute folder of the project: one scratch database each. */
  readonly folder: string;
  /** Extensions that the migrations create; what is not shipped is left to PostgreSQL to refuse. */
  readonly extensions?: readonly string[];
  /** Folder of embedded.js and pglite/: where the bundle lies, if nothing else is said. */
  readonly runtime?: string;
  /** Where it is kept (`userCacheFolder()`); undefined: it is gone when it is closed. */
  readonly cache?: string;
  /** Its process, begun already: of a database that is not kept. */
  readonly begun?: BegunScratch;
  readonly signal?: AbortSignal;
}

/** The process of a scratch database, started before it is known what for. The first `openScratch` takes it over. */
export interface BegunScratch {
  /** Undefined where it was taken already, or has ended. `opened` rejects with a `DatabaseError` where PGlite cannot run. */
  take(): { readonly process: EmbeddedProcess; readonly opened: Promise<unknown> } | undefined;
  /** Neither taken yet nor ended. */
  readonly free: boolean;
  /** Runs statements that undo what they do, in one message, and gives the rows of each. Rejects with a `DatabaseError`, also where it is not free. */
  run(sql: string, signal?: AbortSignal): Promise<readonly Rows[]>;
  /** Ends it, unless it was taken. */
  end(): Promise<void>;
}

/** `warmUp`: messages that change nothing, of the kind that will be run there: WebAssembly is compiled when it is first run. */
export function beginScratch({ runtime = __dirname, warmUp = [] }: Pick<ScratchOptions, "runtime"> & { readonly warmUp?: readonly string[] }): BegunScratch {
  let process: EmbeddedProcess | undefined = startProcess(runtime);
  const opened = process.ask({ kind: "open", snapshot: preparedIn(runtime), extensions: [] }, "done");
  // One that fails leaves its transaction open.
  for (const sql of [...warmUp, "rollback"]) process.ask({ kind: "message", sql }, "reply").catch(() => undefined);
  // Whoever takes it is told.
  opened.catch(() => undefined);
  return {
    take() {
      const taken = process;
      process = undefined;
      return taken?.running ? { process: taken, opened } : undefined;
    },
    get free() {
      return process?.running ?? false;
    },
    async run(sql, signal) {
      if (!process) throw new DatabaseError("The embedded PostgreSQL that was begun is in use.", "failed");
      await opened;
      return (await process.ask({ kind: "script", sql }, "results", signal)).results;
    },
    async end() {
      await process?.end();
    },
  };
}

/** It waits for its user, who may be asked something; it ends with the process that started it. */
function startProcess(runtime: string): EmbeddedProcess {
  return new EmbeddedProcess({ runtime, idle: 2 ** 31 - 1 });
}

function preparedIn(runtime: string): string {
  return join(runtime, "pglite", "prepared.snapshot");
}

/** Rejects with a `DatabaseError` where PGlite cannot run, or another process has the database open. */
export async function openScratch(options: ScratchOptions): Promise<Session> {
  const runtime = options.runtime ?? __dirname;
  const prepared = preparedIn(runtime);
  const cache = options.cache === undefined ? undefined : openCache(options.cache);
  const key = scratchKey(options.folder, prepared);
  const release = cache ? await reserve(`${cache.snapshotOf(key)}.lock`, options.signal) : () => undefined;
  const kept = cache?.find<Kept>(key);
  const extensions = [...new Set([...(kept?.content.extensions ?? []), ...(options.extensions ?? [])])].filter((name) => shippedExtensions(runtime).has(name)).sort();
  const begun = options.begun?.take();
  const process = begun?.process ?? startProcess(runtime);
  try {
    if (begun) await Promise.all([begun.opened, process.ask({ kind: "extend", extensions }, "done", options.signal)]);
    else await process.ask({ kind: "open", snapshot: kept?.snapshot ?? prepared, extensions }, "done", options.signal);
    const session = new ScratchSession(process, cache && { cache, key, extensions }, release);
    await session.describe(options.signal);
    return session;
  } catch (error) {
    await process.end();
    release();
    throw error;
  }
}

/** Forgets the scratch database of a project, so that the next one is empty. */
export function forgetScratch(options: Pick<ScratchOptions, "folder" | "runtime" | "cache">): void {
  if (options.cache !== undefined) openCache(options.cache)?.remove(scratchKey(options.folder, preparedIn(options.runtime ?? __dirname)));
}

interface Kept {
  readonly extensions: readonly string[];
}

/** Another PGlite has other files on disk, so the data folder that everything starts from is a part of it. */
function scratchKey(folder: string, prepared: string): string {
  try {
    return createHash("sha256").update("scratch\0").update(folder).update(readFileSync(prepared)).digest("hex");
  } catch {
    throw new DatabaseError(`The embedded PostgreSQL is not there: ${prepared} is missing. Install Plumbline again, or build it with "npm run build".`, "unsupported");
  }
}

/** Milliseconds that another process is waited for. */
const patience = 10_000;

/** A file with the number of the process that has the database open; one that is no more does not count. */
async function reserve(file: string, signal?: AbortSignal): Promise<() => void> {
  for (const start = Date.now(); ; ) {
    try {
      const descriptor = openSync(file, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as { readonly code?: string }).code !== "EEXIST") throw new DatabaseError(`The scratch database cannot be reserved: ${(error as Error).message}`, "failed");
    }
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    else if (signal?.aborted) throw new DatabaseError("Opening the scratch database was cancelled.", "cancelled");
    else if (Date.now() - start > patience) throw new DatabaseError(`The scratch database of this project is in use by process ${holder ?? "unknown"}. Wait for it to end, or remove ${file} if it is gone.`, "failed");
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: string }).code === "EPERM";
  }
}

class ScratchSession implements Session {
  readonly name = "embedded";
  readonly production = false;
  readonly backend = 0;
  readonly reset = ["reset session authorization", "reset role", "reset all"];
  server!: ServerDescription;
  private readonly listeners: ((message: string) => void)[] = [];
  private used = false;

  constructor(private readonly process: EmbeddedProcess, private readonly kept: { readonly cache: Cache; readonly key: string; readonly extensions: readonly string[] } | undefined, private readonly release: () => void) {}

  async describe(signal?: AbortSignal): Promise<void> {
    const [result] = await this.run("select current_setting('server_version_num'), current_setting('server_version'), current_database(), current_user, coalesce((select json_agg(json_build_object('name', extname, 'version', extversion) order by extname) from pg_catalog.pg_extension), '[]')", signal);
    const [number, version, database, user, extensions] = result!.rows[0] as [string, string, string, string, string];
    this.server = { version: Number(number), title: `embedded PostgreSQL ${version}`, database, user, extensions: JSON.parse(extensions) as ServerDescription["extensions"], readOnly: false, transactionPooler: false };
    this.used = false;
  }

  get open(): boolean {
    return this.process.running;
  }

  onNotice(listener: (message: string) => void): void {
    this.listeners.push(listener);
  }

  another(): Promise<Session> {
    return Promise.reject(new SessionError("The embedded PostgreSQL has one session only.", "refused"));
  }

  async run(sql: string, signal?: AbortSignal): Promise<readonly StatementResult[]> {
    this.used = true;
    const { reply } = await this.process.ask({ kind: "message", sql }, "reply", signal).catch((error: unknown) => {
      const { kind, message } = error as DatabaseError;
      throw new SessionError(message, kind === "cancelled" || kind === "lost" ? kind : "refused");
    });
    for (const notice of reply.notices) for (const listener of this.listeners) listener(notice);
    if (!reply.error) return reply.results;
    const { message, code, position, detail, hint } = reply.error;
    const offset = position === undefined ? undefined : [...sql].slice(0, Number(position) - 1).join("").length;
    throw new SessionError(message, "refused", code, offset, detail, hint, reply.results.length);
  }

  /** What was done is kept, unless the process has gone: then the database is as it was before. */
  async close(): Promise<void> {
    const { kept } = this;
    try {
      if (kept && this.used && this.open) {
        await this.process.ask({ kind: "save", file: kept.cache.snapshotOf(kept.key) }, "done");
        kept.cache.keep(kept.key, { extensions: kept.extensions } satisfies Kept);
      }
    } catch (error) {
      for (const listener of this.listeners) listener(`What was done could not be kept, so the embedded database is as it was before: ${(error as Error).message}`);
    }
    await this.process.end();
    this.release();
  }
}
