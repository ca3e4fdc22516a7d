// Migration folders on disk for the tests of journals, and databases in which their owners and Plumbline take turns.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openSession } from "../../../server/src/databases/postgres/session";
import type { Session } from "../../../server/src/databases/session";
import { readFolder } from "../../../server/src/migrate/folders/formats";
import { journalOf } from "../../../server/src/migrate/journal";
import { readRecord } from "../../../server/src/migrate/record";
import { migrationStatus } from "../../../server/src/migrate/status";
import type { Migration, MigrationFolder, MigrationStatus } from "../../../server/src/model/migration";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { settingsOf } from "../../database/servers";
import type { Postgres } from "../../oracles/postgres";

const made: string[] = [];
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder with these files; gone after the tests. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-journal-"));
  made.push(folder);
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export function read(folder: string): MigrationFolder {
  return readFolder(folder, diskFiles(folder))!;
}

/** A new database, and a session of it; closed after the tests. */
export async function newDatabase(server: Postgres, name: string): Promise<{ readonly connection: Postgres["connection"]; readonly session: Session }> {
  const connection = await server.createDatabase(name);
  const session = await openSession(settingsOf(connection));
  sessions.push(session);
  return { connection, session };
}

const sessions: Session[] = [];
after(() => Promise.all(sessions.map((session) => session.close())));

export const run = { by: "anna@laptop", startedAt: "2026-01-02T03:04:05.000Z", milliseconds: 12 };

/** Runs the migrations and records them, each in a transaction of its own. */
export async function apply(session: Session, folder: MigrationFolder, migrations: readonly Migration[] = folder.migrations): Promise<void> {
  const journal = journalOf(folder);
  await session.run(journal.createSql.join(";\n"));
  for (const migration of migrations) await session.run(["BEGIN", migration.up.sql.trim().replace(/;$/, ""), ...journal.recordSql(migration, run), "COMMIT"].join(";\n"));
}

export async function takeBack(session: Session, folder: MigrationFolder, migration: Migration): Promise<void> {
  await session.run(["BEGIN", migration.down!.sql.trim().replace(/;$/, ""), ...journalOf(folder).removedSql(migration, run), "COMMIT"].join(";\n"));
}

export async function statusOf(session: Session, folder: MigrationFolder): Promise<readonly MigrationStatus[]> {
  const { applied, marker } = await readRecord(folder, (sql) => rows(session, sql));
  return migrationStatus(folder, applied, marker);
}

/** "0000_a applied", in order. */
export async function states(session: Session, folder: MigrationFolder): Promise<readonly string[]> {
  return (await statusOf(session, folder)).map(({ id, state }) => `${id} ${state}`);
}

export async function rows(session: Session, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await session.run(sql)).at(-1)!.rows;
}
