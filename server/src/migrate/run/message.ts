// One message to the server, put together of pieces, and the way back from an error in it to the statement and its place
// in the migration's file. Pure.
import type { SessionError } from "../../databases/session";
import type { ParsedStatement } from "../../sql/parser";

export interface Piece {
  readonly sql: string;
  /** Of the migration; undefined for the runner's own. */
  readonly statement?: ParsedStatement;
}

export function composed(pieces: readonly Piece[]): string {
  return pieces.map(({ sql }) => `${sql};\n`).join("");
}

export function own(...statements: readonly string[]): readonly Piece[] {
  return statements.map((sql) => ({ sql }));
}

/** The statement of the migration that failed, and the offset in it where PostgreSQL names one; undefined where it was one of the runner's own. */
export function culprit(pieces: readonly Piece[], { offset, completed }: SessionError): { readonly statement: ParsedStatement; readonly offset?: number } | undefined {
  if (offset !== undefined) {
    let start = 0;
    for (const { sql, statement } of pieces) {
      if (offset < start + sql.length + 2) return statement && { statement, offset: statement.sql === sql ? offset - start : undefined };
      start += sql.length + 2;
    }
  }
  const statement = completed === undefined ? pieces.find((piece) => piece.statement)?.statement : pieces[completed]?.statement;
  return statement && { statement };
}
