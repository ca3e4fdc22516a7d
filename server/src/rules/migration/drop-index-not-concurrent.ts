import { objectName, as, qualified } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { concurrentEdit, isDrizzle, ownFile, placeIn, shownName } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "An index of a standing table is dropped without CONCURRENTLY, so that readers and writers wait.",
  why: `\`DROP INDEX\` takes an ACCESS EXCLUSIVE lock on the index's table. It is held for a moment only, but it is waited for: behind one long query every reader and writer that
comes later queues up. \`DROP INDEX CONCURRENTLY\` waits without stalling anybody ([DROP INDEX](https://www.postgresql.org/docs/current/sql-dropindex.html)). It cannot run in a
transaction: in a Drizzle folder write \`-- plumbline: concurrently\` before the plain statement, elsewhere put it into a file of its own.

Not reported: an index that the same migration makes, or of a table that it makes, and one of a partitioned table, which cannot be dropped concurrently.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_index.sql": `DROP INDEX clients_email_idx;
--^^^^^^^^ wait for it
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_index.sql": `DROP INDEX CONCURRENTLY clients_email_idx;
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    const made = new Set<string>();
    for (const statement of script.statements) {
      if ("IndexStmt" in statement.node && statement.effect.index) made.add(statement.effect.index.name);
      const drop = as(statement.node, "DropStmt");
      if (drop?.removeType !== "OBJECT_INDEX" || drop.concurrent || statement.concurrently) continue;
      const indexes = (drop.objects ?? []).map((object) => qualified(objectName(object)));
      const standing = indexes.filter((index) => {
        const table = context.tableOfIndex(index);
        return !made.has(index.name) && !(table && (context.isNew(table) || context.table(table)?.partitioned));
      });
      const [first] = standing;
      if (!first) continue;
      const word = findWords(statement.sql, ["index"])!;
      const single = indexes.length === 1 && drop.behavior !== "DROP_CASCADE";
      const edit = single ? concurrentEdit(script, statement, word) : undefined;
      const how = !single ? "Drop each by itself, without CASCADE, CONCURRENTLY" : isDrizzle(script) ? "Write -- plumbline: concurrently before it, and plumbline migrate drops it without blocking them" : edit ? "Drop it CONCURRENTLY" : `Drop it CONCURRENTLY. ${ownFile(script)}`;
      const table = context.tableOfIndex(first);
      detections.push({
        message: `DROP INDEX ${standing.map(({ name }) => name).join(", ")} locks ${table ? shownName(table) : "its table"} against readers and writers, who wait for it as long as it waits for others. ${how}.`,
        at: placeIn(script, statement, { start: 0, end: word.end }),
        ...(table && { table }), name: first.name,
        fixes: edit ? [{ title: "Drop the index concurrently", changes: [], edits: [edit], preferred: true }] : [],
      });
    }
    return detections;
  },
};

export default rule;
