import { as, names, tableName, type Constraint } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { alterationsOfRows, constraintName, insert, insertBefore, later, placeIn, shownName, sqlColumn, sqlName } from "../migration-statement";

const rule: Rule = {
  summary: "A foreign key is added to a standing table without NOT VALID, so that writers of both tables wait.",
  why: `\`ADD FOREIGN KEY\` looks at every row of the table while it holds a SHARE ROW EXCLUSIVE lock on both tables: their writers wait as long as that takes. With \`NOT VALID\` it is a
matter of a moment, and new rows are checked from then on. \`VALIDATE CONSTRAINT\`, in a later migration, looks at the old ones under a lock that stops no writer
([ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)).

Not reported: a table that the same migration makes or has truncated; a column that is added with its key and without a default, whose values are all NULL; a partitioned table, which takes no \`NOT VALID\`
before PostgreSQL 18.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_key.sql": `ALTER TABLE orders ADD CONSTRAINT orders_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writers of orders and clients wait
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_key.sql": `ALTER TABLE orders ADD CONSTRAINT orders_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients NOT VALID;
`,
      "migrations/0003_validate.sql": `ALTER TABLE orders VALIDATE CONSTRAINT orders_client_id_fkey;
`,
    },
  },
  checkMigration(script, context) {
    return alterationsOfRows(script, context).flatMap((alteration): readonly Detection[] => {
      const { statement, table, command, piece } = alteration;
      if (context.table(table)?.partitioned) return [];
      const constraint = command.subtype === "AT_AddConstraint" ? as(command.def, "Constraint") : undefined;
      const ofColumn = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
      const key = constraint ?? (ofColumn && filledWithKey(ofColumn.constraints?.flatMap((one) => as(one, "Constraint") ?? []) ?? []));
      if (key?.contype !== "CONSTR_FOREIGN" || key.skip_validation) return [];
      const columns = constraint ? names(key.fk_attrs) : [ofColumn?.colname ?? ""];
      const name = constraintName(key.conname, table, columns, "fkey");
      const parent = tableName(key.pktable);
      const self = parent.name === table.name;
      const fix = constraint && {
        title: "Add it NOT VALID, to be validated by the next migration", changes: [], preferred: true,
        edits: [insertBefore(script, statement, later("next", `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${sqlColumn(name)}`)), insert(script, statement, piece.end, " NOT VALID")],
      };
      return [{
        message: `While PostgreSQL looks at every row of ${shownName(table)} for the foreign key ${name}, writers of ${shownName(table)}${self ? "" : ` and ${shownName(parent)}`} wait. Add it NOT VALID${constraint ? "" : ", after the column"}, and validate it in the next migration.`,
        at: placeIn(script, statement, piece), table, columns, name, fixes: fix ? [fix] : [],
      }];
    });
  },
};

export default rule;

/** The foreign key of a new column, where its rows get a value: NULL refers to nothing and is not looked up. */
function filledWithKey(constraints: readonly Constraint[]): Constraint | undefined {
  const filled = constraints.some(({ contype, raw_expr: value }) => contype === "CONSTR_DEFAULT" && !as(value, "A_Const")?.isnull);
  return filled ? constraints.find(({ contype }) => contype === "CONSTR_FOREIGN") : undefined;
}
