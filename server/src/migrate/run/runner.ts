// Carries migrations out: one runner at a time, each migration applied and recorded or neither, and after a lost connection
// the journal is read again before anything is said. It asks nobody; confirmations come in.
import { DatabaseError } from "../../databases/database";
import { PoolerError } from "../../databases/postgres/session";
import { SessionError, type Session } from "../../databases/session";
import type { Migration, MigrationStatus } from "../../model/migration";
import { journalWithHistory } from "../journal";
import { cancelledFailure, historyOf } from "../journal/history";
import type { RunRecord } from "../journal/journal";
import { clearMarkerSql } from "../journal/marker";
import { lockShortage, mostLockEntries } from "../lock-budget";
import { readRecord } from "../record";
import { selectDown, selectTo, selectUp, type Selection } from "../selection";
import { migrationStatus, obstacles } from "../status";
import { endSession, LockHeldError, takeLock } from "./advisory-lock";
import { StepError, type RunContext, type RunOptions, type State, type Task, type Work } from "./context";
import { adviceFor, placeOf, sentence, stepFailure } from "./failure";
import { RunError, UnconfirmedError, UndecidedError, type RunResult } from "./progress";
import { shownOf, unlikeShown } from "./shown";
import { lackingRights } from "./lacking-rights";
import { PartError, stepsOf, transactionsOf } from "./steps";
import { runStepwise } from "./stepwise";
import { runTransaction } from "./transaction";
import { begunElsewhere, changedSince, isForeign, notToGoOn, wasChanged } from "./unfinished";

/** Applies the next `count` migrations, all by default. Rejects with a `RunError`, like the others here. */
export function up(context: RunContext, options: RunOptions & { readonly count?: number }): Promise<RunResult> {
  return run(context, options, ({ status }, task) => chosen(selectUp(status, options), status, task));
}

/** Takes the last `count` migrations back, one by default. */
export function down(context: RunContext, options: RunOptions & { readonly count?: number }): Promise<RunResult> {
  return run(context, options, ({ status }, task) => chosen(selectDown(status, options), status, task));
}

/** Forwards or backwards, whichever leads to that version or id. */
export function to(context: RunContext, options: RunOptions & { readonly to: string }): Promise<RunResult> {
  return run(context, options, ({ status }, task) => chosen(selectTo(status, options.to), status, task));
}

/** For migrations of which nobody can tell how they are to go on. */
export interface RepairOptions {
  /** They are recorded as this, and nothing is run. */
  readonly resolved?: Task["resolved"];
  /** Otherwise what they have left is looked for: all of it, nothing, or a full sentence that says why that cannot be told. */
  readonly look?: (session: Session, migration: Migration, status: readonly MigrationStatus[]) => Promise<"all" | "nothing" | { readonly why: string }>;
}

/** Brings half-applied migrations to their end. */
export function repair(context: RunContext, options: RunOptions & RepairOptions): Promise<RunResult> {
  return run(context, options, async ({ status, marker }, task, session) => {
    const tasks: Task[] = [];
    const undecided: { readonly id: string; readonly message: string }[] = [];
    for (const one of status.filter(({ state }) => state === "half-applied")) {
      const made = task(one, marker?.migration === one.id ? marker.direction : "up");
      const settled = options.resolved ? { ...made, resolved: options.resolved } : isForeign(made, marker) ? await settle(made, status, session, options) : made;
      if (wasChanged(made, marker) && !options.resolved) undecided.push({ id: one.id, message: changedSince(made) });
      else if ("why" in settled) undecided.push({ id: one.id, message: begunElsewhere(made, settled.why) });
      else tasks.push(settled);
    }
    if (undecided.length > 0) throw new UndecidedError(undecided.map(({ message }) => message).join(" "), undecided.map(({ id }) => id));
    return tasks;
  });
}

/** Or why it cannot be told what it has left. */
async function settle(task: Task, status: readonly MigrationStatus[], session: Session, { look }: RepairOptions): Promise<Task | { readonly why: string | undefined }> {
  const left = await look?.(session, task.migration, status);
  if (left === "all") return { ...task, resolved: "applied" };
  if (left === "nothing") return { ...task, untouched: true };
  return { why: left?.why };
}

