// The plan of a run for people in a terminal, and as a stable JSON document for scripts.
import type { Plan, PlannedMigration, PlannedStatement } from "../migrate/plan";
import { placer } from "./placed-finding";
import { blockWords, meaningWords, durationWords, lockBudgetWords, lockWords, placeWords, transactionWords, undoWords } from "./plan-words";
import { counted } from "./counted";
import { visible, type Colors } from "./pretty";

export interface PlanPlaces {
  /** Text of a migration's file. */
  read(file: string): string | undefined;
  /** A file as the output names it. */
  relative(file: string): string;
}

/** Each migration with its statements, the lock, whom it stalls and how long it takes; what stops the run comes last, nearest to the prompt. */
export function prettyPlan(plan: Plan, { relative }: Pick<PlanPlaces, "relative">, { colors }: { readonly colors: Colors }): string {
  const lines = plan.migrations.flatMap((one) => [...prettyMigration(one, plan, relative, colors), ""]);
  const budget = lockBudgetWords(plan);
  const statements = plan.migrations.reduce((sum, one) => sum + one.statements.length, 0);
  if (plan.migrations.length === 0 && plan.obstacles.length === 0) lines.push(colors.green(`Nothing to ${plan.direction === "up" ? "apply" : "take back"} on ${plan.database}.`));
  else if (plan.migrations.length > 0) lines.push(`${counted(plan.migrations.length, "migration")}, ${counted(statements, "statement")} on ${colors.bold(visible(plan.database))}${plan.production ? colors.red(" (production)") : ""}.${budget === undefined ? "" : ` ${budget}`}`);
  for (const obstacle of plan.obstacles) lines.push(`${colors.red("stops:")} ${visible(obstacle)}`);
  return `${lines.join("\n")}\n`;
}

function prettyMigration(one: PlannedMigration, plan: Plan, relative: (file: string) => string, colors: Colors): readonly string[] {
  const part = partOf(one, plan), places = placeWords(one);
  const lines = [
    `${colors.bold(visible(one.migration.id))}  ${colors.cyan(part === undefined ? "" : relative(part.file))}`,
    `  ${transactionWords(one)}; ${visible(undoWords(one, plan))}`,
  ];
  if (one.begun !== undefined) lines.push(`  ${colors.yellow("goes on:")} ${visible(one.begun)}`);
  if (one.statements.length === 0) lines.push("  no statements");
  return [
    ...lines,
    ...one.statements.flatMap((statement, position) => prettyStatement(statement, position + 1, places?.[position], colors)),
    ...one.losses.map((loss) => `  ${colors.red("loses data:")} ${visible(loss)}`),
  ];
}

function prettyStatement(planned: PlannedStatement, number: number, place: string | undefined, colors: Colors): readonly string[] {
  const { statement } = planned;
  const lines = statement.sql.split(/\r\n|\r|\n/);
  // The whole text stands in the file; a long body would hide what is said of it.
  const shown = lines.length > 12 ? [...lines.slice(0, 10), `… ${lines.length - 10} more lines`] : lines;
  const concurrently = statement.concurrently ? colors.dim("  (runs CONCURRENTLY)") : "";
  const lock = lockWords(planned), meaning = meaningWords(planned);
  const paint = planned.blocks === "readers and writers" ? colors.red : planned.blocks === "writers" ? colors.yellow : (text: string): string => text;
  return [
    ...shown.map((line, at) => `  ${at === 0 ? String(number).padStart(3) : "   "}  ${visible(line)}${at === 0 ? concurrently : ""}`),
    ...(lock === undefined ? [] : [`       ${colors.dim("lock")}    ${visible(lock)}`]),
    `       ${colors.dim("blocks")}  ${paint(blockWords(planned))}`,
    `       ${colors.dim("takes")}   ${durationWords(planned)}`,
    ...(place === undefined ? [] : [`       ${colors.dim("runs")}    ${place}`]),
    ...(meaning === undefined ? [] : [`       ${colors.dim("means")}   ${meaning}`]),
  ];
}

/** Version 1 of the shape that server/README.md documents. */
export function planJson(plan: Plan, { read, relative }: PlanPlaces): string {
  const place = placer(read, relative);
  return `${JSON.stringify({
    version: 1,
    database: plan.database,
    production: plan.production,
    direction: plan.direction,
    migrations: plan.migrations.map((one) => {
      const part = partOf(one, plan);
      return {
        id: one.migration.id,
        version: one.migration.version,
        file: part === undefined ? null : relative(part.file),
        transaction: one.transaction,
        reversible: one.undo === "yes",
        irreversible: one.undo === "yes" ? null : one.undo,
        begun: one.begun ?? null,
        losses: one.losses,
        statements: one.statements.map(({ statement, transaction, lock, blocks, size, rows, duration, blocking }) => ({
          sql: statement.sql,
          line: part === undefined ? null : place({ file: part.file, start: part.start + statement.start, end: part.start + statement.end }).line,
          title: statement.effect.title,
          concurrently: statement.concurrently,
          inTransaction: transaction !== undefined,
          transaction: transaction ?? null,
          lock: lock ?? null,
          blocks,
          tableSize: size ?? null,
          tableRows: rows ?? null,
          milliseconds: whole(duration),
          blockingMilliseconds: whole(blocking),
        })),
      };
    }),
    lockBudget: { needed: plan.lockBudget.needed, granted: plan.lockBudget.granted ?? null },
    obstacles: plan.obstacles,
  }, undefined, 2)}\n`;
}

function partOf({ migration }: PlannedMigration, { direction }: Plan) {
  return direction === "up" ? migration.up : migration.down;
}

function whole(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds);
}
