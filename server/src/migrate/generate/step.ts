// A piece of a migration: statements with their inverse, and when they may run. files.ts makes files of steps.
import type { Change } from "../../model/change";
import type { MigrationFormat } from "../../model/migration";
import type { EnumType, QualifiedName, SchemaModel, SourceName, Table } from "../../model/schema";

/**
 * The files of a migration, in order. What needs long work under a weak lock stands in a transaction of its own, so that
 * no strong lock is held meanwhile; "build" and "unbuild" run outside any transaction, a file for each statement.
 */
export const phases = ["values", "structure", "rewrite", "views", "fill", "checks", "build", "validate", "constrain", "validate keys", "unbuild", "remove"] as const;
export type Phase = (typeof phases)[number];

export interface Step {
  readonly phase: Phase;
  /** Statements without a semicolon, comments before them included. */
  readonly up: readonly string[];
  /** The exact inverse, in the order in which it runs. */
  readonly down: readonly string[];
  /** A full sentence: what `down` leaves in place of that, and why. */
  readonly stays?: string;
  /** What this step does to the schema; empty for one that leads to a change of a later step. */
  readonly changes: readonly Change[];
  /** Full sentences: what is lost for good. */
  readonly losses?: readonly string[];
  /** What the file is called by where it holds this step alone: "index orders_client_id_idx". */
  readonly title: string;
  /** It takes no lock that anybody could notice: no timeouts are needed. */
  readonly quiet?: boolean;
  /** It belongs into the transaction of the step after it. */
  readonly withNext?: boolean;
}

/** What every step is made from. */
export interface Context {
  /** The schema to start from, renames already made. */
  readonly before: SchemaModel;
  /** The schema to arrive at. */
  readonly after: SchemaModel;
  readonly format: MigrationFormat;
  /** The table that stands before the migration; undefined for one that it makes. */
  standing(name: QualifiedName): Table | undefined;
  /** The table as it is to be. */
  wanted(name: QualifiedName): Table | undefined;
  /** Names of indexes and constraints that go before a column of theirs gets another type. */
  readonly early: ReadonlySet<string>;
  /** Whose names what the code leaves unnamed bears. */
  readonly source: SourceName;
  /** As the owner's own record has them. */
  readonly recordedEnums: readonly EnumType[];
}

/** A change that cannot be made safely; the message is a full sentence for people. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Statements of Plumbline end without a semicolon in files of statements. */
export function bare(statements: readonly string[] | undefined): readonly string[] {
  if (!statements) throw new Refusal("A part of it could not be read, or PostgreSQL has no statement for it.");
  return statements.map((statement) => statement.replace(/;\s*$/, ""));
}

/** What a file runs that has nothing to take back: every file has a way back. */
export const nothingToUndo = "-- Nothing to take back here.\nSELECT 1";

/** Whether both sides have words for sequences, views and policies: Prisma's language has none. */
export function tellOfMoreThanTables(...sides: readonly SchemaModel[]): boolean {
  return sides.every(({ source, dialect }) => (source === "drizzle" || source === "database" || source === "sql") && dialect === "postgresql");
}

/** A comment ends with its line, and names may hold line breaks. */
export function inOneLine(comment: string): string {
  return comment.replaceAll(/[\r\n]+/g, " ");
}
