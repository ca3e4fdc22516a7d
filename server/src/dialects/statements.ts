// The statements that the dialects share, over the words in which they differ. It writes text and judges nothing.
import { keyOfSql } from "../indexes/key-of-sql";
import type { Change } from "../model/change";
import type { Column, Expression, ForeignKey, Index, IndexKey, PrimaryKey, QualifiedName, Table, Unique } from "../model/schema";

export interface Words {
  quote(identifier: string): string;
  /** One key of an index. */
  key(key: IndexKey): string;
  /** A column in CREATE TABLE and ADD COLUMN. */
  column(column: Column): string;
}

/** The table's name; the schema before it where it is not the one that every session looks in first. */
export function tableName(name: QualifiedName, words: Pick<Words, "quote">): string {
  if (name.schemaInDatabase !== undefined) return `${words.quote(name.schemaInDatabase)}.${words.quote(name.name)}`;
  return name.schema === null || name.schema === "public" ? words.quote(name.name) : `${words.quote(name.schema)}.${words.quote(name.name)}`;
}

export function columnList(columns: readonly string[], words: Pick<Words, "quote">): string {
  return columns.map((column) => words.quote(column)).join(", ");
}

/** `"orders_pkey"`, with CONSTRAINT before it, or nothing where the database makes the name up. */
export function constraint(name: string | undefined, words: Pick<Words, "quote">): string {
  return name === undefined ? "" : `CONSTRAINT ${words.quote(name)} `;
}

export function primaryKeyText(key: PrimaryKey, words: Words): string {
  return `${constraint(key.name, words)}PRIMARY KEY (${columnList(key.columns, words)})`;
}

export function uniqueText(unique: Unique, words: Words): string {
  return `${constraint(unique.name, words)}UNIQUE ${unique.nullsNotDistinct ? "NULLS NOT DISTINCT " : ""}(${columnList(unique.columns, words)})`;
}

export function foreignKeyText(foreignKey: ForeignKey, words: Words): string {
  const { table, columns } = foreignKey.references;
  const actions = `${foreignKey.onDelete === "no action" ? "" : ` ON DELETE ${foreignKey.onDelete.toUpperCase()}`}${foreignKey.onUpdate === "no action" ? "" : ` ON UPDATE ${foreignKey.onUpdate.toUpperCase()}`}`;
  return `${constraint(foreignKey.name, words)}FOREIGN KEY (${columnList(foreignKey.columns, words)}) REFERENCES ${tableName(table, words)} (${columnList(columns, words)})${actions}${foreignKey.deferrable ? ` DEFERRABLE ${foreignKey.deferrable.toUpperCase()}` : ""}`;
}

export function indexKeys(index: Index, words: Words): string {
  return index.keys.map((key) => words.key(keyOfSql(key))).join(", ");
}

/** The whole table with its constraints; foreign keys are left to statements of their own where `keys` is false, because their targets may not be there yet. */
export function createTable(table: Table, words: Words, keys: "with foreign keys" | "without foreign keys"): string {
  const lines = [
    ...table.columns.map((column) => words.column(column)),
    ...(table.primaryKey ? [primaryKeyText(table.primaryKey, words)] : []),
    ...table.uniques.map((unique) => uniqueText(unique, words)),
    ...table.checks.map((check) => `${constraint(check.name, words)}CHECK (${check.expression.sql})`),
    ...(keys === "with foreign keys" ? table.foreignKeys.filter(({ enforced }) => enforced).map((key) => foreignKeyText(key, words)) : []),
  ];
  return `CREATE TABLE ${tableName(table.name, words)} (\n  ${lines.join(",\n  ")}\n);`;
}

/** `DEFAULT …`, or nothing where the client fills the column or the expression could not be read. */
export function defaultText(expression: Expression | undefined): string {
  return expression?.complete ? ` DEFAULT ${expression.sql}` : "";
}

/** True where every part of the change could be read, so that its SQL says the same. */
export function readable(change: Change): boolean {
  if (change.kind === "add-index") return expressionsOf(change.index).every(({ complete }) => complete);
  if (change.kind === "add-check") return change.check.expression.complete;
  if (change.kind === "add-policy") return change.policy.complete;
  if (change.kind === "alter-policy") return change.from.complete && change.to.complete;
  if (change.kind === "add-table") return change.table.complete;
  return true;
}

function expressionsOf(index: Index): Expression[] {
  return [...index.keys.flatMap(({ expression }) => (expression ? [expression] : [])), ...(index.where ? [index.where] : [])];
}
