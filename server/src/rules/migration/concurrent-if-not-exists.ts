import { as, tableName } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { placeIn, replace } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "CREATE INDEX CONCURRENTLY IF NOT EXISTS passes over an INVALID index that an interrupted run has left.",
  why: `When \`CREATE INDEX CONCURRENTLY\` is interrupted (a lock timeout, a cancelled deployment, a duplicate in a unique index), its index stays behind, marked INVALID:
it costs on every write and serves no query. \`IF NOT EXISTS\` looks at the name alone, so that the next run prints a notice, succeeds, and is recorded as applied.
Without \`IF NOT EXISTS\` the next run fails and names the index; drop it (\`DROP INDEX CONCURRENTLY\`) and run again.

Plumbline's runner looks at the index first, drops an INVALID one and builds it again, so nothing is reported in a migration with a part that only Plumbline reads: a way
back (\`down.sql\` beside it), a reason why there is none, or a query that verifies it.`,
  severity: "warning",
  bad: {
    migrations: {
      "prisma/migrations/20260101000000_index/migration.sql": `CREATE INDEX CONCURRENTLY IF NOT EXISTS "Client_email_idx" ON "Client" ("email");
--                        ^^^^^^^^^^^^^ INVALID
`,
    },
  },
  good: {
    migrations: {
      "prisma/migrations/20260101000000_index/migration.sql": `CREATE INDEX CONCURRENTLY "Client_email_idx" ON "Client" ("email");
`,
    },
  },
  checkMigration(script) {
    const { down, irreversible, verify } = script.migration;
    if (down || irreversible !== undefined || verify) return [];
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      const index = as(statement.node, "IndexStmt");
      const words = index?.concurrent && index.if_not_exists ? findWords(statement.sql, ["if", "not", "exists"]) : undefined;
      if (!index || !words) continue;
      detections.push({
        message: `IF NOT EXISTS passes over an INVALID index ${index.idxname ?? ""} that an interrupted run has left, and the migration counts as applied. Leave it out, so that the run fails and says so.`.replace("  ", " "),
        at: placeIn(script, statement, words), table: tableName(index.relation), name: index.idxname ?? "index",
        fixes: [{ title: "Remove IF NOT EXISTS", changes: [], edits: [replace(script, statement, { start: words.start, end: words.end + 1 }, "")], preferred: true }],
      });
    }
    return detections;
  },
};

export default rule;
