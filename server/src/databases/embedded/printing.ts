// The second opinion on expressions that are spelled differently: an empty embedded PostgreSQL prints them. The connected
// database is never asked: it would have to make tables, and is read in READ ONLY transactions only.
import { expressionKey, type PrintedExpressions, type TableQuestions } from "../../model/printed";
import type { EnumType } from "../../model/schema";
import { mentionedExtensions } from "./extensions";
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from "./embedded";
import { normalizeExpressions } from "./normalize";
import { emptyRecipe } from "./recipe";
import type { BegunScratch } from "./scratch";

/** The database to ask, with the extensions named, as far as they are shipped. Rejects with a `DatabaseError` where PGlite cannot run. */
export function openPrinter(options: EmbeddedOptions, extensions: readonly string[] = []): Promise<EmbeddedDatabase> {
  return openEmbedded(emptyRecipe(extensions), options);
}

/** Names of the extensions without which the questions cannot be answered. */
export function askedExtensions(questions: readonly TableQuestions[]): readonly string[] {
  return mentionedExtensions(questions.flatMap(({ table, expressions }) => [...table.columns.map(({ type }) => type.name), ...expressions.map(({ sql }) => sql)]).join("\n"));
}

/** The answers of `begun`, or of a database that is opened for these questions and closed again; nothing is opened where there are none. Rejects with a `DatabaseError`. */
export async function askPrinter(questions: readonly TableQuestions[], enums: readonly EnumType[], { begun, ...options }: EmbeddedOptions & { readonly begun?: BegunScratch }): Promise<PrintedExpressions> {
  if (questions.length === 0) return new Map();
  const extensions = askedExtensions(questions);
  // What was begun has none.
  if (begun?.free && extensions.length === 0) return printExpressions(questions, new Map(), enums, begun);
  const printer = await openPrinter(options, extensions);
  try {
    return await printExpressions(questions, new Map(), enums, printer);
  } finally {
    await printer.close();
  }
}

/** `known` with the answers to `questions`. `enums` are the types that the tables' columns have. Rejects with a `DatabaseError` where the process is lost. */
export async function printExpressions(questions: readonly TableQuestions[], known: PrintedExpressions, enums: readonly EnumType[], database: Pick<EmbeddedDatabase, "run">): Promise<PrintedExpressions> {
  const answers = await normalizeExpressions(database, questions.map(({ table, expressions }) => ({ columns: table.columns.map(({ name, type }) => ({ name, type: type.name })), expressions })), enums);
  return new Map([...known, ...questions.flatMap(({ table, expressions }, at) => expressions.map((expression, number) => [expressionKey(table, expression), answers[at]![number] ?? null] as const))]);
}
