// Looks at a long statement from another session while it runs: how far the server is, and for whom it waits.
import type { Session } from "../../databases/session";
import { processesSql, processTitles } from "./processes";
import type { Work } from "./context";

/** Milliseconds before the first look, and between looks. */
const interval = 500;

/** Runs `statement` and tells of its progress meanwhile. A second session that cannot be had costs the progress alone. */
export async function watched<Result>({ session, emit }: Pick<Work, "session" | "emit">, statement: () => Promise<Result>): Promise<Result> {
  let other: Promise<Session | undefined> | undefined;
  let looking = Promise.resolve();
  let told = "";
  const look = async (): Promise<void> => {
    other ??= session.another().catch(() => undefined);
    const second = await other;
    if (!second?.open) return;
    const [progress, waits] = await second.run(progressSql(session.backend)).catch(() => []);
    if (!progress || !waits) return;
    const [phase, done] = progress.rows[0] ?? [null, null];
    const waitsFor = processTitles(waits.rows);
    if (phase === null && waitsFor.length === 0) return;
    const event = { kind: "progress" as const, phase: phase ?? "waiting", ...(done !== null && done !== undefined && { done: Number(done) }), ...(waitsFor.length > 0 && { waitsFor }) };
    // How long they have been at it changes with each look.
    const text = JSON.stringify(event).replaceAll(/ for \d+ s/g, "");
    if (text !== told) emit(event);
    told = text;
  };
  const timer = setInterval(() => (looking = looking.then(look)), interval);
  try {
    return await statement();
  } finally {
    clearInterval(timer);
    await looking;
    await (await other)?.close();
  }
}

/** https://www.postgresql.org/docs/current/progress-reporting.html#CREATE-INDEX-PROGRESS-REPORTING */
function progressSql(backend: number): string {
  return `select phase, case when blocks_total > 0 then round(blocks_done::numeric / blocks_total, 3) when tuples_total > 0 then round(tuples_done::numeric / tuples_total, 3) when lockers_total > 0 then round(lockers_done::numeric / lockers_total, 3) end
    from pg_catalog.pg_stat_progress_create_index where pid = ${backend};
    ${processesSql("a.pid", "since")} from pg_catalog.pg_stat_activity a where a.pid = any (pg_catalog.pg_blocking_pids(${backend}))`;
}
