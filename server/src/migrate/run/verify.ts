// A migration's own verify queries: SELECTs that must all give rows whose first value is true.
import type { Session, StatementResult } from "../../databases/session";
import { SessionError } from "../../databases/session";
import type { Migration, MigrationPart } from "../../model/migration";
import type { ParsedStatement, SqlParser } from "../../sql/parser";
import { StepError } from "./context";
import { quote } from "../journal/table";
import { composed, own, type Piece } from "./message";
import { PartError } from "./steps";

/** Throws a `PartError` for what is no SELECT. */
export function verifyPieces(part: MigrationPart, parser: SqlParser): readonly Piece[] {
  const { statements, error } = parser.parse(part.sql);
  if (error) throw new PartError(error.message, error.offset);
  const other = statements.find(({ node }) => !("SelectStmt" in node));
  if (other) throw new PartError("A verify part consists of SELECTs, whose first value must be true in each row.", other.start);
  return statements.map((statement) => ({ sql: statement.sql, statement }));
}

/** Throws a `StepError` ("verify failed") for the first query that does not hold. */
export function checkVerifyResults(pieces: readonly Piece[], results: readonly StatementResult[]): void {
  for (const [at, { statement }] of pieces.entries()) {
    const problem = statement && failureOf(statement, results[at]);
    if (problem !== undefined) throw new StepError(new Error(problem), statement, undefined, [], "verify failed");
  }
}

/** Full sentences of what does not hold; empty: all does. Rejects with a "lost" or "cancelled" `SessionError`. */
export async function verifyMigration(session: Session, { verify }: Migration, parser: SqlParser, signal?: AbortSignal): Promise<readonly string[]> {
  if (!verify) return [];
  try {
    const pieces = verifyPieces(verify, parser);
    // Behind a transaction pooler the session has none of its settings.
    const settings = ["set local statement_timeout = 0", ...(session.searched === undefined ? [] : [`set local search_path = ${quote(session.searched)}`])];
    const head = own(...session.reset, "begin read only", ...settings);
    const results = await session.run(composed([...head, ...pieces, ...own("commit")]), signal);
    return pieces.flatMap(({ statement }, at) => failureOf(statement!, results[head.length + at]) ?? []).map((problem) => `${verify.file}: ${problem}`);
  } catch (error) {
    if (error instanceof PartError) return [`${verify.file}: ${error.message}`];
    if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
    await session.run("rollback");
    return [`${verify.file}: a verify query failed: ${error.message}`];
  }
}

function failureOf({ sql }: ParsedStatement, result: StatementResult | undefined): string | undefined {
  const rows = result?.rows ?? [];
  const short = sql.replace(/\s+/g, " ").slice(0, 200);
  if (rows.length === 0) return `The verify query gave no row, and must give at least one that begins with true: ${short}`;
  const wrong = rows.find(([first]) => first !== "t" && first !== "true");
  return wrong && `The verify query gave ${wrong[0] ?? "NULL"} where it must give true: ${short}`;
}
