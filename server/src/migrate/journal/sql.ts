// schema_migrations, for projects whose migrations are plain SQL: one row a run, its status beside it. Tables of that name
// that another tool made (dbmate, Rails) and a project's own schema_version are taken over, without losing a row.
import type { AppliedMigration, Migration, MigrationFolder } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import type { AppliedTable, Journal, RunRecord } from "./journal";
import { block, createSchema, duration, existsSql, hasColumn, isoTime, literal, now, quote, quoted, regclass, rowsOf, selectSql } from "./table";

/**
 * What a row stands for. applied and baseline hold; running and failed may have left something behind; the others are history:
 * reverted was applied until its down part ran, rolled_back is a down part that ran or (with a description) a run that left nothing
 * behind, down_failed a down part that did not run through.
 */
export type RowStatus = "applied" | "baseline" | "running" | "failed" | "reverted" | "rolled_back" | "down_failed";

/** Name, type, and how an older table's row gives it (`one` is the row as a document). */
const columns = [
  ["name", "text", "coalesce(one ->> 'name', one ->> 'script', one ->> 'filename')"],
  ["description", "text", "one ->> 'description'"],
  ["applied_at", "timestamptz", "coalesce(one ->> 'applied_at', one ->> 'installed_on', one ->> 'executed_at', one ->> 'created_at', '-infinity')::timestamptz"],
  ["applied_by", "text", "coalesce(one ->> 'applied_by', one ->> 'installed_by')"],
  ["duration_ms", "bigint", "coalesce(one ->> 'duration_ms', one ->> 'execution_time_ms', one ->> 'execution_time')::numeric::bigint"],
  ["checksum", "text", "one ->> 'checksum'"],
] as const;

/** Words of other tools and of hand-made tables for a migration that has been applied. */
const appliedWords = ["applied", "success", "successful", "succeeded", "ok", "done", "complete", "completed", "executed", "finished", "true"];

export function sqlJournal(folder: MigrationFolder): Journal {
  const { journal } = folder;
  const table = quoted(journal);
  const older: QualifiedName = { schema: journal.schema, name: "schema_version" };
  const record = (status: RowStatus) => (migration: Migration, run: RunRecord): readonly string[] => [leftovers(journal, migration), insert(journal, migration, status, run)];
  const begun = (migration: Migration): string => `${isVersion(migration)} AND "status" IN ('running', 'failed')`;
  const abandonedSql = (migration: Migration): readonly string[] => [`UPDATE ${table} SET "status" = 'rolled_back', "description" = coalesce("description", 'interrupted') WHERE ${begun(migration)}`];
  return {
    ...tableOf(folder, journal),
    ...(older.name !== journal.name && { older: tableOf(folder, older) }),
    createSql: [block([...create(journal), ...(older.name === journal.name ? [] : adopt(journal, older))])],
    recordSql: record("applied"),
    baselineSql: record("baseline"),
    abandonedSql,
    startedSql: (migration, run) => [
      leftovers(journal, migration),
      ...abandonedSql(migration),
      insert(journal, migration, "running", run),
    ],
    finishedSql: (migration, { milliseconds }) => [
      `UPDATE ${table} SET "status" = 'applied', "applied_at" = ${now}, "duration_ms" = ${duration(milliseconds)}, "checksum" = ${checksumOf(migration)}, "description" = ${literal(descriptionOf(migration))} WHERE ${begun(migration)}`,
    ],
    failedSql: (migration, failure) => [`UPDATE ${table} SET "status" = 'failed', "description" = ${literal(failure)}, "applied_at" = ${now}, "duration_ms" = pg_catalog.round(1000 * extract(epoch from ${now} - "applied_at"))::bigint WHERE ${begun(migration)}`],
    removedSql: (migration, run) => [
      deleted(journal, isVersion(migration)),
      `UPDATE ${table} SET "status" = 'reverted' WHERE ${isVersion(migration)} AND ${holds}`,
      insertHistory(journal, migration, "rolled_back", run),
    ],
  };
}

/** A row that is no more than history; nothing where the table, made by another tool, has room for one row a version. */
export function insertHistory(journal: QualifiedName, migration: Migration, status: RowStatus, run: RunRecord, description?: string): string {
  return `INSERT INTO ${quoted(journal)} (${names}) SELECT ${valuesOf(migration, status, run, description)} WHERE NOT ${versionIsUnique(journal)}`;
}

