// Where code and a database differ in expressions, the embedded PostgreSQL says whether they are merely spelled differently.
import { spellingQuestions } from "../compare/expressions/spelling";
import { DatabaseError } from "../databases/database";
import type { PrintedExpressions } from "../model/printed";
import type { SchemaModel } from "../model/schema";
import type { Terminal } from "./terminal";

/** What PostgreSQL prints of the expressions in doubt between each code and its database; nothing is started where none is. Where it cannot be asked the difference stays one. */
export async function printedFor(pairs: readonly (readonly [code: SchemaModel, database: SchemaModel])[], terminal: Terminal, signal?: AbortSignal): Promise<PrintedExpressions> {
  const nothing: PrintedExpressions = new Map();
  const questions = pairs.flatMap(([code, database]) => spellingQuestions(code, database, nothing));
  if (questions.length === 0) return nothing;
  const { askPrinter } = await import("../databases/embedded/printing");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  terminal.progress("Comparing expressions");
  try {
    return await askPrinter(questions, pairs.flatMap(([, { enums }]) => enums), { cache: userCacheFolder(terminal.environment), signal });
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "cancelled") throw error;
    terminal.tell(`${terminal.errorColors.yellow("note:")} expressions were compared by their text alone: ${error.message}`);
    return nothing;
  } finally {
    terminal.progress(undefined);
  }
}
