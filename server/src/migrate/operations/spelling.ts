// An expression that the code, or another server, merely spells otherwise is nothing to migrate: the embedded PostgreSQL is
// asked before a difference is made of it. Where it cannot be asked, the difference stays one.
import { inSpellingOf, spellingQuestions } from "../../compare/expressions/spelling";
import { DatabaseError } from "../../databases/database";
import { askPrinter } from "../../databases/embedded/printing";
import type { BegunScratch } from "../../databases/embedded/scratch";
import type { SchemaModel } from "../../model/schema";
import type { ScratchPlace } from "./reading";

/** `standing` with the spelling of `wanted` in every expression that PostgreSQL takes for the same; itself where it was not read from a database. `begun`: the process to ask, where one is started anyway. Rejects with a `DatabaseError` where it is cancelled. */
export async function inWordsOf(wanted: SchemaModel, standing: SchemaModel, { runtime, cache, begun }: Pick<ScratchPlace, "runtime" | "cache"> & { readonly begun?: BegunScratch }, signal?: AbortSignal): Promise<SchemaModel> {
  const questions = standing.source === "database" ? spellingQuestions(wanted, standing, new Map()) : [];
  try {
    const options = { ...(runtime !== undefined && { runtime }), ...(cache !== undefined && { cache }), ...(begun && { begun }), ...(signal && { signal }) };
    return inSpellingOf(wanted, standing, await askPrinter(questions, standing.enums, options));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "cancelled") throw error;
    return standing;
  }
}
