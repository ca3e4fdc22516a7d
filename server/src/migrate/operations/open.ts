// Puts the parts of a project's migrations together behind one interface: its folder, the parser, the journal and the
// database. Each operation reads what it needs anew, so that an open editor or a pull is never overlooked.
import { openBackups } from "../../backup/open";
import type { Config } from "../../config";
import type { Migration, MigrationFolder, MigrationStatus } from "../../model/migration";
import type { Problem, QualifiedName, SchemaModel } from "../../model/schema";
import { withoutOthers } from "../../other-schemas";
import type { Files } from "../../sources/source";
import { findFolder, foldersBeside, newFolder, recordedIn } from "../folders/find";
import { readHistory } from "../journal/index";
import { openScratch } from "../../databases/embedded/scratch";
import { openSession, type SessionOptions } from "../../databases/postgres/session";
import type { Session } from "../../databases/session";
import { loadSqlParser } from "../../sql/load";
import { readRecord } from "../record";
import type { RunContext, RunOptions } from "../run/context";
import { RunError } from "../run/progress";
import * as runner from "../run/runner";
import { migrationStatus } from "../status";
import { proveFolder } from "../prove/folder";
import { neededExtensions } from "../prove/limits";
import { beginProving } from "../prove/scratch";
import { leftBy } from "./begun";
import { planOfFile, runSqlFile } from "./file";
import { emptied, generatedFiles } from "./generating";
import { backupBefore } from "./backup-before";
import { unlikeCode, unlikeFolder } from "./baselining";
import type { Operations, RunRequest, StatusReading, Target } from "./operations";
import { planOf } from "./planning";
import { beginReading, reading } from "./reading";
import { provingPlace } from "./replayed";
import { inWordsOf } from "./spelling";
import { viewsInWordsOf } from "./view-spelling";
import { verification } from "./verifying";

export interface OperationsOptions {
  /** Editor buffers first, in the editor. */
  readonly files: Files;
  readonly config: Config;
  /** Absolute, with `/`: the folder that was named; undefined: the one that the settings or the schema's own config say. */
  readonly folder?: string;
  /** The one schema of the code as it stands now; undefined: the project has none. */
  schema(): SchemaModel | undefined;
  /** Names that the workspace's other schemas alone declare: what a database holds of them is none of this one's. */
  elsewhere?(): readonly QualifiedName[];
  /** The workspace's folders of migrations, its own among them: they may record in the same table. */
  folders?(): readonly MigrationFolder[];
  /** What was met in reading it. */
  problems?(): readonly Problem[];
  /** Where the embedded database's runtime lies, and where built and scratch databases are kept. */
  readonly embedded: { readonly runtime?: string; readonly cache?: string };
  /** Who runs, as the journal records it: "anna@laptop". */
  readonly by: string;
  readonly now: () => Date;
}

