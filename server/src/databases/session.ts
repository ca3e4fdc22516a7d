// A session that writes: what the migration runner needs of a database. One backend from opening to closing, so that
// session locks and SET last. Opening one is its kind's affair: postgres/ over the wire, embedded/ in a process of its own.
import type { ServerDescription } from "./database";

/** What one statement of a message gave. */
export interface StatementResult {
  /** "SELECT 3", "CREATE INDEX". */
  readonly command: string;
  readonly fields: readonly string[];
  /** Values as text, null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Session {
  /** Name of the connection. */
  readonly name: string;
  /** Only after its name was typed. */
  readonly production: boolean;
  readonly server: ServerDescription;
  /** Process number of the server's backend; 0 for the embedded database. */
  readonly backend: number;
  /** The schema that it searches in place of public (Prisma's `?schema=`). */
  readonly searched?: string | undefined;
  /** Statements that bring role and settings back to what they were when the session was opened: migration files change both. None behind a transaction pooler, where there is no session. */
  readonly reset: readonly string[];
  /**
   * One message of the simple protocol, one round trip; several statements outside BEGIN are one implicit transaction.
   * No timeout but the server's own. `signal` cancels the running statement on the server. Rejects with a `SessionError`.
   */
  run(sql: string, signal?: AbortSignal): Promise<readonly StatementResult[]>;
  /** What the server says meanwhile: NOTICE and WARNING. */
  onNotice(listener: (message: string) => void): void;
  /** Another session of the same database, for watching and cancelling; rejects where the database has one session only (embedded). */
  another(signal?: AbortSignal): Promise<Session>;
  /** False once the connection is gone: then what the last message did is unknown. */
  readonly open: boolean;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Why a message failed. The message is for people and holds no secret. */
export class SessionError extends Error {
  constructor(
    message: string,
    /** "lost": no answer came, so the statement may have been carried out. */
    readonly kind: "refused" | "lost" | "cancelled",
    /** SQLSTATE, where the server gave one. */
    readonly code?: string,
    /** UTF-16 offset in the message that was sent. */
    readonly offset?: number,
    readonly detail?: string,
    readonly hint?: string,
    /** How many of the message's statements the server had carried out before, where it was told. */
    readonly completed?: number,
  ) {
    super(message);
    this.name = "SessionError";
  }
}
