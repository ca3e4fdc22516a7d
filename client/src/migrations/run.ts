// Running migrations: the plan first, then a confirmation that names the database, then progress statement by statement
// with a button to cancel. Where something is lost for good, and on production, the database's name is typed.
import * as vscode from "vscode";
import type { MigrationHistoryAnswer, MigrationPlan, MigrationTarget, PlanMigrationsRequest, RunMigrationsAnswer, RunMigrationsRequest, VerifyMigrationsAnswer } from "../../../server/src/lsp/protocol";
import type { Databases } from "../database/databases";
import type { ReadOnlyPages } from "../read-only-pages";
import { typedName } from "../typed-name";
import { chooseFolder, chooseTarget, saveFolder, targetOf, trusted, type TargetList } from "./choose";

export interface RunParts {
  readonly databases: Databases;
  readonly pages: ReadOnlyPages;
  /** Something was run, or tried to be: the view reads again. */
  ran(): void;
}

type Planned = Extract<MigrationPlan, { readonly kind: "plan" }>;

/** How far: `count` migrations, or to the one of that id; neither: all that are pending, or the last one applied. */
export interface Extent {
  readonly direction: "up" | "down";
  readonly count?: number;
  readonly to?: string;
}

/** Shows what would run, beside the SQL; true where something would. */
export async function showPlan(target: TargetList, extent: Extent, parts: RunParts): Promise<boolean> {
  const plan = await planOf(target, extent, parts);
  if (!plan) return false;
  await openPlan(plan, target, extent, parts);
  return plan.migrations.length > 0;
}

/** Shows what ran on the database, and how it ended. */
export async function showHistory(target: TargetList, { databases, pages }: RunParts): Promise<boolean> {
  const answer = await databases.ask<MigrationHistoryAnswer>("migrationHistory", targetOf(target));
  if (answer.kind === "failed") void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
  if (answer.kind !== "history") return false;
  await pages.show(`Migrations run on ${target.database.name}.md`, JSON.stringify([target.root, target.schema]), answer.markdown, "here");
  return true;
}

export async function migrate(target: TargetList, extent: Extent, parts: RunParts): Promise<RunMigrationsAnswer | undefined> {
  const plan = await planOf(target, extent, parts);
  if (!plan) return undefined;
  const { name } = plan.database;
  if (plan.obstacles.length > 0) {
    void vscode.window.showErrorMessage(`Plumbline: nothing was run on ${name}. ${plan.obstacles[0]}`, "Show Plan").then((chosen) => chosen && openPlan(plan, target, extent, parts));
    return undefined;
  }
  if (plan.migrations.length === 0) return void vscode.window.showInformationMessage(extent.direction === "up" ? `Plumbline: nothing is pending on ${name}.` : `Plumbline: nothing is to be taken back on ${name}.`);
  const typed = await confirmed(plan, extent, target, parts);
  if (typed === undefined) return undefined;
  const action = extent.to !== undefined ? "to" : extent.direction;
  const answer = await run({ ...targetOf(target), action, shown: plan.shown, ...(extent.count !== undefined && { count: extent.count }), ...(extent.to !== undefined && { to: extent.to }), ...(typed !== "" && { typed }) }, extent.direction === "up" ? "applied" : "taken back", parts);
  return isUnconfirmed(answer) ? migrate(target, extent, parts) : answer;
}

/** `repair` and `baseline`: there is no plan to show, but the database is named all the same. */
export async function record(target: TargetList, action: "repair" | "baseline", parts: RunParts): Promise<RunMigrationsAnswer | undefined> {
  const { name, address, production } = target.database;
  const refused = `It is refused where the database differs from ${target.schema === null ? "what the files lead to" : "the code"}.`;
  const [button, message, detail] = action === "baseline" && !target.folder
    ? ["Write and Record", `Begin the migrations with what "${name}" holds?`, `The first migration is written: the whole schema of ${target.schema ?? "the code"}. It is recorded as applied, and not run. ${refused}`]
    : action === "baseline"
    ? ["Record as Applied", target.migrations.length === 1 ? `Record ${target.migrations[0]!.id} as applied on "${name}"?` : `Record all ${target.migrations.length} migrations as applied on "${name}"?`, `Nothing of ${target.migrations.length === 1 ? "it" : "them"} is run. ${refused}`]
    : ["Repair", `Repair the half-applied migrations of "${name}"?`, "What an interrupted run has begun is brought to its end, or recorded where it is done."];
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail: `${address}\n\n${detail}` }, button)) !== button) return undefined;
  const typed = production ? await typedName(name, "It is production's.") : "";
  await saveFolder(target);
  if (typed === undefined) return undefined;
  const answer = await run({ ...targetOf(target), action, ...(typed !== "" && { typed }) }, action === "baseline" ? "recorded as applied" : "repaired", parts);
  return isUndecided(answer) ? resolve(target, answer, parts) : isUnconfirmed(answer) ? repairLosing(target, answer, parts) : answer;
}

