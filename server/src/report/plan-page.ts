// The plan of a run as Markdown, for the editor's preview document. Every name and sentence is escaped; SQL stands in
// fences that it cannot close.
import type { Plan, PlannedMigration, PlannedStatement } from "../migrate/plan";
import { counted } from "./counted";
import { escapeMarkdown } from "./markdown";
import type { PlanPlaces } from "./plan-text";
import { blockWords, meaningWords, durationWords, lockBudgetWords, lockWords, transactionWords, undoWords } from "./plan-words";

export function planPage(plan: Plan, { relative }: Pick<PlanPlaces, "relative">): string {
  const verb = plan.direction === "up" ? "Apply" : "Take back";
  const budget = lockBudgetWords(plan);
  return [
    `# ${verb} ${counted(plan.migrations.length, "migration")} on ${escapeMarkdown(plan.database)}${plan.production ? " (production)" : ""}`,
    ...plan.obstacles.map((obstacle) => `> **Stops:** ${escapeMarkdown(obstacle)}`),
    ...(plan.migrations.length === 0 && plan.obstacles.length === 0 ? ["There is nothing to do."] : []),
    ...plan.migrations.flatMap((one) => migration(one, plan, relative)),
    ...(budget === undefined ? [] : [escapeMarkdown(budget)]),
    ...(plan.migrations.length === 0 ? [] : ["Durations are estimates from the sizes of the tables. Nothing has been run."]),
  ].join("\n\n") + "\n";
}

function migration(one: PlannedMigration, plan: Plan, relative: (file: string) => string): readonly string[] {
  const part = plan.direction === "up" ? one.migration.up : one.migration.down;
  return [
    `## ${escapeMarkdown(one.migration.id)}`,
    `${part === undefined ? "" : `${escapeMarkdown(relative(part.file))}: `}${escapeMarkdown(`${transactionWords(one)}; ${undoWords(one, plan)}`)}`,
    ...one.losses.map((loss) => `> **Loses data:** ${escapeMarkdown(loss)}`),
    ...(one.statements.length === 0 ? ["It holds no statements."] : []),
    ...one.statements.flatMap(statement),
  ];
}

function statement(planned: PlannedStatement): readonly string[] {
  const { sql, concurrently } = planned.statement, meaning = meaningWords(planned);
  // A fence longer than any run of backticks in the text: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
  const fence = "`".repeat(Math.max(3, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const rows = [["Lock", lockWords(planned) ?? "none that anybody could notice"], ["Blocks", blockWords(planned)], ["Takes", durationWords(planned)], ...(meaning === undefined ? [] : [["Means", meaning]]), ...(concurrently ? [["Runs", "CONCURRENTLY, by Plumbline"]] : [])];
  return [`${fence}sql\n${sql}\n${fence}`, ["| | |", "|---|---|", ...rows.map((row) => `| ${row.map((cell) => escapeMarkdown(cell!)).join(" | ")} |`)].join("\n")];
}
