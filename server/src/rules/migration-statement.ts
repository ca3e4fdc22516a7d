// What the rules about migrations share: places and edits in a script's file, what runs in one transaction with what, and
// where a statement may be made concurrent.
import { postgres } from "../dialects/postgres";
import { tableName as quotedTable } from "../dialects/statements";
import type { FixEdit } from "../model/finding";
import type { QualifiedName, SourceRange } from "../model/schema";
import { sameTable } from "../model/table-key";
import { concurrentlyDirective, type ParsedStatement } from "../sql/parser";
import { as, relationsIn, tableName, visit, type AlterTableCmd, type RangeVar } from "../sql/tree";
import type { MigrationContext, MigrationScript } from "./rule";
import { subcommands, type Piece } from "./sql-pieces";

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
  // Names may hold line breaks, with which a comment would end.
  const written = lines.map((line) => (line.startsWith("--") ? line.replaceAll(/[\r\n]+/g, " ") : line));
  return insert(script, statement, 0, `${ownLine ? "" : newline}${written.map((line) => `${line}${newline}${ownLine ? before : ""}`).join("")}`);
}

/** The statement with its semicolon and the rest of its line. */
export function removeStatement(script: MigrationScript, statement: ParsedStatement): FixEdit {
  const rest = /^\s*;?[ \t]*(?:\r?\n)?/.exec(script.part.sql.slice(statement.end))![0].length;
  return replace(script, statement, { start: 0, end: statement.sql.length + rest }, "");
}

export const isDrizzle = ({ folder }: MigrationScript): boolean => folder.format === "drizzle v0" || folder.format === "drizzle v1";

/** SET and the like: they change nothing that anybody waits for. */
export function isSetting({ node }: ParsedStatement): boolean {
  return "VariableSetStmt" in node;
}

export function isTransactionWord({ node }: ParsedStatement): boolean {
  return "TransactionStmt" in node;
}

/** True where the file says in the way of its tool (dbmate, goose, sqlx) that it is not run in a transaction. */
export function saysNoTransaction({ text }: MigrationScript): boolean {
  return /^[ \t]*--.*(\bno[-_ ]transaction\b|transaction[:=][ \t]*false)/im.test(text);
}

/** One subcommand of ALTER TABLE, of a table that stands before the script. */
export interface Alteration {
  readonly statement: ParsedStatement;
  readonly table: QualifiedName;
  readonly command: AlterTableCmd;
  /** Where it stands in the statement's text. */
  readonly piece: Piece;
  /** It is the statement's only one. */
  readonly alone: boolean;
}

/** All of the script, in order; tables that the script makes have no rows and nobody who waits, so they are left out. */
export function alterations(script: MigrationScript, context: Pick<MigrationContext, "isNew">): readonly Alteration[] {
  return script.statements.flatMap((statement): readonly Alteration[] => {
    const alter = as(statement.node, "AlterTableStmt");
    if (alter?.objtype !== "OBJECT_TABLE") return [];
    const table = tableName(alter.relation);
    const commands = alter.cmds ?? [];
    if (context.isNew(table)) return [];
    const pieces = subcommands(statement.sql);
    const whole = { start: 0, end: statement.sql.length };
    return commands.flatMap((one, at) => {
      const command = as(one, "AlterTableCmd");
      return command ? [{ statement, table, command, piece: (pieces.length === commands.length ? pieces[at] : undefined) ?? whole, alone: commands.length === 1 }] : [];
    });
  });
}

/** Those of tables that have rows: where the same transaction has truncated the table, nothing is looked at or rewritten, and its readers and writers wait already. */
export function alterationsOfRows(script: MigrationScript, context: Pick<MigrationContext, "isNew">): readonly Alteration[] {
  return alterations(script, context).filter(({ statement, table }) => !isTruncated(script, statement, table));
}

/** The tables whose every row the statement deletes. */
export function emptiedBy({ node }: ParsedStatement): readonly QualifiedName[] {
  const remove = as(node, "DeleteStmt"), truncate = as(node, "TruncateStmt");
  if (truncate) return relationsIn(truncate.relations).map(({ table }) => table);
  return remove && !remove.whereClause && !remove.usingClause ? [tableName(remove.relation)] : [];
}

/** True where the script has deleted every row of the table before the statement, and put none into it since. */
export function isEmptied(script: MigrationScript, statement: ParsedStatement, table: QualifiedName): boolean {
  return lastEmptying(script, statement, table, () => true) !== undefined;
}

/** True where it has done so with TRUNCATE in the same transaction (behind a DELETE, the rows are still there to be looked at), and put in no more since than it lists. */
export function isTruncated(script: MigrationScript, statement: ParsedStatement, table: QualifiedName): boolean {
  const emptying = lastEmptying(script, statement, table, (content) => (content["selectStmt"] as { readonly SelectStmt?: { readonly valuesLists?: unknown } } | undefined)?.SelectStmt?.valuesLists === undefined);
  return emptying !== undefined && "TruncateStmt" in emptying.node && together(script, emptying, statement);
}

/** The last statement before `end` that empties the table, unless one behind it fills it: COPY, MERGE, or an INSERT of which `counts` says so. */
function lastEmptying({ statements }: MigrationScript, end: ParsedStatement, table: QualifiedName, counts: (insert: Readonly<Record<string, unknown>>) => boolean): ParsedStatement | undefined {
  let found: ParsedStatement | undefined;
  for (const statement of statements) {
    if (statement.start >= end.start) break;
    if (emptiedBy(statement).some((one) => sameTable(one, table))) found = statement;
    visit(statement.node, (content, key) => {
      const fills = key === "InsertStmt" ? counts(content) : key === "MergeStmt" || (key === "CopyStmt" && content["is_from"] === true);
      if (fills && sameTable(tableName(content["relation"] as RangeVar | undefined), table)) found = undefined;
    });
  }
  return found;
}

/** The name of a constraint that has none in the SQL: PostgreSQL makes it up like this, as long as it is not taken. */
export function constraintName(name: string | undefined, table: QualifiedName, columns: readonly string[], ending: string): string {
  return name ?? [table.name, ...columns, ending].join("_");
}

/** A statement for a later migration, as a comment. */
export function later(when: "next" | "after", ...statements: readonly string[]): readonly string[] {
  return [`-- ${when === "next" ? "In the next migration" : "In the one after it"}: ${statements.map((sql) => `${sql};`).join(" ")}`];
}

/** Whether both run in one transaction, as far as the file says: a COMMIT between them parts them. */
export function together({ statements }: MigrationScript, earlier: ParsedStatement, later: ParsedStatement): boolean {
  return !statements.some(({ node, start }) => start > earlier.start && start < later.start && (node["TransactionStmt"] as { readonly kind?: string } | undefined)?.kind === "TRANS_STMT_COMMIT");
}

/** True where the file itself has ended the transaction before the statement. */
export function isAfterCommit({ statements }: MigrationScript, statement: ParsedStatement): boolean {
  const last = statements.findLast((other) => other.start < statement.start && isTransactionWord(other));
  return (last?.node["TransactionStmt"] as { readonly kind?: string } | undefined)?.kind === "TRANS_STMT_COMMIT";
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

/** In plain SQL, where a COMMIT parts what is before it from what is behind it. Undefined: another format's files are one transaction. */
export function commitBefore(script: MigrationScript, statement: ParsedStatement): FixEdit | undefined {
  if (script.folder.format !== "sql") return undefined;
  return insertBefore(script, statement, script.statements.some(isTransactionWord) ? ["COMMIT;", "BEGIN;"] : ["COMMIT;"]);
}

/** The end of a statement and the beginning of the next one, in the folder's way. */
export function separator(script: MigrationScript): string {
  return isDrizzle(script) ? ";--> statement-breakpoint\n" : ";\n";
}

export function sqlColumn(name: string): string {
  return postgres.quote(name);
}

/** The table's name as SQL. */
export function sqlName(table: QualifiedName): string {
  return quotedTable(table, postgres);
}

/** "orders", or "shop.orders". */
export function shownName({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}
