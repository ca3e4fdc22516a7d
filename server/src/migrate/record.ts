// What a database says of its migrations, in two round trips: the owner's table, the mark of a run that came to no end, and
// INVALID indexes. What that means for a folder is status.ts's affair.
import type { AppliedMigration, MigrationFolder } from "../model/migration";
import { invalidIndexesSql, invalidIndexProblems } from "./invalid-indexes";
import { journalOf } from "./journal/index";
import type { AppliedTable } from "./journal/journal";
import { markerSql, readMarker, type Marker } from "./journal/marker";
import { readRights, rightsSql, type JournalRights } from "./journal/rights";

export interface DatabaseRecord {
  /** Of the owner's table; an older table counts as long as that is missing or empty. */
  readonly applied: readonly AppliedMigration[];
  /** Of a run that came to no end. */
  readonly marker?: Marker;
  /** Of the owner's table, the mark included. */
  readonly comment: string | null;
  /** Of the role that reads, on the owner's table; undefined where that is missing. */
  readonly rights?: JournalRights;
  /** Full sentences, some for each INVALID index of the database. */
  readonly invalidIndexes: readonly string[];
}

/** Runs one SELECT and gives its rows as text. */
export type Query = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

/** What `query` rejects with is passed on. */
export async function readRecord(folder: MigrationFolder, query: Query): Promise<DatabaseRecord> {
  const journal = journalOf(folder);
  const [[exists, comment = null, invalid, may] = []] = await query(`SELECT (${journal.existsSql}), (${markerSql(folder.journal)}), (${invalidIndexesSql}), (${rightsSql(folder.journal)})`);
  const own = exists === "t" ? journal.applied(await query(journal.selectSql)) : [];
  const marker = readMarker(comment), rights = readRights(may);
  return { applied: own.length === 0 && journal.older ? await readOlder(journal.older, query) : own, comment, invalidIndexes: invalidIndexProblems(invalid), ...(marker && { marker }), ...(rights && { rights }) };
}

async function readOlder(table: AppliedTable, query: Query): Promise<readonly AppliedMigration[]> {
  return (await query(table.existsSql))[0]?.[0] === "t" ? table.applied(await query(table.selectSql)) : [];
}
