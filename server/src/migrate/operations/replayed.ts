// The schema that a folder's migrations lead to: replayed on the embedded database, which is kept by their content.
import { openEmbedded } from "../../databases/embedded/embedded";
import { folderRecipe } from "../../databases/embedded/recipe";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { loadSqlParser } from "../../sql/load";
import { openProving, replay, type ProvingPlace } from "../prove/scratch";
import { RunError } from "../run/progress";
import type { ScratchPlace } from "./reading";

/** Rejects with a `RunError` where they do not run on an empty database, or a `DatabaseError`. */
export async function replayedModel(folder: MigrationFolder, { files, scratch }: { readonly files: Pick<Files, "read">; readonly scratch: ScratchPlace }, signal?: AbortSignal): Promise<SchemaModel> {
  const { runtime, cache } = scratch;
  const database = await openEmbedded(folderRecipe(folder, files), { ...(runtime !== undefined && { runtime }), ...(cache !== undefined && { cache }), ...(signal && { signal }) });
  try {
    if (database.problems.length === 0) return (await database.read(signal)).model;
  } finally {
    await database.close();
  }
  const place = await provingPlace(scratch, signal);
  return replaying(folder, place, " Compare with a database instead.", async (session) => (await readSession(session, signal)).model);
}

/**
 * Its migrations on an embedded database of their own, with the roles that they take for granted, which makes more of them run; `use` reads what they lead to.
 * Rejects with a `RunError` where one does not run; `instead` ends its message.
 */
export async function replaying<Result>(folder: MigrationFolder, place: ProvingPlace, instead: string, use: (session: Session) => Promise<Result>): Promise<Result> {
  const database = await openProving(folder.migrations.map(({ up }) => up.sql), place);
  try {
    const [problem] = await replay(folder.migrations, folder, database, place);
    if (problem) throw new RunError(`The migrations in ${folder.folder} do not run on an empty database, so what they lead to is not known: ${problem.message}${instead}`, "stopped before", { done: [], status: [] });
    return await use(database.session);
  } finally {
    await database.close();
  }
}

/** What proving needs beside the files. */
export async function provingPlace({ runtime }: ScratchPlace, signal?: AbortSignal): Promise<ProvingPlace> {
  return { parser: await loadSqlParser(), ...(runtime !== undefined && { runtime }), ...(signal && { signal }) };
}
