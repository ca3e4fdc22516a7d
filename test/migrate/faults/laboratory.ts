// Databases by the hundred, each a copy of a prepared one, and what a run must have left in them: schema, record and rows.
import assert from "node:assert/strict";
import { openPostgres } from "../../../server/src/databases/postgres/open";
import { openSession } from "../../../server/src/databases/postgres/session";
import type { ConnectionSettings } from "../../../server/src/databases/connections/settings";
import type { RunContext, RunOptions } from "../../../server/src/migrate/run/context";
import { RunError, type RunResult } from "../../../server/src/migrate/run/progress";
import { readState } from "../../../server/src/migrate/run/runner";
import type { MigrationFolder } from "../../../server/src/model/migration";
import { loadSqlParser } from "../../../server/src/sql/load";
import { settingsOf } from "../../database/servers";
import type { Postgres } from "../../oracles/postgres";

/** Losses are confirmed: what they are is no concern of these tests. */
export const agreed: RunOptions = { lossesConfirmed: true };

export async function contextOf(folder: MigrationFolder, settings: ConnectionSettings): Promise<RunContext> {
  return { folder, parser: await loadSqlParser(), by: "test", connect: (signal) => openSession(settings, { ...(signal && { signal }) }) };
}

/** A copy of `template`, under a name of its own. */
export async function copyOf(server: Postgres, template: string, name: string): Promise<ConnectionSettings> {
  await server.query(`create database "${name}" template "${template}"`);
  return settingsOf({ ...server.connection, database: name });
}

export async function rowsOf(settings: ConnectionSettings, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const session = await openSession(settings);
  try {
    return (await session.run(sql)).at(-1)!.rows;
  } finally {
    await session.close();
  }
}

/** Everything that must be alike after a run that was interrupted and one that was not. */
export interface Outcome {
  readonly schema: unknown;
  readonly states: readonly string[];
  /** Of the owner's table, without numbers, times and durations. */
  readonly record: readonly string[];
  /** By table, in the order of the rows' text. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly invalid: readonly string[];
  /** What is left on the owner's table: a mark of a run that is not over. */
  readonly mark: string | null;
}

export async function outcomeOf(folder: MigrationFolder, settings: ConnectionSettings): Promise<Outcome> {
  const database = await openPostgres(settings);
  const { model } = await database.read();
  await database.close();
  const session = await openSession(settings);
  try {
    const run = async (sql: string): Promise<readonly string[]> => (await session.run(sql)).at(-1)!.rows.map((row) => row.join(" | "));
    const { status, comment } = await readState(session, { folder });
    const journal = `"${folder.journal.schema}"."${folder.journal.name}"`;
    const [[there]] = (await session.run(`select to_regclass('${journal}')`))[0]!.rows as [[string | null]];
    const tables = await run("select quote_ident(relname) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1");
    const rows: Record<string, readonly string[]> = {};
    for (const table of tables) if (!table.includes("migrations")) rows[table] = await run(`select t::text from ${table} t order by 1`);
    const volatile = "array['id', 'applied_at', 'started_at', 'finished_at', 'duration_ms']";
    // Attempts that came to nothing are history, and stay; whether there were any differs.
    const history = folder.format === "prisma" ? "where one ->> 'rolled_back_at' is null" : folder.format === "sql" ? "where one ->> 'status' <> 'rolled_back'" : "";
    return {
      schema: { ...model, id: "" },
      states: status.map(({ id, state }) => `${id} ${state}`),
      record: there === null ? [] : await run(`select one - ${volatile} from (select to_jsonb(t) as one from ${journal} t) as rows ${history} order by 1::text`),
      rows,
      invalid: await run("select indexrelid::regclass from pg_index where not indisvalid or not indisready or not indislive"),
      mark: comment,
    };
  } finally {
    await session.close();
  }
}

/** The error with which a run stopped; undefined: it came to its end. */
export async function stopped(run: Promise<RunResult>): Promise<RunError | undefined> {
  const error = await run.then(() => undefined, (reason: unknown) => reason);
  if (error !== undefined) assert.ok(error instanceof RunError, String((error as Error).stack));
  return error;
}

/** Works the list off, `width` at a time. */
export async function sideBySide<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}

/** Resolves when `holds` does; for what is bound to come. Rejects after `seconds`. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (const start = Date.now(); !(await holds()); ) {
    if (Date.now() - start > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
