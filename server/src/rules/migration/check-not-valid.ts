import { as, names, qualified, visit, type Node } from "../../sql/tree";
import { sameTable } from "../../model/table-key";
import type { Detection, MigrationScript, Rule } from "../rule";
import { alterationsOfRows, constraintName, insert, insertBefore, later, placeIn, shownName, sqlColumn, sqlName } from "../migration-statement";

const rule: Rule = {
  summary: "A CHECK is added to a standing table without NOT VALID, so that readers and writers wait.",
  why: `\`ADD CHECK\` looks at every row of the table under an ACCESS EXCLUSIVE lock: readers and writers wait as long as that takes (measured: 330 ms on 2 million rows, against 14 ms in two
steps). With \`NOT VALID\` it is a matter of a moment, and new rows are checked from then on; \`VALIDATE CONSTRAINT\`, in a later migration, looks at the old ones under a lock that stops
neither ([ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)).

A check of a domain is the same for all tables with columns of it, whose writers wait.

Not reported: a table that the same migration makes or has truncated, a domain that it makes.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_check.sql": `ALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0);
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ readers and writers of orders wait
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_check.sql": `ALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;
`,
      "migrations/0003_validate.sql": `ALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;
`,
    },
  },
  checkMigration(script, context) {
    const ofTables = alterationsOfRows(script, context).flatMap(({ statement, table, command, piece }): readonly Detection[] => {
      const constraint = command.subtype === "AT_AddConstraint" ? as(command.def, "Constraint") : undefined;
      const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
      const check = constraint ?? column?.constraints?.flatMap((one) => as(one, "Constraint") ?? []).find(({ contype }) => contype === "CONSTR_CHECK");
      if (check?.contype !== "CONSTR_CHECK" || check.skip_validation) return [];
      const name = constraintName(check.conname, table, column?.colname === undefined ? onlyColumn(check.raw_expr) : [column.colname], "check");
      const fix = constraint && {
        title: "Add it NOT VALID, to be validated by the next migration", changes: [], preferred: true,
        edits: [insertBefore(script, statement, later("next", `ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${sqlColumn(name)}`)), insert(script, statement, piece.end, " NOT VALID")],
      };
      return [{
        message: `While PostgreSQL looks at every row of ${shownName(table)} for the check ${name}, readers and writers of ${shownName(table)} wait. Add it NOT VALID${constraint ? "" : ", after the column"}, and validate it in the next migration.`,
        at: placeIn(script, statement, piece), table, name, fixes: fix ? [fix] : [],
      }];
    });
    return [...ofTables, ...ofDomains(script)];
  },
};

export default rule;

/** Checks of domains that the script does not make: all rows of the tables that use them are looked at. */
function ofDomains(script: MigrationScript): readonly Detection[] {
  return script.statements.flatMap((statement): readonly Detection[] => {
    const alter = as(statement.node, "AlterDomainStmt");
    const check = alter?.subtype === "C" ? as(alter.def, "Constraint") : undefined;
    const domain = qualified(names(alter?.typeName));
    const made = script.statements.some(({ node }) => "CreateDomainStmt" in node && sameTable(qualified(names(as(node, "CreateDomainStmt")!.domainname)), domain));
    if (check?.contype !== "CONSTR_CHECK" || check.skip_validation || made) return [];
    const name = constraintName(check.conname, domain, [], "check");
    return [{
      message: `While PostgreSQL looks at every row of the tables with columns of the domain ${shownName(domain)} for the check ${name}, their writers wait. Add it NOT VALID, and validate it in the next migration.`,
      at: placeIn(script, statement), name,
      fixes: [{
        title: "Add it NOT VALID, to be validated by the next migration", changes: [], preferred: true,
        edits: [insertBefore(script, statement, later("next", `ALTER DOMAIN ${sqlName(domain)} VALIDATE CONSTRAINT ${sqlColumn(name)}`)), insert(script, statement, statement.sql.length, " NOT VALID")],
      }],
    }];
  });
}

/** The column after which PostgreSQL names a check that has no name: the one that it reads, if it reads no other. */
function onlyColumn(expression: unknown): readonly string[] {
  const columns = new Set<string>();
  visit(expression, (content, key) => void (key === "ColumnRef" && columns.add(names(content["fields"] as readonly Node[]).at(-1) ?? "")));
  return columns.size === 1 ? [...columns] : [];
}
