// A throw-away embedded database on which migrations are proved: empty, with the extensions and roles that the scripts take
// for granted. It stays open from run to run of the runner, and nothing of it is kept.
import { embeddedMajor } from "../../databases/embedded/embedded";
import { beginScratch, openScratch, type BegunScratch } from "../../databases/embedded/scratch";
import { standInNote, standInsFor } from "../../databases/embedded/stand-ins";
import { schemaMessage } from "../../databases/postgres/session-reading";
import { SessionError, type Session } from "../../databases/session";
import { quote } from "../journal/table";
import type { Migration, MigrationFolder } from "../../model/migration";
import type { SqlParser } from "../../sql/parser";
import { baseline } from "../run/runner";
import type { RunContext } from "../run/context";
import { shownFile } from "../status";
import { assumedExtensions, assumedNote, lackingReason } from "./extensions";
import { fingerprintMessage } from "./fingerprint";
import { beyondEmbedded, isMissingObject, neededExtensions, neededRoles } from "./limits";

export interface ProvingPlace {
  /** Folder of the embedded database's runtime; undefined: beside the bundle. */
  readonly runtime?: string;
  readonly parser: SqlParser;
  /** For the first database that is opened. */
  readonly begun?: BegunScratch;
  readonly signal?: AbortSignal;
}

/** An embedded database of a proof's own. */
export interface ProvingDatabase {
  readonly session: Session;
  /** Full sentences on what stands there and no migration makes: what a server's provider gives, and extensions. */
  readonly notes: readonly string[];
  /** Names of the extensions that the scripts take for granted: those that were made there, and those that it has not. */
  readonly extensions: { readonly given: readonly string[]; readonly lacking: readonly string[] };
  /** For the runner, whose closing of its session ends nothing here. */
  context(folder: MigrationFolder): RunContext;
  close(): Promise<void>;
}

/** What a migration and its record are made of, so that all of it has run once. It is rolled back. */
const rehearsal = [
  "begin", "set local lock_timeout = 300", "create schema rehearsal", "create type rehearsal.kind as enum ('a', 'b')",
  "create table rehearsal.one (id serial primary key, kind rehearsal.kind default 'a', name varchar(20) not null, at timestamptz default now(), unique (name), check (id > 0))",
  "create table rehearsal.two (id bigint generated always as identity primary key, one integer not null)",
  "alter table rehearsal.two add constraint two_one foreign key (one) references rehearsal.one (id) on delete cascade", "create index two_one on rehearsal.two (one, id)", "drop index rehearsal.two_one",
  "insert into rehearsal.one (name) values ('a')", "delete from rehearsal.one where name = 'a'", "do 'begin perform 1; end'",
  "select pg_try_advisory_lock(1)", "select pg_advisory_unlock(1)", "select to_jsonb(one) ->> 'name' from rehearsal.one", "rollback",
].join("; ");

/** Starts the process of a proof that is likely to follow: opening it takes longer than all the rest. Its starter ends it. */
export function beginProving({ runtime }: Pick<ProvingPlace, "runtime">): BegunScratch {
  return beginScratch({ ...(runtime !== undefined && { runtime }), warmUp: [schemaMessage({ major: embeddedMajor }), fingerprintMessage([]), rehearsal] });
}

