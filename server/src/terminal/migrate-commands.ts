// `plumbline migrate …` as the command line has it: which commands there are and what they take. What they do stands in
// migrate.ts, which is loaded when one of them runs.
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
  const migrate = program.command("migrate").description("Show what a project's migrations would do to a database, and what they have done.").exitOverride();
  const command = (name: string, description: string): Command => common(migrate.command(name).description(description))
    .option("--folder <path>", "The migration folder. Default: the one that the settings, drizzle.config.*, or Prisma's files name.")
    .addOption(format());

  command("status", "List the migrations: applied, pending, edited, missing, out of order, half-applied.")
    .option("--database <name...>", "Its URL, the name of a connection, or embedded; several stand side by side. Default: the connection that this folder's files name.")
    .addHelpText("after", "\nExit codes: 0 all applied, 1 something is pending, edited, missing or half-applied, 2 could not run.")
    .action(async (options: MigrateOptions & { database?: string[] }) => done(await (await import("./migrate")).status(options, terminal)));

  command("plan", "Show what up (or down) would run: each statement with its lock, whom it blocks and for how long. Writes nothing.")
    .argument("[count]", "How many migrations. Default: all that are pending; with --down, one.")
    .option("--database <name>", "Its URL, the name of a connection, or embedded. Default: the connection that this folder's files name.")
    .option("--down", "What would be taken back.", false)
    .option("--to <version>", "Up to and with this migration, or down to it.")
    .addHelpText("after", "\nExit codes: 0 nothing stands in its way, 1 something stops it, 2 could not run.")
    .action(async (count: string | undefined, options: MigrateOptions & { database?: string; down: boolean; to?: string }) => done(await (await import("./migrate")).plan(count, options, terminal)));
}
