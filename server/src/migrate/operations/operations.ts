// All that can be done with a project's migrations, in one interface for the terminal, the editor and an application that
// migrates at its start. It asks nobody: what has to be asked comes back as data, and what was confirmed comes in.
import type { Backups } from "../../backup/backup";
import type { BegunScratch } from "../../databases/embedded/scratch";
import type { ConnectionSettings } from "../../databases/connections/settings";
import type { Change } from "../../model/change";
import type { MigrationFolder, MigrationStatus } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Generated } from "../generated";
import type { MigrationRun } from "../journal/history";
import type { WrittenFile } from "../folders/folder-format";
import type { Plan, ShownMigration } from "../plan";
import type { MigrationProof, ProvedPart } from "../proof";
import type { FolderProofListener } from "../prove/folder";
import type { RunEvent, RunResult } from "../run/progress";
import type { BegunReading, Standing } from "./reading";

/** A database to run on: a connection, or the scratch database of this project, which is kept in the cache between commands. */
export type Target = { readonly kind: "connection"; readonly settings: ConnectionSettings } | { readonly kind: "embedded" };

export interface GenerateRequest {
  readonly name: string;
  /** What to migrate: these changes alone (a finding's fix), or the whole difference between code and `from`. */
  readonly changes?: readonly Change[];
  /** The left side of the difference: the folder's replay (default), a database, or another schema. */
  readonly from?: "folder" | Target | SchemaModel;
  /** Of the difference, what concerns these tables alone (names, or "schema.name"), or tables declared in these files (absolute). */
  readonly tables?: readonly string[];
  readonly files?: readonly string[];
  /** Answers: "orders.customer" -> "client_id"; null: dropped and made anew. */
  readonly renames?: Readonly<Record<string, string | null>>;
  /** A plan on the database `from` follows: what that needs is read with the same connection. */
  readonly planned?: boolean;
  /** False: it is not run on the embedded database first. */
  readonly proof?: boolean;
  /** Starts a hand-written one: up, down and verify parts without statements. */
  readonly empty?: boolean;
  /** What has begun already; whoever began it closes it. */
  readonly begun?: Begun;
}

