// `plumbline backup create`, `verify` and `restore`: what came of it on standard output, progress on standard error. A dump
// is called a backup only once it was restored.
import { stdin } from "node:process";
import { BackupError, type Backups } from "../backup/backup";
import { openBackups } from "../backup/open";
import { chooseConnection } from "../databases/connections/find";
import type { ConnectionSettings } from "../databases/connections/settings";
import { DatabaseError } from "../databases/database";
import { counted } from "../report/counted";
import { bytes as sizeText } from "../report/health";
import { askToType } from "./ask";
import type { BackupOptions, CreateOptions, RestoreOptions, VerifyOptions } from "./backup-commands";
import { refuse } from "./check";
import { interruptible } from "./database";
import { resolvePath, withSlashes } from "./disk-files";
import { isPostgres } from "./embedded";
import { exit, type Terminal } from "./terminal";
import { openWorkspace } from "./workspace";

/** Exit code 1 where it was restored at once, and is not what it should be. */
export async function create(options: CreateOptions, terminal: Terminal): Promise<number> {
  return withBackups(options, terminal, async ({ backups, connection, path }, signal) => {
    const verify = options.verify === undefined ? "small" : options.verify ? "always" : "never";
    const made = await backups.create({ settings: connection(options.database), verify, signal, onProgress: terminal.progress, ...(options.out !== undefined && { file: path(options.out) }) });
    const { bytes, by, rows, verified, unverified, server, database } = made;
    const counts = Object.values(rows);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (options.format === "json") terminal.write(`${JSON.stringify({ version: 1, file: made.path, database, server, by, bytes, sha256: made.sha256, tables: counts.length, rows: total, verified: verified ?? null, unverified }, undefined, 2)}\n`);
    else terminal.write(`${made.path}\n`);
    terminal.tell(`${database} (${server}), dumped by ${by}: ${counted(counts.length, "table")}, ${counted(total, "row")}, ${sizeText(bytes)}.`);
    if (verified) terminal.tell(`${terminal.errorColors.green("✓")} Restored into ${verified.on} and compared: it is a backup.`);
    else for (const reason of unverified) terminal.tell(`${terminal.errorColors.yellow("!")} ${reason}`);
    if (!verified) terminal.tell(`A dump that was never restored is no backup yet: plumbline backup verify ${made.path}`);
    return made.wrong ? exit.findings : exit.clean;
  });
}

/** Exit code 1 where it is no backup. */
export async function verify(file: string, options: VerifyOptions, terminal: Terminal): Promise<number> {
  return withBackups(options, terminal, async ({ backups, connection, path, bytes }, signal) => {
    const { database, against, confirm } = options;
    const on = database === undefined || database === "embedded" ? "embedded" : connection(database);
    const known = against === undefined || against === "manifest" || against === "code" || against === "nothing" ? against : connection(against);
    const result = await backups.verify({ file: bytes(file), on, signal, onProgress: terminal.progress, ...(known !== undefined && { against: known }), ...(confirm !== undefined && { confirmed: confirm }) });
    const sound = result.problems.length === 0;
    if (options.format === "json") terminal.write(`${JSON.stringify({ version: 1, file: file === "-" ? null : path(file), backup: sound, on: result.on, against: result.against ?? null, tables: result.tables, rows: result.rows, problems: result.problems, notes: result.notes }, undefined, 2)}\n`);
    else for (const problem of result.problems) terminal.write(`${terminal.colors.red("✗")} ${problem}\n`);
    for (const note of result.notes) terminal.tell(`${terminal.errorColors.yellow("note:")} ${note}`);
    const compared = result.against === undefined ? "there was nothing to compare it with (--against)" : `compared with ${result.against}`;
    terminal.tell(sound
      ? `${terminal.errorColors.green("✓")} It is a backup: restored into ${result.on}, ${counted(result.tables, "table")} with ${counted(result.rows, "row")}; ${compared}.`
      : `${terminal.errorColors.red("✗")} It is no backup: ${counted(result.problems.length, "problem")}; it was tried on ${result.on}, and ${compared}.`);
    return sound ? exit.clean : exit.findings;
  });
}

/** Asks for the database's name where nobody has given it. */
export async function restore(file: string, options: RestoreOptions, terminal: Terminal): Promise<number> {
  return withBackups(options, terminal, async ({ backups, connection, bytes }, signal) => {
    const settings = connection(options.database);
    const wanted = settings.production ? settings.name : settings.database;
    const confirmed = options.confirm ?? (terminal.asks && file !== "-" ? await askToType(`This restores ${file} into ${settings.production ? "the production database " : ""}${wanted}${options.replace ? ", and what is in it goes" : ""}. Type ${wanted}`, wanted) : undefined);
    if (confirmed === undefined) return refuse(`Nobody can be asked here: add --confirm ${wanted}.`, terminal);
    const { tables, rows, notes } = await backups.restore({
      settings, file: bytes(file), confirmed, noOwner: !options.owner, signal, onProgress: terminal.progress,
      ...(options.replace && { replace: options.backup ? "with a dump" as const : "without a dump" as const }),
    });
    if (options.format === "json") terminal.write(`${JSON.stringify({ version: 1, database: settings.database, tables, rows, notes }, undefined, 2)}\n`);
    for (const note of notes) terminal.tell(`${terminal.errorColors.yellow("note:")} ${note}`);
    terminal.tell(`${terminal.errorColors.green("✓")} Restored into ${settings.database}: ${counted(tables, "table")} with ${counted(rows, "row")}.`);
    return exit.clean;
  });
}

interface Opened {
  readonly backups: Backups;
  connection(name: string | undefined): ConnectionSettings;
  /** Absolute, from --cwd. */
  path(given: string): string;
  /** A path, or standard input for "-". */
  bytes(given: string): string | AsyncIterable<Uint8Array>;
}

/** Ctrl+C cancels; what is refused becomes a message and exit code 2. */
async function withBackups(options: BackupOptions, terminal: Terminal, use: (opened: Opened, signal: AbortSignal) => Promise<number>): Promise<number> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  const backups = openBackups({
    setting: workspace.config.backups, root: workspace.root, now: () => new Date(),
    schema() {
      const models = workspace.project.report().schemas.map(({ model }) => model).filter((model) => isPostgres(model) && (options.schema === undefined || model.id === options.schema));
      return models.length === 1 ? models[0] : undefined;
    },
  });
  const path = (given: string): string => resolvePath(workspace.root, withSlashes(given));
  const connection = (name: string | undefined): ConnectionSettings => {
    if (name === "embedded") throw new DatabaseError("The embedded database is made from files and holds nothing to keep: name a connection.", "unsupported");
    return chooseConnection(name, { files: workspace.files, environment: terminal.environment, connections: workspace.config.connections, configFile: workspace.configFile, trusted: true });
  };
  const result = await interruptible<number>(terminal, async (signal) => {
    try {
      return await use({ backups, connection, path, bytes: (given) => (given === "-" ? (stdin as AsyncIterable<Uint8Array>) : path(given)) }, signal);
    } catch (error) {
      if (error instanceof BackupError) throw new DatabaseError(error.message, "failed");
      throw error;
    }
  });
  return typeof result === "number" ? result : refuse(result.message, terminal);
}
