// What a proof's database holds, in the words of what was wanted: an expression that PostgreSQL prints otherwise than it was
// written is the same one. The database itself prints both, in a transaction that is rolled back.
import { inSpellingOf, spellingQuestions } from "../../compare/expressions/spelling";
import { viewAnswers, viewPairs, viewQuestions, withViewsOf } from "../../compare/views";
import { printExpressions } from "../../databases/embedded/printing";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import type { SchemaModel } from "../../model/schema";

/** Rejects with a `SessionError`. */
export async function readInWordsOf(wanted: SchemaModel, session: Session, signal?: AbortSignal): Promise<SchemaModel> {
  const { model: read } = await readSession(session, signal);
  const pairs = viewPairs(wanted, read);
  const answers = pairs.length === 0 ? [] : viewAnswers(pairs, (await session.run(viewQuestions(pairs), signal)).at(-2)!.rows);
  const model = withViewsOf(read, pairs.filter((_, at) => answers[at] === "same"));
  const questions = spellingQuestions(wanted, model, new Map());
  if (questions.length === 0) return model;
  const run = async (sql: string) => (await session.run(sql, signal)).map(({ rows }) => rows);
  return inSpellingOf(wanted, model, await printExpressions(questions, new Map(), model.enums, { run }));
}
