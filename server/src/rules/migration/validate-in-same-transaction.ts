import { as } from "../../sql/tree";
import { sameTable } from "../../model/table-key";
import type { Detection, Rule } from "../rule";
import { alterationsOfRows, commitBefore, placeIn, shownName, together } from "../migration-statement";

const rule: Rule = {
  summary: "A constraint is added NOT VALID and validated in one transaction, so that the strong lock is held while every row is looked at.",
  why: `\`ADD … NOT VALID\` takes a lock that stops writers (a foreign key) or readers and writers (a check), and keeps it to the end of its transaction. A \`VALIDATE CONSTRAINT\` in the same
transaction looks at every row meanwhile, so nothing is won over adding the constraint in one statement. Put it into the next migration. drizzle-orm runs all pending files in one
transaction, so there the two are apart only with \`plumbline migrate\`, or when they are deployed one after the other.

In plain SQL a \`COMMIT\` between the two parts them as well. Not reported: a table that the same transaction has truncated.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_check.sql": `ALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;
--                 ^^^^^^^^^^^^^^^^^^^ in the same transaction
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
    const all = alterationsOfRows(script, context);
    return all.flatMap(({ statement, table, command, piece }): readonly Detection[] => {
      if (command.subtype !== "AT_ValidateConstraint") return [];
      const added = all.find((other) => other.command.subtype === "AT_AddConstraint" && sameTable(other.table, table) && as(other.command.def, "Constraint")?.conname === command.name && other.statement.start <= statement.start);
      if (!added || !together(script, added.statement, statement)) return [];
      const commit = added.statement === statement ? undefined : commitBefore(script, statement);
      return [{
        message: `${command.name} is validated in the same transaction that adds it, so the lock on ${shownName(table)} is held while every row is looked at. Put this into the next migration.`,
        at: placeIn(script, statement, piece), table, name: command.name ?? "",
        fixes: commit ? [{ title: "Commit before it", changes: [], edits: [commit], preferred: true }] : [],
      }];
    });
  },
};

export default rule;
