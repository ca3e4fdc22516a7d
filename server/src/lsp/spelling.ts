// In the editor, the second opinion on expressions that code and a database spell differently comes behind the first
// diagnostics: the embedded PostgreSQL is asked in its own process, once for each text, and the projects are told.
import { spellingQuestions } from "../compare/expressions/spelling";
import type { Report } from "../engine";
import type { EmbeddedDatabase } from "../databases/embedded/embedded";
import type { PrintedExpressions } from "../model/printed";
import type { Workspace } from "./workspace";

export interface SpellingParts {
  readonly workspace: Workspace;
  /** Opens the database that is asked, with the extensions named: at the first question, and where a later one needs more of them. */
  open(extensions: readonly string[]): Promise<EmbeddedDatabase>;
  /** There are new answers. */
  changed(): void;
  /** It cannot be asked; it is not tried again. */
  failed(error: unknown): void;
}

export interface Spelling {
  /** What is known by now. */
  printed(): PrintedExpressions;
  /** Asks what the workspace's reports leave in doubt. Resolves once there is nothing left to ask, and never rejects. */
  consider(): Promise<void>;
  /** Ends the process that is asked, until the next question. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

export function serveSpelling({ workspace, open, changed, failed }: SpellingParts): Spelling {
  let printed: PrintedExpressions = new Map();
  let database: Promise<EmbeddedDatabase> | undefined;
  let loaded: readonly string[] = [];
  let asking: Promise<void> | undefined;
  let ended = false;
  /** Reports in which nothing is open. */
  const considered = new WeakSet<Report>();

  const questionsOf = (report: Report) => report.databases.flatMap(({ database: { model }, schemas }) =>
    report.schemas.filter((one) => schemas.includes(one.model.id)).flatMap((one) => spellingQuestions(one.model, model, printed)));

  async function ask(): Promise<void> {
    for (const report of workspace.folders.map((folder) => folder.report())) {
      if (considered.has(report)) continue;
      considered.add(report);
      const questions = questionsOf(report);
      if (questions.length === 0) continue;
      const { askedExtensions, printExpressions } = await import("../databases/embedded/printing");
      printed = await printExpressions(questions, printed, report.databases.flatMap(({ database: { model } }) => model.enums), await having(askedExtensions(questions)));
      if (!ended) changed();
    }
  }

  async function having(extensions: readonly string[]): Promise<EmbeddedDatabase> {
    const all = [...new Set([...loaded, ...extensions])].sort();
    if (all.length > loaded.length) {
      await rest();
      database = undefined;
      loaded = all;
    }
    return (database ??= open(loaded));
  }

  async function rest(): Promise<void> {
    await (await database?.catch(() => undefined))?.close();
  }

  return {
    printed: () => printed,
    async consider() {
      // What is being asked may not be all that is in doubt by now.
      while (asking) await asking;
      if (ended || workspace.folders.every((folder) => folder.report().databases.length === 0)) return;
      asking = ask().catch((error: unknown) => {
        ended = true;
        failed(error);
      }).finally(() => (asking = undefined));
      await asking;
    },
    rest,
    async close() {
      ended = true;
      await rest();
    },
  };
}
