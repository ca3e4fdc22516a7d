// A SQL file by hand, taken apart into what is carried out at once: a statement, a transaction that the file opens itself, or
// all of it. Pure.
import type { ParsedStatement, SqlParser } from "../../sql/parser";
import { PartError, isCopyFromStdin, isOutside, refuseUnfit, setsForSession, transactionsOf, type Step } from "./steps";

/** All statements in order, without BEGIN and COMMIT. Throws a `PartError` for what is no SQL, or cannot be carried out so. */
export function fileUnits(sql: string, transaction: boolean, parser: SqlParser): readonly Step[] {
  const { statements, error } = parser.parse(sql);
  const copy = statements.find(({ node }) => isCopyFromStdin(node));
  if (copy) throw new PartError(`COPY … FROM stdin takes rows that stand in the file, as psql does. ${isDump}`, copy.start);
  if (error && /^[ \t]*\\restrict\b/m.test(sql)) throw new PartError(`\\restrict is a command of psql's own, with which pg_dump begins. ${isDump}`, sql.search(/^[ \t]*\\restrict\b/m));
  if (error) throw new PartError(isPsqlCommand(sql, error.offset) ? "A backslash begins a command of psql's own, which the server does not know. Remove it, or run the file with psql." : error.message, error.offset);
  refuseUnfit(statements);
  const units = unitsOf(statements, transaction);
  if (!transaction) return units;
  const outside = units.find((unit) => unit.kind === "outside");
  if (outside?.kind === "outside") throw new PartError(`${outside.statement.effect.title} cannot be in a transaction. Run the file without --transaction, or put this statement into a file of its own.`, outside.statement.start);
  return statements.length === 0 ? [] : [{ kind: "transaction", statements: transactionsOf(units).flat() }];
}

const isDump = 'That is a dump: use "plumbline backup restore", or psql.';

function unitsOf(statements: readonly ParsedStatement[], transaction: boolean): readonly Step[] {
  const units: Step[] = [];
  let open: { readonly begin: ParsedStatement; readonly statements: ParsedStatement[] } | undefined;
  let ended: ParsedStatement | undefined;
  for (const statement of statements) {
    const kind = (statement.node["TransactionStmt"] as { readonly kind?: string } | undefined)?.kind;
    if (transaction && ended) throw new PartError("The file ends its transaction before its end, so it cannot be one. Remove this COMMIT, or run the file without --transaction.", ended.start);
    switch (kind) {
      case "TRANS_STMT_BEGIN": case "TRANS_STMT_START":
        if (open) throw new PartError("A transaction is open already.", statement.start);
        open = { begin: statement, statements: [] };
        break;
      case "TRANS_STMT_COMMIT":
        if (!open) throw new PartError("There is no transaction to commit: the file has no BEGIN before it.", statement.start);
        if (open.statements.length > 0) units.push({ kind: "transaction", statements: open.statements });
        open = undefined;
        ended = statement;
        break;
      case "TRANS_STMT_ROLLBACK": case "TRANS_STMT_PREPARE": case "TRANS_STMT_COMMIT_PREPARED": case "TRANS_STMT_ROLLBACK_PREPARED":
        throw new PartError(`${statement.sql.split(/\s/)[0]!.toUpperCase()} would take back or put off what the file does. Remove it: when a statement fails, its transaction is taken back anyway.`, statement.start);
      default:
        if (open && isOutside(statement)) throw new PartError(`${statement.effect.title} cannot be in a transaction, and the file opens one before it.`, statement.start);
        if (open) open.statements.push(statement);
        else if (kind !== undefined && !transaction) throw new PartError("A savepoint needs a transaction: write BEGIN before it, or run the file with --transaction.", statement.start);
        else units.push(isOutside(statement) ? { kind: "outside", statement } : setsForSession(statement) ? { kind: "setting", statement } : { kind: "transaction", statements: [statement] });
    }
  }
  if (open) throw new PartError("This transaction is never committed: the file has no COMMIT behind it.", open.begin.start);
  return units;
}

/** The parser stops at the backslash or at the first word behind it. */
function isPsqlCommand(sql: string, offset: number): boolean {
  const start = sql.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
  return /^\s*\\/.test(sql.slice(start)) || sql[offset] === "\\";
}
