import { sameTable } from "../../model/table-key";
import type { QualifiedName } from "../../model/schema";
import type { ParsedStatement } from "../../sql/parser";
import { as, relationsIn, visit } from "../../sql/tree";
import type { Detection, MigrationContext, MigrationScript, Rule } from "../rule";
import { alterations, commitBefore, placeIn, shownName, together } from "../migration-statement";

const rule: Rule = {
  summary: "Long work on rows stands behind a statement that locks a standing table against readers and writers, in one transaction.",
  why: `A lock is held to the end of its transaction. An \`ALTER TABLE\` that takes a moment by itself keeps readers and writers out as long as the UPDATE behind it runs. Put the work on rows into a migration
of its own, before or after (in plain SQL a \`COMMIT\` before it does the same), or fill the rows in batches outside the migrations.

Reported once a file. Not reported: work on tables that the same migration makes, INSERT of listed values, and a change of the one row that a condition with \`=\` names.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_country.sql": `SET LOCAL lock_timeout = '300ms';
ALTER TABLE clients ADD COLUMN country text;
UPDATE clients SET country = 'NL';
--^^^^^^^^^^^^ keeps readers and writers of clients out
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_country.sql": `SET LOCAL lock_timeout = '300ms';
ALTER TABLE clients ADD COLUMN country text;
`,
      "migrations/0003_fill.sql": `UPDATE clients SET country = 'NL' WHERE country IS NULL;
`,
    },
  },
  checkMigration(script, context): readonly Detection[] {
    const locked: { readonly statement: ParsedStatement; readonly table: QualifiedName }[] = [];
    for (const statement of script.statements) {
      const held = locked.filter((one) => together(script, one.statement, statement));
      if (held.length > 0 && isLong(statement, script, context)) {
        const tables = held.map(({ table }) => table).filter((table, at, all) => all.findIndex((other) => sameTable(other, table)) === at);
        const commit = commitBefore(script, statement);
        return [{
          message: `As long as this runs, the lock of an earlier statement keeps readers and writers of ${tables.map(shownName).join(", ")} out. Put it into a migration of its own.`,
          at: placeIn(script, statement), table: tables[0],
          related: [{ at: placeIn(script, held[0]!.statement), message: `this takes the lock on ${shownName(held[0]!.table)}, which is held to the end of the transaction` }],
          fixes: commit ? [{ title: "Commit before it", changes: [], edits: [commit], preferred: true }] : [],
        }];
      }
      if (statement.effect.transaction === "forbidden" || statement.concurrently) continue;
      for (const { table, mode } of statement.effect.locks) if (mode === "access exclusive" && !context.isNew(table)) locked.push({ statement, table });
    }
    return [];
  },
};

export default rule;

/** Reads or changes many rows of standing tables, and no rule of its own says so. */
function isLong(statement: ParsedStatement, script: MigrationScript, context: MigrationContext): boolean {
  const { node } = statement;
  const standing = (value: unknown): boolean => relationsIn(value).some(({ table }) => !context.isNew(table));
  const update = as(node, "UpdateStmt") ?? as(node, "DeleteStmt");
  if (update) return standing(node) && !namesOneRow(update.whereClause);
  const insert = as(node, "InsertStmt");
  if (insert) return standing(insert.selectStmt);
  if ("MergeStmt" in node || "CreateTableAsStmt" in node || "RefreshMatViewStmt" in node) return standing(node);
  const added = alterations(script, context).filter(({ command }) => command.subtype === "AT_AddConstraint").map(({ command }) => as(command.def, "Constraint")?.conname);
  return alterations({ ...script, statements: [statement] }, context).some(({ command }) => command.subtype === "AT_ValidateConstraint" && !added.includes(command.name));
}

/** `id = 5`, `key = 'x' AND …`: with a constant that is no flag. */
function namesOneRow(condition: unknown): boolean {
  const and = as(condition, "BoolExpr");
  if (and?.boolop === "AND_EXPR") return (and.args ?? []).some(namesOneRow);
  const compared = as(condition, "A_Expr");
  if (compared?.kind !== "AEXPR_OP" || as(compared.name?.[0], "String")?.sval !== "=") return false;
  let constant = false;
  visit(compared.rexpr, (content, key) => void (constant ||= key === "A_Const" && content["boolval"] === undefined && content["isnull"] === undefined));
  return as(compared.lexpr, "ColumnRef") !== undefined && constant && /^(id|key|name|slug|code|uuid)$|_id$/.test(as(as(compared.lexpr, "ColumnRef")?.fields?.at(-1), "String")?.sval ?? "");
}
