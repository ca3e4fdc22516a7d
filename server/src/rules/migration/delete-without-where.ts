import { as } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { emptiedBy, insert, placeIn, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "Every row of a standing table is deleted: a DELETE without WHERE, or a TRUNCATE.",
  why: `A DELETE without WHERE is mostly a forgotten WHERE, and in a migration it runs on every database, production included. Where every row is meant, say so with \`WHERE true\`, or
silence the line with the reason. \`TRUNCATE\` takes an ACCESS EXCLUSIVE lock besides.

Not reported: a table that the same migration makes.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0002_sessions.sql": `DELETE FROM sessions;
--^^^^^^^^^ Every row of sessions
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_sessions.sql": `DELETE FROM sessions WHERE expires_at < now();
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      const remove = as(statement.node, "DeleteStmt");
      const truncate = as(statement.node, "TruncateStmt");
      const standing = emptiedBy(statement).filter((table) => !context.isNew(table));
      if (standing.length === 0) continue;
      const list = standing.map(shownName).join(", ");
      // Behind RETURNING there is no place for it.
      const possible = remove !== undefined && !remove.returningClause;
      detections.push({
        message: `Every row of ${list}${truncate?.behavior === "DROP_CASCADE" ? ", and of every table that refers to them by a foreign key," : ""} is lost for good. ${truncate ? "Where that is meant, silence this line with the reason" : "Say which rows are meant, or WHERE true where all are"}.`,
        at: placeIn(script, statement), table: standing[0], name: list,
        fixes: possible ? [{ title: "Say that every row is meant: WHERE true", changes: [], edits: [insert(script, statement, statement.sql.length, " WHERE true")] }] : [],
      });
    }
    return detections;
  },
};

export default rule;
