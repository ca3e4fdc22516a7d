// Door two: the command line, which cli-main.ts loads. Reads arguments and loads what the command needs, nothing more, since
// the start is a large part of a check's time; what a command does stands in terminal/.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { version } from "../../package.json";
import { didYouMean } from "./nearest";
import { checkFormats, failOnLevels, healthFormats, plainFormats, type CheckFormat, type FailOn, type HealthFormat, type PlainFormat } from "./terminal/arguments";
import { backupCommands } from "./terminal/backup-commands";
import { migrateCommands } from "./terminal/migrate-commands";
import { exit, processTerminal, type Terminal } from "./terminal/terminal";
import { listed } from "./model/words";

interface CommonOptions {
  readonly cwd?: string;
  readonly config?: string;
  readonly schema?: string;
}

async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  let code: number = exit.clean;
  const program = commands(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.clean : exit.refused;
    terminal.tell(`${terminal.errorColors.red("error:")} Plumbline itself failed. Please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return exit.refused;
  }
  return code;
}

/** The program; `done` takes each command's exit code. */
function commands(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command("plumbline")
    .description("Keeps a database schema true: finds every foreign key that no index serves, in Drizzle and Prisma, and writes the index.")
    .version(version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Print this help.")
    .helpCommand("help [command]", "Print a command's help.")
    .showHelpAfterError("(plumbline --help shows what there is)")
    .exitOverride()
    .configureOutput({ writeOut: terminal.write, writeErr: (text) => terminal.tell(text.replace(/\n$/, "")) })
    .addHelpText("after", programHelp);

  workspaceCommand(program, "check", "Report what is wrong with the schemas.")
    .addOption(choice("--format <format>", "How to print: for people, machines or a CI.", checkFormats, "pretty"))
    .addOption(choice("--fail-on <severity>", "The mildest severity that gives exit code 1.", failOnLevels, "warning"))
    .option("--baseline <file>", "Report only findings that the file does not have. Written where it is missing; what is fixed leaves it.")
    .option("--update-baseline", "Record all of today's findings in the baseline.")
    .option("--database <name>", databaseHelp)
    .option("--watch", "Check again whenever a file changes.")
    .addHelpText("after", checkHelp)
    .action(async (paths: string[], options: CommonOptions & { format: CheckFormat; failOn: FailOn; baseline?: string; updateBaseline?: boolean; database?: string; watch?: boolean }) => {
      if (options.watch === true) done(await (await import("./terminal/watch")).watch(paths, options, terminal));
      else done(await (await import("./terminal/check")).check(paths, options, terminal));
    });

  workspaceCommand(program, "fix", "Write the fixes into the schemas' files: missing indexes added, superfluous ones removed.")
    .option("--dry-run", "Print the changes as a unified diff and write nothing.", false)
    .option("--rule <id>", "Fix findings of this rule or group (fk/*) alone; may be given several times.", (id: string, before: readonly string[]) => [...before, id], [])
    .addHelpText("after", fixHelp)
    .action(async (paths: string[], options: CommonOptions & { dryRun: boolean; rule: string[] }) => done(await (await import("./terminal/fix")).fix(paths, options, terminal)));

  workspaceCommand(program, "model", "Print the schemas as Plumbline reads them, with the verdict on each foreign key.")
    .addOption(choice("--format <format>", "How to print.", plainFormats, "pretty"))
    .option("--database <name>", "Read a database instead: its URL, the name of a configured connection, or embedded.")
    .action(async (paths: string[], options: CommonOptions & { format: PlainFormat; database?: string }) => {
      const { databaseModel, model } = await import("./terminal/model");
      done(options.database === undefined ? model(paths, options, terminal) : await databaseModel(options.database, paths, options, terminal));
    });

  commonOptions(program.command("diff").description("Print what changes one schema into another, of code, of a database, or of migrations.")
    .argument("<from>", "code (the one schema here), db (the database), migrations (what the folder leads to, or migrations:PATH), drizzle:PATH or prisma:PATH.")
    .argument("<to>", "The same."))
    .addOption(choice("--format <format>", "How to print.", plainFormats, "pretty"))
    .option("--database <name>", "What db means: a URL, the name of a configured connection, or embedded. Default: the connection that this folder's files name.")
    .addHelpText("after", "\nExit codes: 0 no difference, 1 differences, 2 could not run.")
    .action(async (from: string, to: string, options: CommonOptions & { format: PlainFormat; database?: string }) => done(await (await import("./terminal/diff")).diff(from, to, options, terminal)));

  commonOptions(program.command("report").description("Print how a database is doing: connections, sizes, scans, slowest statements."))
    .addOption(choice("--format <format>", "How to print: for people, scripts or Prometheus.", healthFormats, "pretty"))
    .option("--database <name>", "Its URL, the name of a configured connection, or embedded. Default: the connection that this folder's files name.")
    .action(async (options: CommonOptions & { format: HealthFormat; database?: string }) => done(await (await import("./terminal/report")).report(options, terminal)));

  migrateCommands(program, commonOptions, () => choice("--format <format>", "How to print.", plainFormats, "pretty"), terminal, done);
  backupCommands(program, commonOptions, () => choice("--format <format>", "How to print.", plainFormats, "pretty"), terminal, done);

  program.command("lsp").description("Serve an editor: the language server, over standard input and output.").exitOverride()
    .option("--stdio", "The only way there is, and the default; editors name it.")
    .action(async () => {
      const { startServer, stdioConnection } = await import("./server");
      startServer(stdioConnection());
    });

  program.command("rules").description("List the rules.").exitOverride()
    .addOption(choice("--format <format>", "How to print.", plainFormats, "pretty"))
    .action(async (options: { format: PlainFormat }) => done((await import("./terminal/rules")).listRules(options.format, terminal)));

  program.command("explain").description("Tell a rule in full: why, examples, options, how to configure and suppress it.").argument("<rule>", "Its id, for example fk/unindexed.").exitOverride()
    .action(async (rule: string) => done((await import("./terminal/rules")).explain(rule, terminal)));

  return program;
}

function workspaceCommand(program: Command, name: string, description: string): Command {
  return commonOptions(program.command(name).description(description).argument("[path...]", "Files, folders or quoted globs of a schema; none: all that is found."));
}

function commonOptions(command: Command): Command {
  return command
    .exitOverride()
    .option("--cwd <folder>", "The folder that paths begin at. Default: the current one.")
    .option("--config <file>", "A plumbline.config.json. Default: the nearest one, upwards.")
    .option("--schema <id>", "One schema of several, by its id.");
}

/** An option that takes one of some words, with the nearest one offered for a word that is none of them. */
function choice<Word extends string>(flags: string, description: string, words: readonly Word[], standard: Word): Option {
  const option = new Option(flags, description).choices(words).default(standard);
  return option.argParser((word: string) => {
    if (!words.some((known) => known === word)) throw new InvalidArgumentError(`Expected ${listed(words, "or")}${didYouMean(word, words)}`);
    return word;
  });
}

const databaseHelp = "Compare with this database and judge it: its URL, the name of a configured connection, or embedded.";

const programHelp = `
Examples:
  plumbline check                              all schemas of this folder, found by their configs and content
  plumbline check src/db/schema.ts             one schema
  plumbline fix --dry-run                      missing indexes added, superfluous ones removed: as a diff
  plumbline check --database embedded          with what only a database tells; nothing to install
  plumbline diff code db                       what the database has and the schema lacks, and the reverse
  plumbline diff migrations code               what no migration makes yet; nothing to install
  plumbline check --format sarif > out.sarif   for code scanning
  plumbline explain fk/unindexed               why it matters

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not run.`;

const checkHelp = `
A path is a file, a folder (Drizzle: its direct files; Prisma: all below) or a glob in quotes.
Findings go to standard output, everything else to standard error. Every format but pretty is stable.
In CI (where CI is set) a baseline is only read.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not run.`;

const fixHelp = `
Prints the files that were written. Each is replaced whole, or not at all if it changed meanwhile.

Exit codes: 0 all fixed, 1 a dry run found something to fix or a fix cannot be written safely, 2 could not run.`;

void main(process.argv).then((code) => {
  process.exitCode = code;
});
