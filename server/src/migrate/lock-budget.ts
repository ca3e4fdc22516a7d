// What a transaction takes of the server's lock table, which all transactions share and which has a fixed size: too much
// of it fails with "out of shared memory" half way. Computed before it starts.
import type { MigrationStatement } from "../model/migration";
import { tableKey } from "../model/table-key";

/**
 * Entries that a transaction takes in the server's lock table, of which there is one an object: a new table with a serial
 * primary key and a text column has 5 (itself, its TOAST table and that one's index, its primary key's index, its sequence;
 * read from pg_locks on PostgreSQL 15), a new index 1, any other table 1.
 */
function lockEntries(statements: readonly MigrationStatement[]): number {
  const made = new Set(statements.flatMap(({ effect }) => effect.creates.map(tableKey)));
  const others = new Set(statements.flatMap(({ effect }) => effect.locks.map(({ table }) => tableKey(table))).filter((key) => !made.has(key)));
  const indexes = statements.filter(({ effect }) => effect.index !== undefined).length;
  return made.size * 5 + others.size + indexes;
}

/** Of the transaction that takes most. */
export function mostLockEntries(transactions: readonly (readonly MigrationStatement[])[]): number {
  return transactions.map(lockEntries).reduce((most, one) => Math.max(most, one), 0);
}

/** Two sentences where `what` ("0003_more") needs more than the server has: max_locks_per_transaction × (max_connections + max_prepared_transactions). */
export function lockShortage(what: string, needed: number, granted: number | undefined): string | undefined {
  if (granted === undefined || needed <= granted) return undefined;
  return `${what} needs about ${needed} locks in one transaction, and this server grants ${granted} to all of them together. Split it into several migrations, or raise max_locks_per_transaction (the server must be started anew for that).`;
}
