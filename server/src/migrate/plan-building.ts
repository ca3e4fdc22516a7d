// Makes the plan of a run from what its statements do and what is known of the database: which lock, whom it stalls and
// for how long, and what stands in the way. Pure: reading folder, journal and database is operations/' affair.
import { createTableFinder } from "../compare/table-finder";
import type { DatabaseFacts, TableFacts } from "../model/facts";
import { lockModes, type Migration, type MigrationStatement } from "../model/migration";
import type { QualifiedName, SchemaModel } from "../model/schema";
import { tableKey } from "../model/table-key";
import { estimatedDuration, stalledBy } from "./estimate";
import { hashOf } from "./journal/marker";
import { lockShortage, mostLockEntries } from "./lock-budget";
import { locksOf } from "./plan-locks";
import type { Plan, PlannedMigration, PlannedStatement } from "./plan";

export interface PlanInput {
  readonly direction: "up" | "down";
  readonly database: string;
  readonly production: boolean;
  /** In the order in which they would run, each with the statements of the part that would. */
  readonly migrations: readonly {
    readonly migration: Migration;
    /** In order: one transaction, unless `oneByOne`. */
    readonly steps: readonly { readonly statements: readonly MigrationStatement[]; readonly inTransaction: boolean }[];
    /** Step by step, also where one transaction could hold them all. */
    readonly oneByOne?: boolean;
    /** How the run goes on with what was begun. */
    readonly begun?: string;
  }[];
  /** Undefined: nothing is known of sizes, and nothing is estimated from them. */
  readonly facts?: Pick<DatabaseFacts, "tables">;
  /** The database's schema before the run: which tables an index or a foreign key belongs to. */
  readonly schema?: Pick<SchemaModel, "tables">;
  /** max_locks_per_transaction × (max_connections + max_prepared_transactions), where the server says. */
  readonly grantedLocks?: number;
  /** Full sentences of what stands in the way already: an edited migration, a read-only server. */
  readonly obstacles: readonly string[];
}

/** Reads nothing and never fails; what is not known is left out of the plan. */
export function buildPlan({ direction, database, production, migrations, facts, schema, grantedLocks, obstacles }: PlanInput): Plan {
  const known: Known = {
    find: createTableFinder((facts?.tables ?? []).map((each) => ({ ...each, name: each.table }))),
    sizes: facts !== undefined,
    schema,
    created: new Set(),
  };
  const planned = migrations.map((one) => plannedMigration(direction, one, known));
  const needed = mostLockEntries(migrations.flatMap(({ steps }) => steps.map(({ statements }) => statements)));
  const shortage = lockShortage("One of the migrations", needed, grantedLocks);
  return { direction, database, production, migrations: planned, lockBudget: { needed, ...(grantedLocks !== undefined && { granted: grantedLocks }) }, obstacles: [...obstacles, ...(shortage === undefined ? [] : [shortage])] };
}

interface Known {
  find(name: QualifiedName): TableFacts | undefined;
  readonly sizes: boolean;
  readonly schema?: Pick<SchemaModel, "tables">;
  /** Made by the statements before: nobody uses them before the run is over. */
  readonly created: Set<string>;
}

function plannedMigration(direction: Plan["direction"], { migration, steps, oneByOne, begun }: PlanInput["migrations"][number], known: Known): PlannedMigration {
  const part = direction === "up" ? migration.up : migration.down;
  const transactions = steps.filter(({ inTransaction }) => inTransaction);
  const statements = steps.flatMap((step) => {
    const planned = withBlocking(step.statements.map((statement) => plannedStatement(statement, known)));
    return step.inTransaction ? planned.map((one): PlannedStatement => ({ ...one, transaction: transactions.indexOf(step) + 1 })) : planned;
  });
  return {
    migration,
    hash: part ? hashOf(part) : "",
    transaction: oneByOne ? "none" : "one",
    statements,
    undo: direction === "down" ? "yes" : undoOf(migration),
    ...(begun !== undefined && { begun }),
    losses: [...new Set(statements.flatMap(({ statement: { effect } }) => effect.loss ?? []))],
  };
}

function undoOf({ down, irreversible }: Migration): PlannedMigration["undo"] {
  if (down) return "yes";
  return irreversible === undefined || irreversible === "" ? "It has no down part." : irreversible;
}

function plannedStatement(statement: MigrationStatement, { find, sizes, schema, created }: Known): PlannedStatement {
  const { effect } = statement;
  for (const made of effect.creates) created.add(tableKey(made));
  const felt = locksOf(effect, schema).filter(({ table }) => table === undefined || !created.has(tableKey(table)));
  const sizeOf = (table: QualifiedName | undefined): number | undefined => (table === undefined ? undefined : find(table)?.size);
  // Of several tables under one lock, the largest that the statement names is what takes the time.
  const strongest = [...felt].sort((a, b) => lockModes.indexOf(b.mode) - lockModes.indexOf(a.mode) || Number(b.named) - Number(a.named) || (sizeOf(b.table) ?? 0) - (sizeOf(a.table) ?? 0))[0];
  const facts = strongest?.table && find(strongest.table);
  // What the run itself makes is empty, and so is what the database does not have yet.
  const worked = strongest === undefined || (sizes && strongest.table !== undefined && facts === undefined) ? 0 : facts?.size;
  const duration = estimatedDuration(effect.work, worked);
  return {
    statement,
    ...(strongest && { lock: { table: strongest.name, mode: strongest.mode } }),
    blocks: strongest === undefined ? "nobody" : stalledBy(strongest.mode),
    ...(facts && { size: facts.size }),
    ...(facts?.rows !== undefined && { rows: facts.rows }),
    ...(duration !== undefined && { duration }),
  };
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
