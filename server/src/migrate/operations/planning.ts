// The plan of a run on a target: what the folder and its record say is to be done, each statement with what it means for
// this database. It only reads.
import { loadSqlParser } from "../../sql/load";
import type { SqlParser } from "../../sql/parser";
import type { Migration, MigrationFolder, MigrationStatement, MigrationStatus } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import { journalOf } from "../journal/index";
import type { Plan } from "../plan";
import { buildPlan } from "../plan-building";
import { selectDown, selectUp, type Selection } from "../selection";
import { migrationStatus, obstacles, shownFile } from "../status";
import type { Operations } from "./operations";
import { reading, standingOf, type ScratchPlace } from "./reading";

export async function planOf({ target, count, to, direction, known, signal }: Parameters<Operations["plan"]>[0], folder: MigrationFolder, schema: SchemaModel | undefined, scratch: ScratchPlace): Promise<Plan> {
  const parser = await loadSqlParser();
  const { name, production, applied, facts, reading: { model, server } } = known ?? (await reading(target, scratch, schema, signal, (reader) => standingOf(reader, journalOf(folder))));
  const status = migrationStatus(folder, applied);
  const selection: Selection = direction === "up" ? selectUp(status, { count, to }) : selectDown(status, { count, to });
  const migrations = selection.kind === "selected" ? selection.migrations : [];
  const parsed = migrations.map((migration) => parsedPart(migration, direction, folder, parser));
  return buildPlan({
    direction,
    database: name,
    production,
    migrations: parsed.map(({ migration, statements }) => ({ migration, statements })),
    facts,
    schema: model,
    ...(facts && { grantedLocks: facts.database.lockEntries }),
    obstacles: [
      ...(selection.kind === "impossible" ? [selection.message] : []),
      ...folder.problems.map(({ message }) => message),
      ...inTheWay(status, direction),
      ...(server.readOnly ? [`The database "${name}" only reads: it is a standby, or its transactions are read-only by default. Connect to the primary server.`] : []),
      ...parsed.flatMap(({ problem }) => problem ?? []),
    ],
  });
}

/** A pending file that comes too late stops what goes forwards alone. */
function inTheWay(status: readonly MigrationStatus[], direction: Plan["direction"]): readonly string[] {
  return obstacles(direction === "up" ? status : status.filter(({ state }) => state !== "out-of-order"));
}

interface ParsedPart {
  readonly migration: Migration;
  readonly statements: readonly MigrationStatement[];
  /** A full sentence: it is no SQL, or there is no such part. */
  readonly problem?: string;
}

function parsedPart(migration: Migration, direction: Plan["direction"], folder: MigrationFolder, parser: SqlParser): ParsedPart {
  const part = direction === "up" ? migration.up : migration.down;
  if (!part) return { migration, statements: [], problem: `${shownFile(folder, migration.up.file)} cannot be taken back: ${migration.irreversible ?? "it has no down part. Write one, or restore a backup."}` };
  const { statements, error } = parser.parse(part.sql);
  if (!error) return { migration, statements };
  const line = part.sql.slice(0, error.offset).split(/\r\n|\r|\n/).length;
  return { migration, statements, problem: `${shownFile(folder, part.file)} cannot be read as SQL: ${error.message} (line ${line} of its ${direction} part). Correct it first.` };
}
