// What making, restoring and proving a backup offers. A backup that was never restored is not called a backup: `verified`
// says whether this one was.
import type { ConnectionSettings } from "../databases/connections/settings";

export interface Backup {
  /** Absolute path of the dump. */
  readonly file: string;
  readonly format: "plain" | "gzip" | "custom";
  /** "pg_dump 15.18", or "plumbline" where none is installed. */
  readonly by: string;
  readonly bytes: number;
  /** By table, for comparing after a restore. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface BackupVerification {
  /** Full sentences: tables, counts or definitions that differ. Empty: it restores to what was expected. */
  readonly problems: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

export interface BackupRequest {
  readonly settings: ConnectionSettings;
  /** Absolute path of the file to write. */
  readonly file: string;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}
