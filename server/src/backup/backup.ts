// What making, restoring and proving a backup offers, as data for the terminal and the editor. A dump that was never
// restored is not called a backup: `verified` says whether, and where, this one was.
import type { ConnectionSettings } from "../databases/connections/settings";
import type { SchemaModel } from "../model/schema";

/** What is known of a dump that Plumbline made, written beside it as FILE.json. */
export interface Manifest {
  readonly version: 1;
  /** Name of the dump's file, without its folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** "pg_dump 15.18", or "plumbline" where none is installed that is new enough. */
  readonly by: string;
  /** Name of the connection. */
  readonly connection: string;
  readonly database: string;
  /** "PostgreSQL 15.13". */
  readonly server: string;
  /** "schema.table" -> rows at the moment of the dump. */
  readonly rows: Readonly<Record<string, number>>;
  readonly schema: SchemaModel;
  /** Absent: it was never restored. */
  readonly verified?: { readonly at: string; readonly on: string };
}

export interface Backup extends Omit<Manifest, "schema" | "version"> {
  /** Absolute path of the dump. */
  readonly path: string;
  /** Why it was not restored into a throw-away database, or what was wrong there: full sentences. Empty where `verified`. */
  readonly unverified: readonly string[];
  /** It was restored, and is not what was dumped. */
  readonly wrong: boolean;
}

interface Followed {
  /** What is being done, without a full stop: "Dumping public.orders". */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface CreateRequest extends Followed {
  readonly settings: ConnectionSettings;
  /** Absolute; undefined: DATABASE-YYYYMMDD-HHMMSS.sql.gz in the folder of the setting `backups`, which is made; a second one of that second ends in -2.sql.gz. What exists is never written over. The ending .gz compresses. */
  readonly file?: string;
  /** Restore it into the embedded database at once and compare. "small" (default): where the database is smaller than 64 MB. */
  readonly verify?: "small" | "always" | "never";
}

export interface RestoreRequest extends Followed {
  readonly settings: ConnectionSettings;
  /** Absolute; or the dump's bytes. */
  readonly file: string | AsyncIterable<Uint8Array>;
  /** What was typed: the database's name (`settings.database`) or the connection's; the connection's where it is marked production. */
  readonly confirmed: string;
  /** What is in the database goes, in the same transaction; a dump of it is made first. Without it a database that is not empty is refused. */
  readonly replace?: "with a dump" | "without a dump";
  /** Leaves owners and privileges out, so that everything belongs to the connection's user. */
  readonly noOwner?: boolean;
}

export interface Restored {
  readonly tables: number;
  readonly rows: number;
  /** Full sentences: what was left out, and why. */
  readonly notes: readonly string[];
}

export interface VerifyRequest extends Followed {
  readonly file: string | AsyncIterable<Uint8Array>;
  /** Where it is restored: the embedded database, or a temporary database on the server of a connection. Both are gone afterwards. */
  readonly on: ConnectionSettings | "embedded";
  /** The name of the connection that was typed; needed where `on` is marked production. */
  readonly confirmed?: string;
  /** What it must hold. Undefined: the manifest beside the file where there is one, else the schema of the code, else nothing but that it restores to its end. */
  readonly against?: "manifest" | "code" | "nothing" | ConnectionSettings;
}

export interface BackupVerification extends Restored {
  /** Full sentences: what of the dump does not restore, and tables, counts or definitions that differ. Empty: it is a backup. */
  readonly problems: readonly string[];
  /** What it was compared with: "the manifest shop.sql.gz.json", "the schema of the code", "the database shop"; undefined: nothing. */
  readonly against?: string;
  /** "the embedded PostgreSQL 17.5", "a temporary database of shop (PostgreSQL 15.13)". */
  readonly on: string;
}

/** Each rejects with a `BackupError`, or with the `DatabaseError` of a connection. */
export interface Backups {
  create(request: CreateRequest): Promise<Backup>;
  /** In one transaction: what is interrupted leaves the database as it was. */
  restore(request: RestoreRequest): Promise<Restored>;
  verify(request: VerifyRequest): Promise<BackupVerification>;
}

/** A full sentence for people: what happened, in which state file and database are, what to do. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  constructor(message: string, readonly kind: "refused" | "not confirmed" | "failed" | "cancelled") {
    super(message);
  }
}
