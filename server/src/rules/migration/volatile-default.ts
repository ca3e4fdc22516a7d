import type { FixEdit } from "../../model/finding";
import { volatilityOf } from "../../sql/functions";
import { as, typeText, type ColumnDef, type Constraint } from "../../sql/tree";
import type { Detection, MigrationScript, Rule } from "../rule";
import { alterationsOfRows, insert, insertBefore, placeIn, replace, shownName, sqlColumn, type Alteration } from "../migration-statement";
import { expressionEnd, findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "A column is added to a standing table whose value differs from row to row, so that the table is rewritten while readers and writers wait.",
  why: `A constant default, and a stable one such as \`now()\`, is written once into the catalogue. A volatile one (\`gen_random_uuid()\`, \`random()\`, \`clock_timestamp()\`, a sequence) has to be computed for
each row, so PostgreSQL rewrites the table and all its indexes under an ACCESS EXCLUSIVE lock (measured: 9 seconds on 2 million rows, in which nobody reads or writes)
([ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)). The same goes for \`serial\`, identity columns and stored generated columns.

Add the column without the default, set the default for new rows, then fill the old ones in batches.

Not reported: a table that the same migration makes or has truncated, and a function that Plumbline does not know.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_token.sql": `ALTER TABLE clients ADD COLUMN token uuid DEFAULT gen_random_uuid();
--                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewritten
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_token.sql": `ALTER TABLE clients ADD COLUMN token uuid, ALTER COLUMN token SET DEFAULT gen_random_uuid();
ALTER TABLE clients ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
`,
    },
  },
  checkMigration(script, context) {
    return alterationsOfRows(script, context).flatMap((alteration): readonly Detection[] => {
      const { statement, table, command, piece } = alteration;
      const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
      const reason = column && rewrites(column);
      if (!column || reason === undefined) return [];
      const edits = reason === "default" ? withoutDefault(script, alteration, column) : undefined;
      const name = column.colname ?? "";
      const why = reason === "default" ? `its default for ${name} differs from row to row` : `${name} is ${reason}`;
      return [{
        message: `${shownName(table)} is rewritten while its readers and writers wait: ${why}. Add the column without it${reason === "default" ? ", set the default for new rows" : ""}, and fill the old rows in batches.`,
        at: placeIn(script, statement, piece), table, columns: [name], name,
        fixes: edits ? [{ title: "Set the default for new rows only, the old ones to be filled in batches", changes: [], edits, preferred: true }] : [],
      }];
    });
  },
};

export default rule;

const constraintsOf = (column: ColumnDef): readonly Constraint[] => (column.constraints ?? []).flatMap((one) => as(one, "Constraint") ?? []);

function rewrites(column: ColumnDef): string | undefined {
  const { name } = typeText(column.typeName);
  if (/^(big|small)?serial[248]?$/.test(name)) return "serial";
  for (const { contype, raw_expr: value, generated_kind: kind } of constraintsOf(column)) {
    if (contype === "CONSTR_DEFAULT" && volatilityOf(value) === "volatile") return "default";
    if (contype === "CONSTR_IDENTITY") return "an identity column";
    if (contype === "CONSTR_GENERATED" && kind !== "v") return "a stored generated column";
  }
  return undefined;
}

function withoutDefault(script: MigrationScript, { statement, piece }: Alteration, column: ColumnDef): readonly FixEdit[] | undefined {
  const { sql } = statement;
  const word = findWords(sql, ["default"], piece);
  // What else hangs on the column's values would have to be looked at anew.
  if (!word || constraintsOf(column).some(({ contype }) => contype !== "CONSTR_DEFAULT" && contype !== "CONSTR_NOTNULL")) return undefined;
  const end = expressionEnd(sql, { start: word.end, end: piece.end });
  const required = findWords(sql, ["not", "null"], piece);
  const name = sqlColumn(column.colname ?? "");
  return [
    insertBefore(script, statement, [`-- Then fill ${column.colname} in batches${required ? ", and make it NOT NULL by way of a check," : ""} in later migrations.`]),
    replace(script, statement, { start: word.start - 1, end }, ""),
    ...(required ? [replace(script, statement, { start: required.start - 1, end: required.end }, "")] : []),
    insert(script, statement, piece.end, `, ALTER COLUMN ${name} SET DEFAULT ${sql.slice(word.end, end).trim()}`),
  ];
}
