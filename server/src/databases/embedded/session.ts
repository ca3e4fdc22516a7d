// PGlite itself: opens a snapshot, runs scripts and queries, saves a snapshot. Runs in the thread of its own process and
// nowhere else; it holds one database and knows no cache.
import nodeCrypto from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { scriptStatements, type ScriptStatement } from "../../dialects/postgres-script";
import { layExtension } from "./extension-files";
import type { Answer, Refused, Request, Rows } from "./protocol";
import { simpleMessage } from "./simple-message";
import { packFolder, unpackFolder, type MemoryFiles } from "./snapshot";

type Filesystem = NonNullable<PGliteOptions["fs"]>;

/** Node's types know it as a namespace alone. */
const webAssembly = (globalThis as unknown as { readonly WebAssembly: { compile(bytes: Uint8Array): Promise<NonNullable<PGliteOptions["pgliteWasmModule"]>> } }).WebAssembly;

const dataFolder = PGlite.paths.PGDATA;

/** PGlite's own files, beside the bundle. */
const runtime = join(__dirname, "pglite");

/** Answers requests in turn; a request that goes wrong is answered with "failed". */
export function session(): (request: Request) => Promise<Answer> {
  let database: PGlite | undefined;
  let before: Promise<unknown> = Promise.resolve();
  const opened = (): PGlite => {
    if (!database) throw new Error("no database is open");
    return database;
  };
  const run = async (request: Request): Promise<Answer> => {
    switch (request.kind) {
      case "open":
        database = await open(readFileSync(request.snapshot), request.extensions);
        return { kind: "done" };
      case "extend":
        extend(opened(), request.extensions);
        return { kind: "done" };
      case "apply": {
        const refused: Refused[] = [];
        for (const [position, { text }] of request.scripts.entries()) refused.push(...(await apply(text, position, opened())));
        return { kind: "refused", refused };
      }
      case "save":
        await save(opened(), request.file);
        return { kind: "done" };
      case "query": return { kind: "rows", rows: await query(opened(), request.sql, request.parameters) };
      case "script": return { kind: "results", results: await script(opened(), request.sql) };
      case "message": return { kind: "reply", reply: await simpleMessage(opened(), request.sql) };
      case "copy": return { kind: "copied", rows: (await opened().query(request.sql, [], { blob: new Blob([request.data as Uint8Array<ArrayBuffer>]) })).affectedRows ?? 0 };
    }
  };
  return (request) => {
    const answer = before.then(() => run(request)).catch((error: { message?: string; code?: string }): Answer => ({ kind: "failed", message: error.message ?? String(error), code: error.code }));
    before = answer;
    return answer;
  };
}

