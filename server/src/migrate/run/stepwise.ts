// A migration that cannot be in one transaction: step by step. What is done of it is marked in the transaction of each
// step, so that the next run goes on behind it; what no transaction can hold is recognised in the catalogue.
import type { StatementResult } from "../../databases/session";
import type { Task, State, Work } from "./context";
import { clearMarkerSql, hashOf, setMarkerSql, type Marker } from "../journal/marker";
import type { Piece } from "./message";
import { isRecognisable, preparation, runOutside } from "./outside";
import { runTransaction } from "./transaction";
import type { Step } from "./steps";
import { verifyMigration } from "./verify";
import { StepError } from "./context";

/** True where the catalogue alone does not tell how far it has come. */
export function needsMarker({ steps: { steps } }: Pick<Task, "steps">): boolean {
  return steps.some((step) => step.kind === "transaction" || (step.kind === "outside" && !isRecognisable(step.statement)));
}

/** Rejects with a `StepError`, or with a "lost" `SessionError`: both leave what the next run goes on from. */
export async function runStepwise(work: Work, { migration, direction, steps: { part, steps, statements } }: Task, { marker: left, comment }: State): Promise<void> {
  const { session, journal, folder, emit, by } = work;
  const began = new Date();
  const marks = steps.some((step) => step.kind === "transaction" || (step.kind === "outside" && !isRecognisable(step.statement)));
  const marker: Marker = left ?? { migration: migration.id, direction, hash: hashOf(part), done: 0, trying: false, before: comment };
  const mark = (done: number, trying: boolean): readonly string[] => (marks ? [setMarkerSql(folder.journal, { ...marker, done, trying })] : []);
  // An attempt that came to no end is closed, and stays as history.
  const start = direction === "up" ? journal.startedSql(migration, { by, startedAt: began.toISOString() }) : [];
  // A file of one index costs three round trips: what leads up to it, itself, its record.
  const early = leading(steps, marker.done);
  const seen = (await inTransaction(work, [...start, ...(left ? [] : mark(0, false))], true, early.pieces)).at(-1);
  let number = 1;
  for (const [at, step] of steps.entries()) {
    const first = number;
    number += step.kind === "transaction" ? step.statements.length : 1;
    if (step.kind === "setting" && at >= early.settings) await session.run(step.statement.sql);
    else if (step.kind !== "setting" && at >= marker.done) await runStep(step, first, at, at === early.settings && early.pieces.length > 0 ? seen : undefined);
  }
  const problems = await verifyMigration(session, direction === "up" ? migration : { ...migration, verify: undefined }, work.parser, work.signal);
  if (problems.length > 0) throw new StepError(new Error(problems.join(" ")), undefined, undefined, [], "verify failed");
  const record = { by, startedAt: began.toISOString(), milliseconds: Date.now() - began.getTime() };
  await inTransaction(work, [...(direction === "up" ? journal.finishedSql(migration, record) : journal.removedSql(migration, record)), ...(marks ? [clearMarkerSql(folder.journal, marker)] : [])]);

  async function runStep(step: Exclude<Step, { kind: "setting" }>, first: number, at: number, prepared: StatementResult | undefined): Promise<void> {
    if (step.kind === "transaction") {
      await runTransaction(work, { statements: step.statements, record: () => mark(at + 1, false), fresh: false, first, of: statements.length });
      return;
    }
    const { statement } = step;
    emit({ kind: "statement started", migration, statement, number: first, of: statements.length });
    const started = Date.now();
    const tried = marker.trying && marker.done === at;
    if (!isRecognisable(statement)) await inTransaction(work, mark(at, true), false);
    await runOutside(work, statement, tried, prepared);
    await inTransaction(work, mark(at + 1, false), false);
    emit({ kind: "statement ended", statement, milliseconds: Date.now() - started });
  }
}

/** The settings that the first step needs and its preparation, where no transaction holds it: how many settings, and what is to be sent. */
function leading(steps: readonly Step[], done: number): { readonly settings: number; readonly pieces: readonly Piece[] } {
  const settings = steps.findIndex(({ kind }) => kind !== "setting");
  const first = steps[settings];
  if (first?.kind !== "outside" || settings < done) return { settings: 0, pieces: [] };
  const set = steps.slice(0, settings).flatMap((step): readonly Piece[] => (step.kind === "setting" ? [{ sql: step.statement.sql, statement: step.statement }] : []));
  return { settings, pieces: [...set, ...preparation(first.statement)] };
}

/** Records of the runner's own, and what is sent behind them. */
function inTransaction(work: Work, sql: readonly string[], fresh = true, after: readonly Piece[] = []): Promise<readonly StatementResult[]> {
  if (sql.length === 0 && !fresh) return Promise.resolve([]);
  return runTransaction(work, { statements: [], record: () => sql, after, fresh, first: 0, of: 0 });
}