/** `scripts`: everything that will run there. Rejects with a `DatabaseError` where PGlite cannot run. */
export async function openProving(scripts: readonly string[], { runtime, parser, begun, signal }: ProvingPlace): Promise<ProvingDatabase> {
  const session = await openScratch({ folder: "", extensions: neededExtensions(scripts), ...(runtime !== undefined && { runtime }), ...(begun && { begun }), ...(signal && { signal }) });
  const standIns = standInsFor(scripts), note = standInNote(standIns.names);
  const assumed = assumedExtensions(scripts, parser);
  let given: readonly string[] = [];
  const lasting = new Proxy(session, {
    get: (target, property) => {
      if (property === "close") return () => Promise.resolve();
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value as (...parameters: unknown[]) => unknown).bind(target) : value;
    },
  });
  try {
    const roles = neededRoles(scripts, parser);
    if (assumed.length > 0) given = await availableOf(assumed, session, signal);
    const prepared = [...roles.map((name) => `create role ${quote(name)}`), ...standIns.statements, ...given.map((name) => `create extension if not exists ${quote(name)} cascade`)];
    if (prepared.length > 0) await session.run(prepared.join("; "), signal);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    session,
    notes: [...(note === undefined ? [] : [note]), ...given.map(assumedNote)],
    extensions: { given, lacking: assumed.filter((name) => !given.includes(name)) },
    context: (folder) => ({ folder, parser, by: "a proof", connect: () => Promise.resolve(lasting) }),
    close: () => session.close(),
  };
}

async function availableOf(extensions: readonly string[], session: Session, signal?: AbortSignal): Promise<readonly string[]> {
  const [result] = await session.run("select name from pg_catalog.pg_available_extensions", signal);
  const available = new Set(result?.rows.map(([name]) => name));
  return extensions.filter((name) => available.has(name));
}

/** A statement of a migration that did not run when the folder was replayed. */
export interface ReplayProblem {
  readonly migration: Migration;
  /** A full sentence with file, line and statement. */
  readonly message: string;
  /** The embedded database is what cannot run it. */
  readonly beyond: boolean;
}

/** Runs the migrations' up parts without the runner and records them: what stands before a proof begins. What fails is left out. */
export async function replay(migrations: readonly Migration[], folder: MigrationFolder, database: ProvingDatabase, { parser, signal }: ProvingPlace): Promise<readonly ReplayProblem[]> {
  if (migrations.length === 0) return [];
  const problems: ReplayProblem[] = [];
  const [lacking] = database.extensions.lacking;
  for (const migration of migrations) problems.push(...(await replayOne(migration, folder, database.session, { parser, ...(lacking !== undefined && { lacking }), ...(signal && { signal }) })));
  // Recording reads no text, and one of them may be no SQL.
  const recorded = migrations.map((migration) => ({ ...migration, up: { ...migration.up, sql: "" } }));
  await baseline(database.context({ ...folder, migrations: recorded, problems: [] }), { lossesConfirmed: true, ...(signal && { signal }) });
  return problems;
}

/** One up part, recorded nowhere. `lacking`: an extension that the migrations take for granted and the embedded database has not. */
export async function replayOne(migration: Migration, folder: MigrationFolder, session: Session, { parser, lacking, signal }: Pick<ProvingPlace, "parser" | "signal"> & { readonly lacking?: string }): Promise<readonly ReplayProblem[]> {
  const { sql } = migration.up;
  try {
    await session.run(sql, signal);
    await session.run(session.reset.join("; "));
    return [];
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
    await session.run("rollback");
  }
  const problems: ReplayProblem[] = [];
  const { statements, error } = parser.parse(sql);
  if (error) problems.push({ migration, beyond: false, message: `${placeIn(migration, error.offset, folder)}: ${error.message}` });
  for (const statement of statements) {
    try {
      await session.run(statement.sql, signal);
    } catch (error) {
      if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
      const why = beyondEmbedded(error) ?? (lacking !== undefined && isMissingObject(error) ? lackingReason(lacking) : undefined);
      problems.push({ migration, beyond: why !== undefined, message: `${placeIn(migration, statement.start, folder)}: "${shortened(statement.sql)}" does not run on the embedded database: ${why ?? error.message}.` });
    }
  }
  await session.run("rollback");
  await session.run(session.reset.join("; "));
  return problems;
}

function placeIn({ up }: Migration, offset: number, folder: MigrationFolder): string {
  return `${shownFile(folder, up.file)}:${up.sql.slice(0, offset).split("\n").length}`;
}

export function shortened(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
