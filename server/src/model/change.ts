// The verb of Plumbline: one change of a schema. A comparison yields changes, a fix proposes them,
// a source writes them as text edits, a dialect writes them as SQL. The union is closed; every kind has an inverse.
import type { Check, Column, ColumnType, EnumType, Expression, ForeignKey, Index, Policy, PrimaryKey, QualifiedName, Role, Sequence, Table, Unique, View } from "./schema";

export type Change =
  | { readonly kind: "add-table"; readonly table: Table }
  | { readonly kind: "drop-table"; readonly table: Table }
  /** Under another name, in another schema, or both. */
  | { readonly kind: "rename-table"; readonly from: QualifiedName; readonly to: QualifiedName }
  | { readonly kind: "add-column"; readonly table: QualifiedName; readonly column: Column }
  | { readonly kind: "drop-column"; readonly table: QualifiedName; readonly column: Column }
  | { readonly kind: "rename-column"; readonly table: QualifiedName; readonly from: string; readonly to: string }
  | { readonly kind: "alter-column-type"; readonly table: QualifiedName; readonly column: string; readonly from: ColumnType; readonly to: ColumnType }
  | { readonly kind: "alter-column-nullability"; readonly table: QualifiedName; readonly column: string; readonly nullable: boolean }
  | { readonly kind: "alter-column-default"; readonly table: QualifiedName; readonly column: string; readonly from?: Expression; readonly to?: Expression }
  /** How a column comes by its values: a generated column's expression, identity, serial. `from` and `to` share the name. */
  | { readonly kind: "alter-column-generation"; readonly table: QualifiedName; readonly from: Column; readonly to: Column }
  | { readonly kind: "add-primary-key"; readonly table: QualifiedName; readonly primaryKey: PrimaryKey }
  | { readonly kind: "drop-primary-key"; readonly table: QualifiedName; readonly primaryKey: PrimaryKey }
  | { readonly kind: "add-unique"; readonly table: QualifiedName; readonly unique: Unique }
  | { readonly kind: "drop-unique"; readonly table: QualifiedName; readonly unique: Unique }
  | { readonly kind: "add-check"; readonly table: QualifiedName; readonly check: Check }
  | { readonly kind: "drop-check"; readonly table: QualifiedName; readonly check: Check }
  | { readonly kind: "add-foreign-key"; readonly table: QualifiedName; readonly foreignKey: ForeignKey }
  | { readonly kind: "drop-foreign-key"; readonly table: QualifiedName; readonly foreignKey: ForeignKey }
  /** An index without a name is named when the change is written, by the project's convention. */
  | { readonly kind: "add-index"; readonly table: QualifiedName; readonly index: Index }
  | { readonly kind: "drop-index"; readonly table: QualifiedName; readonly index: Index }
  | { readonly kind: "rename-index"; readonly table: QualifiedName; readonly index: Index; readonly to: string }
  /** Of a key or unique constraint, whose index goes with it: languages of schemas say its name or leave it to their tool. */
  | { readonly kind: "rename-constraint"; readonly table: QualifiedName; readonly from: string; readonly to: string }
  /** Other properties of one index: predicate, nullsNotDistinct, method. `from` and `to` share the name. */
  | { readonly kind: "alter-index"; readonly table: QualifiedName; readonly from: Index; readonly to: Index }
  /** `declared`: the code says so itself, and not only by having a policy. */
  | { readonly kind: "enable-row-security" | "disable-row-security"; readonly table: QualifiedName; readonly declared?: true }
  | { readonly kind: "add-policy"; readonly table: QualifiedName; readonly policy: Policy }
  | { readonly kind: "drop-policy"; readonly table: QualifiedName; readonly policy: Policy }
  /** `from` and `to` share the name. */
  | { readonly kind: "alter-policy"; readonly table: QualifiedName; readonly from: Policy; readonly to: Policy }
  | { readonly kind: "rename-policy"; readonly table: QualifiedName; readonly from: string; readonly to: string }
  | { readonly kind: "add-enum"; readonly enum: EnumType }
  | { readonly kind: "drop-enum"; readonly enum: EnumType }
  | { readonly kind: "alter-enum"; readonly name: QualifiedName; readonly from: readonly string[]; readonly to: readonly string[] }
  /** The rows that have the value keep it under its new name. */
  | { readonly kind: "rename-enum-value"; readonly name: QualifiedName; readonly from: string; readonly to: string }
  /** Under another name, in another schema, or both. */
  | { readonly kind: "rename-enum"; readonly from: QualifiedName; readonly to: QualifiedName }
  | { readonly kind: "add-sequence"; readonly sequence: Sequence }
  | { readonly kind: "drop-sequence"; readonly sequence: Sequence }
  /** Other options; the number that it has reached stays. `from` and `to` share the name. */
  | { readonly kind: "alter-sequence"; readonly from: Sequence; readonly to: Sequence }
  /** Under another name, in another schema, or both. */
  | { readonly kind: "rename-sequence"; readonly from: QualifiedName; readonly to: QualifiedName }
  /** A schema of the database, with all that stands in it. */
  | { readonly kind: "rename-schema"; readonly from: string; readonly to: string }
  | { readonly kind: "add-schema" | "drop-schema"; readonly schema: string }
  /** Of the whole server. */
  | { readonly kind: "add-role"; readonly role: Role }
  | { readonly kind: "drop-role"; readonly role: Role }
  /** `from` and `to` share the name. */
  | { readonly kind: "alter-role"; readonly from: Role; readonly to: Role }
  | { readonly kind: "rename-role"; readonly from: string; readonly to: string }
  | { readonly kind: "add-view"; readonly view: View }
  | { readonly kind: "drop-view"; readonly view: View }
  | { readonly kind: "rename-view"; readonly from: QualifiedName; readonly to: QualifiedName; readonly materialized: boolean }
  /** Another query, or other options. `from` and `to` share the name. */
  | { readonly kind: "alter-view"; readonly from: View; readonly to: View }
  /** Upkeep of a database: the schema stays as it is, so no code can say it. */
  | { readonly kind: "rebuild-index"; readonly table: QualifiedName; readonly index: Index }
  | { readonly kind: "analyze-table"; readonly table: QualifiedName }
  | { readonly kind: "validate-constraint"; readonly table: QualifiedName; readonly name: string };

