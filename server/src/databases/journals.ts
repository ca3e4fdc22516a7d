// Reads what a database records as applied of folders of migrations, beside its schema: two SELECTs a folder. What the
// records mean is migrate/status.ts's affair.
import { recordedIn } from "../migrate/folders/find";
import { readRecord } from "../migrate/record";
import type { Marker } from "../migrate/journal/marker";
import type { AppliedMigration, MigrationFolder } from "../model/migration";
import { DatabaseError, type Database } from "./database";

export interface ReadJournal {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly rows: readonly AppliedMigration[];
  /** Of a run that came to no end. */
  readonly marker?: Marker;
}

/** Of each folder whose table can be read; one without the permission is left out. Rejects with a `DatabaseError` where the connection is lost or the reading was cancelled. */
export async function readJournals(database: Pick<Database, "query" | "searched">, folders: readonly MigrationFolder[], signal?: AbortSignal): Promise<readonly ReadJournal[]> {
  const read: ReadJournal[] = [];
  for (const folder of folders) {
    try {
      const { applied, marker } = await readRecord(recordedIn(folder, database.searched), async (sql) => (await database.query(sql, [], signal)).map((row) => row.map(asText)));
      read.push({ folder: folder.folder, rows: applied, ...(marker && { marker }) });
    } catch (error) {
      if (!(error instanceof DatabaseError) || (error.kind !== "permission" && error.kind !== "failed")) throw error;
    }
  }
  return read;
}

/** A value as the server itself spells it: the driver has made JavaScript's values of some types. */
export function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? "t" : "f";
  return value instanceof Date ? value.toISOString() : String(value);
}
