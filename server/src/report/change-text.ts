// A change in words, for people: what it does to which table.
import type { Change } from "../model/change";
import { generationText } from "../model/generation-text";
import type { ForeignKey, Index, IndexKey, Policy, PrimaryKey, QualifiedName, Role, Sequence, Unique, View } from "../model/schema";
import { knownOptions, sequenceClauses } from "../model/sequence";
import { tableName } from "./placed-finding";

export interface ChangeText {
  /** "+" adds, "-" takes away, "~" alters. */
  readonly sign: "+" | "-" | "~";
  /** The table or type that changes. */
  readonly subject: string;
  /** What changes in it; empty where it is the subject itself. */
  readonly text: string;
}

export function changeText(change: Change): ChangeText {
  switch (change.kind) {
    case "add-table": return { sign: "+", subject: tableName(change.table.name), text: "" };
    case "drop-table": return { sign: "-", subject: tableName(change.table.name), text: "" };
    case "rename-table": return { sign: "~", subject: tableName(change.to), text: `renamed from ${tableName(change.from)}` };
    case "add-column": return of("+", change.table, `column ${change.column.name} ${change.column.type.name}${change.column.nullable ? "" : " not null"}`);
    case "drop-column": return of("-", change.table, `column ${change.column.name} ${change.column.type.name}${change.column.nullable ? "" : " not null"}`);
    case "rename-column": return of("~", change.table, `column ${change.from} renamed to ${change.to}`);
    case "alter-column-type": return of("~", change.table, `column ${change.column}: type ${change.from.name} → ${change.to.name}`);
    case "alter-column-nullability": return of("~", change.table, `column ${change.column}: ${change.nullable ? "not null → nullable" : "nullable → not null"}`);
    case "alter-column-default": return of("~", change.table, `column ${change.column}: default ${change.from?.sql ?? "none"} → ${change.to?.sql ?? "none"}`);
    case "alter-column-generation": return of("~", change.table, `column ${change.to.name}: ${generationText(change.from)} → ${generationText(change.to)}`);
    case "add-primary-key": return of("+", change.table, `primary key ${list(change.primaryKey)}`);
    case "drop-primary-key": return of("-", change.table, `primary key ${list(change.primaryKey)}`);
    case "add-unique": return of("+", change.table, unique(change.unique));
    case "drop-unique": return of("-", change.table, unique(change.unique));
    case "rename-constraint": return of("~", change.table, `constraint ${change.from} renamed to ${change.to}`);
    case "add-check": return of("+", change.table, `check ${change.check.name ?? ""} (${change.check.expression.sql})`);
    case "drop-check": return of("-", change.table, `check ${change.check.name ?? ""} (${change.check.expression.sql})`);
    case "add-foreign-key": return of("+", change.table, foreignKey(change.foreignKey));
    case "drop-foreign-key": return of("-", change.table, foreignKey(change.foreignKey));
    case "add-index": return of("+", change.table, index(change.index));
    case "drop-index": return of("-", change.table, index(change.index));
    case "rename-index": return of("~", change.table, `index ${change.index.name ?? keys(change.index)} renamed to ${change.to}`);
    case "alter-index": return of("~", change.table, `${index(change.from)} → ${index(change.to)}`);
    case "enable-row-security": return of("~", change.table, "row level security on");
    case "disable-row-security": return of("~", change.table, "row level security off");
    case "add-policy": return of("+", change.table, policy(change.policy));
    case "drop-policy": return of("-", change.table, policy(change.policy));
    case "alter-policy": return of("~", change.table, `${policy(change.from)} → ${policy(change.to)}`);
    case "rename-policy": return of("~", change.table, `policy ${change.from} renamed to ${change.to}`);
    case "add-enum": return { sign: "+", subject: tableName(change.enum.name), text: `enum (${change.enum.values.join(", ")})` };
    case "drop-enum": return { sign: "-", subject: tableName(change.enum.name), text: `enum (${change.enum.values.join(", ")})` };
    case "alter-enum": return { sign: "~", subject: tableName(change.name), text: `enum (${change.from.join(", ")}) → (${change.to.join(", ")})` };
    case "rename-enum-value": return { sign: "~", subject: tableName(change.name), text: `enum value ${change.from} renamed to ${change.to}` };
    case "add-sequence": return { sign: "+", subject: tableName(change.sequence.name), text: sequence(change.sequence) };
    case "drop-sequence": return { sign: "-", subject: tableName(change.sequence.name), text: sequence(change.sequence) };
    case "alter-sequence": return { sign: "~", subject: tableName(change.to.name), text: `${sequence(change.from)} → ${sequence(change.to)}` };
    case "rename-enum":
    case "rename-sequence": return { sign: "~", subject: tableName(change.to), text: `${change.kind === "rename-enum" ? "enum" : "sequence"} renamed from ${tableName(change.from)}` };
    case "rename-schema": return { sign: "~", subject: change.to, text: `schema renamed from ${change.from}` };
    case "add-schema": return { sign: "+", subject: change.schema, text: "schema" };
    case "drop-schema": return { sign: "-", subject: change.schema, text: "schema" };
    case "add-role": return { sign: "+", subject: change.role.name, text: role(change.role) };
    case "drop-role": return { sign: "-", subject: change.role.name, text: role(change.role) };
    case "alter-role": return { sign: "~", subject: change.to.name, text: `${role(change.from)} → ${role(change.to)}` };
    case "rename-role": return { sign: "~", subject: change.to, text: `role renamed from ${change.from}` };
    case "add-view": return { sign: "+", subject: tableName(change.view.name), text: viewNoun(change.view) };
    case "drop-view": return { sign: "-", subject: tableName(change.view.name), text: viewNoun(change.view) };
    case "rename-view": return { sign: "~", subject: tableName(change.to), text: `${viewNoun(change)} renamed from ${tableName(change.from)}` };
    case "alter-view": return { sign: "~", subject: tableName(change.to.name), text: `${viewNoun(change.to)}: ${change.from.definition !== change.to.definition || change.from.materialized !== change.to.materialized ? "query" : "options"}` };
    case "rebuild-index": return of("~", change.table, `rebuild index ${change.index.name ?? keys(change.index)}`);
    case "analyze-table": return of("~", change.table, "analyze");
    case "validate-constraint": return of("~", change.table, `validate constraint ${change.name}`);
  }
}

