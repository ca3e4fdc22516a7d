import { concurrentlyDirective } from "../../sql/parser";
import { as } from "../../sql/tree";
import type { FixEdit } from "../../model/finding";
import type { Detection, MigrationScript, Rule } from "../rule";
import type { ParsedStatement } from "../../sql/parser";
import { insertBefore, isAfterCommit, isAlone, isDrizzle, isSetting, isTransactionWord, placeIn, removeStatement, replace, saysNoTransaction } from "../migration-statement";
import { findWords } from "../sql-pieces";

const rule: Rule = {
  summary: "A statement that PostgreSQL refuses in a transaction stands in a file that is run as one.",
  why: `\`CREATE INDEX CONCURRENTLY\`, \`DROP INDEX CONCURRENTLY\`, \`REINDEX … CONCURRENTLY\`, \`VACUUM\` and the like fail in a transaction block
([CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY)), and who runs the file decides whether there is one:

- drizzle-orm runs all pending files in one transaction, with no way round, so such a file fails in every new database. Write the plain statement with the comment
  \`-- ${concurrentlyDirective}\` before it: Plumbline's runner then runs it concurrently and records the file as drizzle-orm would.
- Prisma up to 7.3 sends a file as one query, which is one transaction as soon as it holds a second statement, even a \`SET\`; from 7.4 on a file that fails half way stays half applied.
- In plain SQL it stands in a file of its own; \`SET\` beside it is right. Beside other statements it is a warning: Plumbline's runner takes the file apart, but it is then applied step by step.

A file that says in its tool's way that it runs without a transaction (\`-- migrate:up transaction:false\`, \`-- +goose NO TRANSACTION\`, \`-- no-transaction\`) is right, and so
is, but for Prisma, a statement behind a \`COMMIT\` of the file's own.`,
  severity: "error",
  bad: {
    migrations: {
      "prisma/migrations/20260101000000_index/migration.sql": `SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY "Client_email_idx" ON "Client" ("email");
--           ^^^^^^^^^^^^ as one transaction
`,
    },
  },
  good: {
    migrations: {
      "prisma/migrations/20260101000000_index/migration.sql": `-- Comments may stand beside it, statements may not.
CREATE INDEX CONCURRENTLY "Client_email_idx" ON "Client" ("email");
`,
    },
  },
  checkMigration(script) {
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      if (statement.effect.transaction !== "forbidden" || statement.concurrently) continue;
      const words = findWords(statement.sql, ["concurrently"]);
      const said = judged(script, statement);
      if (!said) continue;
      detections.push({ ...said, at: placeIn(script, statement, words), name: statement.effect.index?.name ?? statement.effect.title });
    }
    return detections;
  },
};

export default rule;

function judged(script: MigrationScript, statement: ParsedStatement): Detection | undefined {
  const title = statement.effect.title.toUpperCase();
  // Prisma sends the file as one query, where a COMMIT begins the next transaction at once.
  if (script.folder.format !== "prisma" && isAfterCommit(script, statement)) return undefined;
  if (isDrizzle(script)) {
    const edits = asDirective(script, statement);
    return {
      message: edits
        ? `drizzle-orm runs every file in a transaction, where ${title} fails. Write the plain statement with "-- ${concurrentlyDirective}" before it: plumbline migrate then runs it concurrently.`
        : `drizzle-orm runs every file in a transaction, where ${title} fails. Put it into a file outside this folder, and run that: plumbline migrate run FILE.sql.`,
      fixes: edits ? [{ title: "Write it plainly, and leave CONCURRENTLY to Plumbline's runner", changes: [], edits, preferred: true }] : [],
    };
  }
  if (isAlone(script, statement)) return undefined;
  const others = script.statements.filter((other) => other !== statement);
  const removable = others.every((other) => isSetting(other) || isTransactionWord(other));
  const fixes = removable ? [{ title: others.some(isTransactionWord) ? "Remove the transaction around it" : "Remove what stands beside it", changes: [], edits: others.map((other) => removeStatement(script, other)), preferred: true }] : [];
  if (script.folder.format === "prisma") return { message: `Prisma runs a file as one transaction (from 7.4 on, statement by statement), and ${title} fails in one. Leave it the only statement of its migration.`, fixes };
  if (others.some(isTransactionWord)) return { message: `${title} fails between BEGIN and COMMIT. Put it into a file of its own, without them.`, fixes };
  if (saysNoTransaction(script)) return undefined;
  return { message: `${title} fails in a transaction, so this file cannot be applied as a whole: it would be half applied where it fails. Put it into a file of its own.`, severity: "warning" };
}

/** For an index alone: the runner knows no other statement by a directive. */
function asDirective(script: MigrationScript, statement: ParsedStatement): readonly FixEdit[] | undefined {
  const drop = as(statement.node, "DropStmt");
  const piece = findWords(statement.sql, ["concurrently"]);
  if (!piece || !("IndexStmt" in statement.node || drop?.objects?.length === 1)) return undefined;
  return [insertBefore(script, statement, [`-- ${concurrentlyDirective}`]), replace(script, statement, { start: piece.start - 1, end: piece.end }, "")];
}
