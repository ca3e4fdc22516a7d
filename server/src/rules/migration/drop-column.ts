import type { Detection, Rule } from "../rule";
import { sameTable } from "../../model/table-key";
import { as } from "../../sql/tree";
import { alterations, placeIn, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "A column of a standing table is dropped, with all its values.",
  why: `The values are gone for good, and the code that still runs fails with the next query that names the column: an ORM names every column of the model in each SELECT and INSERT. So deploy code that
does not know the column first, keep a copy of the values (\`plumbline backup create\`), then drop the column in a migration of its own. Say that this was done with
\`-- plumbline-disable-next-line migration/drop-column -- why\`.

Not reported: a table or column that the same migration makes.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0002_drop.sql": `ALTER TABLE clients DROP COLUMN fax;
--                  ^^^^^^^^^^^^^^^ values of clients.fax are lost
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_drop.sql": `-- plumbline-disable-next-line migration/drop-column -- no code reads it since May, and it is in the backup
ALTER TABLE clients DROP COLUMN fax;
`,
    },
  },
  checkMigration(script, context) {
    const all = alterations(script, context);
    return all.flatMap(({ statement, table, command, piece }): readonly Detection[] => {
      const column = command.name ?? "";
      if (command.subtype !== "AT_DropColumn" || all.some((other) => other.command.subtype === "AT_AddColumn" && other.statement.start < statement.start && sameTable(other.table, table) && as(other.command.def, "ColumnDef")?.colname === column)) return [];
      return [{
        message: `The values of ${shownName(table)}.${column} are lost for good, and running code that still names it fails. Deploy code that does not know it first, and keep a copy.`,
        at: placeIn(script, statement, piece), table, columns: [column], name: column,
      }];
    });
  },
};

export default rule;
