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
import type { AppliedMigration } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import { readApplied } from "../journal/index";
import type { Journal } from "../journal/journal";
import type { Target } from "./operations";

/** Rows of text, null for NULL, as the journals read them. */
export type TextRows = readonly (readonly (string | null)[])[];

export interface TargetReader {
  readonly name: string;
  readonly production: boolean;
  /** The schema that it searches in place of public. */
  readonly searched?: string | undefined;
  query(sql: string): Promise<TextRows>;
  /** Facts are undefined where nothing is known of sizes: the embedded database. */
  readAll(): Promise<{ readonly reading: DatabaseReading; readonly facts?: DatabaseFacts }>;
}

/** What a target held at one moment. */
export interface Standing extends Pick<TargetReader, "name" | "production"> {
  readonly reading: DatabaseReading;
  readonly facts?: DatabaseFacts;
  /** Of the owner's table. */
  readonly applied: readonly AppliedMigration[];
}

export async function standingOf(reader: TargetReader, journal: Journal): Promise<Standing> {
  return { name: reader.name, production: reader.production, applied: await readApplied(journal, reader.query), ...(await reader.readAll()) };
}

export interface ScratchPlace {
  /** Absolute folder of the project, to which the scratch database belongs. */
  readonly folder: string;
  readonly runtime?: string;
  readonly cache?: string;
}

/** Opens the target for `use` and closes it whatever happens. What is read of it is told as `code` calls it, or SQL without a schema's name (undefined). Rejects with a `DatabaseError` or `SessionError`. */
export async function reading<Result>(target: Target, scratch: ScratchPlace, code: SchemaModel | undefined, signal: AbortSignal | undefined, use: (reader: TargetReader) => Promise<Result>): Promise<Result> {
  switch (target.kind) {
    case "connection": {
      const database = await openPostgres(target.settings, { signal });
      return use(ofDatabase(database, target.settings, code, signal)).finally(() => database.close());
    }
    case "embedded": {
      const session = await openScratch({ ...scratch, signal });
      return use(ofSession(session, signal)).finally(() => session.close());
    }
  }
}

function ofDatabase(database: Database, { production }: ConnectionSettings, code: SchemaModel | undefined, signal: AbortSignal | undefined): TargetReader {
  return {
    name: database.name,
    production,
    searched: database.searched,
    query: async (sql) => (await database.query(sql, [], signal)).map((row) => row.map(asText)),
    async readAll() {
      const { reading, facts } = await database.readAll(signal);
      const seen = asSeenBy(code, { model: reading.model, facts });
      return { reading: { ...reading, model: seen.model }, facts: seen.facts };
    },
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
