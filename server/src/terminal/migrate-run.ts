// `plumbline migrate up`, `down`, `to`, `repair`, `baseline` and `verify`: what will run is shown and asked for, then
// carried out with its progress on standard error.
import type { WrittenFile } from "../migrate/folders/folder-format";
import type { RunRequest, Target } from "../migrate/operations/operations";
import { eventTexts } from "../migrate/run/event-text";
import { shownIn } from "../migrate/plan";
import { RunError, UnconfirmedError, type RunEvent, type RunResult } from "../migrate/run/progress";
import { counted } from "../report/counted";
import { migrationsJson, prettyMigrations } from "../report/migrations";
import { prettyPlan } from "../report/plan-text";
import { askToType, askYesNo } from "./ask";
import { refuse } from "./check";
import type { MigrateOptions, RunCommandOptions } from "./migrate-commands";
import { nameOf, targetOf, withOperations, type Opened } from "./migrate";
import { exit, type Terminal } from "./terminal";
import { writeFiles } from "./write-files";

type Kind = "up" | "down" | "to" | "repair" | "baseline";

/** Prints the state of the migrations afterwards. */
export async function run(kind: Kind, options: RunCommandOptions, terminal: Terminal): Promise<number> {
  const { count } = options;
  if (count !== undefined && !/^[1-9]\d*$/.test(count)) return refuse(`"${count}" is no number of migrations. Write how many, such as 1, or "migrate to" with a version.`, terminal);
  if (options.applied && options.rolledBack) return refuse("--applied and --rolled-back exclude each other.", terminal);
  return withOperations(options, terminal, async (opened, signal) => {
    const { operations, workspace } = opened;
    const target = targetOf(options.database, workspace, terminal);
    const request: RunRequest = { target, signal, lossesConfirmed: false, onEvent: teller(terminal), confirmed: nameOf(target), ...(count !== undefined && { count: Number(count) }), ...(options.to !== undefined && { to: options.to }), ...(!options.backup && { backup: "never" as const }) };
    const resolved = options.applied ? "applied" as const : options.rolledBack ? "rolled back" as const : undefined;
    const carryOut = (agreed: Agreed): Promise<RunResult> => kind === "baseline" ? operations.baseline({ ...request, write: (files) => writeFirst(files, opened, terminal) }) : kind === "repair" ? operations.repair({ ...request, ...agreed, ...(resolved && { resolved }) }) : operations[kind]({ ...request, ...agreed });
    let unconfirmed: RunError | undefined;
    for (;;) {
      const agreed = await agreement(kind, options, target, opened, terminal, signal, unconfirmed);
      if (typeof agreed === "number") return agreed;
      try {
        print(await carryOut(agreed), target, options, opened, terminal);
        return exit.clean;
      } catch (error) {
        // What was not shown is shown, and asked again.
        if (!(error instanceof RunError && error.cause instanceof UnconfirmedError) || !terminal.asks) throw error;
        unconfirmed = error;
      }
    }
  });
}

/** What may run: undefined `shown`, anything that is pending. */
type Agreed = Pick<RunRequest, "lossesConfirmed" | "shown">;

/** Exit code 1 where something does not hold, or is not applied. */
export async function verify(options: MigrateOptions & { readonly database?: string }, terminal: Terminal): Promise<number> {
  return withOperations(options, terminal, async ({ operations, workspace }, signal) => {
    const target = targetOf(options.database, workspace, terminal);
    terminal.progress(`Reading ${nameOf(target)}`);
    const { status, problems, notes } = await operations.verify(target, signal);
    if (options.format === "json") terminal.write(`${JSON.stringify({ version: 1, database: nameOf(target), migrations: status.map(({ id, state }) => ({ id, state })), problems, notes }, undefined, 2)}\n`);
    else for (const problem of problems) terminal.write(`${terminal.colors.red("✗")} ${problem}\n`);
    for (const note of notes) terminal.tell(`${terminal.errorColors.yellow("note:")} ${note}`);
    const open = status.filter(({ state }) => state !== "applied").length;
    terminal.tell(problems.length + open === 0 ? `All ${status.length} migrations are applied, and what they say holds.` : `${counted(problems.length, "problem")}, ${open} of ${status.length} migrations not applied.`);
    return problems.length + open === 0 ? exit.clean : exit.findings;
  });
}

/** An exit code where it was not agreed to. `unconfirmed`: why a run stopped that had been agreed to before. */
async function agreement(kind: Kind, options: RunCommandOptions, target: Target, { operations, workspace }: Opened, terminal: Terminal, signal: AbortSignal, unconfirmed: RunError | undefined): Promise<Agreed | number> {
  const name = nameOf(target);
  const production = target.kind === "connection" && target.settings.production;
  const confirmed = production ? options.confirm === name : options.yes || options.confirm === name;
  if (confirmed) return { lossesConfirmed: true };
  if (!terminal.asks) return refuse(production ? `"${name}" is marked as production: add --confirm ${name}.` : "Nobody can be asked here: add --yes.", terminal);
  if (unconfirmed) terminal.tell(`${terminal.errorColors.yellow("note:")} ${unconfirmed.message}`);
  let shown: Agreed["shown"];
  if (kind !== "repair" && kind !== "baseline") {
    const planned = await operations.plan({ target, direction: kind, signal, ...(options.count !== undefined && { count: Number(options.count) }), ...(options.to !== undefined && { to: options.to }) });
    terminal.tell(prettyPlan(planned, workspace, terminal));
    if (planned.obstacles.length > 0) return exit.refused;
    shown = shownIn(planned);
    if (planned.migrations.length === 0) return { lossesConfirmed: false, shown };
  } else if (unconfirmed?.cause instanceof UnconfirmedError) shown = unconfirmed.cause.shown;
  const answer = production ? await askToType(`This changes the production database. Type ${name}`, name) : await askYesNo(`${kind} on ${name}?`);
  if (answer !== name && answer !== true) return exit.refused;
  // They are read anew, as they stand by then.
  workspace.files.forget();
  return { lossesConfirmed: shown !== undefined, ...(shown && { shown }) };
}

/** The first migration of a project that had none; its paths are printed, and read anew. */
function writeFirst(files: readonly WrittenFile[], { workspace }: Opened, terminal: Terminal): string | undefined {
  const failure = writeFiles(files.map(({ file, text }) => ({ path: file, before: workspace.files.read(file), after: text })));
  if (failure !== undefined) return failure;
  workspace.files.forget();
  for (const { file } of files) terminal.tell(`${workspace.relative(file)} written`);
  return undefined;
}

function print({ done, status }: RunResult, target: Target, options: RunCommandOptions, { operations, workspace }: Opened, terminal: Terminal): void {
  const { folder } = operations;
  const databases = [{ database: nameOf(target), migrations: status }];
  if (folder) terminal.write(options.format === "json" ? migrationsJson(folder, databases, workspace) : prettyMigrations(folder, databases, workspace, terminal));
  terminal.tell(done.length === 0 ? "There was nothing to do." : `${done.length === 1 ? "1 migration" : `${done.length} migrations`}, ${done.reduce((sum, { milliseconds }) => sum + milliseconds, 0)} ms.`);
}

/** What a run tells: a line of progress, or a message that stays. */
export function teller(terminal: Terminal): (event: RunEvent) => void {
  const textOf = eventTexts();
  return (event) => {
    const { kind, text } = textOf(event);
    if (kind === "waiting" || kind === "notice") terminal.tell(text);
    else terminal.progress(kind === "ended" ? undefined : text);
  };
}
