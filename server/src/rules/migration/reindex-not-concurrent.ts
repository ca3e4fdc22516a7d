import { as, tableName } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { insert, isAlone, isDrizzle, ownFile, placeIn } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "An index is built again without CONCURRENTLY, so that writers, and queries that would use it, wait.",
  why: `\`REINDEX\` locks the table against writers, and the index against readers, as long as it is built. \`REINDEX … CONCURRENTLY\` (PostgreSQL 12) builds a second one beside it and
exchanges them in a moment ([REINDEX](https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY)). It cannot run in a transaction: in a Prisma or plain SQL folder
it stands alone in its file; drizzle-orm has no way to run it, so run it by hand: \`plumbline migrate run FILE.sql\`.

Not reported: \`REINDEX SYSTEM\`, which cannot be concurrent, and a table that the same migration makes.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_index.sql": `REINDEX INDEX clients_email_idx;
--^^^^^^^^^^^ wait while it is built again
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_index.sql": `REINDEX INDEX CONCURRENTLY clients_email_idx;
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      const reindex = as(statement.node, "ReindexStmt");
      if (!reindex || reindex.kind === "REINDEX_OBJECT_SYSTEM" || findWords(statement.sql, ["concurrently"])) continue;
      const name = tableName(reindex.relation);
      const table = reindex.kind === "REINDEX_OBJECT_TABLE" ? name : reindex.kind === "REINDEX_OBJECT_INDEX" ? context.tableOfIndex(name) : undefined;
      if (table && context.isNew(table)) continue;
      const word = ["index", "table", "schema", "database"].flatMap((kind) => findWords(statement.sql, [kind]) ?? []).sort((a, b) => a.start - b.start)[0];
      const possible = !isDrizzle(script) && isAlone(script, statement) && word !== undefined;
      const how = isDrizzle(script) ? "drizzle-orm cannot run it CONCURRENTLY: take it out of this folder, and run it with plumbline migrate run FILE.sql" : possible ? "Write CONCURRENTLY" : `Write CONCURRENTLY. ${ownFile(script)}`;
      detections.push({
        message: `Writers, and queries that use ${name.name === "" ? "the indexes" : name.name}, wait while it is built again. ${how}.`,
        at: placeIn(script, statement, word && { start: 0, end: word.end }),
        ...(table && { table }), name: name.name,
        fixes: possible ? [{ title: "Build it again concurrently", changes: [], edits: [insert(script, statement, word.end, " CONCURRENTLY")], preferred: true }] : [],
      });
    }
    return detections;
  },
};

export default rule;
