// A part of a migration as the runner carries it out: in one transaction where that is possible, else step by step, each
// of which the next run can recognise. Pure.
import type { MigrationPart } from "../../model/migration";
import type { ParsedStatement, SqlParser } from "../../sql/parser";

export type Step =
  /** Together in one transaction. */
  | { readonly kind: "transaction"; readonly statements: readonly ParsedStatement[] }
  /** SET: of no use but to what follows, so it is run again by whoever goes on. */
  | { readonly kind: "setting"; readonly statement: ParsedStatement }
  /** Fails in a transaction, or would hold its locks for too long there. */
  | { readonly kind: "outside"; readonly statement: ParsedStatement };

export interface Steps {
  readonly part: MigrationPart;
  readonly steps: readonly Step[];
  /** All statements, in order. */
  readonly statements: readonly ParsedStatement[];
  /** One step in a transaction, or none: then it is applied and recorded at once, or not at all. */
  readonly atOnce: boolean;
}

/** Why a part cannot be run, with the place of it. */
export class PartError extends Error {
  constructor(
    message: string,
    /** UTF-16 offset in the part. */
    readonly offset: number,
  ) {
    super(message);
    this.name = "PartError";
  }
}

/** Throws a `PartError` for what is no SQL, or decides about its transaction itself in a way that no record could follow. */
export function stepsOf(part: MigrationPart, parser: SqlParser): Steps {
  const { statements, error } = parser.parse(part.sql);
  if (error) throw new PartError(error.message, error.offset);
  refuseUnfit(statements);
  const groups = withoutTransactions(statements);
  const kept = groups.flat();
  const whole = groups.length <= 1 && !kept.some(isOutside);
  if (whole) return { part, statements: kept, atOnce: true, steps: kept.length === 0 ? [] : [{ kind: "transaction", statements: kept }] };
  return { part, statements: kept, atOnce: false, steps: groups.flatMap(stepsOfGroup) };
}

/** What is carried out together, and so holds its locks together: a transaction's statements, or one that is by itself. */
export function transactionsOf(steps: readonly Step[]): readonly (readonly ParsedStatement[])[] {
  return plannedSteps(steps).map(({ statements }) => statements);
}

/** The same as a plan takes it. */
export function plannedSteps(steps: readonly Step[]): readonly { readonly statements: readonly ParsedStatement[]; readonly inTransaction: boolean }[] {
  return steps.map((step) => (step.kind === "transaction" ? { statements: step.statements, inTransaction: true } : { statements: [step.statement], inTransaction: false }));
}

function stepsOfGroup(statements: readonly ParsedStatement[]): readonly Step[] {
  const steps: Step[] = [];
  let together: ParsedStatement[] = [];
  const flush = (): void => {
    if (together.length > 0) steps.push({ kind: "transaction", statements: together });
    together = [];
  };
  for (const statement of statements) {
    if (!isOutside(statement) && !setsForSession(statement)) {
      together.push(statement);
      continue;
    }
    flush();
    steps.push(isOutside(statement) ? { kind: "outside", statement } : { kind: "setting", statement });
  }
  flush();
  return steps;
}

/** What a session of the runner's cannot carry out, or would lose its lock by. Throws a `PartError`. */
export function refuseUnfit(statements: readonly ParsedStatement[]): void {
  for (const { node, sql, start } of statements) {
    if (isCopyFromStdin(node)) throw new PartError("COPY … FROM stdin takes rows that stand behind it, as psql has it: use INSERT.", start);
    const frees = isDiscardAll(node) ? "DISCARD ALL" : ("SelectStmt" in node || "DoStmt" in node) && /\bpg_advisory_unlock_all\b/i.test(sql) ? "pg_advisory_unlock_all()" : undefined;
    if (frees !== undefined) throw new PartError(`${frees} would give up the runner's lock too, so that another run could begin beside this one. ${frees === "DISCARD ALL" ? "Use RESET ALL, DISCARD TEMP or DEALLOCATE ALL." : "Name the lock: pg_advisory_unlock(key)."}`, start);
  }
}

export function isCopyFromStdin(node: ParsedStatement["node"]): boolean {
  const copy = node["CopyStmt"] as { readonly is_from?: boolean; readonly filename?: string; readonly is_program?: boolean } | undefined;
  return copy?.is_from === true && copy.filename === undefined && copy.is_program !== true;
}

function isDiscardAll(node: ParsedStatement["node"]): boolean {
  return (node["DiscardStmt"] as { readonly target?: string } | undefined)?.target === "DISCARD_ALL";
}

/** BEGIN and COMMIT are the runner's: a file's own would part what it does from its record. A COMMIT with something behind it ends a group. */
function withoutTransactions(statements: readonly ParsedStatement[]): readonly (readonly ParsedStatement[])[] {
  const groups: ParsedStatement[][] = [];
  let current: ParsedStatement[] = [];
  for (const statement of statements) {
    const kind = (statement.node["TransactionStmt"] as { readonly kind?: string } | undefined)?.kind;
    if (kind === undefined || /SAVEPOINT|RELEASE|ROLLBACK_TO/.test(kind)) current.push(statement);
    else if (kind === "TRANS_STMT_COMMIT") {
      groups.push(current);
      current = [];
    } else if (kind !== "TRANS_STMT_BEGIN" && kind !== "TRANS_STMT_START") {
      throw new PartError(`${statement.sql} ends the migration's transaction by itself, so that what it did could not be recorded. Remove it: the runner takes everything back when a statement fails.`, statement.start);
    }
  }
  groups.push(current);
  return groups.filter((group) => group.length > 0);
}

export function isOutside({ effect, concurrently }: ParsedStatement): boolean {
  return concurrently || effect.transaction === "forbidden";
}

export function setsForSession({ node }: ParsedStatement): boolean {
  const set = node["VariableSetStmt"] as { readonly is_local?: boolean } | undefined;
  return set !== undefined && set.is_local !== true;
}

/** Changes a setting that the transaction was begun with. */
export function changesSettings({ node }: ParsedStatement): boolean {
  return "VariableSetStmt" in node || "DiscardStmt" in node || ("SelectStmt" in node && JSON.stringify(node).includes('"set_config"'));
}