/** What was begun loses data where it goes on: the database's name is typed on seeing that. */
async function repairLosing(target: TargetList, refused: Unconfirmed, parts: RunParts): Promise<RunMigrationsAnswer> {
  const typed = await typedName(target.database.name, refused.message);
  return typed === undefined ? refused : run({ ...targetOf(target), action: "repair", typed, shown: refused.unconfirmed }, "repaired", parts);
}

type Refused = Extract<RunMigrationsAnswer, { readonly kind: "failed" | "cancelled" }>;
type Undecided = Refused & Required<Pick<Refused, "undecided">>;

type Unconfirmed = Refused & Required<Pick<Refused, "unconfirmed">>;

/** What would run is not what was shown. */
function isUnconfirmed(answer: RunMigrationsAnswer): answer is Unconfirmed {
  return answer.kind !== "done" && answer.unconfirmed !== undefined;
}

function isUndecided(answer: RunMigrationsAnswer): answer is Undecided {
  return answer.kind !== "done" && answer.undecided !== undefined;
}

/** What was begun, and nothing tells how far it came: recorded as a person says. */
async function resolve(target: TargetList, refused: Undecided, parts: RunParts): Promise<RunMigrationsAnswer> {
  const { name, address, production } = target.database;
  const choices = { "Record as Applied": "applied", "Record as Rolled Back": "rolled back" } as const;
  const detail = `${address}${production ? " (production)" : ""}\n\n${refused.message}\n\nNothing is run or looked at: as applied if all of it is there; as rolled back if nothing is, and it is pending again.`;
  const chosen = await vscode.window.showWarningMessage(`How is ${refused.undecided.join(", ")} to be recorded on "${name}"?`, { modal: true, detail }, ...(Object.keys(choices) as (keyof typeof choices)[]));
  if (!chosen) return refused;
  const typed = production ? await typedName(name, `It is production's. ${refused.undecided.join(", ")} is recorded there as ${choices[chosen]}.`) : "";
  return typed === undefined ? refused : run({ ...targetOf(target), action: "repair", resolved: choices[chosen], ...(typed !== "" && { typed }) }, `recorded as ${choices[chosen]}`, parts);
}

export async function prove(command: "verifyMigrations" | "testMigrations", { databases }: Pick<RunParts, "databases">, log: vscode.LogOutputChannel): Promise<VerifyMigrationsAnswer | undefined> {
  if (!trusted()) return undefined;
  const verified = command === "verifyMigrations" ? await chooseTarget(databases, "Verify migrations") : undefined;
  const target = verified ?? (command === "testMigrations" ? await chooseFolder(databases, "Test migrations (embedded)") : undefined);
  if (!target) return undefined;
  await saveFolder(target);
  const about = verified ? targetOf(verified) : { root: target.root, schema: target.schema };
  const answer = await databases.follow<VerifyMigrationsAnswer>("Plumbline", command, about);
  if (answer.kind === "failed") void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
  if (answer.kind !== "verified") return answer;
  const where = verified ? `on ${verified.database.name}` : "on the embedded database";
  const { problems, notes, migrations } = answer;
  for (const problem of problems) log.warn(problem);
  for (const note of notes) log.info(note);
  const all = problems.length + notes.length;
  const message = problems.length > 0 ? `${counted(problems.length, "problem")} ${where}. ${problems[0]}` : [`${counted(migrations, "migration")} ${command === "verifyMigrations" ? "verified" : "tested"} ${where}: all is well.`, ...notes.slice(0, 1)].join(" ");
  const show = problems.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void show(`Plumbline: ${message}`, ...(all > 1 ? ["Show All"] : [])).then((chosen) => chosen && log.show());
  return answer;
}

async function planOf(target: TargetList, extent: Extent, { databases }: RunParts): Promise<Planned | undefined> {
  await saveFolder(target);
  const answer = await databases.follow<MigrationPlan>("Plumbline", "planMigrations", { ...targetOf(target), ...extent } satisfies PlanMigrationsRequest);
  if (answer.kind === "failed") void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
  return answer.kind === "plan" ? answer : undefined;
}