/** What a generation waits for, while its user does something else. */
export interface Begun {
  /** Of the database that the code is compared with. */
  readonly reading?: BegunReading;
  /** The embedded database's process, for the proof. */
  readonly proving?: BegunScratch;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface GeneratedFiles extends Generated {
  /** Where a plan follows: what was read for it. */
  readonly standing?: Standing;
  /** A full sentence, where the folder could not be replayed: what the code was compared with in place of it, and why. */
  readonly compared?: string;
  /** Full sentences: what the code declares beside it and Plumbline makes no migration of. */
  readonly notGenerated?: readonly string[];
  /** Not yet on disk. Empty where nothing differs or `questions` are open. */
  readonly written: readonly WrittenFile[];
  /** Proof on the embedded database: what went wrong, in full sentences; empty: up, compare, down, compare all held. Undefined: not proved, because of what `unproved` says. */
  readonly proof?: readonly string[];
  readonly unproved?: string;
  /** Full sentences beside a proof that holds: what has no way back, and so was not taken back. */
  readonly proofNotes?: readonly string[];
  /** Where it was proved with the tables that it concerns: how many, of how many. */
  readonly proofPart?: ProvedPart;
}

export interface RunRequest {
  readonly target: Target;
  /** How many; `to`: up to and with this version (or id), or down to it. */
  readonly count?: number;
  readonly to?: string;
  /** Losses were confirmed. */
  readonly lossesConfirmed: boolean;
  /** What was shown (`shownIn` of the plan) before it was agreed to: anything else is refused ("not confirmed"). Undefined: whatever is pending. */
  readonly shown?: readonly ShownMigration[];
  /** The name that was typed; must be the connection's where that is marked production. */
  readonly confirmed?: string;
  /** Before a statement that loses data, before every run, or never: as the setting `backups` says where it is left open. Of a connection; the embedded database is a scratch one. */
  readonly backup?: "losses" | "always" | "never";
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

/** A SQL file that belongs to no folder and is recorded nowhere. */
export interface RunFileRequest extends Omit<RunRequest, "count" | "to"> {
  /** Absolute, with `/`. */
  readonly file: string;
  /** All statements in one transaction; otherwise each by itself. */
  readonly transaction: boolean;
  /** A SELECT that is checked afterwards (with `transaction`, before it is committed): it must give a row, and the first value of each must be true. */
  readonly expect?: string;
}

export interface FileResult {
  /** How many were carried out. */
  readonly statements: number;
  readonly milliseconds: number;
}

/** What a database records, which costs two round trips; `verify` looks at what is there. */
export interface StatusReading {
  readonly migrations: readonly MigrationStatus[];
  /** Full sentences: INVALID indexes, which an interrupted build leaves. */
  readonly problems: readonly string[];
}

export interface Verification {
  readonly status: readonly MigrationStatus[];
  /** Full sentences: objects of applied migrations that do not exist, INVALID indexes, verify queries that failed. */
  readonly problems: readonly string[];
  /** Full sentences: what could not be looked at. */
  readonly notes: readonly string[];
}

export interface Operations {
  /** Undefined: the project has none yet; `generate` then starts one in the way of its ORM. */
  readonly folder: MigrationFolder | undefined;
  generate(request: GenerateRequest, signal?: AbortSignal): Promise<GeneratedFiles>;
  /** Begins what `generate` will wait for: the reading of a database, and the start of the one for the proof. It needs nothing of the code's schema, which can be read meanwhile. */
  begin(request: { readonly from?: Target; readonly proof: boolean }, signal?: AbortSignal): Begun;
  /** `known`: what the target was just read to hold; it is not asked again. */
  plan(request: Pick<RunRequest, "target" | "count" | "to" | "signal"> & { readonly direction: "up" | "down" | "to"; readonly known?: Standing }): Promise<Plan>;
  status(target: Target, signal?: AbortSignal): Promise<StatusReading>;
  /** Every run that the database records, oldest first: how long, by whom, how it ended. */
  history(target: Target, signal?: AbortSignal): Promise<readonly MigrationRun[]>;
  verify(target: Target, signal?: AbortSignal): Promise<Verification>;
  up(request: RunRequest): Promise<RunResult>;
  down(request: RunRequest): Promise<RunResult>;
  /** Forwards or backwards, whichever leads to `to`. */
  to(request: RunRequest): Promise<RunResult>;
  /**
   * Brings half-applied migrations to an end, and the owner's records with them. What another tool began is recorded as applied where all of it is
   * there, and run where nothing is; where neither can be told, or a file is another one than was begun, it rejects, and `resolved` records it without a look.
   */
  repair(request: RunRequest & { readonly resolved?: "applied" | "rolled back" }): Promise<RunResult>;
  /**
   * Records every migration as applied without running it; rejects where the database differs from the code, with the difference; without a schema in the
   * code, from what the folder's files lead to on the embedded database. A schema without a folder gets its first migration, the whole schema, through `write`, which gives a full sentence where it fails; the files are on disk when it ends.
   */
  baseline(request: RunRequest & { readonly write?: (files: readonly WrittenFile[]) => string | undefined | Promise<string | undefined> }): Promise<RunResult>;
  /** Every file of the folder on the embedded database, with made-up rows in every table: up, down where there is one, up again. */
  test(listener?: FolderProofListener, signal?: AbortSignal): Promise<readonly MigrationProof[]>;
  /** What `runFile` would do. */
  planFile(request: Pick<RunFileRequest, "target" | "file" | "transaction" | "signal">): Promise<Plan>;
  /** Rejects with a `RunError`, as the others. */
  runFile(request: RunFileRequest): Promise<FileResult>;
  readonly backups: Backups;
}
