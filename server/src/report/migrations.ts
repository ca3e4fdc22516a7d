// The state of a project's migrations on one or several databases, side by side: for people, and as a stable JSON document.
import type { MigrationRun } from "../migrate/journal/history";
import type { MigrationFolder, MigrationStatus } from "../model/migration";
import { tableName } from "./placed-finding";
import { visible, type Colors } from "./pretty";

export interface DatabaseMigrations {
  readonly database: string;
  readonly migrations: readonly MigrationStatus[];
  /** Why nothing is known of it: a full sentence. */
  readonly unread?: string;
  /** Full sentences: INVALID indexes, where they were looked for. */
  readonly problems?: readonly string[];
  /** Oldest first, where it was asked for. */
  readonly history?: readonly MigrationRun[];
}

interface Names {
  relative(file: string): string;
}

/** Version 1 of the shape that server/README.md documents. */
export function migrationsJson(folder: MigrationFolder, databases: readonly DatabaseMigrations[], { relative }: Names): string {
  return `${JSON.stringify({
    version: 1,
    folder: relative(folder.folder),
    format: folder.format,
    journal: folder.journal,
    databases: databases.map(({ database, migrations, unread, problems, history }) => ({
      database,
      ...(unread !== undefined && { unread }),
      migrations: migrations.map(({ id, state, migration, applied, message }) => ({
        id,
        version: migration?.version ?? null,
        file: migration ? relative(migration.up.file) : null,
        state,
        message: message ?? null,
        appliedAt: applied?.appliedAt ?? null,
        by: applied?.by ?? null,
        milliseconds: applied?.milliseconds ?? null,
      })),
      ...(problems && { problems }),
      ...(history && { history: history.map(({ id, direction, outcome, at, by, milliseconds, failure }) => ({ id, direction, outcome, at: at ?? null, by: by ?? null, milliseconds: milliseconds ?? null, failure: failure ?? null })) }),
    })),
    problems: folder.problems.map(({ message }) => message),
  }, undefined, 2)}\n`;
}

/** A line a migration, a column a database; below it what is wrong and what to do. */
export function prettyMigrations(folder: MigrationFolder, databases: readonly DatabaseMigrations[], { relative }: Names, { colors }: { readonly colors: Colors }): string {
  const ids = [...new Set(databases.flatMap(({ migrations }) => migrations.map(({ id }) => id)))];
  const ordered = [...folder.migrations.map(({ id }) => id), ...ids.filter((id) => !folder.migrations.some((one) => one.id === id))];
  const longest = Math.max(9, ...ordered.map((id) => id.length));
  const widths = databases.map(({ database }) => Math.max(12, database.length));
  const paint = (state: MigrationStatus["state"] | "", text: string): string => (state === "applied" ? colors.green(text) : state === "pending" || state === "" ? colors.yellow(text) : colors.red(text));
  const lines = [
    `${colors.bold(relative(folder.folder))}  ${colors.dim(`${folder.format}, recorded in ${tableName(folder.journal)}`)}`,
    `  ${"".padEnd(longest)}  ${databases.map(({ database }, at) => colors.bold(visible(database).padEnd(widths[at]!))).join("  ")}`.trimEnd(),
  ];
  for (const id of ordered) {
    const cells = databases.map(({ migrations, unread }, at) => {
      const state = migrations.find((one) => one.id === id)?.state ?? "";
      return paint(state, (unread !== undefined ? "not read" : state === "" ? "-" : state).padEnd(widths[at]!));
    });
    lines.push(`  ${visible(id).padEnd(longest)}  ${cells.join("  ")}`.trimEnd());
  }
  if (ordered.length === 0) lines.push("  no migrations");
  const messages = databases.flatMap(({ database, migrations, unread, problems = [] }) => [...(unread === undefined ? [] : [unread]), ...migrations.flatMap(({ message }) => message ?? []), ...problems].map((message) => `${colors.red(`${visible(database)}:`)} ${visible(message)}`));
  const histories = databases.flatMap(({ database, history }) => (history ? ["", ...prettyHistory(database, history, longest, colors)] : []));
  return `${[...lines, ...messages, ...histories].join("\n")}\n`;
}

/** A line a run, the last one first. */
function prettyHistory(database: string, history: readonly MigrationRun[], longest: number, colors: Colors): readonly string[] {
  const lines = [...history].reverse().map(({ id, direction, outcome, at, by, milliseconds, failure }) => {
    const said = outcome === "done" ? (direction === "up" ? colors.green("applied".padEnd(10)) : colors.yellow("taken back")) : outcome === "baseline" ? colors.green("baseline  ") : outcome === "cancelled" ? colors.yellow("cancelled ") : colors.red((outcome === "failed" ? `${direction} failed` : outcome).padEnd(10));
    const took = milliseconds === undefined ? "" : `${milliseconds} ms`;
    return `  ${(at ?? "time not known").padEnd(24)}  ${visible(id).padEnd(longest)}  ${said}  ${took.padStart(9)}  ${visible(by ?? "")}${failure === undefined ? "" : `  ${visible(failure.split("\n")[0]!)}`}`.trimEnd();
  });
  return [`${colors.bold(visible(database))}  ${colors.dim("runs, the last one first")}`, ...(lines.length > 0 ? lines : ["  none is recorded"])];
}
