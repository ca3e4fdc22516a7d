// drizzle.__drizzle_migrations as drizzle-orm makes, upgrades and fills it: id, hash and created_at up to 0.45, a name and
// applied_at beside them in 1.0. It records no beginnings, failures or times: history.ts keeps those.
import type { AppliedMigration, Migration, MigrationFolder } from "../../model/migration";
import type { Journal } from "./journal";
import { block, createSchema, existsSql, hasColumn, isoTime, literal, quote, quoted, regclass, selectSql } from "./table";

/** The journal of a folder of either version. `when` of a migration is what drizzle-orm writes into created_at. */
export function drizzleJournal(folder: MigrationFolder): Journal {
  const named = folder.format === "drizzle v1";
  const table = quoted(folder.journal);
  const record = (migration: Migration): readonly string[] => [
    named
      ? `INSERT INTO ${table} ("hash", "created_at", "name") VALUES (${literal(hashOf(migration))}, ${whenOf(migration)}, ${literal(migration.id)})`
      : `INSERT INTO ${table} ("hash", "created_at") VALUES (${literal(hashOf(migration))}, ${whenOf(migration)})`,
  ];
  return {
    existsSql: existsSql(folder.journal),
    selectSql: selectSql(folder.journal, ["hash", "created_at", "name", "applied_at"], "(one ->> 'id')::bigint"),
    createSql: [block(named ? [...createTable(folder), ...upgrade(folder)] : createTable(folder))],
    applied: (rows) => applied(rows.map(([hash, when, name, at]) => ({ hash: hash ?? "", when: Number(when), name: name ?? undefined, at: isoTime(at) })), folder.migrations),
    recordSql: record,
    baselineSql: record,
    startedSql: () => [],
    abandonedSql: () => [],
    finishedSql: record,
    failedSql: () => [],
    removedSql: (migration) => {
      if (named) return [`DELETE FROM ${table} WHERE "name" = ${literal(migration.id)}`];
      const hashes = `"hash" IN (${migration.checksums.map(literal).join(", ")})`;
      return [`DELETE FROM ${table} WHERE ${hashes} AND ("created_at" = ${whenOf(migration)} OR NOT EXISTS (SELECT FROM ${table} WHERE ${hashes} AND "created_at" = ${whenOf(migration)}))`];
    },
  };
}

/** As `migrate` of drizzle-orm's pg-core makes it. */
function createTable({ format, journal }: MigrationFolder): readonly string[] {
  const columns = ["id SERIAL PRIMARY KEY", "hash text NOT NULL", "created_at bigint", ...(format === "drizzle v1" ? ["name text", "applied_at timestamp with time zone DEFAULT now()"] : [])];
  return [`IF ${regclass(journal)} IS NULL THEN`, ...createSchema(journal), `CREATE TABLE ${quoted(journal)} (${columns.join(", ")});`, "END IF;"];
}

/** drizzle-orm's upgrade (up-migrations/pg): two more columns, and names for the rows, found by the second of their time, or by hash where several share it or none has it. */
function upgrade({ journal, migrations }: MigrationFolder): readonly string[] {
  const table = quoted(journal);
  const seconds = new Map<number, Migration[]>();
  for (const migration of migrations) seconds.set(secondOf(whenOf(migration)), [...(seconds.get(secondOf(whenOf(migration))) ?? []), migration]);
  const name = (migration: Migration, condition: string): string => `UPDATE ${table} SET "name" = ${literal(migration.id)}, "applied_at" = NULL WHERE "name" IS NULL AND ${condition};`;
  return [
    `IF NOT ${hasColumn(journal, "name")} THEN`,
    `ALTER TABLE ${table} ADD COLUMN ${quote("name")} text;`,
    `IF NOT ${hasColumn(journal, "applied_at")} THEN ALTER TABLE ${table} ADD COLUMN ${quote("applied_at")} timestamp with time zone DEFAULT now(); END IF;`,
    ...[...seconds].map(([second, those]) => those.map((one) => name(one, `"created_at" / 1000 = ${second}${those.length > 1 ? ` AND "hash" = ${literal(hashOf(one))}` : ""}`)).join("\n")),
    ...migrations.map((one) => name(one, `"hash" = ${literal(hashOf(one))}`)),
    "END IF;",
  ];
}

interface Row {
  readonly hash: string;
  readonly when: number;
  readonly name?: string;
  readonly at?: string;
}

/** A row is a migration's by name; without one by time and hash, then by hash, then by time: that is an edited file. */
function applied(rows: readonly Row[], migrations: readonly Migration[]): readonly AppliedMigration[] {
  const owners = new Map<Row, Migration>();
  const taken = new Set<Migration>();
  const match = (fits: (row: Row, migration: Migration) => boolean, again: boolean): void => {
    for (const row of rows) {
      if (owners.has(row) || row.name !== undefined) continue;
      const owner = migrations.find((migration) => (again || !taken.has(migration)) && fits(row, migration));
      if (!owner) continue;
      owners.set(row, owner);
      taken.add(owner);
    }
  };
  const sameHash = (row: Row, migration: Migration): boolean => migration.checksums.includes(row.hash);
  const sameTime = (row: Row, migration: Migration): boolean => row.when === whenOf(migration);
  // What two runs at once have recorded twice.
  match((row, migration) => sameTime(row, migration) && sameHash(row, migration), true);
  match(sameHash, false);
  match(sameTime, false);
  // A folder that drizzle-kit has upgraded keeps times to the second.
  match((row, migration) => secondOf(row.when) === secondOf(whenOf(migration)), false);
  return rows.map((row) => {
    const id = row.name ?? owners.get(row)?.id;
    return { state: "applied", checksum: row.hash, ...(!Number.isNaN(row.when) && { when: row.when }), ...(id !== undefined && { id }), ...(row.at !== undefined && { appliedAt: row.at }) };
  });
}

function hashOf(migration: Migration): string {
  return migration.checksums[0] ?? "";
}

/** Drizzle 1.0 takes the time from the folder's name, as UTC. */
function whenOf({ when, id }: Migration): number {
  if (when !== undefined) return when;
  const [year = 0, month = 1, ...rest] = (/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(id) ?? []).slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

function secondOf(when: number): number {
  return Math.floor(when / 1000);
}
