// Dumps a database into a new file: by pg_dump where one is installed that is new enough, else over the connection. Schema,
// row counts and rows are of one moment, a snapshot that both are read in.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { basename } from "node:path";
import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import type { BulkSession } from "../databases/bulk";
import { DatabaseError } from "../databases/database";
import { directSettings } from "../databases/connections/pooler";
import { redact } from "../databases/connections/redact";
import type { ConnectionSettings } from "../databases/connections/settings";
import { settled } from "../databases/connections/socket";
import { openBulkSession } from "../databases/postgres/bulk";
import { BackupError, type CreateRequest, type Manifest } from "./backup";
import { contentsOf, withoutInvalid } from "./contents";
import { dumpObjects, dumpScript } from "./dump/dump";
import { writeManifest } from "./manifest";
import { newFile } from "./new-file";
import { fitting, installedPrograms, libpqEnvironment } from "./programs";

export interface CreateOptions {
  /** Folders to look for pg_dump in; the usual ones by default. */
  readonly programs?: readonly string[];
  readonly now: Date;
}

export interface Created {
  readonly manifest: Manifest;
  /** Of the database on the server, in bytes. */
  readonly size: number;
}

/** Rejects with a `BackupError` or `DatabaseError`; then there is no file. */
export async function createDump({ settings, onProgress, signal }: CreateRequest, file: string, { programs, now }: CreateOptions): Promise<Created> {
  const target = newFile(file);
  let session: BulkSession | undefined;
  try {
    onProgress?.(`Connecting to ${settings.name}`);
    session = await openBulkSession(settings, { purpose: "A dump", readOnly: true, ...(signal && { signal }) });
    await session.run("begin isolation level repeatable read read only");
    const [[[database, size]]] = (await session.run("select current_database(), pg_database_size(current_database())")) as unknown as [[[string, string]]];
    const { schema, rows } = await contentsOf(session, onProgress);
    const { by, bytes } = await dumpOf(session, settings, { programs, onProgress, signal });
    const hash = createHash("sha256");
    let length = 0;
    for await (const piece of /\.gz$/i.test(file) ? zipped(bytes) : bytes) {
      hash.update(piece);
      length += piece.length;
      target.write(piece);
    }
    if (signal?.aborted) throw new BackupError("It was cancelled. Nothing is left of the dump.", "cancelled");
    const manifest: Manifest = {
      version: 1, file: basename(file), bytes: length, sha256: hash.digest("hex"), madeAt: now.toISOString(), by,
      connection: settings.name, database, server: session.version.title, rows, schema: withoutInvalid(schema),
    };
    // First the name, which one alone can take: the manifest beside it is that one's.
    target.keep();
    try {
      writeManifest(file, manifest);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return { manifest, size: Number(size) };
  } finally {
    target.discard();
    await session?.close();
  }
}

interface Dump {
  readonly by: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

async function dumpOf(session: BulkSession, settings: ConnectionSettings, { programs, onProgress, signal }: Pick<CreateRequest, "onProgress" | "signal"> & { readonly programs?: readonly string[] }): Promise<Dump> {
  const program = fitting(await installedPrograms("pg_dump", programs), session.version.major);
  const environment = program && libpqEnvironment(directSettings(settings) ?? settings, settled(session.host!));
  if (!program || !environment) {
    const objects = await dumpObjects(session);
    return { by: "plumbline", bytes: dumpScript(session, objects, "plumbline", (title) => onProgress?.(`Dumping ${title}`)) };
  }
  const snapshot = (await session.run("select pg_export_snapshot()")).at(-1)![0]![0]!;
  onProgress?.(`Dumping with ${program.title}`);
  return { by: program.title, bytes: output(program.path, ["--format=plain", "--no-password", `--snapshot=${snapshot}`], environment, settings, signal) };
}

/** What the program writes. Iterating rejects with a `BackupError` where it fails: in its own words, without secrets. */
async function* output(path: string, args: readonly string[], environment: NodeJS.ProcessEnv, settings: ConnectionSettings, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  const child = spawn(path, [...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const cancel = (): void => void child.kill();
  signal?.addEventListener("abort", cancel, { once: true });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", (error) => {
      said += error.message;
      resolve(null);
    });
  });
  try {
    for await (const piece of child.stdout) yield piece as Uint8Array;
    const code = await ended;
    if (signal?.aborted) throw new BackupError("It was cancelled. Nothing is left of the dump.", "cancelled");
    if (code !== 0) throw new BackupError(`"${settings.name}" could not be dumped: ${redact(said.replace(/\s+/g, " ").trim() || `pg_dump ended with ${code}`, [settings.password], [settings.user, settings.database])} Nothing is left of the dump.`, "failed");
  } finally {
    signal?.removeEventListener("abort", cancel);
    child.kill();
  }
}

async function* zipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const source = Readable.from(bytes);
  const zip = createGzip();
  source.on("error", (error) => zip.destroy(error));
  source.pipe(zip);
  try {
    for await (const piece of zip) yield piece as Uint8Array;
  } catch (error) {
    throw error instanceof BackupError || error instanceof DatabaseError ? error : new BackupError(`The dump could not be packed: ${(error as Error).message}`, "failed");
  } finally {
    source.destroy();
    zip.destroy();
  }
}
