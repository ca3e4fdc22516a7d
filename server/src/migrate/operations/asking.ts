// What an embedded PostgreSQL with a schema in it answers; nothing is known where it cannot be built or asked.
import { DatabaseError } from "../../databases/database";
import { openEmbedded } from "../../databases/embedded/embedded";
import type { ScratchPlace } from "./reading";

/** The rows of the last statement but one of `message`, which ends as it began; undefined: nobody could be asked. Rejects with a `DatabaseError` where it is cancelled. */
export async function askEmbedded(recipe: Parameters<typeof openEmbedded>[0], message: string, { runtime, cache }: Pick<ScratchPlace, "runtime" | "cache">, signal?: AbortSignal): Promise<readonly (readonly unknown[])[] | undefined> {
  try {
    const database = await openEmbedded(recipe, { ...(runtime !== undefined && { runtime }), ...(cache !== undefined && { cache }), ...(signal && { signal }) });
    try {
      return (await database.run(message, signal)).at(-2) ?? [];
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "cancelled") throw error;
    return undefined;
  }
}