/** Records every pending migration as applied, without running it. Whether the database is as they say is the caller's to know. */
export function baseline(context: RunContext, options: RunOptions): Promise<RunResult> {
  return run(context, options, ({ status }, task) => status.filter(({ state, migration }) => migration !== undefined && state !== "applied").map((one) => task(one, "up")), "baseline");
}

/** What folder, journal and an interrupted run's mark say, over an open session. Rejects with a `SessionError`. */
export async function readState(session: Session, { folder }: Pick<RunContext, "folder">): Promise<State> {
  const results = await session.run([...session.reset, "select pg_catalog.current_setting('max_locks_per_transaction')::bigint * (pg_catalog.current_setting('max_connections')::bigint + pg_catalog.current_setting('max_prepared_transactions')::bigint)"].join("; "));
  const { applied, ...record } = await readRecord(folder, async (sql) => (await session.run(sql)).at(-1)!.rows);
  return { ...record, status: migrationStatus(folder, applied, record.marker), grantedLocks: Number(results.at(-1)!.rows[0]![0]) };
}

type Choose = (state: State, task: (status: MigrationStatus, direction: Task["direction"]) => Task, session: Session) => readonly Task[] | Promise<readonly Task[]>;

function chosen(selection: Selection, status: readonly MigrationStatus[], task: Parameters<Choose>[1]): readonly Task[] {
  if (selection.kind === "impossible") throw new Error(selection.message);
  return selection.migrations.map(({ id }) => task(status.find((one) => one.id === id)!, selection.direction));
}