/** A change of a type, a sequence, a view, a role or a whole schema, which stand beside the tables. */
export type ChangeBesideTables = Extract<Change, { readonly kind: "add-enum" | "drop-enum" | "alter-enum" | "rename-enum-value" | "rename-enum" | "add-sequence" | "drop-sequence" | "alter-sequence" | "rename-sequence" | "rename-schema" | "add-schema" | "drop-schema" | "add-role" | "drop-role" | "alter-role" | "rename-role" | "add-view" | "drop-view" | "rename-view" | "alter-view" }>;

/** The name of what a change beside the tables is about, a schema and a role being in none; undefined for a change of a table. */
export function nameBesideTables(change: Change): QualifiedName | undefined {
  switch (change.kind) {
    case "add-enum":
    case "drop-enum": return change.enum.name;
    case "alter-enum":
    case "rename-enum-value": return change.name;
    case "add-sequence":
    case "drop-sequence": return change.sequence.name;
    case "alter-sequence":
    case "alter-view": return change.to.name;
    case "rename-enum":
    case "rename-sequence":
    case "rename-view": return change.to;
    case "rename-schema":
    case "rename-role": return { schema: null, name: change.to };
    case "add-schema":
    case "drop-schema": return { schema: null, name: change.schema };
    case "add-role":
    case "drop-role": return { schema: null, name: change.role.name };
    case "alter-role": return { schema: null, name: change.to.name };
    case "add-view":
    case "drop-view": return change.view.name;
    default: return undefined;
  }
}

