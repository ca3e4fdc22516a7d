// The owner's table of a folder, by its format, and reading it over whatever runs a query.
import type { AppliedMigration, MigrationFolder } from "../../model/migration";
import { drizzleJournal } from "./drizzle";
import type { AppliedTable, Journal } from "./journal";
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

/** What the database records as applied; an older table counts as long as the journal's own is missing or empty. `query` runs one SELECT and gives its rows as text; what it rejects with is passed on. */
export async function readApplied(journal: Journal, query: (sql: string) => Promise<readonly (readonly (string | null)[])[]>): Promise<readonly AppliedMigration[]> {
  const read = async (table: AppliedTable): Promise<readonly AppliedMigration[]> =>
    (await query(table.existsSql))[0]?.[0] === "t" ? table.applied(await query(table.selectSql)) : [];
  const own = await read(journal);
  return own.length === 0 && journal.older ? read(journal.older) : own;
}
