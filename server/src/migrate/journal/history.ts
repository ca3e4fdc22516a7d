// What ran when, for how long, and how it ended: in the owner's own table where that keeps rows (Prisma, plain SQL), for
// Drizzle in a table beside the owner's, in its schema, where drizzle-kit sees no drift. It runs nothing.
import type { Migration, MigrationFolder } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import type { RunRecord } from "./journal";
import { prismaRows, prismaRowsSql, ranFor, runLength, type PrismaRow } from "./prisma";
import { insertHistory, migrationOf, sqlRows, sqlRowsSql, type SqlRow } from "./sql";
import { block, createSchema, duration, existsSql, isoTime, literal, now, quote, quoted, regclass, selectSql, started } from "./table";

export interface MigrationRun {
  readonly id: string;
  readonly direction: "up" | "down";
  /** "cancelled": by a person, and not done. */
  readonly outcome: "done" | "failed" | "cancelled" | "unfinished" | "baseline";
  /** ISO 8601: when it ended. */
  readonly at?: string;
  readonly by?: string;
  readonly milliseconds?: number;
  readonly failure?: string;
}

/** SQL without semicolons at its ends, every name quoted. */
export interface History {
  /** Makes its table; nothing where the owner's is enough or it stands already. */
  readonly createSql: readonly string[];
  /** One row, one value: "t" where there is something to read. */
  readonly existsSql: string;
  readonly selectSql: string;
  /** The rows of `selectSql`, oldest run first. */
  runs(rows: readonly (readonly (string | null)[])[]): readonly MigrationRun[];
  /** Beside the journal's own record, in the same transaction. Empty where that record says it all. */
  doneSql(migration: Migration, direction: "up" | "down", record: RunRecord): readonly string[];
  /** After a run that was rolled back whole; what a journal's `failedSql` records needs no more. Empty where the owner has no room for it. */
  failedSql(migration: Migration, direction: "up" | "down", record: RunRecord, failure: string): readonly string[];
}

/** The failure by which a run that was cancelled is recorded: the owners' tables have no other room for it. */
export const cancelledFailure = "It was cancelled.";

export function historyOf(folder: MigrationFolder): History {
  const history = historyIn(folder);
  return { ...history, runs: (rows) => history.runs(rows).map((run) => (run.outcome === "failed" && run.failure === cancelledFailure ? cancelled(run) : run)) };
}

function cancelled({ failure, ...run }: MigrationRun): MigrationRun {
  return { ...run, outcome: "cancelled" };
}

function historyIn(folder: MigrationFolder): History {
  switch (folder.format) {
    case "drizzle v0": case "drizzle v1": return drizzleHistory(folder);
    case "prisma": return {
      createSql: [], existsSql: existsSql(folder.journal), selectSql: prismaRowsSql(folder), runs: (rows) => inOrder(prismaRows(rows).flatMap(prismaRuns)), doneSql: () => [],
      failedSql: (migration, direction, { milliseconds }, failure) => direction === "down" ? [] : [
        `INSERT INTO ${quoted(folder.journal)} ("id", "checksum", "migration_name", "started_at", "rolled_back_at", "logs") VALUES (pg_catalog.gen_random_uuid()::text, ${literal(migration.checksums[0] ?? "")}, ${literal(migration.id)}, ${started(milliseconds)}, ${now}, ${literal(`${failure}${ranFor(milliseconds)}`)})`,
      ],
    };
    case "sql": return {
      createSql: [], existsSql: existsSql(folder.journal), selectSql: sqlRowsSql(folder.journal), runs: (rows) => sqlRows(rows).map((row) => sqlRun(row, folder.migrations)), doneSql: () => [],
      failedSql: (migration, direction, record, failure) => [insertHistory(folder.journal, migration, direction === "up" ? "rolled_back" : "down_failed", record, failure)],
    };
  }
}

/** Beside Drizzle's own table. */
export const runsTable = "__plumbline_runs";

const columns = ["migration", "direction", "outcome", "ended_at", "run_by", "duration_ms", "failure"] as const;