export function isBesideTables(change: Change): change is ChangeBesideTables {
  return nameBesideTables(change) !== undefined;
}

/** The change that undoes `change`. Applying both in turn leaves the schema as it was (data apart). */
export function inverse(change: Change): Change {
  switch (change.kind) {
    case "add-table": return { kind: "drop-table", table: change.table };
    case "drop-table": return { kind: "add-table", table: change.table };
    case "rename-table": return { kind: "rename-table", from: change.to, to: change.from };
    case "add-column": return { ...change, kind: "drop-column" };
    case "drop-column": return { ...change, kind: "add-column" };
    case "rename-column": return { ...change, from: change.to, to: change.from };
    case "alter-column-type": return { ...change, from: change.to, to: change.from };
    case "alter-column-nullability": return { ...change, nullable: !change.nullable };
    case "alter-column-default": return { ...change, from: change.to, to: change.from };
    case "alter-column-generation": return { ...change, from: change.to, to: change.from };
    case "add-primary-key": return { ...change, kind: "drop-primary-key" };
    case "drop-primary-key": return { ...change, kind: "add-primary-key" };
    case "add-unique": return { ...change, kind: "drop-unique" };
    case "drop-unique": return { ...change, kind: "add-unique" };
    case "rename-constraint": return { ...change, from: change.to, to: change.from };
    case "add-check": return { ...change, kind: "drop-check" };
    case "drop-check": return { ...change, kind: "add-check" };
    case "add-foreign-key": return { ...change, kind: "drop-foreign-key" };
    case "drop-foreign-key": return { ...change, kind: "add-foreign-key" };
    case "add-index": return { ...change, kind: "drop-index" };
    case "drop-index": return { ...change, kind: "add-index" };
    case "rename-index": return { ...change, index: { ...change.index, name: change.to }, to: change.index.name ?? "" };
    case "alter-index": return { ...change, from: change.to, to: change.from };
    case "enable-row-security": return { ...change, kind: "disable-row-security" };
    case "disable-row-security": return { ...change, kind: "enable-row-security" };
    case "add-policy": return { ...change, kind: "drop-policy" };
    case "drop-policy": return { ...change, kind: "add-policy" };
    case "alter-policy": return { ...change, from: change.to, to: change.from };
    case "rename-policy": return { ...change, from: change.to, to: change.from };
    case "add-enum": return { kind: "drop-enum", enum: change.enum };
    case "drop-enum": return { kind: "add-enum", enum: change.enum };
    case "alter-enum": return { ...change, from: change.to, to: change.from };
    case "rename-enum-value": return { ...change, from: change.to, to: change.from };
    case "add-sequence": return { ...change, kind: "drop-sequence" };
    case "drop-sequence": return { ...change, kind: "add-sequence" };
    case "alter-sequence": return { ...change, from: change.to, to: change.from };
    case "rename-enum":
    case "rename-sequence": return { ...change, from: change.to, to: change.from };
    case "rename-schema": return { ...change, from: change.to, to: change.from };
    case "add-schema": return { ...change, kind: "drop-schema" };
    case "drop-schema": return { ...change, kind: "add-schema" };
    case "add-role": return { ...change, kind: "drop-role" };
    case "drop-role": return { ...change, kind: "add-role" };
    case "alter-role": return { ...change, from: change.to, to: change.from };
    case "rename-role": return { ...change, from: change.to, to: change.from };
    case "add-view": return { ...change, kind: "drop-view" };
    case "drop-view": return { ...change, kind: "add-view" };
    case "rename-view": return { ...change, from: change.to, to: change.from };
    case "alter-view": return { ...change, from: change.to, to: change.from };
    // What upkeep has done holds for any schema: there is nothing to take back.
    case "rebuild-index":
    case "analyze-table":
    case "validate-constraint": return change;
  }
}
