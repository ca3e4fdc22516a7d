// Proves a dump: restores it into a throw-away database, compares what is there with what is expected, and removes the
// database again, whatever happened. Nothing else is changed.
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { openEmbeddedBulkSession } from "../databases/embedded/bulk";
import { createdExtensions } from "../databases/embedded/extensions";
import type { BulkSession } from "../databases/bulk";
import { DatabaseError } from "../databases/database";
import { directSettings } from "../databases/connections/pooler";
import type { ConnectionSettings } from "../databases/connections/settings";
import { openBulkSession } from "../databases/postgres/bulk";
import type { SchemaModel } from "../model/schema";
import { BackupError, type BackupVerification, type VerifyRequest } from "./backup";
import { contentsOf, countProblems, schemaProblems, type Contents } from "./contents";
import { dropLeftovers, markTemporary } from "./leftovers";
import { load } from "./load";
import { fileProblem, manifestOf, readManifest } from "./manifest";
import { scriptParts, type ScriptPart } from "./script-reader";
import { scriptSource } from "./script-source";

export interface VerifyOptions {
  readonly programs?: readonly string[];
  /** Where the embedded database's runtime lies. */
  readonly runtime?: string;
  /** The schema of the code; undefined: there is none. */
  schema(): SchemaModel | undefined;
}

/** Rejects with a `BackupError` where it could not be tried (no such file, no server), with what is wrong in the dump as `problems`. */
export async function verifyDump(request: VerifyRequest, options: VerifyOptions): Promise<BackupVerification> {
  const { file, on, signal, onProgress } = request;
  if (on !== "embedded" && on.production && request.confirmed !== on.name) throw new BackupError(`"${on.name}" is marked as production: its name must be typed to make a temporary database on that server (--confirm ${on.name}). Nothing was done.`, "not confirmed");
  const expected = await expectedContents(request, options);
  const changed = expected?.file === undefined ? undefined : await expected.file;
  const { title, bytes } = scriptSource(file, { ...(options.programs && { programs: options.programs }), ...(signal && { signal }) });
  const { parts, extensions } = await preamble(scriptParts(bytes));
  const place = await openPlace(request, extensions, options.runtime);
  try {
    const { notes } = await load(parts, place.session, { title, roles: on === "embedded" ? "made" : "left out", onProgress });
    onProgress?.("Comparing");
    const found = await contentsOf(place.session, onProgress);
    const counts = Object.values(found.rows);
    const nothing = counts.length === 0 && Object.keys(expected?.contents.rows ?? {}).length > 0 ? ["It restores to a database without a single table."] : [];
    return {
      problems: [...(changed === undefined ? [] : [changed]), ...nothing, ...(expected ? [...schemaProblems(expected.contents.schema, found.schema, expected.additions), ...expected.counts(found.rows)] : [])],
      tables: counts.length, rows: counts.reduce((sum, count) => sum + count, 0), notes: [...place.notes, ...notes, ...(expected?.notes?.(found.rows) ?? [])], on: place.title, ...(expected && { against: expected.title }),
    };
  } catch (error) {
    if (signal?.aborted) throw new BackupError("It was cancelled, and the throw-away database is gone.", "cancelled");
    // What the dump is guilty of is the answer; what keeps it from being tried is not.
    if (!(error instanceof BackupError) || error.kind !== "failed") throw error;
    return { problems: [...(changed === undefined ? [] : [changed]), error.message], tables: 0, rows: 0, notes: place.notes, on: place.title, ...(expected && { against: expected.title }) };
  } finally {
    await place.close();
  }
}

interface Expected {
  readonly title: string;
  readonly contents: Contents;
  readonly additions: "count" | "are allowed";
  counts(found: Contents["rows"]): readonly string[];
  /** Full sentences: what differs, and may. */
  notes?(found: Contents["rows"]): readonly string[];
  /** What is wrong with the file itself. */
  readonly file?: Promise<string | undefined>;
}

async function expectedContents({ file, against, onProgress, signal }: VerifyRequest, { schema }: VerifyOptions): Promise<Expected | undefined> {
  if (against === "nothing") return undefined;
  if (typeof against === "object") return liveContents(against, onProgress, signal);
  const manifest = against === "code" || typeof file !== "string" ? undefined : readManifest(file);
  if (manifest && typeof file === "string") return { title: `the manifest ${basename(manifestOf(file))}`, contents: manifest, additions: "count", counts: (found) => countProblems(manifest.rows, found), file: fileProblem(file, manifest) };
  if (against === "manifest") throw new BackupError(typeof file === "string" ? `There is no manifest ${manifestOf(file)}. Compare with the schema of the code (--against code), or with a database (--against NAME).` : "Standard input has no manifest beside it. Compare with the schema of the code (--against code), or with a database (--against NAME).", "refused");
  const code = schema();
  if (!code) {
    if (against === "code") throw new BackupError("There is no PostgreSQL schema in the code to compare with.", "refused");
    return undefined;
  }
  return { title: "the schema of the code", contents: { schema: code, rows: {} }, additions: "are allowed", counts: () => [] };
}

