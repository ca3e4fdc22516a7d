// Two models become the list of changes from one to the other. Reads each side once (maps by name), so its time grows with the schema and not with its square.
// It compares what both languages can say and leaves out what is merely spelled differently.
import { dialectOf } from "../dialects/dialect";
import type { Change } from "../model/change";
import { withColumnsRenamed } from "../indexes/expression-text";
import { keepsAccountOfMigrations } from "../model/migration-accounts";
import type { Check, DialectName, EnumType, Expression, ForeignKey, SchemaModel, Table } from "../model/schema";
import { sameTable, tableKey } from "../model/table-key";
import { compareColumns, renamesBetween } from "./columns";
import type { Sides } from "./expressible";
import { sameInDialect } from "./expressions/same-meaning";
import { expressible } from "./expressible";
import { compareIndexes } from "./indexes";
import { modelSeenBy } from "./searched-schema";
import { nameIn, renamedTables } from "./tables";

export interface CompareOptions {
  /**
   * As the owner's tool compares: each missing and each extra table or column is told by itself, and for drizzle-kit every index counts. Otherwise those that are alike are one renamed, and a unique index that
   * changes nothing for rows (over the primary key, said twice, in another order of columns) is no difference.
   */
  readonly exact?: boolean;
  /** Schemas of the database in which the code of `left` has had something once: it manages them though it says nothing of them any more. */
  readonly schemas?: readonly string[];
}

/**
 * What would make `left` like `right`: additions are what only `right` has, drops what only `left` has, both in the tables' order. Names are the code's where a database searches another schema than public.
 * A renamed table comes before its other changes, which are told of the name that it has in `left`.
 * A foreign key with other actions is a drop beside an addition over the same columns. Nothing is added to, or missed in, a table that could not be read whole.
 */
export function compare(left: SchemaModel, right: SchemaModel, { exact = false, schemas = [] }: CompareOptions = {}): readonly Change[] {
  if (schemas.length > 0) return compareModels(left, right, exact, schemas);
  const answers = exact ? exactAnswers : meantAnswers;
  let known = answers.get(left);
  if (!known) answers.set(left, (known = new WeakMap()));
  let changes = known.get(right);
  if (!changes) known.set(right, (changes = compareModels(left, right, exact, schemas)));
  return changes;
}

/** Models never change, and a keystroke asks several times for the same two: rules, expressions in doubt, migrations. */
type Answers = WeakMap<SchemaModel, WeakMap<SchemaModel, readonly Change[]>>;
const meantAnswers: Answers = new WeakMap();
const exactAnswers: Answers = new WeakMap();

function compareModels(left: SchemaModel, right: SchemaModel, exact: boolean, schemas: readonly string[]): readonly Change[] {
  const from = modelSeenBy(right, left), to = modelSeenBy(left, right);
  const sides: Sides = { from, to, fromSays: expressible(from), toSays: expressible(to), exact };
  const managed = managedBy(from, to, schemas);
  const changes: Change[] = [...compareEnums(sides, managed)];
  const targets = new Map(to.tables.map((table) => [tableKey(table.name), table]));
  const known = new Set(from.tables.map(({ name }) => tableKey(name)));
  const fresh = to.tables.filter((table) => !known.has(tableKey(table.name)) && managed(table));
  const [standing, gone] = [true, false].map((stands) => from.tables.filter(({ name }) => targets.has(tableKey(name)) === stands));
  const moved = exact ? new Map<Table, Table>() : renamedTables(gone!, fresh, standing!, from.dialect);
  for (const [table, other] of moved) targets.set(tableKey(table.name), other);
  const renamed: Renamed = { tables: new Map([...moved].map(([table, other]) => [tableKey(table.name), other])), columns: renamedColumns(from, targets, sides) };
  for (const table of from.tables) {
    const other = targets.get(tableKey(table.name));
    if (moved.has(table)) changes.push({ kind: "rename-table", from: table.name, to: other!.name });
    if (other) changes.push(...tableChanges(table, other, renamed, sides));
    else changes.push({ kind: "drop-table", table });
  }
  const found = new Set(moved.values());
  for (const table of fresh) if (!found.has(table)) changes.push({ kind: "add-table", table });
  return changes;
}

/**
 * Which tables and types of `to` the code of `from` would know if it could: of a database not partitions, which come with their parent, not the tables in which tools keep account of migrations
 * (under whatever name the config gives its own), and none in a schema of which the code says nothing: drizzle-kit and Prisma leave those alone as well.
 */
