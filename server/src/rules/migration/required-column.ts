import { as, typeText } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { alterations, insertBefore, isEmptied, placeIn, replace, shownName } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "A NOT NULL column without a default is added to a standing table: it fails as soon as the table has a row.",
  why: `The rows that stand already would hold NULL in the new column, so \`ADD COLUMN … NOT NULL\` without a default is refused wherever the table is not empty: it works on the developer's
machine and fails in production. Either give it a default, which PostgreSQL writes once and not into every row (a constant, or \`now()\`), or add the column without NOT NULL, fill it in batches, and
make it NOT NULL by way of a check (see [migration/set-not-null](set-not-null.md)).

Not reported: a table that the same migration makes, or whose rows it has all deleted before, with none put in since; serial, identity and generated columns, which have values.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0002_column.sql": `ALTER TABLE clients ADD COLUMN country text NOT NULL;
--                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ fails as soon as clients has a row
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_column.sql": `ALTER TABLE clients ADD COLUMN country text NOT NULL DEFAULT 'NL';
`,
    },
  },
  checkMigration(script, context) {
    return alterations(script, context).flatMap(({ statement, table, command, piece }): readonly Detection[] => {
      const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
      const constraints = (column?.constraints ?? []).flatMap((one) => as(one, "Constraint") ?? []);
      const notNull = constraints.find(({ contype }) => contype === "CONSTR_NOTNULL");
      const isKey = constraints.some(({ contype }) => contype === "CONSTR_PRIMARY");
      const filled = constraints.some(({ contype, raw_expr: value }) => (contype === "CONSTR_DEFAULT" && !as(value, "A_Const")?.isnull) || contype === "CONSTR_IDENTITY" || contype === "CONSTR_GENERATED");
      if (!column || !(notNull || isKey) || filled || isEmptied(script, statement, table) || /^(big|small)?serial[248]?$/.test(typeText(column.typeName).name)) return [];
      // A check before it may say NOT NULL, too; a primary key would ask for values all the same.
      const words = notNull && !isKey ? findWords(statement.sql, ["not", "null"], { start: Math.max(piece.start, (notNull.location ?? 0) - statement.start), end: piece.end }) : undefined;
      return [{
        message: `This fails as soon as ${shownName(table)} has a row: ${column.colname} would be NULL there. Give it a default, or add it without NOT NULL and fill it first.`,
        at: placeIn(script, statement, piece), table, columns: [column.colname ?? ""], name: column.colname ?? "",
        fixes: words ? [{ title: "Add it without NOT NULL, to be filled and made NOT NULL by later migrations", changes: [], preferred: true, edits: [
          insertBefore(script, statement, [`-- Then fill ${column.colname} in batches, and make it NOT NULL by way of a check, in later migrations.`]),
          replace(script, statement, { start: words.start - 1, end: words.end }, ""),
        ] }] : [],
      }];
    });
  },
};

export default rule;