/** A database in use goes on changing, so its counts are no measure; a table with rows there and none in the dump is. */
async function liveContents(settings: ConnectionSettings, onProgress: VerifyRequest["onProgress"], signal: AbortSignal | undefined): Promise<Expected> {
  const session = await openBulkSession(settings, { purpose: "Comparing", readOnly: true, ...(signal && { signal }) });
  try {
    await session.run("begin isolation level repeatable read read only");
    const contents = await contentsOf(session, onProgress);
    const counts = (found: Contents["rows"]): readonly string[] => Object.entries(contents.rows).flatMap(([table, rows]) => (rows > 0 && found[table] === 0 ? [`The table ${table} is empty, and has ${rows} rows in "${settings.name}".`] : []));
    const notes = (found: Contents["rows"]): readonly string[] => {
      const others = countProblems(contents.rows, found);
      const more = others.length > 5 ? ` And so of ${others.length - 5} more tables.` : "";
      return others.length === 0 ? [] : [`By what "${settings.name}" holds now, which may have changed since the dump: ${others.slice(0, 5).join(" ")}${more}`];
    };
    return { title: `the database "${settings.name}"`, contents, additions: "count", counts, notes };
  } finally {
    await session.close();
  }
}

interface Preamble {
  /** All parts, from the first on. */
  readonly parts: AsyncIterable<ScriptPart>;
  readonly extensions: readonly string[];
}

/** Reads a dump's beginning, up to where its extensions are known: PGlite must load them before it starts. What goes wrong there comes with the parts. Rejects with a `BackupError` for what is no dump at all. */
async function preamble(source: AsyncIterable<ScriptPart>): Promise<Preamble> {
  const iterator = source[Symbol.asyncIterator]();
  const first: ScriptPart[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      first.push(next.value);
      if (next.value.kind === "copy" || (next.value.kind === "statement" && !/^(set|select|comment|create\s+(schema|extension|database)|alter\s+(schema|database|extension)|grant|revoke)\b/i.test(next.value.sql))) break;
    }
  } catch (error) {
    if (error instanceof BackupError && error.kind === "refused") throw error;
    failure = { error };
  }
  async function* parts(): AsyncGenerator<ScriptPart, void, undefined> {
    yield* first;
    if (failure !== undefined) throw failure.error;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { parts: parts(), extensions: createdExtensions(first.map((part) => (part.kind === "statement" ? `${part.sql};` : "")).join("\n")) };
}

interface Place {
  readonly session: BulkSession;
  readonly title: string;
  /** Full sentences: what was found there. */
  readonly notes: readonly string[];
  /** Removes the database. Never rejects. */
  close(): Promise<void>;
}

async function openPlace({ on, onProgress, signal }: VerifyRequest, extensions: readonly string[], runtime: string | undefined): Promise<Place> {
  if (on === "embedded") {
    onProgress?.("Starting the embedded database");
    const session = await openEmbeddedBulkSession({ extensions, ...(runtime !== undefined && { runtime }), ...(signal && { signal }) });
    return { session, title: `the embedded ${session.version.title}`, notes: [], close: () => session.close() };
  }
  onProgress?.(`Connecting to ${on.name}`);
  // Without the signal: it has to remove the database also where everything else was cancelled.
  const keeper = await openBulkSession(on, { purpose: "Verifying" });
  const database = `plumbline_verify_${randomBytes(6).toString("hex")}`;
  const remove = async (): Promise<void> => {
    await keeper.run(`drop database if exists "${database}" with (force)`).catch(() => undefined);
    await keeper.close();
  };
  try {
    await keeper.run(`create database "${database}" template template0 encoding 'UTF8'`);
    await markTemporary(keeper, database);
    const notes = await dropLeftovers(keeper);
    const session = await openBulkSession({ ...(directSettings(on) ?? on), name: on.name, database }, { purpose: "Verifying", ...(signal && { signal }) });
    return { session, title: `a temporary database of "${on.name}" (${session.version.title})`, notes, close: async () => (await session.close(), remove()) };
  } catch (error) {
    await remove();
    throw error instanceof DatabaseError && error.code === "42501" ? new BackupError(`The user of "${on.name}" may not make a temporary database there: ${error.message}. Have CREATEDB granted, or verify on the embedded database.`, "refused") : error;
  }
}
