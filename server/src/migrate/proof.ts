// What proving migrations on the embedded database yields: plain data for the terminal and the editor. What could not be
// carried out there is "not proved", never proved.
import type { Migration } from "../model/migration";

/** Of files that are yet to be written. */
export type Proof =
  /** Up led to what is wanted, and down back to what was; `notes` are full sentences on what has no way back. */
  | { readonly kind: "proved"; readonly notes: readonly string[]; readonly part?: ProvedPart }
  /** Full sentences. */
  | { readonly kind: "failed"; readonly problems: readonly string[] }
  /** A full sentence: which statement the embedded database cannot run, and why. */
  | { readonly kind: "not proved"; readonly why: string };

/** A proof with some of the database's tables: those that the migration changes or names, and what foreign keys join to them. */
export interface ProvedPart {
  readonly tables: number;
  readonly of: number;
}

/** Where a proof that holds was made, and how far it reaches. */
export function provedWhere(part: ProvedPart | undefined): string {
  return `on the embedded database${part ? `, with the ${part.tables} of ${part.of} tables that it concerns` : ""}`;
}

/** One file of a folder, carried out with rows in every table: up, down where there is one, up again. */
export interface MigrationProof {
  readonly migration: Migration;
  readonly state: "proved" | "failed" | "not proved";
  /** What came to its end, in order. */
  readonly steps: readonly ProofStep[];
  /** Full sentences: what failed or was lost; why it is not proved. */
  readonly problems: readonly string[];
  /** Full sentences: what is said to be lost, and what could not be looked at. */
  readonly notes: readonly string[];
  readonly milliseconds: number;
}

export type ProofStep = "up" | "verify" | "down" | "up again";
