// What generating yields: migrations that are safe by construction, with what has to be asked and confirmed. Plain data,
// between generate.ts, the folder formats and the doors.
import type { Change } from "../model/change";
import type { SchemaModel } from "../model/schema";
import type { NewMigration } from "./folders/folder-format";

export interface GeneratedMigration extends NewMigration {
  readonly changes: readonly Change[];
  /** The schema once it has run. */
  readonly after: SchemaModel;
  /** Full sentences: what is lost for good. Empty: nothing. */
  readonly losses: readonly string[];
}

/** A change that might be a rename: asked, never guessed. */
export interface RenameQuestion {
  readonly what: "schema" | "table" | "column" | "policy" | "type" | "value" | "sequence" | "view" | "role";
  /** "orders.customer", "clients", "sales.orders"; of a value behind its type: "status.paid". */
  readonly from: string;
  readonly candidates: readonly string[];
}

export interface Generated {
  readonly migrations: readonly GeneratedMigration[];
  /** Changes that no SQL can say safely, each with a full sentence why. */
  readonly refused: readonly { readonly change: Change; readonly reason: string }[];
  /** Not empty: ask, and generate again with the answers; `migrations` are then without renames. */
  readonly questions: readonly RenameQuestion[];
}
