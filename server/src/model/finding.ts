// What a rule has to say, in terms of the model: no editor and no terminal here.
import type { Change } from "./change";
import type { Problem, QualifiedName, SchemaModel, SourceRange } from "./schema";

export type Severity = "error" | "warning" | "information" | "hint";

export interface RelatedPlace {
  readonly at: SourceRange;
  readonly message: string;
}

/** [start, end) of the file's current text, replaced by `text`. */
export interface FixEdit extends SourceRange {
  readonly text: string;
}

/** One way to mend a finding. All its changes belong to the schema `schema` (default: the finding's own). */
export interface Fix {
  readonly title: string;
  readonly changes: readonly Change[];
  /** Where the text itself is judged (a migration) instead of what it declares: the edits as they are, in files that exist. */
  readonly edits?: readonly FixEdit[];
  /** Id of another schema that the changes are for, where the finding compares two. */
  readonly schema?: string;
  /** The one that "fix all" takes; a finding has at most one. */
  readonly preferred?: boolean;
}

export interface Finding {
  /** `group/name`, as in the rule's file name. */
  readonly rule: string;
  readonly severity: Severity;
  /** Plain text. Names the table and columns, and says what to do. */
  readonly message: string;
  readonly at?: SourceRange;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
  /** Hash of rule, schema, table, columns and index or constraint name: survives moved lines and moved files. */
  readonly key: string;
  /** Id of the schema that it was found in. */
  readonly schema: string;
  readonly table?: QualifiedName;
  readonly columns: readonly string[];
  /** The index or constraint that it is about. */
  readonly name?: string;
}

/** One schema as it was read: its model and what could not be read. */
export interface SchemaReading {
  readonly model: SchemaModel;
  readonly problems: readonly Problem[];
  /** Absolute paths of all files that the reading looked at, imports and configs included. */
  readonly dependsOn: readonly string[];
}
