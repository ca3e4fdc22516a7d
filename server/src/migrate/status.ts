// How a folder and a database's record of it fit together: what is applied, what is pending, and what must be settled
// before anything may run. It reads neither: both come in as data.
import { basename, dirname } from "node:path/posix";
import type { AppliedMigration, Migration, MigrationFolder, MigrationStatus } from "../model/migration";
import { cancelledFailure } from "./journal/history";
import type { Marker } from "./journal/marker";

/** One line for each migration of the folder, in its order, and for each recorded one that the folder lacks, where it would stand. `applied` may hold several rows of one migration: the last that was not rolled back counts. `marker`: what a run has left there that came to no end. */
export function migrationStatus(folder: MigrationFolder, applied: readonly AppliedMigration[], marker?: Pick<Marker, "migration" | "direction" | "done">): readonly MigrationStatus[] {
  const lines = recordedStatus(folder, applied);
  return marker === undefined ? lines : lines.map((one) => (one.id === marker.migration && (one.state === "pending" || one.state === "applied") ? { ...one, state: "half-applied", message: leftUnfinished(marker) } : one));
}

/** As the owner's table has it. */
function recordedStatus(folder: MigrationFolder, applied: readonly AppliedMigration[]): readonly MigrationStatus[] {
  const standing = new Map<string, AppliedMigration>();
  const nameless: AppliedMigration[] = [];
  for (const row of applied) {
    if (row.state === "rolled-back") continue;
    if (row.id === undefined) nameless.push(row);
    else standing.set(row.id, row);
  }
  const order = orderOf(folder, [...standing.values(), ...nameless]);
  const lines: MigrationStatus[] = folder.migrations.map((migration, position) => {
    const row = standing.get(migration.id);
    if (!row) return order.isLate(migration, position) ? { id: migration.id, state: "out-of-order", migration, message: outOfOrder(folder, migration, order) } : { id: migration.id, state: "pending", migration };
    if (row.state === "half-applied") return { id: migration.id, state: "half-applied", migration, applied: row, message: halfApplied(folder, migration, row) };
    if (row.checksum !== undefined && migration.checksums.length > 0 && !migration.checksums.includes(row.checksum)) {
      return { id: migration.id, state: "edited", migration, applied: row, message: edited(folder, migration, row.checksum) };
    }
    return { id: migration.id, state: "applied", migration, applied: row };
  });
  const known = new Set(folder.migrations.map(({ id }) => id));
  const lost = [...standing.values()].filter(({ id }) => !known.has(id!)).concat(nameless).filter((row) => !ownerBeside(folder, row));
  for (const row of lost) {
    // It is there: the folder's own problem tells why it could not be read.
    const told = folder.problems.find(({ kind, migration, when }) => kind === "unreadable" && (row.id === undefined ? when !== undefined && when === row.when : migration === row.id));
    const line: MigrationStatus = { id: row.id ?? told?.migration ?? row.checksum?.slice(0, 12) ?? String(row.when), state: "missing", applied: row, ...(!told && { message: missing(folder, row, lines) }) };
    const place = lines.findIndex((one) => isAfter(one, row));
    lines.splice(place < 0 ? lines.length : place, 0, line);
  }
  return lines;
}

/** Full sentences: what stops a run before anything happens; a pending file that comes too late stops no run that merely records. A half-applied migration is none: the runner looks at what is there, and brings it to its end. */
export function obstacles(status: readonly MigrationStatus[], how: "carry out" | "baseline" = "carry out"): readonly string[] {
  return status.flatMap(({ state, message }) => ((state === "edited" || state === "missing" || (state === "out-of-order" && how === "carry out")) && message !== undefined ? [message] : []));
}

/** A file of the folder as people see it: "drizzle/0003_add_index.sql". */
export function shownFile({ folder }: Pick<MigrationFolder, "folder">, file: string): string {
  return file.startsWith(`${folder}/`) ? `${basename(folder)}${file.slice(folder.length)}` : file;
}

interface Order {
  /** Id of the last one that is applied. */
  readonly last: string;
  /** It is another folder's, which records in the same table. */
  readonly isBeside: boolean;
  isLate(migration: Migration, position: number): boolean;
}