/** Columns of `selectSql`, and what a row says. */
export interface SqlRow {
  readonly version: string;
  readonly name?: string;
  readonly description?: string;
  readonly appliedAt?: string;
  readonly by?: string;
  readonly milliseconds?: number;
  readonly checksum?: string;
  readonly status: RowStatus;
}

export function sqlRowsSql(table: QualifiedName): string {
  return selectSql(table, ["version", "name", "description", "applied_at", "applied_by", "duration_ms", "checksum", "status", "success", "installed_on", "installed_by"], `${columns[2][2]}, one ->> 'version'`);
}

export function sqlRows(rows: readonly (readonly (string | null)[])[]): readonly SqlRow[] {
  return rows.map(([version, name, description, at, by, milliseconds, checksum, status, success, installedOn, installedBy]) => ({
    version: version ?? name ?? "", status: statusOf(status ?? success),
    ...given("name", name), ...given("description", description), ...given("appliedAt", isoTime(at ?? installedOn)), ...given("by", by ?? installedBy), ...given("checksum", checksum),
    ...(milliseconds !== null && milliseconds !== undefined && { milliseconds: Number(milliseconds) }),
  }));
}

/** The migration of a row: by its name, else by its version, where leading zeros do not count. */
export function migrationOf({ version, name }: Pick<SqlRow, "version" | "name">, migrations: readonly Migration[]): Migration | undefined {
  return migrations.find(({ id }) => id === version || id === name || `${id}.sql` === version || `${id}.sql` === name) ?? migrations.find((migration) => bare(migration.version) === bare(version));
}

const names = ["version", ...columns.map(([name]) => name), "status"].map(quote).join(", ");

/** The statuses under which a migration counts as applied. */
const holds = `"status" IN ('applied', 'baseline')`;

function insert(journal: QualifiedName, migration: Migration, status: RowStatus, run: Omit<RunRecord, "milliseconds"> & Partial<RunRecord>): string {
  return `INSERT INTO ${quoted(journal)} (${names}) VALUES (${valuesOf(migration, status, run)})`;
}

/** Milliseconds are not known of what is still running. */
function valuesOf(migration: Migration, status: RowStatus, { by, milliseconds }: Parameters<typeof insert>[3], description?: string): string {
  const said = status === "applied" || status === "baseline" ? descriptionOf(migration) : description;
  return [literal(migration.version), literal(nameOf(migration)), said === undefined ? "NULL" : literal(said), now, literal(by), milliseconds === undefined ? "NULL" : duration(milliseconds), checksumOf(migration), literal(status)].join(", ");
}

/** Of a table with room for one row a version: what is no longer needed there. */
function leftovers(journal: QualifiedName, migration: Migration): string {
  return deleted(journal, `${isVersion(migration)} AND NOT (${holds})`);
}

/** Only where nothing else will do: a role that may add rows alone needs no right to delete. */
function deleted(journal: QualifiedName, where: string): string {
  return block([`IF ${versionIsUnique(journal)} THEN DELETE FROM ${quoted(journal)} WHERE ${where}; END IF;`]);
}

