// Makes the plan of a run from what its statements do and what is known of the database: which lock, whom it stalls and
// for how long, and what stands in the way. Pure: reading folder, journal and database is operations/' affair.
import { createTableFinder } from "../compare/table-finder";
import type { DatabaseFacts, TableFacts } from "../model/facts";
import { lockModes, type Migration, type MigrationStatement, type StatementEffect } from "../model/migration";
import type { QualifiedName } from "../model/schema";
import { tableKey } from "../model/table-key";
import { estimatedDuration, stalledBy } from "./estimate";
import type { Plan, PlannedMigration, PlannedStatement } from "./plan";

export interface PlanInput {
  readonly direction: "up" | "down";
  readonly database: string;
  readonly production: boolean;
  /** In the order in which they would run, each with the statements of the part that would. */
  readonly migrations: readonly { readonly migration: Migration; readonly statements: readonly MigrationStatement[] }[];
  /** Undefined: nothing is known of sizes, and nothing is estimated from them. */
  readonly facts?: Pick<DatabaseFacts, "tables">;
  /** max_locks_per_transaction × (max_connections + max_prepared_transactions), where the server says. */
  readonly grantedLocks?: number;
  /** Full sentences of what stands in the way already: an edited migration, a read-only server. */
  readonly obstacles: readonly string[];
}

export function buildPlan({ direction, database, production, migrations, facts, grantedLocks, obstacles }: PlanInput): Plan {
  const find = createTableFinder((facts?.tables ?? []).map((each) => ({ ...each, name: each.table })));
  // Nobody uses a table before the run that makes it is over.
  const created = new Set<string>();
  const planned = migrations.map((one) => plannedMigration(direction, one, find, created, facts !== undefined));
  const needed = Math.max(0, ...migrations.map(({ statements }) => (transactionOf(statements) === "one" ? locksOf(statements) : Math.max(0, ...statements.map((one) => locksOf([one]))))));
  const tooMany = grantedLocks !== undefined && needed > grantedLocks
    ? [`One of the migrations needs about ${needed} locks in one transaction, and this server grants ${grantedLocks} to all of them together. Split it into several migrations, or raise max_locks_per_transaction (the server must be started anew for that).`]
    : [];
  return { direction, database, production, migrations: planned, lockBudget: { needed, ...(grantedLocks !== undefined && { granted: grantedLocks }) }, obstacles: [...obstacles, ...tooMany] };
}

type FindFacts = (name: QualifiedName) => TableFacts | undefined;

function plannedMigration(direction: Plan["direction"], { migration, statements }: PlanInput["migrations"][number], find: FindFacts, created: Set<string>, known: boolean): PlannedMigration {
  const transaction = transactionOf(statements);
  const planned = statements.map((statement) => plannedStatement(statement, find, created, known));
  return {
    migration,
    transaction,
    statements: transaction === "one" ? withBlocking(planned) : planned.map((one) => withBlocking([one])[0]!),
    undo: direction === "down" ? "yes" : undoOf(migration),
    losses: [...new Set(statements.flatMap(({ effect }) => effect.loss ?? []))],
  };
}

function undoOf({ down, irreversible }: Migration): PlannedMigration["undo"] {
  if (down) return "yes";
  return irreversible === undefined || irreversible === "" ? "It has no down part." : irreversible;
}

function plannedStatement(statement: MigrationStatement, find: FindFacts, created: Set<string>, known: boolean): PlannedStatement {
  const { effect } = statement;
  const old = effect.locks.filter(({ table }) => !created.has(tableKey(table)) && !effect.creates.some((made) => tableKey(made) === tableKey(table)));
  for (const made of effect.creates) created.add(tableKey(made));
  // Of several tables under one lock, the largest is what takes the time.
  const strongest = [...old].sort((a, b) => lockModes.indexOf(b.mode) - lockModes.indexOf(a.mode) || (find(b.table)?.size ?? 0) - (find(a.table)?.size ?? 0))[0];
  const mode = strongest && concurrentMode(statement, strongest.mode);
  const blocks = mode === undefined ? "nobody" : stalledBy(mode);
  const facts = strongest && find(strongest.table);
  const size = facts?.size;
  // What a statement makes is empty, and so is what the database does not have yet.
  const worked = strongest === undefined || (known && facts === undefined) ? 0 : size;
  const duration = estimatedDuration(effect.work, worked);
  return {
    statement,
    ...(strongest && mode !== undefined && { lock: { table: nameOf(strongest.table), mode } }),
    blocks,
    ...(size !== undefined && { size }),
    ...(facts?.rows !== undefined && { rows: facts.rows }),
    ...(duration !== undefined && { duration }),
  };
}

/** Its directive makes a plain CREATE INDEX or DROP INDEX a concurrent one: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
function concurrentMode({ concurrently }: MigrationStatement, mode: StatementEffect["locks"][number]["mode"]): StatementEffect["locks"][number]["mode"] {
  return concurrently ? "share update exclusive" : mode;
}

/** A lock is held to the end of its transaction, so a statement stalls others as long as it and those behind it take. */
function withBlocking(statements: readonly PlannedStatement[]): readonly PlannedStatement[] {
  let behind: number | undefined = 0;
  return [...statements].reverse().map((one): PlannedStatement => {
    behind = behind === undefined || one.duration === undefined ? undefined : behind + one.duration;
    const blocking = one.blocks === "nobody" || one.blocks === "other DDL" ? 0 : behind;
    return { ...one, ...(blocking !== undefined && { blocking }) };
  }).reverse();
}

function transactionOf(statements: readonly MigrationStatement[]): PlannedMigration["transaction"] {
  return statements.some(({ effect, concurrently }) => effect.transaction === "forbidden" || concurrently) ? "none" : "one";
}

/**
 * Entries that a transaction takes in the server's lock table, of which there is one an object: a new table with a serial
 * primary key and a text column has 5 (itself, its TOAST table and that one's index, its primary key's index, its sequence;
 * read from pg_locks on PostgreSQL 15), a new index 1, any other table 1.
 */
function locksOf(statements: readonly MigrationStatement[]): number {
  const made = new Set(statements.flatMap(({ effect }) => effect.creates.map(tableKey)));
  const others = new Set(statements.flatMap(({ effect }) => effect.locks.map(({ table }) => tableKey(table))).filter((key) => !made.has(key)));
  const indexes = statements.filter(({ effect }) => effect.index !== undefined).length;
  return made.size * 5 + others.size + indexes;
}

function nameOf({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}
