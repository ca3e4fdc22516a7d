// `plumbline backup …` as the command line has it: which commands there are and what they take. What they do stands in
// backup.ts, which is loaded when one of them runs.
import type { Command, Option } from "commander";
import type { PlainFormat } from "./arguments";
import type { Terminal } from "./terminal";

export interface BackupOptions {
  readonly cwd?: string;
  readonly config?: string;
  readonly schema?: string;
  readonly database?: string;
  readonly format: PlainFormat;
}

export interface CreateOptions extends BackupOptions {
  readonly out?: string;
  /** Undefined: where the database is small. */
  readonly verify?: boolean;
}

export interface RestoreOptions extends BackupOptions {
  readonly confirm?: string;
  readonly replace: boolean;
  /** False for --no-backup. */
  readonly backup: boolean;
  /** False for --no-owner. */
  readonly owner: boolean;
}

export interface VerifyOptions extends BackupOptions {
  readonly against?: string;
  readonly confirm?: string;
}

/** `common` adds what every command takes; `done` takes the exit code. */
export function backupCommands(program: Command, common: (command: Command) => Command, format: () => Option, terminal: Terminal, done: (code: number) => void): void {
  const backup = program.command("backup").description("Dump a database, restore a dump, and prove that a dump restores.").exitOverride();
  const command = (name: string, description: string): Command => common(backup.command(name).description(description)).addOption(format());
  const connection = "Its URL, or the name of a connection. Default: the connection that this folder's files name.";

  command("create", "Dump a database into a new file: with pg_dump where one is installed that is new enough, else over the connection.")
    .option("--database <name>", connection)
    .option("--out <file>", "The file to write; .gz packs it. Default: DATABASE-TIME.sql.gz in the folder of the setting \"backups\".")
    .option("--verify", "Restore it into the embedded database at once and compare. Default: where the database is smaller than 64 MB.")
    .option("--no-verify", "Leave that for later.")
    .addHelpText("after", "\nPrints the path of the dump. FILE.json beside it says what it must hold; \"backup verify\" compares with that.\nExit codes: 0 written, 1 written, but it does not restore as it should, 2 could not run.")
    .action(async (options: CreateOptions) => done(await (await import("./backup")).create(options, terminal)));

  command("verify", "Restore a dump into a throw-away database, compare tables, rows and schema with what is expected, and remove the database again.")
    .argument("<file>", "A dump: plain SQL, gzip, or an archive of pg_dump; - for standard input.")
    .option("--database <name>", "Where to restore it: embedded, or a connection, on whose server a temporary database is made.", "embedded")
    .option("--against <what>", "What it must hold: manifest (FILE.json), code (the schema of the code), nothing, or a connection. Default: manifest where there is one, else code.")
    .option("--confirm <name>", "The name of a connection that is marked as production, to make a temporary database on its server.")
    .addHelpText("after", "\nAn archive needs pg_restore on this machine.\nExit codes: 0 it is a backup, 1 it is not, 2 could not run.")
    .action(async (file: string, options: VerifyOptions) => done(await (await import("./backup")).verify(file, options, terminal)));

  command("restore", "Restore a dump into an empty database, in one transaction: in full, or not at all.")
    .argument("<file>", "A dump: plain SQL, gzip, or an archive of pg_dump; - for standard input.")
    .option("--database <name>", connection)
    .option("--confirm <name>", "The name of the database that it is restored into; the connection's, where that is marked as production.")
    .option("--replace", "Let go of what is in the database. A dump of it is made first.", false)
    .option("--no-backup", "With --replace: without that dump.")
    .option("--no-owner", "Leave owners and privileges out: everything belongs to the connection's user.")
    .addHelpText("after", "\nExit codes: 0 restored, 2 could not run; then the database is as it was before.")
    .action(async (file: string, options: RestoreOptions) => done(await (await import("./backup")).restore(file, options, terminal)));
}