/** Why no migration makes a change, behind what it is about: "orders, column note text: The view …". */
export function refusalText({ change, reason }: { readonly change: Change; readonly reason: string }): string {
  const { subject, text } = changeText(change);
  return `${subject}${text === "" ? "" : `, ${text}`}: ${reason}`;
}

function viewNoun({ materialized }: Pick<View, "materialized">): string {
  return materialized ? "materialized view" : "view";
}

function role({ createDatabase, createRole, inherit }: Role): string {
  const options = [...(createDatabase ? ["createdb"] : []), ...(createRole ? ["createrole"] : []), ...(inherit ? [] : ["noinherit"])];
  return `role${options.length > 0 ? ` (${options.join(" ")})` : ""}`;
}

function sequence({ options }: Sequence): string {
  const clauses = sequenceClauses(knownOptions(options));
  return `sequence${clauses.length > 0 ? ` (${clauses.join(" ").toLowerCase()})` : ""}`;
}

function of(sign: ChangeText["sign"], table: QualifiedName, text: string): ChangeText {
  return { sign, subject: tableName(table), text };
}

function policy({ name, as, for: command, to, using, withCheck }: Policy): string {
  return `policy ${name} as ${as} for ${command} to ${to.join(", ")}${using ? ` using (${using.sql})` : ""}${withCheck ? ` with check (${withCheck.sql})` : ""}`;
}

function list({ columns }: PrimaryKey | Unique): string {
  return `(${columns.join(", ")})`;
}

function unique(one: Unique): string {
  return `unique ${list(one)}${one.nullsNotDistinct === true ? " nulls not distinct" : ""}`;
}

function foreignKey({ columns, references, onDelete, onUpdate }: ForeignKey): string {
  return `foreign key (${columns.join(", ")}) → ${tableName(references.table)} (${references.columns.join(", ")}) on delete ${onDelete} on update ${onUpdate}`;
}

function index(one: Index): string {
  const name = one.name === undefined ? "" : `${one.name} `;
  const method = one.method === "btree" ? "" : `${one.method} `;
  const include = one.include.length > 0 ? ` include (${one.include.join(", ")})` : "";
  const where = one.where ? ` where ${one.where.sql}` : "";
  return `${one.unique ? "unique " : ""}index ${name}${method}${keys(one)}${include}${where}`;
}

function keys(one: Index): string {
  return `(${one.keys.map(key).join(", ")})`;
}

function key({ column, expression, order, nulls, operatorClass }: IndexKey): string {
  return [column ?? expression?.sql ?? "?", operatorClass, order === "desc" ? "desc" : undefined, nulls && `nulls ${nulls}`].filter(Boolean).join(" ");
}
