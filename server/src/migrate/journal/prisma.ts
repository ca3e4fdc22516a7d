// _prisma_migrations as Prisma's schema engine makes and fills it, so that `migrate deploy`, `status` and `resolve` go on
// with what Plumbline has recorded. A row that was rolled back stays, as Prisma's own do: it is the history.
import type { AppliedMigration, Migration, MigrationFolder } from "../../model/migration";
import type { Journal } from "./journal";
import { block, createSchema, existsSql, isoTime, literal, now, quoted, regclass, selectSql, started } from "./table";

/** As `create_migrations_table` of the engine's PostgreSQL flavour. */
const columns = `
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
`;

/** Columns of `prismaRowsSql`. */
const rowColumns = ["migration_name", "checksum", "started_at", "finished_at", "rolled_back_at", "logs", "applied_steps_count"] as const;

export function prismaJournal(folder: MigrationFolder): Journal {
  const table = quoted(folder.journal);
  const checksum = (migration: Migration): string => literal(migration.checksums[0] ?? "");
  const insert = (migration: Migration, milliseconds: number, finished: string, steps: 0 | 1): string =>
    `INSERT INTO ${table} ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count") VALUES (pg_catalog.gen_random_uuid()::text, ${checksum(migration)}, ${literal(migration.id)}, ${started(milliseconds)}, ${finished}, ${steps})`;
  const unfinished = (migration: Migration): string => `"migration_name" = ${literal(migration.id)} AND "finished_at" IS NULL AND "rolled_back_at" IS NULL`;
  // As `prisma migrate resolve --rolled-back`: the engine refuses to go on beside an open attempt.
  const abandonedSql = (migration: Migration): readonly string[] => [`UPDATE ${table} SET "rolled_back_at" = ${now} WHERE ${unfinished(migration)}`];
  return {
    existsSql: existsSql(folder.journal),
    selectSql: prismaRowsSql(folder),
    createSql: [block([`IF ${regclass(folder.journal)} IS NULL THEN`, ...createSchema(folder.journal), `CREATE TABLE ${table} (${columns});`, "END IF;"])],
    applied: (rows) => prismaRows(rows).map(toApplied),
    recordSql: (migration, { milliseconds }) => [insert(migration, milliseconds, now, 1)],
    // As `prisma migrate resolve --applied`: it begins and ends at once.
    baselineSql: (migration) => [insert(migration, 0, started(0), 0)],
    startedSql: (migration) => [...abandonedSql(migration), insert(migration, 0, "NULL", 0)],
    abandonedSql,
    finishedSql: (migration) => [`UPDATE ${table} SET "finished_at" = ${now}, "applied_steps_count" = 1, "checksum" = ${checksum(migration)}, "logs" = NULL WHERE ${unfinished(migration)}`],
    failedSql: (migration, failure) => [`UPDATE ${table} SET "logs" = ${literal(failure)} || pg_catalog.replace(${literal(ranFor("%"))}, '%', pg_catalog.round(1000 * extract(epoch from ${now} - "started_at"))::text) WHERE ${unfinished(migration)}`],
    removedSql: (migration) => [`UPDATE ${table} SET "rolled_back_at" = ${now} WHERE "migration_name" = ${literal(migration.id)} AND "rolled_back_at" IS NULL`],
  };
}

/** At the end of a failure's logs: the owner's table has no column for it. */
export function ranFor(milliseconds: number | "%"): string {
  return `\n\nIt ran for ${milliseconds === "%" ? milliseconds : Math.round(milliseconds)} ms.`;
}

/** What `ranFor` has written, and the failure before it; undefined: another tool's logs. */
export function runLength(logs: string | undefined): { readonly failure: string; readonly milliseconds: number } | undefined {
  const [, failure, milliseconds] = /^([^]*)\n\nIt ran for (\d+) ms\.$/.exec(logs ?? "") ?? [];
  return failure === undefined ? undefined : { failure, milliseconds: Number(milliseconds) };
}

/** A row of _prisma_migrations, times as ISO 8601. */
export interface PrismaRow {
  readonly id: string;
  readonly checksum: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly rolledBackAt?: string;
  readonly logs?: string;
  readonly steps: number;
}

export function prismaRowsSql({ journal }: MigrationFolder): string {
  return selectSql(journal, rowColumns, "(one ->> 'started_at')::timestamptz");
}

export function prismaRows(rows: readonly (readonly (string | null)[])[]): readonly PrismaRow[] {
  return rows.map(([id, checksum, started, finished, rolledBack, logs, steps]) => ({
    id: id ?? "", checksum: checksum ?? "", startedAt: isoTime(started), finishedAt: isoTime(finished), rolledBackAt: isoTime(rolledBack), steps: Number(steps), ...(logs && { logs }),
  }));
}

function toApplied(row: PrismaRow): AppliedMigration {
  const state = row.rolledBackAt !== undefined ? "rolled-back" : row.finishedAt === undefined ? "half-applied" : row.steps === 0 ? "baseline" : "applied";
  return {
    id: row.id, checksum: row.checksum, state,
    ...(row.finishedAt !== undefined && { appliedAt: row.finishedAt }),
    ...(row.finishedAt !== undefined && row.startedAt !== undefined && { milliseconds: Date.parse(row.finishedAt) - Date.parse(row.startedAt) }),
    ...(row.logs !== undefined && { failure: runLength(row.logs)?.failure ?? row.logs }),
  };
}
