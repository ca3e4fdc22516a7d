// What the language server and its own client say to each other about migrations, beside protocol.ts, which passes it on:
// the client imports that one alone. Every answer is plain data; what has to be asked of a person is an answer too.
import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { ShownMigration } from "../migrate/plan";
import type { MigrationStatus } from "../model/migration";

/** Commands of the server for migrations. None runs in a workspace that is not trusted. */
export const migrationCommands = {
  /** No arguments. Answers with `MigrationList[]`: the folders of migrations, each with what the connected database has of it. */
  migrations: "plumbline.server.migrations",
  /** Argument: a `CompareMigrationsRequest`, which takes the place of the last one. Answers with a `CompareMigrationsAnswer`. */
  compareMigrations: "plumbline.server.compareMigrations",
  /** No arguments. Answers with `MigrationSubject[]`: what a migration may be generated for. */
  migrationSubjects: "plumbline.server.migrationSubjects",
  /** Argument: a `GenerateMigrationRequest`. Writes nothing; answers with a `GenerateMigrationAnswer`. */
  generateMigration: "plumbline.server.generateMigration",
  /** Argument: a `PlanMigrationsRequest`. Answers with a `MigrationPlan`. */
  planMigrations: "plumbline.server.planMigrations",
  /** Argument: a `RunMigrationsRequest`. Answers with a `RunMigrationsAnswer`; progress tells every statement, and cancelling stops it. */
  runMigrations: "plumbline.server.runMigrations",
  /** Argument: a `MigrationTarget`. Answers with a `VerifyMigrationsAnswer`. */
  verifyMigrations: "plumbline.server.verifyMigrations",
  /** Argument: a `MigrationTarget`. Answers with a `MigrationHistoryAnswer`. */
  migrationHistory: "plumbline.server.migrationHistory",
  /** Argument: a `MigrationProject`. Proves every file on the embedded database; answers with a `VerifyMigrationsAnswer`. */
  testMigrations: "plumbline.server.testMigrations",
} as const;

/** A request of the server: `MigrationFiles` that are to be written, all of them or none; answered with a full sentence where that failed, else null. */
export const writeMigrationMethod = "plumbline/writeMigration";

/** What a migration consists of. */
export interface MigrationFiles {
  /** All are to be written, or none. `exists`: the file is replaced by this text, and `shown` says which a person wants to see. */
  readonly files: readonly { readonly uri: string; readonly text: string; readonly exists: boolean; readonly shown: boolean }[];
  /** URIs of the schema's files whose text, from which this was generated, is not saved yet. */
  readonly unsaved: readonly string[];
}

/** A schema of the code with its migrations. */
export interface MigrationProject {
  /** Absolute path of the workspace folder. */
  readonly root: string;
  /** Id of the schema; null: a folder of SQL files without one. */
  readonly schema: string | null;
}

/** The same with one of the connected databases. */
export interface MigrationTarget extends MigrationProject {
  /** Name of the connection. */
  readonly database: string;
}

export interface MigrationList extends MigrationProject {
  /** URI and path relative to the workspace folder; absent: the project has none yet, and with a database its present schema can be made the baseline. */
  readonly folder?: { readonly uri: string; readonly path: string; readonly format: string };
  /** Absent: none is connected, and no state is known. One that is not connected is shown beside those that are: nothing is run on it. */
  readonly database?: {
    readonly name: string; readonly address: string; readonly production: boolean; readonly connected: boolean;
    /** It is the embedded one on which migrations are tried: it begins empty, unlike that which the tables are shown of. */
    readonly trial?: true;
  };
  /** The database wants another password, or any. */
  readonly refused?: boolean;
  /** Full sentences: what is wrong with the folder, INVALID indexes of the database, or why its state is not known. */
  readonly problems: readonly string[];
  readonly migrations: readonly MigrationItem[];
}

/** The named connections whose states are shown beside the connected database's; none: that one alone. */
export interface CompareMigrationsRequest {
  readonly databases: readonly { readonly root: string; readonly name: string; readonly password?: string }[];
}

export type CompareMigrationsAnswer =
  | { readonly kind: "compared"; readonly lists: readonly MigrationList[] }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };

export interface MigrationItem {
  readonly id: string;
  /** URI of its SQL; absent where the file is missing. */
  readonly uri?: string;
  /** Absent where no database is connected. */
  readonly state?: MigrationStatus["state"];
  /** Of every state but applied and pending: what is wrong and what to do. */
  readonly message?: string;
  /** ISO 8601. */
  readonly appliedAt?: string;
  /** "yes", or why `down` cannot take it back. */
  readonly undo: string;
}

/** What a migration may be generated for. */
export interface MigrationSubject extends MigrationProject {
  readonly schema: string;
  /** The connected database that holds it, with how many differences there are. */
  readonly database?: { readonly name: string; readonly differences: number };
  readonly tables: readonly {
    /** "orders", or "sales.orders". */
    readonly name: string;
    readonly file?: string;
    /** From the connected database; 0 where none is connected. */
    readonly differences: number;
  }[];
}

