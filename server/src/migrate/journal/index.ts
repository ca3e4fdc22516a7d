// The owner's table of a folder, by its format, and reading it over whatever runs a query.
import type { MigrationFolder } from "../../model/migration";
import { drizzleJournal } from "./drizzle";
import { historyOf, type MigrationRun } from "./history";
import type { Journal } from "./journal";
import { prismaJournal } from "./prisma";
import { sqlJournal } from "./sql";

/** Texts and readings: see `Journal`. */
export function journalOf(folder: MigrationFolder): Journal {
  switch (folder.format) {
    case "drizzle v0": case "drizzle v1": return drizzleJournal(folder);
    case "prisma": return prismaJournal(folder);
    case "sql": return sqlJournal(folder);
  }
}

/** The same, with what the history keeps beside the owner's record in the same statements' transaction. */
export function journalWithHistory(folder: MigrationFolder): Journal {
  const journal = journalOf(folder), history = historyOf(folder);
  return {
    ...journal,
    createSql: [...journal.createSql, ...history.createSql],
    recordSql: (migration, record) => [...journal.recordSql(migration, record), ...history.doneSql(migration, "up", record)],
    finishedSql: (migration, record) => [...journal.finishedSql(migration, record), ...history.doneSql(migration, "up", record)],
    removedSql: (migration, record) => [...journal.removedSql(migration, record), ...history.doneSql(migration, "down", record)],
  };
}

/** Every run that the database records, oldest first; empty where nothing is recorded. */
export async function readHistory(folder: MigrationFolder, query: (sql: string) => Promise<readonly (readonly (string | null)[])[]>): Promise<readonly MigrationRun[]> {
  const history = historyOf(folder);
  return (await query(history.existsSql))[0]?.[0] === "t" ? history.runs(await query(history.selectSql)) : [];
}