function drizzleHistory({ journal }: MigrationFolder): History {
  const table: QualifiedName = { schema: journal.schema, name: runsTable };
  // A role that may write the owner's table alone still runs; its runs are in no history, as createSql tells.
  const may = (right: string): string => `coalesce(pg_catalog.has_table_privilege(${regclass(table)}, '${right}'), false)`;
  const insert = (migration: Migration, direction: "up" | "down", { by, milliseconds }: RunRecord, failure?: string): string => block([`IF ${may("INSERT")} THEN`,
    `INSERT INTO ${quoted(table)} (${columns.map(quote).join(", ")}) VALUES (${literal(migration.id)}, ${literal(direction)}, ${failure === undefined ? "'done'" : "'failed'"}, ${now}, ${literal(by)}, ${duration(milliseconds)}, ${failure === undefined ? "NULL" : literal(failure)});`, "END IF;"]);
  return {
    createSql: [block([
      ...createSchema(table),
      `IF ${regclass(table)} IS NULL AND pg_catalog.has_schema_privilege(${literal(table.schema ?? "")}, 'CREATE') THEN`,
      `CREATE TABLE ${quoted(table)} ("id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "migration" text NOT NULL, "direction" text NOT NULL, "outcome" text NOT NULL, "ended_at" timestamptz NOT NULL, "run_by" text, "duration_ms" bigint, "failure" text);`,
      "END IF;",
      `IF NOT ${may("INSERT")} THEN RAISE NOTICE '%', ${literal(`This run is in no history, which is kept in ${quoted(table)}: the role may not write there. Its owner can GRANT SELECT, INSERT ON it; where it is missing, GRANT CREATE ON SCHEMA ${quote(table.schema ?? "")}.`)}; END IF;`,
    ])],
    existsSql: existsSql(table),
    selectSql: selectSql(table, columns, "(one ->> 'id')::bigint"),
    runs: (rows) => rows.map(([id, direction, outcome, at, by, milliseconds, failure]) => ({
      id: id ?? "", direction: direction === "down" ? "down" : "up", outcome: outcome === "done" ? "done" : "failed", at: isoTime(at), ...(by != null && { by }), ...(milliseconds != null && { milliseconds: Number(milliseconds) }), ...(failure != null && { failure }),
    })),
    doneSql: (migration, direction, record) => [insert(migration, direction, record)],
    failedSql: (migration, direction, record, failure) => [insert(migration, direction, record, failure)],
  };
}

/** A row stands where its run began; what it was taken back by came later. */
function inOrder(runs: readonly MigrationRun[]): readonly MigrationRun[] {
  return [...runs].sort((one, other) => Date.parse(one.at ?? "") - Date.parse(other.at ?? "") || 0);
}

/** A row that was finished and then rolled back tells of two runs. */
function prismaRuns({ id, startedAt, finishedAt, rolledBackAt, logs, steps }: PrismaRow): readonly MigrationRun[] {
  // When it is rolled back, by hand or by the next attempt, says nothing of how long it ran.
  const failed = finishedAt === undefined ? runLength(logs) : undefined;
  const start = startedAt === undefined ? undefined : Date.parse(startedAt);
  const ended = finishedAt ?? (failed === undefined || start === undefined ? undefined : new Date(start + failed.milliseconds).toISOString());
  const up: MigrationRun = {
    id, direction: "up", outcome: finishedAt !== undefined ? (steps === 0 ? "baseline" : "done") : logs !== undefined ? "failed" : "unfinished", at: ended ?? startedAt,
    ...(ended !== undefined && start !== undefined && { milliseconds: Date.parse(ended) - start }), ...(logs !== undefined && { failure: failed?.failure ?? logs }),
  };
  return finishedAt !== undefined && rolledBackAt !== undefined ? [up, { id, direction: "down", outcome: "done", at: rolledBackAt }] : [up];
}

function sqlRun(row: SqlRow, migrations: readonly Migration[]): MigrationRun {
  const { status, description, appliedAt, by, milliseconds } = row;
  const takenBack = status === "down_failed" || (status === "rolled_back" && description === undefined);
  const outcome = status === "running" ? "unfinished" : status === "baseline" ? "baseline" : status === "failed" || status === "down_failed" || (status === "rolled_back" && !takenBack) ? "failed" : "done";
  return {
    id: migrationOf(row, migrations)?.id ?? row.name ?? row.version, direction: takenBack ? "down" : "up", outcome,
    ...(appliedAt !== undefined && { at: appliedAt }), ...(by !== undefined && { by }), ...(milliseconds !== undefined && { milliseconds }), ...(outcome === "failed" && description !== undefined && { failure: description }),
  };
}
