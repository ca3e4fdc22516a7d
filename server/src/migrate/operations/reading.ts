// Reads a target without writing to it: the owner's table, the schema, what the server knows of sizes and locks. Over a
// connection each is a READ ONLY transaction, so that it also works behind a pooler and on a standby.
import type { ConnectionSettings } from "../../databases/connections/settings";
import type { Database, DatabaseReading } from "../../databases/database";
import { asText } from "../../databases/journals";
import { openScratch } from "../../databases/embedded/scratch";
import { openPostgres } from "../../databases/postgres/open";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import { asSeenBy } from "../../compare/searched-schema";
import type { DatabaseFacts } from "../../model/facts";
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import { recordedIn } from "../folders/find";
import { readRecord, type DatabaseRecord } from "../record";
import type { Target } from "./operations";

/** Rows of text, null for NULL, as the journals read them. */
export type TextRows = readonly (readonly (string | null)[])[];

export interface TargetReader {
  readonly name: string;
  readonly production: boolean;
  /** The schema that it searches in place of public. */
  readonly searched?: string | undefined;
  query(sql: string): Promise<TextRows>;
  readAll(): Promise<ReadTarget>;
}

/** Facts are undefined where nothing is known of sizes: the embedded database. */
export interface ReadTarget {
  readonly reading: DatabaseReading;
  readonly facts?: DatabaseFacts;
}

/** What a target held at one moment. */
export interface Standing extends Pick<TargetReader, "name" | "production">, ReadTarget {
  readonly record: DatabaseRecord;
}

export async function standingOf(reader: TargetReader, folder: MigrationFolder): Promise<Standing> {
  return { name: reader.name, production: reader.production, record: await readRecord(folder, reader.query), ...(await reader.readAll()) };
}

export interface ScratchPlace {
  /** Absolute folder of the project, to which the scratch database belongs. */
  readonly folder: string;
  readonly runtime?: string;
  readonly cache?: string;
}

/** Opens the target for `use` and closes it whatever happens. What is read of it is told as `code` calls it, or SQL without a schema's name (undefined). Rejects with a `DatabaseError` or `SessionError`. */
export async function reading<Result>(target: Target, scratch: ScratchPlace, code: SchemaModel | undefined, signal: AbortSignal | undefined, use: (reader: TargetReader) => Promise<Result>): Promise<Result> {
  const { reader, close } = await opened(target, scratch, signal);
  return use({ ...reader, readAll: async () => seenBy(code, await reader.readAll()) }).finally(close);
}

/** A target whose connecting and reading has begun, while its user does something else. */
export interface BegunReading {
  /** As `code` calls it. Rejects with a `DatabaseError` or `SessionError`, as `standing`. */
  whole(code: SchemaModel): Promise<ReadTarget>;
  /** With what the owner's table of the folder records, which is read once. */
  standing(code: SchemaModel, folder: MigrationFolder): Promise<Standing>;
  /** Never rejects. */
  close(): Promise<void>;
}

export function beginReading(target: Target, scratch: ScratchPlace, signal?: AbortSignal): BegunReading {
  const open = opened(target, scratch, signal);
  const read = open.then(({ reader }) => reader.readAll());
  // Whoever asks for it is told.
  read.catch(() => undefined);
  let recorded: Promise<DatabaseRecord> | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= open.then((one) => one.close()).catch(() => undefined));
  const whole = async (code: SchemaModel): Promise<ReadTarget> => seenBy(code, await read);
  return {
    whole,
    async standing(code, folder) {
      const { reader } = await open;
      recorded ??= readRecord(recordedIn(folder, reader.searched), reader.query);
      const [held, record] = await Promise.all([whole(code), recorded]);
      // Nothing else is read over it, and saying goodbye takes a round trip.
      void close();
      return { name: reader.name, production: reader.production, record, ...held };
    },
    close,
  };
}

/** As the database calls it. */
async function opened(target: Target, scratch: ScratchPlace, signal: AbortSignal | undefined): Promise<{ readonly reader: TargetReader; close(): Promise<void> }> {
  switch (target.kind) {
    case "connection": {
      const database = await openPostgres(target.settings, { signal });
      return { reader: ofDatabase(database, target.settings, signal), close: () => database.close() };
    }
    case "embedded": {
      const session = await openScratch({ ...scratch, signal });
      return { reader: ofSession(session, signal), close: () => session.close() };
    }
  }
}

function seenBy(code: SchemaModel | undefined, { reading, facts }: ReadTarget): ReadTarget {
  const seen = asSeenBy(code, { model: reading.model, ...(facts && { facts }) });
  return { reading: { ...reading, model: seen.model }, ...(seen.facts && { facts: seen.facts }) };
}

function ofDatabase(database: Database, { production }: ConnectionSettings, signal: AbortSignal | undefined): TargetReader {
  return {
    name: database.name,
    production,
    searched: database.searched,
    query: async (sql) => (await database.query(sql, [], signal)).map((row) => row.map(asText)),
    readAll: () => database.readAll(signal),
  };
}

/** Of a session that is open anyway. */
export function ofSession(session: Session, signal?: AbortSignal): TargetReader {
  const query = async (sql: string): Promise<TextRows> => (await session.run(sql, signal)).at(-1)!.rows;
  return {
    name: session.name,
    production: session.production,
    query,
    readAll: async () => ({ reading: await readSession(session, signal) }),
  };
}
