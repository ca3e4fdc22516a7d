import type { FixEdit } from "../../model/finding";
import { sameTable } from "../../model/table-key";
import { as, names } from "../../sql/tree";
import type { Detection, MigrationScript, Rule } from "../rule";
import { alterationsOfRows, insertBefore, later, placeIn, replace, shownName, sqlColumn, sqlName, type Alteration } from "../migration-statement";

const rule: Rule = {
  summary: "A column of a standing table is made NOT NULL without a validated check, so that readers and writers wait.",
  why: `\`SET NOT NULL\` looks at every row under an ACCESS EXCLUSIVE lock: readers and writers wait as long as that takes (measured: 434 ms on 2 million rows), and it fails where a row holds NULL. Where a
validated \`CHECK (column IS NOT NULL)\` stands, PostgreSQL looks at no row ([ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL)). So:

1. add the check \`NOT VALID\`, a matter of a moment,
2. \`VALIDATE CONSTRAINT\` in the next migration, which stops neither readers nor writers,
3. \`SET NOT NULL\` and drop the check in the one after it.

Not reported: a table that the same migration makes or has truncated, a column that is NOT NULL already, and one for which such a check is valid.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_required.sql": `ALTER TABLE orders ALTER COLUMN client_id SET NOT NULL;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ readers and writers of orders wait
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_check.sql": `ALTER TABLE orders ADD CONSTRAINT orders_client_id_not_null CHECK (client_id IS NOT NULL) NOT VALID;
`,
      "migrations/0003_validate.sql": `ALTER TABLE orders VALIDATE CONSTRAINT orders_client_id_not_null;
`,
      "migrations/0004_required.sql": `ALTER TABLE orders ALTER COLUMN client_id SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_client_id_not_null;
`,
    },
  },
  checkMigration(script, context) {
    const all = alterationsOfRows(script, context);
    return all.flatMap((alteration): readonly Detection[] => {
      const { statement, table, command, piece } = alteration;
      const column = command.name ?? "";
      if (command.subtype !== "AT_SetNotNull" || isRequired(alteration, all)) return [];
      const standing = context.table(table);
      if (standing?.column(column)?.nullable === false || standing?.requires(column)) return [];
      return [{
        message: `While PostgreSQL looks for NULL in every row of ${shownName(table)}, readers and writers of ${shownName(table)} wait. Add a check that ${column} IS NOT NULL, NOT VALID; validate it in the next migration, and SET NOT NULL in the one after it.`,
        at: placeIn(script, statement, piece), table, columns: [column], name: column,
        fixes: [{ title: "Add a check NOT VALID instead, for the next migrations", changes: [], edits: byCheck(script, alteration, column), preferred: true }],
      }];
    });
  },
};

export default rule;

/** True where a statement before it in the script validates such a check, or adds it validated. */
function isRequired({ statement, table, command }: Alteration, all: readonly Alteration[]): boolean {
  const before = all.filter((other) => sameTable(other.table, table) && other.statement.start < statement.start);
  const checks = before.flatMap((other) => {
    const constraint = other.command.subtype === "AT_AddConstraint" ? as(other.command.def, "Constraint") : undefined;
    const test = constraint?.contype === "CONSTR_CHECK" ? as(constraint.raw_expr, "NullTest") : undefined;
    const tested = test?.nulltesttype === "IS_NOT_NULL" ? names(as(test.arg, "ColumnRef")?.fields) : [];
    return tested.length === 1 && tested[0] === command.name ? [constraint!] : [];
  });
  return checks.some((check) => !check.skip_validation || before.some((other) => other.command.subtype === "AT_ValidateConstraint" && other.command.name === check.conname));
}

function byCheck(script: MigrationScript, { statement, table, piece }: Alteration, column: string): readonly FixEdit[] {
  const name = sqlColumn(`${table.name}_${column}_not_null`);
  const alter = `ALTER TABLE ${sqlName(table)}`;
  return [
    insertBefore(script, statement, [...later("next", `${alter} VALIDATE CONSTRAINT ${name}`), ...later("after", `${alter} ALTER COLUMN ${sqlColumn(column)} SET NOT NULL`, `${alter} DROP CONSTRAINT ${name}`)]),
    replace(script, statement, piece, `ADD CONSTRAINT ${name} CHECK (${sqlColumn(column)} IS NOT NULL) NOT VALID`),
  ];
}