export type GenerateWhat =
  /** The finding's own change of the database, and its change of the code with it. */
  | { readonly kind: "finding"; readonly uri: string; readonly key: string }
  /** What the code has and `from` lacks: the folder's replay, the connected database, or another schema by its id. */
  | { readonly kind: "difference"; readonly from: { readonly kind: "folder" | "database" } | { readonly kind: "schema"; readonly schema: string }; readonly tables?: readonly string[]; /** URIs. */ readonly files?: readonly string[] }
  /** Up, down and verify parts to be written by hand. */
  | { readonly kind: "empty" };

export interface GenerateMigrationRequest extends Partial<MigrationProject> {
  /** As typed; of a finding's migration it follows from the change. */
  readonly name?: string;
  readonly what: GenerateWhat;
  /** Answers to `MigrationQuestion`s by `from`; null: dropped and made anew. */
  readonly renames?: Readonly<Record<string, string | null>>;
}

/** A change that might be a rename. */
export interface MigrationQuestion {
  readonly what: "schema" | "table" | "column" | "policy" | "type" | "value" | "sequence" | "view" | "role";
  readonly from: string;
  readonly candidates: readonly string[];
}

export type GenerateMigrationAnswer =
  | MigrationFiles & {
    readonly kind: "generated";
    /** What the code's own schema gets with it. */
    readonly edit?: WorkspaceEdit;
    /** What the proof on the embedded database found wrong; empty: it holds. Absent: not proved, as `unproved` says. */
    readonly proof?: readonly string[];
    /** Beside `proof`: "on the embedded database", and with how many tables of how many. */
    readonly provedWhere?: string;
    readonly unproved?: string;
    /** Full sentences beside a proof that holds: what has no way back. */
    readonly notes: readonly string[];
    readonly losses: readonly string[];
    /** Changes that no SQL can say safely, a sentence each. */
    readonly refused: readonly string[];
  }
  | { readonly kind: "questions"; readonly questions: readonly MigrationQuestion[] }
  /** Ask again with one of these schemas. */
  | { readonly kind: "schema"; readonly schemas: readonly MigrationProject[] }
  | { readonly kind: "nothing"; readonly message: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };

export interface PlanMigrationsRequest extends MigrationTarget {
  readonly direction: "up" | "down";
  readonly count?: number;
  /** Id of a migration: up to and with it, or down to it. */
  readonly to?: string;
}

export type MigrationPlan =
  | {
    readonly kind: "plan";
    readonly markdown: string;
    /** Ids in the order in which they would run. */
    readonly migrations: readonly string[];
    /** What this shows, for the run that it is agreed to for. */
    readonly shown: readonly ShownMigration[];
    readonly statements: number;
    /** A sentence: the strongest lock and whom it stalls, for the confirmation. */
    readonly summary: string;
    readonly losses: readonly string[];
    /** What was begun and is gone on with: its id, and full sentences on how. */
    readonly begun: readonly string[];
    /** What stops the run before it begins. */
    readonly obstacles: readonly string[];
    readonly database: { readonly name: string; readonly address: string; readonly production: boolean };
  }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };

export interface RunMigrationsRequest extends MigrationTarget {
  readonly action: "up" | "down" | "to" | "repair" | "baseline";
  readonly count?: number;
  readonly to?: string;
  /** Of repair: what another tool began is recorded as this, without a look and without running it. */
  readonly resolved?: "applied" | "rolled back";
  /** The database's name as it was typed: needed where it is production's, and where something is lost. */
  readonly typed?: string;
  /** Of the plan that was agreed to, or of the refusal: nothing else runs, and no loss is confirmed without it. */
  readonly shown?: readonly ShownMigration[];
}

export type RunMigrationsAnswer =
  | { readonly kind: "done"; readonly migrations: readonly string[]; readonly milliseconds: number; /** What was told on the way that a person should know. */ readonly notices: readonly string[] }
  /** `done`: what this run applied or took back before it stopped. `stopped`: nothing was done because of a question or an obstacle. */
  | { readonly kind: "failed" | "cancelled"; readonly message: string; readonly done: readonly string[]; readonly stopped: boolean; /** Of repair: ids of what another tool began, of which nothing tells how far it came. Ask a person, and again with `resolved`. */ readonly undecided?: readonly string[]; /** What would run loses data, or was not shown, as `message` says: show that, and ask again with these. */ readonly unconfirmed?: readonly ShownMigration[] };

export type VerifyMigrationsAnswer =
  | { readonly kind: "verified"; /** Full sentences; empty: all is well. */ readonly problems: readonly string[]; /** Full sentences: what could not be looked at. */ readonly notes: readonly string[]; readonly migrations: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };

export type MigrationHistoryAnswer =
  | { readonly kind: "history"; readonly markdown: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };
