// What the rules about migrations share: places and edits in a script's file, what runs in one transaction with what, and
// where a statement may be made concurrent.
import { postgres } from "../dialects/postgres";
import { tableName as quotedTable } from "../dialects/statements";
import type { FixEdit } from "../model/finding";
import type { QualifiedName, SourceRange } from "../model/schema";
import { concurrentlyDirective, type ParsedStatement } from "../sql/parser";
import type { MigrationScript } from "./rule";
import type { Piece } from "./sql-pieces";

/** The place of a piece of the statement; without one, of its first two words. */
export function placeIn(script: MigrationScript, statement: ParsedStatement, piece?: Piece): SourceRange {
  const { start, end } = piece ?? firstWords(statement.sql);
  const from = script.part.start + statement.start;
  return { file: script.part.file, start: from + start, end: from + end };
}

function firstWords(sql: string): Piece {
  return { start: 0, end: /^\s*\S+\s+\S+/.exec(sql)?.[0].length ?? sql.length };
}

/** [start, end) of the statement's text replaced. */
export function replace(script: MigrationScript, statement: ParsedStatement, piece: Piece, text: string): FixEdit {
  return { ...placeIn(script, statement, piece), text };
}

export function insert(script: MigrationScript, statement: ParsedStatement, at: number, text: string): FixEdit {
  return replace(script, statement, { start: at, end: at }, text);
}

/** Comment lines, or statements with their separators, on lines of their own before the statement. */
export function insertBefore(script: MigrationScript, statement: ParsedStatement, lines: readonly string[]): FixEdit {
  const { sql } = script.part;
  const newline = sql.includes("\r\n") ? "\r\n" : "\n";
  const before = sql.slice(sql.lastIndexOf("\n", statement.start - 1) + 1, statement.start);
  const ownLine = before.trim() === "";
  return insert(script, statement, 0, `${ownLine ? "" : newline}${lines.map((line) => `${line}${newline}${ownLine ? before : ""}`).join("")}`);
}

export const isDrizzle = ({ folder }: MigrationScript): boolean => folder.format === "drizzle v0" || folder.format === "drizzle v1";

/** SET and the like: they change nothing that anybody waits for. */
export function isSetting({ node }: ParsedStatement): boolean {
  return "VariableSetStmt" in node;
}

export function isTransactionWord({ node }: ParsedStatement): boolean {
  return "TransactionStmt" in node;
}

/** Whether it is run outside a transaction: the file says so in the way of its tool (dbmate, goose, sqlx, golang-migrate's forks). */
export function saysNoTransaction({ part }: MigrationScript, wholeFile = part.sql): boolean {
  return /^[ \t]*--.*(\bno[-_ ]transaction\b|transaction[:=][ \t]*false)/im.test(wholeFile);
}

/** Whether both run in one transaction, as far as the file says: a COMMIT between them parts them. */
export function together({ statements }: MigrationScript, earlier: ParsedStatement, later: ParsedStatement): boolean {
  return !statements.some(({ node, start }) => start > earlier.start && start < later.start && (node["TransactionStmt"] as { readonly kind?: string } | undefined)?.kind === "TRANS_STMT_COMMIT");
}

/** How a statement that stands plain in the file becomes concurrent: by a comment for Plumbline's runner in a Drizzle folder, by the word where it is alone. Undefined: it must move to a file of its own first. */
export function concurrentEdit(script: MigrationScript, statement: ParsedStatement, behind: Piece): FixEdit | undefined {
  if (isDrizzle(script)) return insertBefore(script, statement, [`-- ${concurrentlyDirective}`]);
  return isAlone(script, statement) ? insert(script, statement, behind.end, " CONCURRENTLY") : undefined;
}

/** True where nothing stands beside the statement that would be one transaction with it: in Prisma's folder nothing at all (up to 7.3 a file is one query), in plain SQL settings at most. */
export function isAlone(script: MigrationScript, statement: ParsedStatement): boolean {
  return script.statements.every((other) => other === statement || (script.folder.format === "sql" && isSetting(other)));
}

/** Why no edit makes it concurrent, as the end of a message. */
export function ownFile(script: MigrationScript): string {
  return script.folder.format === "prisma" ? "Prisma runs a file as one transaction: put it into a migration of its own, as its only statement" : "Put it into a migration of its own: beside other statements it would run in their transaction, and fail there";
}

/** The table's name as SQL. */
export function sqlName(table: QualifiedName): string {
  return quotedTable(table, postgres);
}

/** "orders", or "shop.orders". */
export function shownName({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}
