import { concurrentlyDirective } from "../../sql/parser";
import type { FixEdit } from "../../model/finding";
import { as, names, type Constraint } from "../../sql/tree";
import type { Detection, MigrationScript, Rule } from "../rule";
import { alterationsOfRows, constraintName, isAlone, isDrizzle, later, placeIn, replace, separator, shownName, sqlColumn, sqlName, type Alteration } from "../migration-statement";

const rule: Rule = {
  summary: "A unique constraint or primary key is added to a standing table together with its index, so that readers and writers wait.",
  why: `\`ADD UNIQUE\` and \`ADD PRIMARY KEY\` build their index under an ACCESS EXCLUSIVE lock: readers and writers wait as long as that takes. Build the unique index concurrently first, then make it
the constraint with \`USING INDEX\`, which takes a moment ([ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX)). The columns
of a primary key should be NOT NULL before, or PostgreSQL looks at every row for that.

In a Drizzle folder both stand in one file, the index with \`-- plumbline: concurrently\` before it. Elsewhere the index is a migration of its own.

Not reported: a table that the same migration makes or has truncated; a partitioned table, which takes no \`USING INDEX\`; an exclusion constraint, for which there is no other way.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_unique.sql": `ALTER TABLE clients ADD CONSTRAINT clients_email_key UNIQUE (email);
--                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ readers and writers of clients wait
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_index.sql": `CREATE UNIQUE INDEX CONCURRENTLY clients_email_key ON clients (email);
`,
      "migrations/0003_unique.sql": `SET LOCAL lock_timeout = '300ms';
ALTER TABLE clients ADD CONSTRAINT clients_email_key UNIQUE USING INDEX clients_email_key;
`,
    },
  },
  checkMigration(script, context) {
    return alterationsOfRows(script, context).flatMap((alteration): readonly Detection[] => {
      const { statement, table, command, piece } = alteration;
      if (context.table(table)?.partitioned) return [];
      const constraint = command.subtype === "AT_AddConstraint" ? as(command.def, "Constraint") : undefined;
      const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
      const unique = constraint ?? column?.constraints?.flatMap((one) => as(one, "Constraint") ?? []).find(isUnique);
      if (!unique || !isUnique(unique) || unique.indexname !== undefined) return [];
      const columns = constraint ? names(unique.keys) : [column?.colname ?? ""];
      const name = constraintName(unique.conname, table, unique.contype === "CONSTR_PRIMARY" ? [] : columns, unique.contype === "CONSTR_PRIMARY" ? "pkey" : "key");
      const edits = constraint && viaIndex(script, alteration, unique, columns, name);
      return [{
        message: `While the index of ${name} is built, readers and writers of ${shownName(table)} wait. Build a unique index concurrently first${isDrizzle(script) ? "" : ", in a migration of its own"}, and make it the constraint with USING INDEX.`,
        at: placeIn(script, statement, piece), table, columns, name,
        fixes: edits ? [{ title: isDrizzle(script) ? "Build the index first, then make it the constraint" : "Build the index here; the next migration makes it the constraint", changes: [], edits, preferred: true }] : [],
      }];
    });
  },
};

export default rule;

const isUnique = ({ contype }: Constraint): boolean => contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY";

function viaIndex(script: MigrationScript, { statement, table, alone }: Alteration, constraint: Constraint, columns: readonly string[], name: string): readonly FixEdit[] | undefined {
  if (!alone || constraint.nulls_not_distinct || constraint.including || constraint.options || constraint.indexspace !== undefined || constraint.without_overlaps) return undefined;
  if (!isDrizzle(script) && !isAlone(script, statement)) return undefined;
  const words = `${constraint.contype === "CONSTR_PRIMARY" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${sqlColumn(name)}${constraint.deferrable ? " DEFERRABLE" : ""}${constraint.initdeferred ? " INITIALLY DEFERRED" : ""}`;
  const promote = `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${sqlColumn(name)} ${words}`;
  const build = (how: string): string => `CREATE UNIQUE INDEX ${how}${sqlColumn(name)} ON ${sqlName(table)} (${columns.map(sqlColumn).join(", ")})`;
  const text = isDrizzle(script) ? `-- ${concurrentlyDirective}\n${build("")}${separator(script)}${promote}` : `${later("next", promote).join("\n")}\n${build("CONCURRENTLY ")}`;
  return [replace(script, statement, { start: 0, end: statement.sql.length }, text)];
}
