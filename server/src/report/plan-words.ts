// What a plan says of a statement, in words: the same in the terminal and in the editor's preview.
import type { Plan, PlannedMigration, PlannedStatement } from "../migrate/plan";
import { counted } from "./counted";
import { bytes } from "./health";

/** "under 10 ms", "434 ms", "3.2 s", "12 min": rounded, since it is an estimate. */
export function duration(milliseconds: number): string {
  if (milliseconds < 10) return "under 10 ms";
  if (milliseconds < 1000) return `${Math.round(milliseconds / 10) * 10} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds < 3_600_000 ? `${Math.round(milliseconds / 60_000)} min` : `${(milliseconds / 3_600_000).toFixed(1)} h`;
}

/** "access exclusive on orders (2,000,000 rows, 256.0 MB)"; undefined where it takes none that anybody could notice. */
export function lockWords({ lock, size, rows }: PlannedStatement): string | undefined {
  if (!lock) return undefined;
  const known = [rows === undefined ? undefined : counted(Math.round(rows), "row").replace(/^\d+/, (digits) => Number(digits).toLocaleString("en-US")), size === undefined ? undefined : bytes(size)].filter(Boolean);
  return `${lock.mode} on ${lock.table}${known.length > 0 ? ` (${known.join(", ")})` : ""}`;
}

/** "nobody", "writers, about 3.0 s", "other DDL while it runs". */
export function blockWords({ blocks, blocking }: PlannedStatement): string {
  switch (blocks) {
    case "nobody": return "nobody";
    case "other DDL": return "other DDL while it runs";
    case "writers":
    case "readers and writers": return blocking === undefined ? `${blocks}; for how long depends on the rows` : `${blocks}, ${blocking < 10 ? "" : "about "}${duration(blocking)}`;
  }
}

export function durationWords({ duration: takes, lock }: PlannedStatement): string {
  if (takes !== undefined) return takes < 10 ? duration(takes) : `about ${duration(takes)}`;
  return lock === undefined ? "not known" : "depends on the rows that it touches";
}

/** What a statement does that neither its lock nor its time tell; undefined: nothing. */
export function meaningWords({ statement: { sql } }: PlannedStatement): string | undefined {
  return /\benable\s+row\s+level\s+security\b/i.test(sql) ? "without a policy nobody but the table's owner sees a row" : undefined;
}

export function transactionWords(one: Pick<PlannedMigration, "transaction" | "statements">): string {
  if (one.transaction === "one") return "in one transaction";
  if (isMixed(one)) return "step by step, not in one transaction";
  return one.statements.some(({ transaction }) => transaction === undefined) ? "each statement by itself, outside a transaction" : "each statement by itself";
}

/** Where each of its statements runs, in their order; undefined where that is said of the whole migration. */
export function placeWords(one: Pick<PlannedMigration, "transaction" | "statements">): readonly string[] | undefined {
  return isMixed(one) ? one.statements.map(({ transaction }) => (transaction === undefined ? "outside a transaction" : `in transaction ${transaction}`)) : undefined;
}

/** Some of it is together, or some of it in a transaction and some outside. */
function isMixed({ transaction, statements }: Pick<PlannedMigration, "transaction" | "statements">): boolean {
  const held = statements.flatMap((one) => one.transaction ?? []);
  return transaction === "none" && held.length > 0 && (held.length < statements.length || new Set(held).size < held.length);
}

export function undoWords({ undo, migration }: PlannedMigration, { direction }: Plan): string {
  if (direction === "down") return migration.down ? "takes it back" : "has no way back";
  return undo === "yes" ? "can be taken back with down" : `cannot be taken back: ${undo}`;
}

/** "Locks in one transaction: about 12 of 6,400."; undefined where nothing takes any. */
export function lockBudgetWords({ lockBudget: { needed, granted } }: Plan): string | undefined {
  if (needed === 0) return undefined;
  return `Locks in one transaction: about ${needed.toLocaleString("en-US")}${granted === undefined ? "" : ` of the ${granted.toLocaleString("en-US")} that the server grants`}.`;
}
