// What a run would do as a Markdown page: each statement with its lock, whom that stalls, the table's size, estimates, and
// whether it can be taken back. It runs nothing; every name of others is escaped.
import { relativePath } from "../config";
import { shownIn, type Plan, type PlannedMigration, type PlannedStatement } from "../migrate/plan";
import { capital } from "../model/words";
import { counted } from "../report/counted";
import { bytes } from "../report/health";
import { escapeMarkdown } from "../report/markdown";
import { placeWords, transactionWords } from "../report/plan-words";
import { editorWords } from "./editor-words";
import type { MigrationPlan } from "./migrations-protocol";

export interface PlannedFor {
  readonly name: string;
  /** User, host and database. */
  readonly address: string;
  readonly production: boolean;
}

/** What the client shows of a plan and asks about it. `root` as for the page. */
export function planAnswer(plan: Plan, { name, address, production }: PlannedFor, root: string): MigrationPlan {
  const database = { name, address, production };
  const { migrations } = plan;
  const obstacles = plan.obstacles.map(editorWords);
  return {
    kind: "plan", database, markdown: planPage(plan, database, root), summary: planSummary(plan), migrations: migrations.map(({ migration }) => migration.id), shown: shownIn(plan),
    statements: migrations.reduce((sum, { statements }) => sum + statements.length, 0), losses: migrations.flatMap(({ losses }) => losses), begun: migrations.flatMap(({ migration, begun }) => (begun === undefined ? [] : [`${migration.id}: ${begun}`])), obstacles,
  };
}

/** `root`: absolute path that the migrations' files are told relative to. */
function planPage(plan: Plan, database: PlannedFor, root: string): string {
  const { migrations, direction, obstacles, lockBudget } = plan;
  const what = migrations.length === 0 ? (obstacles.length === 0 ? "Nothing to do" : direction === "up" ? "Nothing can be applied" : "Nothing can be taken back") : `${direction === "up" ? "Apply" : "Take back"} ${counted(migrations.length, "migration")}`;
  return [
    `# ${what}: ${escapeMarkdown(database.name)}`,
    `${escapeMarkdown(database.address)}${database.production ? ", **production**" : ""}. This is a plan: nothing has been changed.`,
    ...obstacles.map((obstacle) => `> **Stops the run.** ${escapeMarkdown(editorWords(obstacle))}`),
    ...migrations.map((one, at) => migrationPart(one, at + 1, root)),
    ...(migrations.length === 0 ? [] : [`---`, footer(lockBudget)]),
  ].join("\n\n") + "\n";
}

/** One sentence for a confirmation: whom the strongest lock stalls. */
function planSummary({ migrations }: Plan): string {
  const statements = migrations.flatMap((one) => one.statements);
  const worst = [...statements].sort((a, b) => severity.indexOf(b.blocks) - severity.indexOf(a.blocks) || (b.blocking ?? 0) - (a.blocking ?? 0))[0];
  const count = counted(statements.length, "statement");
  if (!worst || worst.blocks === "nobody") return `${count}; nobody is stalled.`;
  const meanwhile = worst.blocking === undefined ? "" : `, about ${duration(worst.blocking)}`;
  return `${count}; ${worst.blocks === "other DDL" ? "readers and writers go on" : `${worst.blocks} of ${worst.lock?.table ?? "a table"} are stalled${meanwhile}`}.`;
}

const severity: readonly PlannedStatement["blocks"][] = ["nobody", "other DDL", "writers", "readers and writers"];

function migrationPart(one: PlannedMigration, number: number, root: string): string {
  const { migration, transaction, statements, undo, begun, losses } = one, places = placeWords(one);
  const inOne = transaction === "one" ? "In one transaction, with its record" : `${capital(transactionWords(one))}; an interrupted run is brought to its end by the next one`;
  return [
    `## ${number}. ${escapeMarkdown(migration.id)}`,
    `${escapeMarkdown(relativePath(migration.up.file, root))}. ${inOne}. ${undo === "yes" ? "Can be taken back" : `**Cannot be taken back**: ${escapeMarkdown(undo).replace(/\.$/, "")}`}.`,
    ...(begun === undefined ? [] : [`> **Goes on.** ${escapeMarkdown(begun)}`]),
    ...losses.map((loss) => `> **Loses data.** ${escapeMarkdown(loss)}`),
    ...statements.map((each, at) => statementPart(each, places?.[at])),
  ].join("\n\n");
}

function statementPart({ statement, lock, blocks, size, rows, duration: took, blocking }: PlannedStatement, place: string | undefined): string {
  const facts: readonly (readonly [string, string])[] = [
    ["Lock", lock ? `${lock.mode} on ${escapeMarkdown(lock.table)}` : "none that anybody could notice"],
    ["Stalls", blocks === "other DDL" ? "other DDL alone: readers and writers go on" : blocks],
    ["Table", [rows === undefined ? undefined : counted(Math.round(rows), "row").replace(/^\d+/, (digits) => Number(digits).toLocaleString("en-US")), size === undefined ? undefined : bytes(size)].filter((part) => part !== undefined).join(", ")],
    ["Takes", took === undefined ? "" : `about ${duration(took)}${blocks === "nobody" || blocking === undefined ? "" : `, the lock is held about ${duration(blocking)}`}`],
    ["Runs", statement.concurrently ? "concurrently, as its comment asks: outside a transaction" : place ?? ""],
  ];
  return [fenced(statement.sql), "| | |", "|---|---|", ...facts.filter(([, text]) => text !== "").map(([name, text]) => `| ${name} | ${text} |`)].join("\n").replace("\n| | |", "\n\n| | |");
}

/** A fence longer than any in the text: https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
function fenced(sql: string): string {
  const fence = "`".repeat(Math.max(3, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}sql\n${sql}\n${fence}`;
}

function footer({ needed, granted }: Plan["lockBudget"]): string {
  return `Durations are estimated from the table's size. One transaction takes at most ${counted(needed, "lock")}${granted === undefined ? "" : ` of the ${granted.toLocaleString("en-US")} that the server grants`}.`;
}

/** "3 ms", "1.2 s", "4 min". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  return milliseconds < 120_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 60_000)} min`;
}
