// The plan of a run on a target: what the folder and its record say is to be done, each statement with what it means for
// this database. It only reads.
import { directSettings, needsSession } from "../../databases/connections/pooler";
import type { ServerDescription } from "../../databases/database";
import { loadSqlParser } from "../../sql/load";
import type { SqlParser } from "../../sql/parser";
import type { Migration, MigrationFolder, MigrationStatus } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Plan } from "../plan";
import { buildPlan } from "../plan-building";
import type { Task } from "../run/context";
import { placeOf, sentence } from "../run/failure";
import { lackingRights } from "../run/lacking-rights";
import { PartError, plannedSteps, stepsOf } from "../run/steps";
import { howItGoesOn, notToGoOn } from "../run/unfinished";
import { selectDown, selectTo, selectUp, type Selection } from "../selection";
import { migrationStatus, obstacles, shownFile } from "../status";
import type { Operations, Target } from "./operations";
import { reading, standingOf, type ScratchPlace } from "./reading";

export async function planOf({ target, count, to, direction: wanted, known, signal }: Parameters<Operations["plan"]>[0], folder: MigrationFolder, schema: SchemaModel | undefined, scratch: ScratchPlace): Promise<Plan> {
  const parser = await loadSqlParser();
  const { name, production, record, facts, reading: { model, server } } = known ?? (await reading(target, scratch, schema, signal, (reader) => standingOf(reader, folder)));
  const status = migrationStatus(folder, record.applied, record.marker);
  const selection: Selection = wanted === "to" ? selectTo(status, to ?? "") : wanted === "up" ? selectUp(status, { count, to }) : selectDown(status, { count, to });
  const direction = selection.kind === "selected" ? selection.direction : wanted === "down" ? "down" : "up";
  const migrations = selection.kind === "selected" ? selection.migrations : [];
  const parts = migrations.map((migration) => plannedPart(migration, direction, status, folder, parser));
  const tasks = parts.flatMap(({ task }) => task ?? []);
  const unfinished = notToGoOn(tasks, record);
  const lacking = lackingRights(folder, tasks, record);
  return buildPlan({
    direction,
    database: name,
    production,
    migrations: parts.map(({ migration, task }) => {
      const begun = task && unfinished === undefined ? howItGoesOn(task, record) : undefined;
      return { migration, steps: task ? plannedSteps(task.steps.steps) : [], ...(task && !task.steps.atOnce && { oneByOne: true }), ...(begun !== undefined && { begun }) };
    }),
    facts,
    schema: model,
    ...(facts && { grantedLocks: facts.database.lockEntries }),
    obstacles: [
      ...(selection.kind === "impossible" ? [selection.message] : []),
      ...folder.problems.map(({ message }) => message),
      ...obstacles(status),
      ...notToRunOn(target, server),
      ...parts.flatMap(({ problem }) => problem ?? []),
      ...(unfinished === undefined ? [] : [unfinished]),
      ...(lacking === undefined ? [] : [lacking]),
    ],
  });
}

/** Full sentences: why nothing can be run on a database that can be read. */
export function notToRunOn(target: Target, { readOnly, transactionPooler }: Pick<ServerDescription, "readOnly" | "transactionPooler">): readonly string[] {
  if (target.kind === "embedded") return [];
  const { settings } = target;
  return [
    ...(readOnly ? [`The database "${settings.name}" only reads: it is a standby, or its transactions are read-only by default. Connect to the primary server.`] : []),
    ...(transactionPooler && !directSettings(settings) ? [needsSession(settings, "Running migrations").message] : []),
  ];
}

interface PlannedPart {
  readonly migration: Migration;
  readonly task?: Task;
  /** A full sentence: it is no SQL, or there is no such part. */
  readonly problem?: string;
}

function plannedPart(migration: Migration, direction: Plan["direction"], status: readonly MigrationStatus[], folder: MigrationFolder, parser: SqlParser): PlannedPart {
  const part = direction === "up" ? migration.up : migration.down;
  if (!part) return { migration, problem: `${shownFile(folder, migration.up.file)} cannot be taken back: ${migration.irreversible ?? "it has no down part. Write one, or restore a backup."}` };
  try {
    const begun = direction === "up" && status.some(({ id, state }) => id === migration.id && state === "half-applied");
    return { migration, task: { migration, direction, steps: stepsOf(part, parser), begun } };
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    return { migration, problem: `${placeOf({ folder }, part, error.offset)} cannot be run: ${sentence(error.message)}` };
  }
}
