// The schema that a folder's migrations lead to: replayed on the embedded database, which is kept by their content; or, where
// that lacks an extension that they need, what their owner's own record says.
import { openEmbedded } from "../../databases/embedded/embedded";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { loadSqlParser } from "../../sql/load";
import { recordedSchema } from "../folders/drizzle-recorded-schema";
import { replayRecipe } from "../prove/extensions";
import { openProving, replay, type ProvingPlace } from "../prove/scratch";
import { RunError } from "../run/progress";
import type { ScratchPlace } from "./reading";

export interface Replayed {
  readonly model: SchemaModel;
  /** A full sentence, where it is what the owner has recorded: why it could not be replayed. */
  readonly recorded?: string;
}

export interface ReplayParts {
  readonly files: Pick<Files, "read" | "list">;
  readonly scratch: ScratchPlace;
  /** The code's schema, in whose words a record is told; undefined: in its own. */
  readonly schema?: SchemaModel | undefined;
}

/** Rejects with a `RunError` where they do not run on an empty database, or a `DatabaseError`. */
export async function replayedModel(folder: MigrationFolder, { files, scratch, schema }: ReplayParts, signal?: AbortSignal): Promise<Replayed> {
  const { runtime, cache } = scratch;
  const database = await openEmbedded(await replayRecipe(folder, files), { ...(runtime !== undefined && { runtime }), ...(cache !== undefined && { cache }), ...(signal && { signal }) });
  try {
    if (database.problems.length === 0) return { model: (await database.read(signal)).model };
  } finally {
    await database.close();
  }
  const place = await provingPlace(scratch, signal);
  return replaying<Replayed>(folder, place, {
    instead: " Compare with a database instead.",
    use: async (session) => ({ model: (await readSession(session, signal)).model }),
    otherwise: (why) => {
      const model = recordedSchema(folder, files, schema);
      return model && { model, recorded: `Compared with drizzle-kit's own record of the migrations in ${folder.folder}, since the embedded database cannot run them all: ${why}` };
    },
  });
}

export interface Replaying<Result> {
  /** Ends the message of what it rejects with. */
  readonly instead: string;
  /** Reads what they lead to. */
  use(session: Session): Promise<Result>;
  /** What stands in for it where a server may run what the embedded database cannot; `why` is a full sentence. Undefined: nothing does. */
  otherwise(why: string): Result | undefined;
}

/**
 * Its migrations on an embedded database of their own, with the roles that they take for granted, which makes more of them run.
 * Rejects with a `RunError` where one does not run.
 */
export async function replaying<Result>(folder: MigrationFolder, place: ProvingPlace, { instead, use, otherwise }: Replaying<Result>): Promise<Result> {
  const database = await openProving(folder.migrations.map(({ up }) => up.sql), place);
  try {
    const [problem] = await replay(folder.migrations, folder, database, place);
    if (!problem) return await use(database.session);
    const other = problem.beyond ? otherwise(problem.message) : undefined;
    if (other !== undefined) return other;
    throw new RunError(`The migrations in ${folder.folder} do not run on an empty database, so what they lead to is not known: ${problem.message}${instead}`, "stopped before", { done: [], status: [] });
  } finally {
    await database.close();
  }
}

/** What proving needs beside the files. */
export async function provingPlace({ runtime }: ScratchPlace, signal?: AbortSignal): Promise<ProvingPlace> {
  return { parser: await loadSqlParser(), ...(runtime !== undefined && { runtime }), ...(signal && { signal }) };
}
