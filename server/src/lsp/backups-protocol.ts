// What the language server and its own client say to each other about backups, beside protocol.ts, which passes it on.

/** Commands of the server for backups. None runs in a workspace that is not trusted; progress tells each step, and cancelling stops it. */
export const backupCommands = {
  /** Argument: a `CreateBackupRequest`. Answers with a `CreateBackupAnswer`. */
  createBackup: "plumbline.server.createBackup",
  /** Argument: a `VerifyBackupRequest`. Restores the dump into the embedded database; answers with a `VerifyBackupAnswer`. */
  verifyBackup: "plumbline.server.verifyBackup",
  /** Argument: a `RestoreBackupRequest`. Answers with a `RestoreBackupAnswer`. */
  restoreBackup: "plumbline.server.restoreBackup",
} as const;

export interface CreateBackupRequest {
  /** Absolute path of the folder, and name of a connection that is open. */
  readonly root: string;
  readonly database: string;
}

export interface VerifyBackupRequest {
  readonly root: string;
  /** URI of the dump: plain SQL, gzip or pg_dump's custom format. */
  readonly file: string;
}

export interface RestoreBackupRequest extends CreateBackupRequest {
  readonly file: string;
  /** The connection's name as it was typed. */
  readonly typed: string;
  /** What is in the database goes; a dump of it is made first. Without it a database that is not empty is refused. */
  readonly replace: boolean;
}

interface Refused {
  /** Nothing was changed, or what was is said. */
  readonly kind: "failed" | "cancelled";
  readonly message: string;
}

/** `message`: full sentences. `isBackup`: it was restored and compared; otherwise `why` says what is wrong, or why it was not tried. */
export type CreateBackupAnswer = Refused | { readonly kind: "created"; readonly file: string; readonly message: string; readonly isBackup: boolean; readonly wrong: boolean; readonly why: readonly string[] };

/** `problems` is empty where it is a backup. */
export type VerifyBackupAnswer = Refused | { readonly kind: "verified"; readonly message: string; readonly problems: readonly string[]; readonly notes: readonly string[] };

export type RestoreBackupAnswer = Refused | { readonly kind: "restored"; readonly message: string; readonly notes: readonly string[] };