/** Reads nothing yet. What its operations reject with is a `RunError`, `FolderError`, `SessionError` or `DatabaseError`: messages for people. */
export function openOperations(options: OperationsOptions): Operations {
  const stop = (message: string): RunError => new RunError(message, "stopped before", { done: [], status: [] });
  const scratch = { folder: options.files.root, ...options.embedded };
  const folder = (target?: Target): MigrationFolder => {
    const found = wantedFolder(options);
    if (found) return recordedIn({ ...found, beside: foldersBeside(found, options.folders?.() ?? []) }, target?.kind === "connection" ? target.settings.schema : undefined);
    throw stop(options.folder === undefined ? "This project has no migrations yet." : `${options.folder} holds no migrations. Expected meta/_journal.json (Drizzle), folders with migration.sql (Drizzle 1.0, Prisma) or NNNN_name.sql.`);
  };
  /** Around an error in the code nobody knows what is declared: the owners' tools stop there as well. */
  const refuseErrors = (): void => {
    const error = options.problems?.().find(({ kind, at }) => kind === "syntax" && at);
    if (!error?.at) return;
    const { file, start } = error.at;
    throw stop(`${file.startsWith(`${options.files.root}/`) ? file.slice(options.files.root.length + 1) : file}:${(options.files.read(file) ?? "").slice(0, start).split("\n").length}: ${error.message.replace(/\.$/, "")}. Nothing is compared or made of a schema with such an error: mend that first.`);
  };
  const status = async (target: Target, signal?: AbortSignal): Promise<StatusReading> => {
    const read = folder(target);
    const { applied, marker, invalidIndexes } = await reading(target, scratch, options.schema(), signal, ({ query }) => readRecord(read, query));
    return { migrations: migrationStatus(read, applied, marker), problems: invalidIndexes };
  };
  /** What was read of a database, in the code's own words where these mean the same. */
  const wordedAs = async (schema: SchemaModel, standing: SchemaModel, signal?: AbortSignal): Promise<SchemaModel> => {
    const spelled = await inWordsOf(schema, withoutOthers(standing, options.elsewhere?.() ?? []), scratch, signal);
    return (await viewsInWordsOf(schema, spelled, { recorded: [], files: options.files, scratch }, signal)).standing;
  };
  /** `scripts`: all that may run there. */
  const connect = (target: Target, scripts: readonly string[]) => (signal?: AbortSignal, options: Pick<SessionOptions, "reads"> = {}): Promise<Session> => (target.kind === "embedded" ? openScratch({ ...scratch, extensions: neededExtensions(scripts), ...(signal && { signal }) }) : openSession(target.settings, { ...options, ...(signal && { signal }) }));
  const context = async (target: Target): Promise<RunContext> => {
    const read = folder(target);
    return { folder: read, parser: await loadSqlParser(), by: options.by, connect: connect(ownTarget(read, target), scriptsOf(read)) };
  };
  const backups = openBackups({ setting: options.config.backups, root: options.files.root, schema: options.schema, now: options.now, ...(options.embedded.runtime !== undefined && { runtime: options.embedded.runtime }) });
  const runOptions = (request: RunRequest): RunOptions => {
    const { lossesConfirmed, shown, confirmed, onEvent, signal } = request;
    const before = backupBefore(request, { backups, standard: options.config.backups.before });
    return { lossesConfirmed, ...(shown && { shown }), ...(before && { before }), ...(confirmed !== undefined && { confirmed }), ...(onEvent && { onEvent }), ...(signal && { signal }) };
  };
  const counted = (request: RunRequest): RunOptions & { readonly count?: number } => ({ ...runOptions(request), ...(request.count !== undefined && { count: request.count }) });
  const inSession = async <Result>(target: Target, signal: AbortSignal | undefined, use: (session: Session, read: MigrationFolder) => Promise<Result>): Promise<Result> => {
    const read = folder(target);
    const session = await connect(ownTarget(read, target), scriptsOf(read))(signal, { reads: true });
    return use(session, read).finally(() => session.close());
  };
  const operations: Operations = {
    backups,
    planFile: (request) => planOfFile(request, options.files, scratch),
    runFile: (request) => runSqlFile(request, options.files, { by: options.by, connect: connect(request.target, [options.files.read(request.file) ?? ""]) }, runOptions(request)),
    get folder() {
      return wantedFolder(options);
    },
    async generate(request, signal) {
      const schema = options.schema() ?? (request.empty ? noSchema : undefined);
      if (!schema) throw stop("There is no schema in the code to compare with. Write the migration by hand: migrate new --empty.");
      if (!request.empty && !request.changes) refuseErrors();
      const { migrations, indexName } = options.config;
      const own = wantedFolder(options) ?? newFolder(options.files, schema, options.folder === undefined ? migrations : { ...migrations, folder: options.folder });
      return generatedFiles(request, { files: options.files, folder: own, schema, elsewhere: options.elsewhere?.() ?? [], scratch, now: options.now(), ...(indexName !== undefined && { indexName }) }, signal);
    },
    begin({ from, proof }, signal) {
      // A plan and a proof need it, and its WebAssembly is compiled by another thread.
      loadSqlParser().catch(() => undefined);
      const proving = proof ? beginProving(scratch) : undefined;
      const read = from && beginReading(from, scratch, signal);
      return { ...(read && { reading: read }), ...(proving && { proving }), close: async () => void (await Promise.all([read?.close(), proving?.end()])) };
    },
    plan: (request) => planOf(request, folder(request.target), options.schema(), scratch),
    status,
    history: (target, signal) => reading(target, scratch, options.schema(), signal, ({ query }) => readHistory(folder(target), query)),
    async verify(target, signal) {
      const parser = await loadSqlParser();
      return inSession(target, signal, (session, read) => verification(session, read, parser, scratch, signal));
    },
    up: async (request) => runner.up(await context(request.target), counted(request)),
    down: async (request) => runner.down(await context(request.target), counted(request)),
    async to(request) {
      if (request.to === undefined) throw stop("To which migration? Name its version or its id.");
      return runner.to(await context(request.target), { ...runOptions(request), to: request.to });
    },
    repair: async ({ resolved, ...request }) => {
      const opened = await context(request.target);
      const look = async (session: Session, migration: Migration, status: readonly MigrationStatus[]) => leftBy(migration, session, opened.folder, status, await provingPlace(scratch, request.signal));
      return runner.repair(opened, { ...runOptions(request), ...(resolved ? { resolved } : { look }) });
    },
    async baseline({ write, ...request }) {
      refuseErrors();
      const schema = options.schema();
      const { target, signal } = request;
      const unlike = schema
        ? unlikeCode(await wordedAs(schema, await reading(target, scratch, schema, signal, async (reader) => (await reader.readAll()).reading.model), signal), schema)
        : await inSession(target, signal, async (session, read) => unlikeFolder(session, read, options.files, await provingPlace(scratch, signal)));
      if (unlike !== undefined) throw stop(unlike);
      if (schema && !wantedFolder(options)) {
        if (!write) throw stop("This project has no migrations yet. Generate the first one, then record it as applied.");
        const { written, proof = [] } = await operations.generate({ name: "baseline", from: emptied(schema) }, signal);
        if (proof.length > 0) throw stop(`The first migration does not prove true on the embedded database, so nothing was written: ${proof[0]} Write it with "plumbline migrate new", mend it, and record it then.`);
        const failure = await write(written);
        if (failure !== undefined) throw stop(failure);
      }
      return runner.baseline(await context(target), runOptions(request));
    },
    async test(listener, signal) {
      return proveFolder(folder(), await provingPlace(scratch, signal), listener);
    },
  };
  return operations;
}

/** What a migration that is written by hand needs none of: its folder is one of plain SQL where there is none yet. */
const noSchema: SchemaModel = { id: "", source: "sql", dialect: "postgresql", tables: [], enums: [] };

function scriptsOf({ migrations }: MigrationFolder): readonly string[] {
  return migrations.flatMap(({ up, down }) => [up.sql, down?.sql ?? ""]);
}

function wantedFolder({ files, folder, config, schema }: OperationsOptions): MigrationFolder | undefined {
  const { migrations } = config;
  return findFolder(files, schema(), folder === undefined ? migrations : { ...migrations, folder });
}

/** As the folder's owner would open it: Drizzle's drivers pass Prisma's `?schema=` over. */
function ownTarget({ format }: MigrationFolder, target: Target): Target {
  if (target.kind !== "connection" || !format.startsWith("drizzle")) return target;
  const { schema: _, ...settings } = target.settings;
  return { kind: "connection", settings };
}
