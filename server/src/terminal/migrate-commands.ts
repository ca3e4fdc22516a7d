// `plumbline migrate …` as the command line has it: which commands there are and what they take. What they do stands in
// migrate.ts and migrate-run.ts, which are loaded when one of them runs.
import type { Command, Option } from "commander";
import type { PlainFormat } from "./arguments";
import type { Terminal } from "./terminal";

export interface MigrateOptions {
  readonly cwd?: string;
  readonly config?: string;
  readonly schema?: string;
  readonly folder?: string;
  readonly format: PlainFormat;
}

/** `common` adds what every command takes; `done` takes the exit code. */
export function migrateCommands(program: Command, common: (command: Command) => Command, format: () => Option, terminal: Terminal, done: (code: number) => void): void {
  const migrate = program.command("migrate").description("Write a project's migrations, show what they would do to a database, apply them and take them back.").exitOverride();
  const command = (name: string, description: string): Command => common(migrate.command(name).description(description))
    .option("--folder <path>", "The migration folder. Default: the one that the settings, drizzle.config.*, or Prisma's files name.")
    .addOption(format());

  command("status", "List the migrations: applied, pending, edited, missing, out of order, half-applied.")
    .option("--database <name...>", "Its URL, the name of a connection, or embedded; several stand side by side. Default: the connection that this folder's files name.")
    .option("--history", "Every run as well: when, by whom, how long, and how it ended.", false)
    .addHelpText("after", "\nExit codes: 0 all applied, 1 something is pending, edited, missing or half-applied, 2 could not run.")
    .action(async (options: MigrateOptions & { database?: string[]; history: boolean }) => done(await (await import("./migrate")).status(options, terminal)));

  command("plan", "Show what up (or down) would run: each statement with its lock, whom it blocks and for how long. Writes nothing.")
    .argument("[count]", "How many migrations. Default: all that are pending; with --down, one.")
    .option("--database <name>", "Its URL, the name of a connection, or embedded. Default: the connection that this folder's files name.")
    .option("--down", "What would be taken back.", false)
    .option("--to <version>", "Up to and with this migration, or down to it.")
    .addHelpText("after", "\nExit codes: 0 nothing stands in its way, 1 something stops it, 2 could not run.")
    .action(async (count: string | undefined, options: MigrateOptions & { database?: string; down: boolean; to?: string }) => done(await (await import("./migrate")).plan(count, options, terminal)));

  const database = (one: Command): Command => one.option("--database <name>", "Its URL, the name of a connection, or embedded. Default: the connection that this folder's files name.");
  const asking = (one: Command): Command => database(one)
    .option("--yes", "Do it without asking, what loses data included.", false)
    .option("--confirm <name>", "The name of a connection that is marked as production: there --yes is not enough.")
    .option("--no-backup", "Without the dump that the setting \"backups\" wants before it: by default, before a statement that loses data.");

  command("new", "Write the difference between the schema code and the folder (or a database) as a new migration, with its way back.").alias("create")
    .argument("<name>", "What it does, such as add-client-index.")
    .option("--database <name>", "Compare the code with this database instead of what the folder's migrations lead to.")
    .option("--from <schema>", "Compare the code with another schema instead: drizzle:PATH or prisma:PATH.")
    .option("--table <name...>", "These tables alone.")
    .option("--file <path...>", "The tables alone that these files of the schema declare.")
    .option("--rename <from=to...>", "orders.customer=client_id: the column (or table, type, sequence, schema, role) was renamed; orders=sales.orders: moved to another schema; status.paid=settled: the value of an enum.")
    .option("--no-rename", "What looks like a rename is none: drop the one and add the other.")
    .option("--empty", "Without statements, to be written by hand: up, down and verify parts.", false)
    .option("--force", "Write it although its proof on the embedded database failed.", false)
    .option("--no-proof", "Do not run it on the embedded database first.")
    .option("--plan", "Then show what up would run on the database, as migrate plan does.", false)
    .addHelpText("after", "\nIt is proved on the embedded database first: up, compared with the code, down, compared with before.\nPrints the paths that it has written.\nExit codes: 0 written, or nothing differs, 2 could not run, or the proof failed; with --plan 1 where something stops the run.")
    .action(async (name: string, options: NewOptions) => done(await (await import("./migrate-new")).newMigration(name, options, terminal)));

  for (const [name, description] of [["up", "Apply the next migrations; without a count, all that are pending."], ["down", "Take the last migrations back; without a count, one."]] as const)
    asking(command(name, description)).argument("[count]", "How many.").option("--dry-run", "Show the plan and write nothing.", false)
      .addHelpText("after", "\nExit codes: 0 done, 2 could not run, or stopped; with --dry-run 1 where something stops it.")
      .action(async (count: string | undefined, options: RunCommandOptions & { dryRun: boolean }) => done(options.dryRun
        ? await (await import("./migrate")).plan(count, { ...options, down: name === "down" }, terminal)
        : await (await import("./migrate-run")).run(name, { ...options, ...(count !== undefined && { count }) }, terminal)));
  asking(command("to", "Apply or take back whatever leads to this migration.")).argument("<version>", "Its version, or its whole name.").addHelpText("after", codes)
    .action(async (version: string, options: RunCommandOptions) => done(await (await import("./migrate-run")).run("to", { ...options, to: version }, terminal)));
  asking(command("repair", "Bring half-applied migrations to their end; of those that another tool began, what they have left is looked for."))
    .option("--applied", "What was begun is there as a whole: record it as applied, and run nothing (as prisma migrate resolve --applied).", false)
    .option("--rolled-back", "Nothing of it is left: record it as rolled back, so that it is pending again (as prisma migrate resolve --rolled-back).", false).addHelpText("after", codes)
    .action(async (options: RunCommandOptions) => done(await (await import("./migrate-run")).run("repair", options, terminal)));
  asking(command("baseline", "Record all migrations as applied without running them, where the database is already as the code says, or as the files do where the code has no schema. A schema without migrations gets its first one.")).addHelpText("after", codes)
    .action(async (options: RunCommandOptions) => done(await (await import("./migrate-run")).run("baseline", options, terminal)));
  command("test", "Prove every file on the embedded database, with made-up rows in every table: up, down where there is one, up again.")
    .addHelpText("after", `
Schemas, counts and values are compared in between. What is lost on purpose says so: "-- irreversible: why" in its down part.
Exit codes: 0 all are proved, 1 one failed, or needs what the embedded database lacks, 2 could not run.`)
    .action(async (options: MigrateOptions) => done(await (await import("./migrate-test")).testMigrations(options, terminal)));
  asking(command("run", "Run a SQL file by hand, with the same plan and safety as a migration; it is recorded nowhere."))
    .argument("<file>", "Statements of SQL, as the server takes them.")
    .option("--transaction", "All statements in one transaction. Without it each is by itself, or in the transaction that the file opens.", false)
    .option("--expect <select>", "Check the result: it must give a row, and the first value of each row must be true. With --transaction, what does not hold is taken back.")
    .option("--dry-run", "Show what would run, and run nothing.", false)
    .addHelpText("after", "\nExit codes: 0 done, 1 what --expect asks does not hold, 2 could not run, or stopped; with --dry-run 1 where something stops it.")
    .action(async (file: string, options: FileOptions) => done(await (await import("./migrate-file")).runFile(file, options, terminal)));
  database(command("verify", "Compare the record of migrations with their files, look for what they made, for INVALID indexes, and run the migrations' verify queries."))
    .addHelpText("after", "\nExit codes: 0 all holds, 1 something does not or is not applied, 2 could not run.")
    .action(async (options: MigrateOptions & { database?: string }) => done(await (await import("./migrate-run")).verify(options, terminal)));
}

const codes = "\nExit codes: 0 done, or nothing was to do, 2 could not run, or stopped.";

export interface NewOptions extends MigrateOptions {
  readonly database?: string;
  /** As `diff` takes it. */
  readonly from?: string;
  readonly table?: readonly string[];
  readonly file?: readonly string[];
  /** False for --no-rename. */
  readonly rename?: readonly string[] | boolean;
  readonly empty: boolean;
  readonly force: boolean;
  /** False for --no-proof. */
  readonly proof: boolean;
  readonly plan: boolean;
}

export interface FileOptions extends RunCommandOptions {
  readonly transaction: boolean;
  readonly expect?: string;
  readonly dryRun: boolean;
}

export interface RunCommandOptions extends MigrateOptions {
  readonly database?: string;
  readonly count?: string;
  readonly to?: string;
  /** Of repair, at most one of the two. */
  readonly applied?: boolean;
  readonly rolledBack?: boolean;
  readonly yes: boolean;
  readonly confirm?: string;
  /** False for --no-backup. */
  readonly backup: boolean;
}
