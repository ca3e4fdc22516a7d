// One database that a folder is connected to: its last reading, which stays when the connection is lost, and when a lost
// one may be tried again unasked. It knows no protocol and no project.
import type { ConnectionSettings } from "../databases/connections/settings";
import type { Database, DatabaseReading } from "../databases/database";
import { DatabaseError } from "../databases/database";
import type { ReadJournal } from "../databases/journals";
import type { MigrationFolder } from "../model/migration";
import type { DatabaseFacts } from "../model/facts";
import type { Health } from "../model/health";

/** How one step is followed and stopped. */
export interface Steps {
  readonly signal: AbortSignal;
  /** What is being waited for, a sentence without its full stop. */
  tell(message: string): void;
}

/** What is known of a connection before it is opened. */
export interface Described {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly name: string;
  /** User, host and database for people, without a password. */
  readonly address: string;
  readonly production: boolean;
  /** What a session that writes is opened with; undefined: the embedded one. */
  readonly settings?: ConnectionSettings;
  /** The project's files by the database that they name; 0 is this one. */
  readonly named: ReadonlyMap<string, number>;
  /** Opens it; rejects with a `DatabaseError`. */
  open(steps: Steps): Promise<Database>;
  /** It is made from the code, so that a refresh means to make it anew. */
  readonly made: boolean;
}

export interface DatabaseConnection extends Omit<Described, "open"> {
  readonly state: "connecting" | "connected" | "lost";
  /** What happened, while it is lost. */
  readonly message: string | undefined;
  readonly reading: DatabaseReading | undefined;
  readonly facts: DatabaseFacts | undefined;
  /** Milliseconds since 1970: the last answer. */
  readonly answeredAt: number | undefined;
  /** Opens it and reads everything. Rejects with a `DatabaseError`; what was opened is closed then. */
  connect(steps: Steps): Promise<void>;
  /** Asks for the stamp, and reads everything where it has changed; true then. A failure that ends it leaves the last reading and rejects with a `DatabaseError`. */
  refresh(steps: Steps): Promise<boolean>;
  /** Reads the statistics. */
  refreshStatistics(steps: Steps): Promise<void>;
  /** Reads how the database is doing. */
  health(steps: Steps): Promise<Health>;
  /** Reads what it records as applied of folders of migrations. */
  journals(folders: readonly MigrationFolder[], steps: Steps): Promise<readonly ReadJournal[]>;
  /** False while a lost connection had better be left alone. */
  mayBeTried(): boolean;
  /** Ends what is under way and everything that it started. */
  close(): Promise<void>;
}

/** Milliseconds after which a lost connection is tried again unasked: two seconds, doubled with each failure, five minutes at most. */
const firstPause = 2_000;
const longestPause = 300_000;

export function databaseConnection({ open, made, ...described }: Described): DatabaseConnection {
  const closing = new AbortController();
  let database: Database | undefined;
  let state: DatabaseConnection["state"] = "connecting";
  let message: string | undefined;
  let reading: DatabaseReading | undefined;
  let facts: DatabaseFacts | undefined;
  let answeredAt: number | undefined;
  let failures = 0;
  let lastFailure = 0;
  let tell: Steps["tell"] = () => {};
  /** The end of what was asked last. */
  let last: Promise<unknown> = Promise.resolve();

  /** One step after another. What is read after `close` counts for nothing. */
  function inTurn<Result>(steps: Steps, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const signal = AbortSignal.any([steps.signal, closing.signal]);
    const result = last.then(async () => {
      tell = steps.tell;
      try {
        const found = await work(signal);
        [state, message, failures, answeredAt] = ["connected", undefined, 0, Date.now()];
        return found;
      } catch (error) {
        // Somebody's change of mind is no fault of the connection.
        if (state !== "connecting" && !(error instanceof DatabaseError && error.kind === "cancelled")) {
          [state, message, lastFailure] = ["lost", error instanceof Error ? error.message : String(error), Date.now()];
          failures++;
        }
        throw error;
      } finally {
        tell = () => {};
      }
    });
    last = result.catch(() => undefined);
    return result;
  }

  async function opened(signal: AbortSignal): Promise<Database> {
    const one = await open({ signal, tell: (text) => tell(text) });
    if (!closing.signal.aborted) return one;
    await one.close();
    throw new DatabaseError(`The connection "${described.name}" was closed while it was being opened.`, "cancelled");
  }

  async function readAll(from: Database, signal: AbortSignal): Promise<void> {
    tell("reading the schema");
    const all = await from.readAll(signal);
    ({ reading, facts } = all);
  }

  return {
    ...described,
    made,
    get state() { return state; },
    get message() { return message; },
    get reading() { return reading; },
    get facts() { return facts; },
    get answeredAt() { return answeredAt; },
    connect: (steps) => inTurn(steps, async (signal) => {
      tell("connecting");
      const one = await opened(signal);
      try {
        await readAll(one, signal);
        database = one;
      } catch (error) {
        await one.close();
        throw error;
      }
    }),
    refresh: (steps) => inTurn(steps, async (signal) => {
      if (made) {
        const before = database;
        tell("making the database anew");
        database = await opened(signal);
        await before?.close();
        await readAll(database, signal);
        return true;
      }
      tell("asking whether the schema has changed");
      if ((await database!.stamp(signal)) === reading?.stamp) return false;
      await readAll(database!, signal);
      return true;
    }),
    refreshStatistics: (steps) => inTurn(steps, async (signal) => {
      tell("reading the statistics");
      facts = await database!.facts(signal);
    }),
    health: (steps) => inTurn(steps, async (signal) => {
      tell("reading sizes and statements");
      const { readHealth } = await import("../databases/health");
      return readHealth(database!, signal);
    }),
    journals: (folders, steps) => inTurn(steps, async (signal) => {
      tell("reading which migrations are applied");
      const { readJournals } = await import("../databases/journals");
      return readJournals(database!, folders, signal);
    }),
    mayBeTried: () => failures === 0 || Date.now() - lastFailure >= Math.min(firstPause * 2 ** (failures - 1), longestPause),
    async close() {
      closing.abort();
      await last;
      await database?.close();
    },
  };
}