/** Pending ones come after all that is applied. drizzle-orm up to 0.45 looks at the time of the newest row alone. */
function orderOf(folder: MigrationFolder, rows: readonly AppliedMigration[]): Order {
  const { format, migrations } = folder;
  const recorded = new Set(rows.map(({ id }) => id));
  const lastPosition = migrations.findLastIndex(({ id }) => recorded.has(id));
  const newest = format === "drizzle v0" ? Math.max(...rows.map(({ when }) => when ?? -Infinity)) : -Infinity;
  const newestRow = rows.find(({ when }) => when === newest);
  const beside = newestRow && ownerBeside(folder, newestRow);
  return {
    last: beside ?? migrations[lastPosition]?.id ?? newestRow?.id ?? "a migration that this folder lacks",
    isBeside: beside !== undefined,
    isLate: ({ when }, position) => position < lastPosition || (when !== undefined && when <= newest),
  };
}

function isAfter({ migration, applied }: MigrationStatus, row: AppliedMigration): boolean {
  if (row.id !== undefined && migration) return migration.id.localeCompare(row.id, "en", { numeric: true }) > 0;
  const when = migration?.when ?? applied?.when;
  return row.when !== undefined && when !== undefined && when > row.when;
}

/** "0003_add_index of shop/drizzle": whose row it is, where another folder records in the same table. */
function ownerBeside({ beside = [] }: MigrationFolder, { id, checksum }: AppliedMigration): string | undefined {
  if (checksum === undefined) return undefined;
  for (const { folder, migrations } of beside) {
    const own = migrations.find((one) => (id === undefined || one.id === id) && one.checksums.includes(checksum));
    if (own) return `${own.id} of ${basename(dirname(folder))}/${basename(folder)}`;
  }
  return undefined;
}

function outOfOrder(folder: MigrationFolder, migration: Migration, { last, isBeside }: Order): string {
  const file = shownFile(folder, migration.up.file);
  const why = `${file} is pending, but ${last}, which comes after it, has been applied already`;
  switch (folder.format) {
    case "drizzle v0": return `${why}. drizzle-orm skips it for ever and reports success. Delete it with its entry in meta/_journal.json and generate it again, so that it comes last.${isBeside ? ` Both folders record in ${folder.journal.schema}.${folder.journal.name}: as long as nothing of this one is applied, it may record in a table of its own instead (migrations: { table: "…" } in drizzle.config).` : ""}`;
    case "drizzle v1": case "prisma": return `${why}. Give its folder a newer time than ${last}, or apply it to the database by hand and record it with "plumbline migrate baseline".`;
    case "sql": return `${why}. Give it a number or time above that of ${last}.`;
  }
}

function edited(folder: MigrationFolder, migration: Migration, recorded: string): string {
  const file = shownFile(folder, migration.up.file);
  return `${file} was changed after it had been applied: the database records SHA-256 ${recorded}, the file has ${migration.checksums[0]}. Restore the file as it was (git log -- ':/*${file}'), and put the change into a new migration.`;
}

function missing(folder: MigrationFolder, row: AppliedMigration, lines: readonly MigrationStatus[]): string {
  const hash = row.checksum === undefined ? "" : ` with SHA-256 ${row.checksum}`;
  const what = row.id === undefined ? `a migration${hash}${row.when === undefined ? "" : ` of ${new Date(row.when).toISOString()}`}` : `${row.id}${hash}`;
  const renamed = row.checksum === undefined ? undefined : lines.find(({ state, migration }) => state !== "applied" && migration?.checksums.includes(row.checksum!))?.migration;
  const remedy = renamed
    ? `${shownFile(folder, renamed.up.file)} has the same text: give it the recorded name back.`
    : `Restore the file from version control, or check out the branch that it belongs to.`;
  return `The database records ${what} as applied, but ${basename(folder.folder)} has no such file. ${remedy}`;
}

function halfApplied(folder: MigrationFolder, migration: Migration, row: AppliedMigration): string {
  const reason = row.failure === undefined ? "" : row.failure === cancelledFailure ? ` ${cancelledFailure}` : ` It failed with: ${row.failure.replace(/\.?\s*$/, ".")}`;
  return `${shownFile(folder, migration.up.file)} was begun and not finished, so some of its statements may have run.${reason} Run "plumbline migrate repair", which looks at what is there and brings it to its end; the next "plumbline migrate up" does so, too, unless another tool began it.`;
}

function leftUnfinished({ migration, direction, done }: Pick<Marker, "migration" | "direction" | "done">): string {
  return `${migration} was begun (${direction}) and not finished: ${done} of its steps are done. Run "plumbline migrate repair", which goes on from there; the next "plumbline migrate ${direction}" does so, too.`;
}