async function openPlan({ markdown, database }: Planned, { root, schema }: TargetList, extent: Extent, { pages }: RunParts): Promise<void> {
  const target = { root, schema, database: database.name };
  shownPlans.set(JSON.stringify(target), { target, extent });
  await pages.show(...pageOf(target), markdown, "beside");
}

/** Of which databases a plan was shown in this window, and how far it went. */
const shownPlans = new Map<string, { readonly target: MigrationTarget; readonly extent: Extent }>();

/** Name and subject of the plan's page. */
const pageOf = ({ root, schema, database }: MigrationTarget): readonly [string, string] => [`Plan for ${database}.md`, JSON.stringify([root, schema])];

/** A plan that still stands open after a run shows what is left to do. */
async function refreshPlan(target: MigrationTarget, extent: Extent, { databases, pages }: RunParts): Promise<void> {
  const page = pageOf(target);
  if (!pages.isOpen(...page)) return;
  shownPlans.set(JSON.stringify(target), { target, extent });
  const plan = await databases.ask<MigrationPlan>("planMigrations", { ...target, ...extent } satisfies PlanMigrationsRequest);
  if (plan.kind === "plan") await pages.refresh(...page, plan.markdown);
}

/** The plans that stand open follow what is written into the folders. */
export function refreshPlans(parts: RunParts): void {
  for (const { target, extent } of shownPlans.values()) void refreshPlan(target, extent, parts);
}

/** The name as it was typed, empty where it need not be; undefined: no. */
async function confirmed(plan: Planned, extent: Extent, target: TargetList, parts: RunParts): Promise<string | undefined> {
  const { name, address, production } = plan.database;
  const button = extent.direction === "up" ? "Migrate Up" : "Migrate Down";
  const shown = plan.migrations.slice(0, 12);
  const detail = [
    `${address}${production ? " (production)" : ""}`,
    "", `From ${target.folder!.path}:`, ...shown, ...(plan.migrations.length > shown.length ? [`and ${plan.migrations.length - shown.length} more`] : []),
    "", plan.summary, ...plan.begun, ...plan.losses,
  ].join("\n");
  const message = `${extent.direction === "up" ? "Apply" : "Take back"} ${counted(plan.migrations.length, "migration")} on "${name}"?`;
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, button, "Show Plan");
  if (chosen === "Show Plan") {
    await openPlan(plan, target, extent, parts);
    void vscode.window.showInformationMessage(`Plumbline: ${message}`, `${button}…`).then((again) => again && migrate(target, extent, parts));
    return undefined;
  }
  if (chosen !== button) return undefined;
  if (!production && plan.losses.length === 0) return "";
  return typedName(name, [production ? "It is production's." : "", ...plan.losses].filter(Boolean).join(" "));
}

/** `done`: what has become of the migrations then, as "2 migrations applied on shop" says it. */
async function run(request: RunMigrationsRequest, done: string, parts: RunParts): Promise<RunMigrationsAnswer> {
  const { root, schema, database } = request;
  try {
    const answer = await parts.databases.follow<RunMigrationsAnswer>("Plumbline", "runMigrations", request);
    // That is asked; the plan that is shown anew does not say why.
    const isAsked = isUndecided(answer) || (request.action === "repair" && isUnconfirmed(answer));
    if (!isAsked) tell(answer, database, done);
    return answer;
  } finally {
    parts.ran();
    void refreshPlan({ root, schema, database }, { direction: "up" }, parts);
  }
}

function tell(answer: RunMigrationsAnswer, database: string, done: string): void {
  if (answer.kind !== "done") {
    const before = answer.done.length > 0 ? ` Done before: ${answer.done.join(", ")}.` : "";
    if (answer.kind === "cancelled") return void vscode.window.showInformationMessage(`Plumbline: cancelled on ${database}. ${answer.message}${before}`);
    return void vscode.window.showErrorMessage(`Plumbline: ${answer.message}${before}`, "Show Output").then((chosen) => chosen && vscode.commands.executeCommand("plumbline.showOutput"));
  }
  void vscode.window.showInformationMessage([`Plumbline: ${counted(answer.migrations.length, "migration")} ${done} on ${database} in ${(answer.milliseconds / 1000).toFixed(1)} s.`, ...answer.notices].join(" "));
}

export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