async function run(context: RunContext, options: RunOptions, choose: Choose, how: "carry out" | "baseline" = "carry out"): Promise<RunResult> {
  const journal = journalWithHistory(context.folder);
  const done: RunResult["done"][number][] = [];
  let state: State = { status: [], comment: null, invalidIndexes: [], grantedLocks: 0 };
  const fail = (message: string, kind: RunError["kind"], cause?: unknown): RunError => new RunError(message, kind, { done, status: state.status }, cause);
  const stop = (message: string): RunError => fail(message, "stopped before");
  let session = await context.connect(options.signal).catch((error: unknown) => {
    throw fail((error as Error).message, error instanceof PoolerError ? "pooler" : error instanceof DatabaseError && error.kind === "cancelled" ? "cancelled" : "stopped before", error);
  });
  const listen = (): void => session.onNotice((message) => options.onEvent?.({ kind: "notice", message }));
  const lock = () => takeLock(session, context.folder.format, { patience: options.runnerPatience ?? 10_000, signal: options.signal, onEvent: options.onEvent });
  const work = (): Work => ({
    session, journal, parser: context.parser, folder: context.folder, by: context.by, signal: options.signal,
    lockTimeout: options.lockTimeout ?? 300, lockPatience: options.lockPatience ?? 60_000, emit: (event) => options.onEvent?.(event),
  });
  const task = ({ migration, state: now }: MigrationStatus, direction: Task["direction"]): Task => {
    const part = direction === "up" ? migration!.up : migration!.down;
    if (!part) throw new Error(`${migration!.id} cannot be taken back: ${migration!.irreversible ?? "it has no down part"}.`);
    try {
      return { migration: migration!, direction, steps: stepsOf(part, context.parser), begun: now === "half-applied" && direction === "up" };
    } catch (error) {
      if (error instanceof PartError) throw new Error(`${placeOf(context, part, error.offset)}: ${error.message}`);
      throw error;
    }
  };
  /** One that was being taken back is recorded as applied still. */
  const resolvedSql = (as: NonNullable<Task["resolved"]>, { migration, direction }: Task, run: RunRecord): readonly string[] =>
    direction === "down" ? (as === "applied" ? [] : journal.removedSql(migration, run)) : [...journal.abandonedSql(migration), ...(as === "applied" ? journal.baselineSql(migration, run) : [])];
  const carryOut = async (one: Task): Promise<void> => {
    const { migration, direction, steps, begun } = one;
    const record = (milliseconds = 0): readonly string[] => {
      const run = { by: context.by, startedAt: new Date(Date.now() - milliseconds).toISOString(), milliseconds };
      if (how === "baseline") return journal.baselineSql(migration, run);
      if (one.resolved) return [...resolvedSql(one.resolved, one, run), ...(state.marker?.migration === migration.id ? [clearMarkerSql(context.folder.journal, state.marker)] : [])];
      if (direction === "down") return journal.removedSql(migration, run);
      return begun ? [...journal.startedSql(migration, run), ...journal.finishedSql(migration, run)] : journal.recordSql(migration, run);
    };
    if (how === "baseline" || one.resolved) await runTransaction(work(), { statements: [], record, fresh: true, first: 0, of: 0 });
    else if (!steps.atOnce) await runStepwise(work(), one, state);
    else await runTransaction(work(), { statements: steps.statements, record, fresh: true, first: 1, of: steps.statements.length, ...(direction === "up" && { verify: migration.verify }) });
  };
  /** A new session, under the lock, with the journal read again: the old one's backend is gone by then, so what is read is final. */
  const reconnect = async (): Promise<void> => {
    const { backend } = session;
    await session.close();
    session = await context.connect(options.signal);
    listen();
    if (backend > 0) await endSession(session, backend);
    await lock();
    state = await readState(session, context);
  };
  /** As a beginning that came to no end, or, where everything was taken back, in the history alone. */
  const recordFailure = async ({ migration, direction, steps }: Task, error: StepError, milliseconds: number): Promise<void> => {
    const failure = error.kind === "cancelled" ? cancelledFailure : error.message;
    const failed = !steps.atOnce && direction === "up" ? journal.failedSql(migration, failure) : [];
    const run = { by: context.by, startedAt: new Date(Date.now() - milliseconds).toISOString(), milliseconds };
    const records = failed.length > 0 ? failed : historyOf(context.folder).failedSql(migration, direction, run, failure);
    if (records.length > 0) await session.run(["begin", ...records, "commit"].join("; ")).catch(() => session.run("rollback").catch(() => undefined));
  };
  const recoverable = async (one: Task): Promise<void> => {
    const start = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await carryOut(attempt === 1 ? one : { ...one, begun: one.direction === "up" && state.status.some(({ id, state: now }) => id === one.migration.id && now === "half-applied") });
      } catch (error) {
        if (error instanceof StepError) {
          await recordFailure(one, error, Date.now() - start);
          // What is said of it is true afterwards, too.
          state = await readState(session, context).catch(() => state);
          throw fail(stepFailure(context, one, error), error.kind, error.cause);
        }
        if (!(error instanceof SessionError) || error.kind !== "lost") throw error;
        await reconnect().catch((again: unknown) => {
          throw fail(`${error.message} It could not be opened again (${(again as Error).message}), so whether ${one.migration.id} was ${one.direction === "up" ? "applied" : "taken back"} is not known here. Run "plumbline migrate status" as soon as the server answers: it is either done and recorded, or neither, unless status says half-applied.`, "lost", error);
        });
        const now = state.status.find(({ id }) => id === one.migration.id)?.state;
        const finished = one.direction === "up" ? now === "applied" : now === "pending";
        options.onEvent?.({ kind: "notice", message: `${error.message} The journal was read again: ${one.migration.id} was ${finished ? "" : "not "}${one.direction === "up" ? "applied" : "taken back"}.` });
        // A server that came back as it was earlier (the embedded one, a failover, commits that wait for no disk) has lost those before it, too.
        const holds = done.filter(({ migration }) => state.status.some(({ id, state: is }) => id === migration.id && is === (one.direction === "up" ? "applied" : "pending")));
        if (holds.length < done.length) {
          const gone = done.splice(0, done.length, ...holds).filter((before) => !holds.includes(before));
          throw fail(`${error.message} The database came back as it was before ${gone.map(({ migration }) => migration.id).join(", ")}: what this run had done there is gone, and its record with it. Run it again to go on.`, "lost", error);
        }
        if (finished) return;
        // Somebody ended the session on purpose, or the connection does not last.
        if (error.code === "57P01" || attempt >= 3) throw fail(`${error.message} ${one.migration.id} was not ${one.direction === "up" ? "applied" : "taken back"}${now === "half-applied" ? " in full" : ", and nothing of it is recorded"}. Run it again to go on.`, "lost", error);
      }
    }
  };
  try {
    if (session.production && options.confirmed !== session.name) throw fail(`"${session.name}" is marked as production: its name must be typed to change it (--confirm ${session.name}).`, "not confirmed");
    if (session.server.readOnly) throw fail(`"${session.name}" is read only (a standby, or default_transaction_read_only), so nothing can be changed there. Use the primary's address, or another user.`, "read only");
    listen();
    await lock();
    state = await readState(session, context);
    const inTheWay = [...context.folder.problems.map(({ message }) => message), ...obstacles(state.status, how)];
    if (inTheWay.length > 0) throw stop(`Nothing was run. ${inTheWay.join(" ")}`);
    let tasks: readonly Task[];
    try {
      tasks = await choose(state, task, session);
    } catch (error) {
      if (error instanceof SessionError || error instanceof DatabaseError) throw error;
      throw fail(`Nothing was run. ${(error as Error).message}`, "stopped before", error);
    }
    const carried = how === "baseline" ? [] : tasks.filter(({ resolved }) => resolved === undefined);
    const problem = notToGoOn(carried, state) ?? lackingRights(context.folder, tasks, state) ?? shortOfLocks(carried, state);
    if (problem !== undefined) throw stop(`Nothing was run. ${problem}`);
    const losses = carried.flatMap(({ migration, steps }) => steps.statements.flatMap(({ effect, start }) => (effect.loss === undefined ? [] : [`${placeOf(context, steps.part, start)} (${migration.id}): ${effect.loss}`])));
    const shown = shownOf(carried);
    const unseen = options.shown && unlikeShown(shown, options.shown);
    if (unseen !== undefined) throw fail(`Nothing was run. ${unseen}`, "not confirmed", new UnconfirmedError(unseen, shown));
    if (losses.length > 0 && !options.lossesConfirmed) throw fail(`Nothing was run: what is lost for good must be confirmed. ${losses.join(" ")}`, "not confirmed", new UnconfirmedError(losses.join(" "), shown));
    await options.before?.(carried.map(({ migration, steps }) => ({ migration, losses: steps.statements.flatMap(({ effect }) => effect.loss ?? []) })));
    if (tasks.length > 0) await runTransaction(work(), { statements: [], record: () => journal.createSql, fresh: true, first: 0, of: 0 });
    for (const one of tasks) {
      const { migration, direction } = one;
      options.onEvent?.({ kind: "migration started", migration, direction });
      const start = Date.now();
      await recoverable(one);
      const milliseconds = Date.now() - start;
      done.push({ migration, milliseconds });
      options.onEvent?.({ kind: "migration ended", migration, milliseconds });
      // Its mark, if it had one, is gone.
      if (!one.steps.atOnce) {
        const { marker, ...rest } = state;
        state = { ...rest, comment: marker ? marker.before : rest.comment };
      }
    }
    return { done, status: (await readState(session, context)).status };
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (error instanceof LockHeldError) throw fail(`Nothing was run. ${error.message} Wait for it to end, then run this again.`, "locked", error);
    if (error instanceof StepError) throw fail(["The journal could not be made:", sentence(error.message), ...adviceFor(error.cause instanceof SessionError ? error.cause.code : undefined), "Nothing was run."].join(" "), error.kind, error);
    const stands = done.length === 0 ? "Nothing was run." : `Done and recorded before that: ${done.map(({ migration }) => migration.id).join(", ")}.`;
    if (error instanceof SessionError) throw fail(`${sentence(error.message)} ${stands}`, error.kind === "refused" ? "failed" : error.kind, error);
    throw error;
  } finally {
    await session.close();
  }
}

function shortOfLocks(tasks: readonly Task[], { grantedLocks }: State): string | undefined {
  return tasks.map(({ migration: { id }, steps: { steps } }) => lockShortage(id, mostLockEntries(transactionsOf(steps)), grantedLocks)).find((shortage) => shortage !== undefined);
}
