// Any kind of dump as the bytes of a plain SQL script: gzip is unpacked, pg_dump's own archives go through pg_restore. What
// the kind is, the first bytes tell, never the name.
import { spawn } from "node:child_process";
import { createReadStream, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { BackupError } from "./backup";
import { installedPrograms } from "./programs";

export type DumpKind = "plain" | "gzip" | "custom";

export interface ScriptSource {
  /** "shop.sql.gz" as given, "standard input". */
  readonly title: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface SourceOptions {
  /** Folders to look for pg_restore in; the usual ones by default. */
  readonly programs?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Opens a file by its path, or takes bytes as they come. Iterating rejects with a `BackupError` for what is no dump, broken off, or needs a program that is not there. */
export function scriptSource(file: string | AsyncIterable<Uint8Array>, options: SourceOptions = {}): ScriptSource {
  if (typeof file !== "string") return { title: "standard input", bytes: plain(file, "standard input", options) };
  return { title: file, bytes: fromFile(file, options) };
}

async function* fromFile(file: string, options: SourceOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new BackupError(`There is no file ${file}.`, "refused");
  if (found.isDirectory()) {
    if (!existsSync(join(file, "toc.dat"))) throw new BackupError(`${file} is a folder, and none that pg_dump --format=directory has written: it has no toc.dat.`, "refused");
    yield* restored(undefined, file, file, options);
    return;
  }
  const open = (): AsyncIterable<Uint8Array> => createReadStream(file) as AsyncIterable<Uint8Array>;
  yield* plain(open(), file, options, { again: open });
}

interface Origin {
  /** The bytes come out of a gzip. */
  readonly unpacked?: boolean;
  /** Where they can be read a second time: from the beginning. */
  readonly again?: () => AsyncIterable<Uint8Array>;
}

async function* plain(bytes: AsyncIterable<Uint8Array>, title: string, options: SourceOptions, { unpacked = false, again }: Origin = {}): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, all } = await beginning(bytes, title);
  if (head.length === 0) throw new BackupError(`${title} is empty${unpacked ? " once it is unpacked" : ""}: it is no dump.`, "refused");
  if (starts(head, 0x1f, 0x8b) && !unpacked) {
    // A damaged gzip gives a wrong text before it fails: nothing of it is to reach a server.
    if (again) await readThrough(gunzipped(again(), title), options.signal);
    yield* plain(gunzipped(all, title), title, options, { unpacked: true });
    return;
  }
  if (head.subarray(0, 5).toString("latin1") === "PGDMP" || head.subarray(0, 7).toString("latin1") === "toc.dat") {
    yield* restored(all, undefined, title, options);
    return;
  }
  const other = packed.find(({ magic }) => starts(head, ...magic));
  if (other) throw new BackupError(`${title} is packed with ${other.name}, which Plumbline does not unpack. Unpack it on the way: ${other.command} FILE | plumbline backup verify -`, "refused");
  if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) throw new BackupError(`${title} is UTF-16: that is what ">" makes of a dump in Windows PowerShell, and strings in it may be broken for good. Dump again with pg_dump --file=FILE.`, "refused");
  if (head.includes(0)) throw new BackupError(`${title} is no dump of PostgreSQL: neither SQL, gzip, nor an archive of pg_dump (--format=custom, tar, directory).`, "refused");
  yield* all;
}

const packed = [
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], command: "zstd -dc" },
  { name: "lz4", magic: [0x04, 0x22, 0x4d, 0x18], command: "lz4 -dc" },
  { name: "xz", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], command: "xz -dc" },
  { name: "bzip2", magic: [0x42, 0x5a, 0x68], command: "bzip2 -dc" },
  { name: "zip", magic: [0x50, 0x4b, 0x03, 0x04], command: "unzip -p" },
] as const;

function starts(head: Buffer, ...magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}

/** The first bytes (512, or all there are), and everything from the beginning. */
async function beginning(bytes: AsyncIterable<Uint8Array>, title: string): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 512) {
    const { done, value } = await iterator.next().catch((error: unknown) => {
      throw unreadable(error, title);
    });
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* first;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return;
        yield value;
      }
    } catch (error) {
      throw unreadable(error, title);
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).subarray(0, 512), all: all() };
}

async function readThrough(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
  const iterator = bytes[Symbol.asyncIterator]();
  while (!signal?.aborted && (await iterator.next()).done !== true);
  await iterator.return?.();
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>, title: string): AsyncGenerator<Uint8Array, void, undefined> {
  const packedBytes = Readable.from(bytes);
  const unpacking = createGunzip();
  packedBytes.on("error", (error) => unpacking.destroy(error));
  packedBytes.pipe(unpacking);
  try {
    for await (const piece of unpacking) yield piece as Uint8Array;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw new BackupError(`${title} breaks off: its gzip ends before its end, so a part of the dump is missing. Dump again.`, "failed");
    if (code?.startsWith("Z_")) throw new BackupError(`${title} is damaged: it cannot be unpacked (${(error as Error).message}). Take another copy, or dump again.`, "failed");
    throw error;
  } finally {
    packedBytes.destroy();
    unpacking.destroy();
  }
}

/** An archive as a script, by pg_restore, which connects to nothing here. */
async function* restored(bytes: AsyncIterable<Uint8Array> | undefined, folder: string | undefined, title: string, { programs, signal }: SourceOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const [program] = [...(await installedPrograms("pg_restore", programs))].sort((a, b) => b.major - a.major);
  if (!program) throw new BackupError(`${title} is an archive of pg_dump, which only pg_restore can read, and none was found. Install PostgreSQL's client programs (Debian: postgresql-client).`, "refused");
  const child = spawn(program.path, ["--file=-", ...(folder === undefined ? [] : [folder])], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, LC_MESSAGES: "C", LANGUAGE: "C" }, ...(signal && { signal }) });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", () => resolve(null));
  });
  let broken: unknown;
  const input = bytes === undefined ? undefined : Readable.from(bytes);
  input?.on("error", (error) => {
    broken = error;
    child.kill();
  });
  // It may end before it has read everything; what it says then is the error.
  child.stdin.on("error", () => undefined);
  if (input) input.pipe(child.stdin);
  else child.stdin.end();
  try {
    for await (const piece of child.stdout) yield piece as Uint8Array;
    const code = await ended;
    if (broken !== undefined) throw broken;
    if (signal?.aborted) throw new BackupError("It was cancelled.", "cancelled");
    if (code !== 0) throw new BackupError(`${title} cannot be read: ${sentence(said)} ${/unsupported version/.test(said) ? `It was made by a newer pg_dump than this ${program.title}: install that version's client programs.` : "It is damaged or breaks off. Take another copy, or dump again."}`, "failed");
  } finally {
    input?.destroy();
    child.kill();
  }
}

function sentence(said: string): string {
  const text = said.replace(/^pg_restore: (error: )?/gm, "").replace(/\s+/g, " ").trim();
  return text === "" ? "pg_restore ended without a word." : /[.!]$/.test(text) ? text : `${text}.`;
}

function unreadable(error: unknown, title: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new BackupError(`${title} cannot be read (${code ?? "error"}).`, "refused");
}
