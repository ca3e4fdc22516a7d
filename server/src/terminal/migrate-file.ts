// `plumbline migrate run FILE.sql`: what will run is shown and asked for, then carried out with its progress on standard
// error.
import type { RunFileRequest, Target } from "../migrate/operations/operations";
import { shownIn } from "../migrate/plan";
import { RunError } from "../migrate/run/progress";
import { counted } from "../report/counted";
import { prettyPlan } from "../report/plan-text";
import { askToType, askYesNo } from "./ask";
import { refuse } from "./check";
import { resolvePath, withSlashes } from "./disk-files";
import type { FileOptions } from "./migrate-commands";
import { nameOf, printPlan, targetOf, withOperations, type Opened } from "./migrate";
import { teller } from "./migrate-run";
import { exit, type Terminal } from "./terminal";

/** Exit code 1 where what `--expect` asks does not hold. */
export async function runFile(given: string, options: FileOptions, terminal: Terminal): Promise<number> {
  // A file by hand belongs to no folder, so which of several schemas is meant does not matter.
  return withOperations({ ...options, folder: options.folder ?? "." }, terminal, async (opened, signal) => {
    const { operations, workspace } = opened;
    const file = resolvePath(workspace.root, withSlashes(given));
    const target = targetOf(options.database, workspace, terminal);
    const name = nameOf(target);
    const json = (result: object): string => `${JSON.stringify({ version: 1, database: name, file: workspace.relative(file), ...result }, undefined, 2)}\n`;
    if (options.dryRun) {
      return printPlan(await operations.planFile({ target, file, transaction: options.transaction, signal }), options.format, workspace, terminal);
    }
    const agreed = await agreement(file, target, options, opened, terminal, signal);
    if (typeof agreed === "number") return agreed;
    try {
      const { statements, milliseconds } = await operations.runFile({
        target, file, signal, transaction: options.transaction, lossesConfirmed: true, ...agreed, confirmed: name, onEvent: teller(terminal),
        ...(options.expect !== undefined && { expect: options.expect }), ...(!options.backup && { backup: "never" as const }),
      });
      if (options.format === "json") terminal.write(json({ statements, milliseconds, expected: options.expect === undefined ? null : true }));
      terminal.tell(`${counted(statements, "statement")} on ${name}, ${milliseconds} ms.${options.expect === undefined ? "" : " What --expect asks holds."}`);
      return exit.clean;
    } catch (error) {
      if (!(error instanceof RunError) || error.kind !== "verify failed") throw error;
      if (options.format === "json") terminal.write(json({ statements: null, milliseconds: null, expected: false }));
      terminal.tell(`${terminal.errorColors.red("✗")} ${error.message}`);
      return exit.findings;
    }
  });
}

/** What was shown, if anything was; an exit code where it was not agreed to. */
async function agreement(file: string, target: Target, options: FileOptions, { operations, workspace }: Opened, terminal: Terminal, signal: AbortSignal): Promise<Pick<RunFileRequest, "shown"> | number> {
  const name = nameOf(target);
  const production = target.kind === "connection" && target.settings.production;
  if (production ? options.confirm === name : options.yes || options.confirm === name) return {};
  if (!terminal.asks) return refuse(production ? `"${name}" is marked as production: add --confirm ${name}.` : "Nobody can be asked here: add --yes.", terminal);
  const plan = await operations.planFile({ target, file, transaction: options.transaction, signal });
  terminal.tell(prettyPlan(plan, workspace, terminal));
  if (plan.obstacles.length > 0) return exit.refused;
  const answer = production ? await askToType(`This changes the production database. Type ${name}`, name) : await askYesNo(`Run ${workspace.relative(file)} on ${name}?`);
  if (answer !== name && answer !== true) return exit.refused;
  // It is read anew, as it stands by then.
  workspace.files.forget(file);
  return { shown: shownIn(plan) };
}
