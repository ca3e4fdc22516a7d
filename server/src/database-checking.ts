// What a connected database adds to a report: which schemas of the code it belongs to, and what the rules say that judge a
// running database, placed in the code. It opens nothing: the doors hand in what they have read.
import { dirname } from "node:path/posix";
import { toFinding, type ActiveRule, type OnFailure } from "./checking";
import { allExchanged, asSeenBy, searchedFor } from "./compare/searched-schema";
import { createTableFinder, type TableFinder } from "./compare/table-finder";
import type { Marker } from "./migrate/journal/marker";
import type { Change } from "./model/change";
import type { OwnedFolder } from "./migration-folders";
import type { DatabaseFacts, IndexFacts, TableFacts } from "./model/facts";
import type { Finding } from "./model/finding";
import type { AppliedMigration, MigrationFolder } from "./model/migration";
import type { PrintedExpressions } from "./model/printed";
import type { QualifiedName, SchemaModel, SourceRange, Table } from "./model/schema";
import type { DatabaseContext } from "./rules/rule";

/** A database as a door has read it. */
export interface ConnectedDatabase {
  readonly model: SchemaModel;
  /** Undefined where the statistics were not read. */
  readonly facts?: DatabaseFacts;
  /** What it records as applied of each folder of migrations (absolute path); a folder whose record was not read is not there. */
  readonly journals?: readonly { readonly folder: string; readonly rows: readonly AppliedMigration[]; readonly marker?: Marker }[];
  /** What PostgreSQL prints of expressions that the code spells differently, as far as it was asked. */
  readonly printed?: PrintedExpressions;
  /** The project's files (absolute paths) by the database that they name, as numbers: 0 is this one. */
  readonly named?: ReadonlyMap<string, number>;
  /** Ids of the code's schemas that it belongs to; undefined: as `schemasOf` finds. */
  readonly schemas?: readonly string[];
}

// Of the code's tables: fewer in common with a database are a coincidence of common names (users, sessions).
const sharedTables = 0.5;

export interface HeldDatabase {
  readonly database: ConnectedDatabase;
  /** Ids of the code's schemas that it holds. */
  readonly schemas: readonly string[];
}

/** The code's schemas that `database` holds, in the models' order: those that share most of their tables with it, and those of whose migrations (`folders`) it records one. */
export function schemasOf(database: ConnectedDatabase, models: readonly SchemaModel[], folders: readonly OwnedFolder[]): readonly SchemaModel[] {
  const relational = models.filter(({ dialect }) => dialect === "postgresql" || dialect === "cockroachdb");
  if (database.schemas) return relational.filter(({ id }) => database.schemas!.includes(id));
  if (relational.length < 2) return relational;
  if (database.model.tables.length === 0) return holdersOfEmpty(database, relational);
  const recorded = (model: SchemaModel): boolean => folders.some(({ folder, schemas }) => schemas.includes(model) && (database.journals ?? []).some((journal) => journal.folder === folder.folder && recordsOne(folder, journal.rows)));
  const shares = (model: SchemaModel): boolean => {
    const find = createTableFinder(asSeenBy(model, database).model.tables);
    return model.tables.filter(({ name }) => find(name)).length > model.tables.length * sharedTables;
  };
  return relational.filter((model) => shares(model) || recorded(model));
}

/** An empty database belongs to any; where configs name it, to no schema whose own config names another one. */
function holdersOfEmpty({ named }: ConnectedDatabase, models: readonly SchemaModel[]): readonly SchemaModel[] {
  const numberOf = (model: SchemaModel): number | undefined => named && namedBy(model, named);
  return models.some((model) => numberOf(model) === 0) ? models.filter((model) => (numberOf(model) ?? 0) === 0) : models;
}

/** Which database the schema's own config or datasource names, as a number of `named`; undefined: not known. */
export function namedBy({ config, source, tables }: SchemaModel, named: ReadonlyMap<string, number>): number | undefined {
  if (config !== undefined && named.has(config)) return named.get(config);
  if (source !== "prisma") return undefined;
  const folders = new Set(tables.flatMap(({ at }) => (at ? [dirname(at.file)] : [])));
  return [...named].find(([file]) => file.endsWith(".prisma") && folders.has(dirname(file)))?.[1];
}

/** Whether one of the rows is that of a migration of the folder: another project's may have its name, or lie in the same table. */
function recordsOne({ migrations }: MigrationFolder, rows: readonly AppliedMigration[]): boolean {
  const known = new Map(migrations.map(({ id, checksums }) => [id, checksums]));
  return rows.some(({ id, checksum, state }) => id !== undefined && state !== "rolled-back" && checksum !== undefined && known.get(id)?.includes(checksum) === true);
}

