// What the language server and its own client say to each other about SQL files that are run by hand, beside protocol.ts,
// which passes it on.
import type { ShownMigration } from "../migrate/plan";

/** Commands of the server for SQL files. None runs in a workspace that is not trusted; the file is taken as it stands on disk. */
export const sqlFileCommands = {
  /** Argument: a `SqlFileRequest`. What the file would do, as a `MigrationPlan`; nothing is changed. */
  planSqlFile: "plumbline.server.planSqlFile",
  /** Argument: a `RunSqlFileRequest`. Answers with a `RunSqlFileAnswer`; progress tells every statement, and cancelling stops it. */
  runSqlFile: "plumbline.server.runSqlFile",
} as const;

export interface SqlFileRequest {
  /** Absolute path of the folder, and name of a connection that is open. */
  readonly root: string;
  readonly database: string;
  /** URI. */
  readonly file: string;
  /** All statements in one transaction; otherwise each by itself. */
  readonly transaction: boolean;
}

export interface RunSqlFileRequest extends SqlFileRequest {
  /** A SELECT that must give a row, the first value of each true, afterwards. */
  readonly expect?: string;
  /** The connection's name as it was typed: for production, and where data is lost. */
  readonly typed?: string;
  /** Of the plan that was agreed to: no other text runs, and no loss is confirmed without it. */
  readonly shown?: readonly ShownMigration[];
}

export type RunSqlFileAnswer =
  | { readonly kind: "done"; readonly statements: number; readonly milliseconds: number; readonly notices: readonly string[] }
  /** `message`: what stopped it, and in which state the database is. */
  | { readonly kind: "failed" | "cancelled"; readonly message: string };
