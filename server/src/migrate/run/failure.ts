// What went wrong, as people need it: file and line, the statement, what the server says, in which state the database is,
// and what to do.
import { readFileSync } from "node:fs";
import type { MigrationPart } from "../../model/migration";
import type { ParsedStatement } from "../../sql/parser";
import { SessionError } from "../../databases/session";
import { shownFile } from "../status";
import { indexParts } from "./concurrently";
import type { StepError, Task, RunContext } from "./context";
import { needsMarker } from "./stepwise";

/** "drizzle/0003_x.sql:12", from 1. */
export function placeOf(context: Pick<RunContext, "folder">, part: MigrationPart, offset: number): string {
  return `${shownFile(context.folder, part.file)}:${linesBefore(part) + part.sql.slice(0, offset).split("\n").length}`;
}

/** A part may begin in the middle of its file. */
function linesBefore({ file, start }: MigrationPart): number {
  if (start === 0) return 0;
  try {
    return readFileSync(file, "utf8").slice(0, start).split("\n").length - 1;
  } catch {
    return 0;
  }
}

/** Two to four sentences. */
export function stepFailure(context: Pick<RunContext, "folder">, task: Task, { cause, statement, offset, remarks, kind }: StepError): string {
  const { migration, steps, direction } = task;
  const place = statement ? placeOf(context, steps.part, statement.start + (offset ?? 0)) : shownFile(context.folder, steps.part.file);
  const number = statement ? steps.statements.indexOf(statement) + 1 : 0;
  const what = statement ? `statement ${number} of ${steps.statements.length}, ${statement.effect.title}` : "recording it";
  const { code, detail, hint } = cause instanceof SessionError ? cause : { code: undefined, detail: undefined, hint: undefined };
  const said = kind === "cancelled" ? `${what} was cancelled.` : `${what} failed: ${sentence(cause.message)}${code === undefined ? "" : ` (${code})`}`;
  const more = [detail, hint].filter((one): one is string => one !== undefined && !remarks.includes(one)).map(sentence);
  return [`${place}: ${said}`, ...more, ...remarks.map(sentence), ...(kind === "cancelled" ? [] : adviceFor(code)), stateAfter(task, direction === "up" ? "applied" : "taken back", migration.id, statement)].join(" ");
}

function stateAfter(task: Task, done: string, id: string, statement: ParsedStatement | undefined): string {
  if (task.steps.atOnce) return `Everything that ${id} had done was rolled back: it is not ${done}, and not recorded as such.`;
  if (beginsWithIndex(task, statement)) return `${id} is not ${done}: the next run begins it anew.`;
  const how = needsMarker(task) ? "What came before this statement is done and marked as done" : "What it has done is recognised in the catalogue";
  return `${id} cannot be in one transaction, so it may be ${done} by half. ${how}: the next run goes on from there.`;
}

/** The index that the part begins with stands whole or not at all, and nothing came before it. */
function beginsWithIndex({ steps: { steps } }: Task, statement: ParsedStatement | undefined): boolean {
  const first = steps.find(({ kind }) => kind !== "setting");
  return first?.kind === "outside" && first.statement === statement && indexParts(first.statement) !== undefined;
}

/** What the server's own words leave open: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function adviceFor(code: string | undefined): readonly string[] {
  switch (code) {
    case "53100": return ["The server's disk is full: make room there, then run it again."];
    case "53200": return ["The server ran out of memory or of room for locks: split the migration, or raise max_locks_per_transaction."];
    case "42501": return ["Connect as the owner of what is changed, or have the right granted."];
    case "2D000": return ["What commits by itself, a procedure or a DO block, cannot be in the transaction that records the migration: leave its COMMIT out, or run it by hand (psql) and split the migration there."];
    case "57014": return ["An administrator or a timeout of the server stopped it."];
    default: return [];
  }
}

export function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?)]$/.test(line) ? line : `${line}.`;
}
