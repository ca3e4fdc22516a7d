// Door three: for an application that migrates at its start (`import { migrateUp } from "plumbline/migrate"`). It needs the
// folder of the migrations and the database's URL, and reads no schema of the code; the types of what it takes and gives
// stand here whole, because they are published.
import { hostname, userInfo } from "node:os";
import { resolve } from "node:path";
import { defaults } from "./config";
import { chooseConnection } from "./databases/connections/find";
import { DatabaseError } from "./databases/database";
import { SessionError } from "./databases/session";
import { FolderError } from "./migrate/folders/folder-format";
import { openOperations } from "./migrate/operations/open";
import { eventTexts } from "./migrate/run/event-text";
import { RunError } from "./migrate/run/progress";
import { diskFiles, withSlashes } from "./terminal/disk-files";

export interface MigrateOptions {
  /** Where the migrations lie: drizzle-kit's `out`, `prisma/migrations`, or a folder of `NNNN_name.sql`; relative to the process's folder. */
  readonly folder: string;
  /** postgresql://user:password@host:port/database, with libpq's parameters; the password may come from PGPASSWORD or ~/.pgpass. Not a transaction pooler's. */
  readonly url: string;
  /** The table in which applied migrations are recorded, and its schema, where they are not the format's own. */
  readonly table?: string;
  readonly schema?: string;
  /** At most so many migrations. All by default. */
  readonly count?: number;
  /** Migrations that lose data (a dropped table or column) may run. Refused by default. */
  readonly allowLosses?: boolean;
  /** A line for a log: for whom the run waits, what was recovered. */
  readonly onMessage?: (message: string) => void;
  /** Cancels the run; what is not committed is rolled back. */
  readonly signal?: AbortSignal;
}

export interface MigrateResult {
  /** In the order in which this run applied them; empty where nothing was pending, or another instance had applied them. */
  readonly applied: readonly { readonly id: string; readonly milliseconds: number }[];
}

/** The message says what went wrong, in which state the database is, and what to do; there is no secret in it. */
export class MigrateError extends Error {
  override readonly name = "MigrateError";
  constructor(
    message: string,
    /** "stopped before": nothing was done, as where folder or address are wrong. "lost": the connection went, and the message says what is known. */
    readonly kind: "stopped before" | "locked" | "not confirmed" | "read only" | "pooler" | "failed" | "verify failed" | "cancelled" | "lost",
  ) {
    super(message);
  }
}

/** Applies the pending migrations. Of several instances that start at once one runs, and the others wait and find nothing to do. Rejects with a `MigrateError`. */
export async function migrateUp(options: MigrateOptions): Promise<MigrateResult> {
  const { table, schema, count, signal, onMessage } = options;
  const folder = withSlashes(resolve(options.folder));
  const files = diskFiles(folder);
  const textOf = eventTexts();
  const migrations = { folder, ...(table !== undefined && { table }), ...(schema !== undefined && { schema }) };
  try {
    const settings = chooseConnection(options.url, { files, environment: process.env, connections: {}, trusted: true });
    const operations = openOperations({ files, config: { ...defaults, migrations }, folder, schema: () => undefined, embedded: {}, by: `${userInfo().username}@${hostname()}`, now: () => new Date() });
    const { done } = await operations.up({
      target: { kind: "connection", settings }, lossesConfirmed: options.allowLosses === true, backup: "never", ...(count !== undefined && { count }), ...(signal && { signal }),
      onEvent(event) {
        const { kind, text } = textOf(event);
        if (kind === "waiting" || kind === "notice") onMessage?.(text);
      },
    });
    return { applied: done.map(({ migration, milliseconds }) => ({ id: migration.id, milliseconds })) };
  } catch (error) {
    if (error instanceof RunError) throw new MigrateError(error.message, error.kind);
    if (error instanceof DatabaseError || error instanceof SessionError || error instanceof FolderError) throw new MigrateError(error.message, "stopped before");
    throw error;
  }
}