/** Makes an empty cluster, with nothing in it but the one database, and writes its snapshot. PGlite's package must be at hand: it holds initdb. */
export async function prepare(file: string): Promise<void> {
  standStill();
  // Small segments: a snapshot holds one at the least. Checksums guard against disks, and there is none.
  const first = await PGlite.create({ initDbStartParams: ["--wal-segsize=1", "--no-data-checksums"] });
  await first.exec("update pg_database set datistemplate = false");
  for (const copy of ["template0", "template1"]) await first.exec(`drop database ${copy}`);
  // Nothing here must outlive a crash.
  for (const setting of ["wal_level = minimal", "max_wal_senders = 0", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off", "min_wal_size = '2MB'", "max_wal_size = '32MB'", "max_connections = 10", "max_locks_per_transaction = 2048", "shared_buffers = '32MB'"]) await first.exec(`alter system set ${setting}`);
  await first.exec("checkpoint");
  writeFileSync(file, await packed(first, 9));
}

/** A build is the same each time: clock and random numbers stand still. */
function standStill(): void {
  const instant = Date.UTC(2026, 0, 1);
  Date.now = () => instant;
  performance.now = () => 0;
  Math.random = () => 0.5;
  nodeCrypto.randomFillSync = <View>(view: View): View => view;
}

async function open(snapshot: Uint8Array, extensions: readonly string[]): Promise<PGlite> {
  let database: PGlite;
  const files: Filesystem = {
    init: async (pglite, emscriptenOpts) => {
      database = pglite;
      return { emscriptenOpts };
    },
    initialSyncFs: async () => {
      unpackFolder(snapshot, filesOf(database), dataFolder);
      extend(database, extensions);
    },
    syncToFs: async () => undefined,
    closeFs: async () => undefined,
    dumpTar: async () => Promise.reject(new Error("a snapshot is saved, not dumped")),
  };
  const wasm = await webAssembly.compile(readFileSync(join(runtime, "pglite.wasm")));
  return PGlite.create({
    fs: files,
    pgliteWasmModule: wasm,
    // The cluster is made already: initdb never runs.
    initdbWasmModule: wasm,
    fsBundle: uncopied(readFileSync(join(runtime, "pglite.data"))),
    parsers: asText,
  });
}

/** All that is asked of a Blob here, without its copies. */
function uncopied(content: Buffer): Blob {
  const whole = content.byteLength === content.buffer.byteLength;
  return { arrayBuffer: () => Promise.resolve(whole ? content.buffer : Uint8Array.from(content).buffer) } as Blob;
}

function extend(database: PGlite, extensions: readonly string[]): void {
  for (const name of extensions) layExtension(readFileSync(join(runtime, "extensions", `${name}.tar.gz`)), filesOf(database));
}

/** As the pg client gives them: what does not fit into a number stays text. */
const asText = Object.fromEntries([20, 1700].map((oid) => [oid, (value: string) => value]));

function filesOf(database: PGlite): MemoryFiles {
  return (database as unknown as { Module: { FS: MemoryFiles } }).Module.FS;
}

async function save(database: PGlite, file: string): Promise<void> {
  await database.exec("checkpoint");
  const content = await packed(database, 1);
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** After a checkpoint, the log before its beginning and the segments set aside for later are not needed: https://www.postgresql.org/docs/current/wal-configuration.html */
async function packed(database: PGlite, level: number): Promise<Buffer> {
  const [row] = await query(database, "select redo_wal_file, pg_walfile_name(pg_current_wal_insert_lsn()) from pg_control_checkpoint()", []);
  const [first, last] = row as [string, string];
  const keeps = (path: string): boolean => {
    const segment = /^pg_wal\/([0-9A-F]{24})$/.exec(path)?.[1];
    return segment === undefined || (segment >= first && segment <= last);
  };
  return packFolder(filesOf(database), dataFolder, keeps, level);
}

async function query(database: PGlite, sql: string, parameters: readonly unknown[]): Promise<Rows> {
  await database.exec("begin read only");
  try {
    return (await database.query(sql, [...parameters], { rowMode: "array" })).rows as unknown as Rows;
  } finally {
    await database.exec("rollback");
  }
}

async function script(database: PGlite, sql: string): Promise<readonly Rows[]> {
  try {
    return (await database.exec(sql, { rowMode: "array" })).map(({ rows }) => rows as unknown as Rows);
  } catch (error) {
    await database.exec("rollback");
    throw error;
  }
}

/** The script in one transaction where PostgreSQL takes all of it; otherwise each statement by itself. */
async function apply(text: string, script: number, database: PGlite): Promise<readonly Refused[]> {
  // What the file says of transactions would end ours.
  const statements = scriptStatements(text).filter(({ sql }) => !/^(begin|start|commit|end|rollback|abort|savepoint|release)\b/i.test(sql));
  if (statements.length === 0) return [];
  try {
    await database.exec(["begin", ...statements.map(({ sql }) => sql), "commit"].join(";\n"));
    return [];
  } catch {
    await database.exec("rollback");
    return await oneByOne(statements, script, database);
  } finally {
    // A file may set a search path or a role for itself.
    await database.exec("reset session authorization; reset all");
  }
}

async function oneByOne(statements: readonly ScriptStatement[], script: number, database: PGlite): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (const { sql, start } of statements) {
    try {
      await database.exec(sql);
    } catch (error) {
      const { message, code, position } = error as { message: string; code?: string; position?: string };
      // PostgreSQL counts characters from 1.
      const at = position === undefined ? undefined : [...sql].slice(0, Number(position) - 1).join("").length;
      const word = at === undefined ? undefined : /^(?:"(?:""|[^"])*"|[\w.]+|.)/s.exec(sql.slice(at))?.[0];
      refused.push({ script, start: start + (at ?? 0), end: start + (at === undefined ? sql.length : at + (word?.length ?? 0)), message, code, sql });
    }
  }
  return refused;
}