function managedBy(from: SchemaModel, to: SchemaModel, more: readonly string[]): (one: Pick<Table, "name" | "partitionOf">) => boolean {
  if (to.source !== "database") return () => true;
  const said = [...from.tables, ...from.enums].map(({ name }) => name.schema ?? "public");
  const schemas = new Set([...(said.length === 0 ? ["public"] : said), ...more]);
  return ({ name, partitionOf }) => partitionOf === undefined && !keepsAccountOfMigrations(name) && !(from.migrationsTable && sameTable(name, from.migrationsTable)) && schemas.has(name.schema ?? "public");
}

/** A keystroke leaves all tables but one as they were, and tables never change: what was found of two is kept as long as both live. */
const compared = new WeakMap<Table, WeakMap<Table, { readonly languages: string; readonly changes: readonly Change[] }>>();

/** Per table of `from` that has some: its columns by their names in `to`. */
type RenamedColumns = ReadonlyMap<string, ReadonlyMap<string, string>>;

interface Renamed {
  /** The tables of `to` by the names that they have in `from`. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly columns: RenamedColumns;
}

function renamedColumns(from: SchemaModel, targets: ReadonlyMap<string, Table>, sides: Sides): RenamedColumns {
  const renamed = new Map<string, ReadonlyMap<string, string>>();
  if (sides.exact) return renamed;
  for (const table of from.tables) {
    const other = targets.get(tableKey(table.name));
    const names = other && renamesBetween(table, other, sides);
    if (names && names.size > 0) renamed.set(tableKey(table.name), names);
  }
  return renamed;
}

function tableChanges(from: Table, to: Table, renamed: Renamed, sides: Sides): readonly Change[] {
  const names = isNothing(renamed) ? [] : [from.name, ...from.foreignKeys.map(({ references }) => references.table)];
  const around = names.flatMap((name) => [tableKey(nameIn(renamed.tables, name)), ...[...(renamed.columns.get(tableKey(name)) ?? [])].map(String)]);
  const languages = [sides.from, sides.to].map(({ source, dialect }) => `${source} ${dialect}`).concat([sides.exact, sides.fromSays.predicates, sides.toSays.predicates].map(String), around).join(" ");
  let known = compared.get(from);
  if (!known) compared.set(from, (known = new WeakMap()));
  const last = known.get(to);
  if (last?.languages === languages) return last.changes;
  const changes = compareTables(from, to, renamed, sides);
  known.set(to, { languages, changes });
  return changes;
}

const isNothing = ({ tables, columns }: Renamed): boolean => tables.size === 0 && columns.size === 0;

function compareTables(from: Table, to: Table, renamed: Renamed, sides: Sides): readonly Change[] {
  const table = from.name;
  const changes = compareColumns(from, to, renamed.columns.get(tableKey(table)) ?? new Map(), sides);
  if (!sides.fromSays.constraints || !sides.toSays.constraints) return changes;
  // A renamed table or column is one difference: what refers to it under its new name is none.
  const aligned = isNothing(renamed) ? from : rename(from, renamed, sides.from.dialect);
  const made: Change[] = [];
  // Prisma's implicit join tables have no declaration to differ from.
  if (!from.implicit && !to.implicit) {
    const before = aligned.primaryKey;
    const after = to.primaryKey;
    if (before?.columns.join("\0") !== after?.columns.join("\0")) {
      if (before && to.complete) made.push({ kind: "drop-primary-key", table, primaryKey: from.primaryKey! });
      if (after && from.complete) made.push({ kind: "add-primary-key", table, primaryKey: after });
    }
    made.push(...compareIndexes(aligned, to, sides));
    if (sides.fromSays.checks && sides.toSays.checks) made.push(...compareChecks(aligned, to, sides));
  }
  made.push(...compareForeignKeys(aligned, to, sides));
  return [...changes, ...made];
}

/** By columns and target: names are made up differently everywhere, so they are no difference. */
function compareForeignKeys(from: Table, to: Table, sides: Sides): Change[] {
  const changes: Change[] = [];
  const before = enforced(from);
  const after = enforced(to);
  for (const [key, foreignKey] of before) {
    const other = after.get(key);
    if (other && sameActions(foreignKey, other, sides)) continue;
    if (other || to.complete) changes.push({ kind: "drop-foreign-key", table: from.name, foreignKey });
    if (other) changes.push({ kind: "add-foreign-key", table: from.name, foreignKey: other });
  }
  if (from.complete) for (const [key, foreignKey] of after) if (!before.has(key)) changes.push({ kind: "add-foreign-key", table: from.name, foreignKey });
  return changes;
}

/** Keys that make a constraint; the pairs of columns are sorted, because (a, b) to (x, y) is (b, a) to (y, x). */
function enforced(table: Table): Map<string, ForeignKey> {
  return new Map(table.foreignKeys.filter((foreignKey) => foreignKey.enforced).map((foreignKey) => {
    const pairs = foreignKey.columns.map((column, index) => `${column}>${foreignKey.references.columns[index]}`).sort();
    return [JSON.stringify([pairs, tableKey(foreignKey.references.table)]), foreignKey];
  }));
}

/** NO ACTION and RESTRICT are one in MySQL and SQLite's immediate checks; elsewhere they differ only in when they refuse. */
function sameActions(a: ForeignKey, b: ForeignKey, sides: Sides): boolean {
  const even = (action: string): string => (sides.from.dialect === "mysql" && action === "restrict" ? "no action" : action);
  return even(a.onDelete) === even(b.onDelete) && even(a.onUpdate) === even(b.onUpdate);
}

function compareChecks(from: Table, to: Table, { from: { dialect } }: Sides): Change[] {
  const changes: Change[] = [];
  const left = [...to.checks], pairedByName = new Set<Check>();
  const isSame = (check: Check) => (other: Check): boolean => sameCheck(check, other, from, dialect);
  const pairs = (at: number): boolean => at >= 0 && left.splice(at, 1).length > 0;
  // A table may say the same twice, under two names.
  for (const check of from.checks) if (pairs(left.findIndex((other) => other.name === check.name && isSame(check)(other)))) pairedByName.add(check);
  for (const check of from.checks) {
    if (pairedByName.has(check) || pairs(left.findIndex(isSame(check)))) continue;
    if (to.complete && check.expression.complete) changes.push({ kind: "drop-check", table: from.name, check });
  }
  if (from.complete) for (const check of left) if (check.expression.complete) changes.push({ kind: "add-check", table: from.name, check });
  return changes;
}

/** Under whatever name. */
export function sameCheck(a: Check, b: Check, table: Table, dialect: DialectName): boolean {
  return (a.name !== undefined && a.name === b.name && (!a.expression.complete || !b.expression.complete)) || sameInDialect(a.expression, b.expression, table, dialect);
}

function compareEnums({ from, to }: Sides, managed: ReturnType<typeof managedBy>): Change[] {
  // Only PostgreSQL has enums of their own; elsewhere they are types of columns.
  if (dialectOf(from.dialect) === undefined || (from.dialect !== "postgresql" && from.dialect !== "cockroachdb")) return [];
  const changes: Change[] = [];
  const after = new Map(to.enums.map((type) => [tableKey(type.name), type]));
  const before = new Set<string>();
  for (const type of from.enums) {
    const key = tableKey(type.name);
    before.add(key);
    const other = after.get(key);
    if (!other) changes.push({ kind: "drop-enum", enum: type });
    else if (!sameValues(type, other)) changes.push({ kind: "alter-enum", name: type.name, from: type.values, to: other.values });
  }
  for (const type of to.enums) if (!before.has(tableKey(type.name)) && managed(type)) changes.push({ kind: "add-enum", enum: type });
  return changes;
}

/** The order of values is how they sort, and nothing that two schemas of one database would keep alike by hand. */
function sameValues(a: EnumType, b: EnumType): boolean {
  return a.unread === true || b.unread === true || (a.values.length === b.values.length && [...a.values].sort().join("\0") === [...b.values].sort().join("\0"));
}

function rename(table: Table, { tables, columns }: Renamed, dialect: DialectName): Table {
  const renamed = columns.get(tableKey(table.name)) ?? new Map<string, string>();
  const name = (column: string): string => renamed.get(column) ?? column;
  const quote = dialectOf(dialect)?.quote ?? ((column: string) => column);
  const expression = (one: Expression): Expression => (one.complete ? { ...one, sql: withColumnsRenamed(one.sql, renamed, quote), columns: one.columns.map(name) } : one);
  return {
    ...table,
    ...(table.primaryKey ? { primaryKey: { ...table.primaryKey, columns: table.primaryKey.columns.map(name) } } : {}),
    uniques: table.uniques.map((unique) => ({ ...unique, columns: unique.columns.map(name) })),
    foreignKeys: table.foreignKeys.map((foreignKey) => ({
      ...foreignKey,
      columns: foreignKey.columns.map(name),
      references: { table: nameIn(tables, foreignKey.references.table), columns: foreignKey.references.columns.map((column) => columns.get(tableKey(foreignKey.references.table))?.get(column) ?? column) },
    })),
    indexes: table.indexes.map((index) => ({
      ...index,
      keys: index.keys.map((key) => ({ ...key, ...(key.column !== undefined && { column: name(key.column) }), ...(key.expression && { expression: expression(key.expression) }) })),
      include: index.include.map(name),
      ...(index.where && { where: expression(index.where) }),
    })),
    checks: table.checks.map((check) => ({ ...check, expression: expression(check.expression) })),
  };
}