/** The facts of a table, by its name in `code`, over all connected databases. */
export function factsFinder(databases: readonly ConnectedDatabase[], code: SchemaModel): (name: QualifiedName) => TableFacts | undefined {
  const finders = databases.map((database) => asSeenBy(code, database)).flatMap(({ facts }) => (facts ? [createTableFinder(facts.tables.map((each) => ({ ...each, name: each.table })))] : []));
  return (name) => {
    for (const find of finders) {
      const found = find(name);
      if (found) return found;
    }
    return undefined;
  };
}

/** The database as its code calls its parts; as it is where the schemas of the code do not agree, or there are none. */
export function asDescribed(database: ConnectedDatabase, described: readonly SchemaModel[]): ConnectedDatabase {
  const views = new Set(described.map((model) => asSeenBy(model, database)));
  const [view] = views;
  return views.size === 1 ? view! : database;
}

/** Changes by the names that `databases`, which hold `code`, have: for SQL that names what it changes. */
export function inDatabase(changes: readonly Change[], code: SchemaModel, databases: readonly HeldDatabase[]): readonly Change[] {
  const holding = databases.find(({ schemas }) => schemas.includes(code.id));
  return holding ? allExchanged(changes, searchedFor(code, holding.database.model)) : changes;
}

/** The model as rules for schemas judge it: what a partition has of its parent is reported there, once. The same object for the same model. */
export function withoutPartitions(model: SchemaModel): SchemaModel {
  if (model.tables.every(({ kind }) => kind !== "partition")) return model;
  let known = whole.get(model);
  if (!known) whole.set(model, (known = { ...model, tables: model.tables.filter(({ kind }) => kind !== "partition") }));
  return known;
}

const whole = new WeakMap<SchemaModel, SchemaModel>();

/** Findings of a database's schema, at the code's declaration where one of `models` has the table. */
export function placedInCode(findings: readonly Finding[], models: readonly SchemaModel[]): readonly Finding[] {
  const owners = ownersOf(models);
  return findings.map((finding) => {
    const declared = finding.table && declarationOf(finding.table, owners);
    return declared ? { ...finding, key: finding.key, schema: declared.schema, at: placeIn(declared.table, finding.name, finding.columns) } : finding;
  });
}

/** What the rules for running databases say of `database`, without places in the code. Costs a pass over its tables: keep the answer as long as the database and the rules stay. */
export function checkDatabase({ model, facts }: ConnectedDatabase, rules: readonly ActiveRule[], onFailure: OnFailure): readonly Finding[] {
  if (!facts) return [];
  const contextOf = contexts(model, facts);
  const findings: Finding[] = [];
  for (const active of rules) {
    if (!active.rule.checkDatabaseTable) continue;
    const context = contextOf(active.options);
    try {
      for (const table of model.tables) {
        for (const detection of active.rule.checkDatabaseTable(table, context)) findings.push(toFinding(active, detection, model.id, table));
      }
    } catch (error) {
      onFailure(active.id, undefined, error);
    }
  }
  return findings;
}

function ownersOf(models: readonly SchemaModel[]): readonly Owner[] {
  return models.map((model) => ({ model, find: createTableFinder(model.tables) }));
}

interface Owner {
  readonly model: SchemaModel;
  readonly find: TableFinder<Table>;
}

function declarationOf(name: QualifiedName, owners: readonly Owner[]): { readonly table: Table; readonly schema: string } | undefined {
  for (const { model, find } of owners) {
    const table = find(name);
    if (table) return { table, schema: model.id };
  }
  return undefined;
}

/** The index or constraint of that name, else the one column, else the table. */
function placeIn(table: Table, name: string | undefined, columns: readonly string[]): SourceRange | undefined {
  const named = name === undefined ? undefined : [...table.indexes, ...table.uniques, ...table.checks, ...table.foreignKeys].find((each) => each.name === name);
  const column = columns.length === 1 ? table.columns.find((each) => each.name === columns[0]) : undefined;
  return named?.at ?? column?.nameAt ?? column?.at ?? table.nameAt ?? table.at;
}

function contexts(model: SchemaModel, facts: DatabaseFacts): (options: Readonly<Record<string, unknown>>) => DatabaseContext {
  const table = createTableFinder(model.tables);
  const tableFacts = createTableFinder(facts.tables.map((each) => ({ ...each, name: each.table })));
  const indexes = new Map<string, IndexFacts[]>();
  for (const one of facts.indexes) indexes.set(one.name, [...(indexes.get(one.name) ?? []), one]);
  return (options) => ({
    model,
    facts,
    table,
    tableFacts,
    indexFacts: (name, index) => indexes.get(index)?.find((one) => one.table.name === name.name && one.table.schema === name.schema),
    options,
  });
}
