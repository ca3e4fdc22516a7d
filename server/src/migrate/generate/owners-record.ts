// What the owner of a project's migrations has recorded of the code so far, beside tables: what it names and the code no longer
// declares is to go; what it knows nothing of was made by hand, and stays.
import type { EnumType, QualifiedName } from "../../model/schema";
import type { RecordedRowSecurity } from "./policies";

export interface OwnersRecord {
  readonly sequences?: readonly QualifiedName[];
  readonly views?: readonly QualifiedName[];
  /** Undefined where there is no record. */
  readonly rowSecurity?: RecordedRowSecurity;
  /** Where the database has another order of values, and the record not, they stay. */
  readonly enums?: readonly EnumType[];
  /** Names of keys, unique constraints and checks, as the database stores them: what the code calls otherwise is renamed where the record knows the old name. */
  readonly constraints?: readonly RecordedConstraint[];
}

export interface RecordedConstraint {
  readonly table: QualifiedName;
  readonly name: string;
}