/** Tools that make `version` unique take every row for an applied migration. */
function versionIsUnique(journal: QualifiedName): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = ${regclass(journal)} AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 AND a.attname = 'version')`;
}

function isVersion(migration: Migration): string {
  const spellings = [migration.version, migration.id, `${migration.id}.sql`].map((text) => literal(bare(text)));
  return `pg_catalog.ltrim("version"::text, '0') IN (${[...new Set(spellings)].join(", ")})`;
}

function bare(version: string): string {
  return version.replace(/^0+/, "");
}

function create(journal: QualifiedName): readonly string[] {
  const table = quoted(journal);
  return [
    `IF ${regclass(journal)} IS NULL THEN`,
    ...createSchema(journal),
    `CREATE TABLE ${table} ("version" text NOT NULL, ${columns.map(([name, type]) => `${quote(name)} ${type}${name === "applied_at" ? " NOT NULL DEFAULT pg_catalog.now()" : ""}`).join(", ")}, "status" text NOT NULL DEFAULT 'applied', PRIMARY KEY ("version", "applied_at"));`,
    // No version is applied twice, whoever records it.
    `CREATE UNIQUE INDEX ${quote(`${journal.name}_applied_once`)} ON ${table} ("version") WHERE "status" IN ('applied', 'baseline', 'running');`,
    "ELSE",
    ...columns.map(([name, type]) => `IF NOT ${hasColumn(journal, name)} THEN ALTER TABLE ${table} ADD COLUMN ${quote(name)} ${type}; END IF;`),
    `IF NOT ${hasColumn(journal, "status")} THEN ALTER TABLE ${table} ADD COLUMN "status" text NOT NULL DEFAULT 'applied'; END IF;`,
    "END IF;",
  ];
}

/** Takes over the rows of an older table while this one has none of its own. */
function adopt(journal: QualifiedName, older: QualifiedName): readonly string[] {
  const words = appliedWords.map(literal).join(", ");
  const status = `CASE WHEN coalesce(one ->> 'status', one ->> 'success') IS NULL OR pg_catalog.lower(coalesce(one ->> 'status', one ->> 'success')) IN (${words}) THEN 'applied' WHEN one ->> 'status' IS NULL THEN 'failed' ELSE one ->> 'status' END`;
  return [
    `IF ${regclass(older)} IS NOT NULL AND NOT EXISTS (SELECT FROM ${quoted(journal)}) THEN`,
    `INSERT INTO ${quoted(journal)} (${names}) SELECT one ->> 'version', ${columns.map(([, , value]) => value).join(", ")}, ${status} FROM ${rowsOf(older)} WHERE one ->> 'version' IS NOT NULL ORDER BY 4 ON CONFLICT DO NOTHING;`,
    "END IF;",
  ];
}

function tableOf({ migrations }: MigrationFolder, table: QualifiedName): AppliedTable {
  return { existsSql: existsSql(table), selectSql: sqlRowsSql(table), applied: (rows) => sqlRows(rows).map((row) => toApplied(row, migrations)) };
}

function toApplied(row: SqlRow, migrations: readonly Migration[]): AppliedMigration {
  const { appliedAt, by, milliseconds, checksum, status, description } = row;
  const state = status === "applied" || status === "baseline" ? status : status === "running" || status === "failed" ? "half-applied" : "rolled-back";
  return {
    id: migrationOf(row, migrations)?.id ?? idOf(row), state,
    ...(appliedAt !== undefined && { appliedAt }), ...(by !== undefined && { by }), ...(milliseconds !== undefined && { milliseconds }),
    // Other tools' checksums are not of the file's bytes alone.
    ...(checksum !== undefined && /^[0-9a-f]{64}$/.test(checksum) && { checksum }),
    ...(description !== undefined && state !== "applied" && state !== "baseline" && { failure: description }),
  };
}

/** As its file was called. */
function idOf({ version, name }: Pick<SqlRow, "version" | "name">): string {
  return name === undefined || name.includes(version) ? name ?? version : `${version}_${name}`;
}

function statusOf(word: string | null | undefined): RowStatus {
  if (word === null || word === undefined) return "applied";
  const known = word.toLowerCase();
  if (appliedWords.includes(known)) return "applied";
  if (["baseline", "running", "failed", "reverted", "rolled_back", "down_failed"].includes(known)) return known as RowStatus;
  // A word that nobody knows is looked at before anything runs.
  return /roll|revert|undo|skip|pending|down/.test(known) ? "rolled_back" : "failed";
}

function checksumOf(migration: Migration): string {
  return literal(migration.checksums[0] ?? "");
}

/** "0004_add_client_index": "add_client_index". */
function nameOf({ id, version }: Migration): string {
  return id.startsWith(version) ? id.slice(version.length).replace(/^[_.-]+/, "") || id : id;
}

/** What its first comment says, else its name in words. */
function descriptionOf(migration: Migration): string {
  const comment = /^\s*--[ \t]*(?!migrate:|plumbline:|>)(\S[^\n\r]*)/.exec(migration.up.sql)?.[1];
  return comment?.trim() ?? nameOf(migration).replaceAll("_", " ");
}

function given<Name extends string>(name: Name, value: string | null | undefined): { readonly [name in Name]?: string } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { readonly [name in Name]?: string });
}
