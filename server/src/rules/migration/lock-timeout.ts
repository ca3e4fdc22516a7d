import { lockModes } from "../../model/migration";
import { lockTimeout } from "../../migrate/generate/files";
import type { ParsedStatement } from "../../sql/parser";
import type { Detection, MigrationScript, Rule } from "../rule";
import { insert, insertBefore, isDrizzle, placeIn, saysNoTransaction, separator, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "A lock that stops writers of a standing table is waited for without a limit.",
  why: `While a statement waits for its lock behind one long query, everybody who comes later waits behind it: measured behind a reader of 8 seconds, an \`ALTER TABLE\` of a moment stalled all other
readers for 7 seconds with drizzle-orm, Prisma and node-pg-migrate. With \`lock_timeout\` it gives up instead, and is tried again
([lock_timeout](https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT)). \`plumbline migrate\` sets it and tries again by itself; the line in the file holds for whoever else runs it.

\`SET LOCAL\` ends with its transaction. Prisma from 7.4 on runs each statement by itself, where it holds for nothing: there, and in a file that says that it runs without a transaction, it is \`SET\`, and
\`RESET\` at the end, since the migrations behind it run in the same session, where giving up would leave an index that is built concurrently INVALID.

Reported once a file, at the first such statement. Not reported: indexes, which other rules want built and dropped concurrently, and tables that the same migration makes.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_name.sql": `ALTER TABLE clients ADD COLUMN country text;
--^^^^^^^^^ waits for its lock on clients
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_name.sql": `SET LOCAL lock_timeout = '300ms';
ALTER TABLE clients ADD COLUMN country text;
`,
    },
  },
  checkMigration(script, context): readonly Detection[] {
    for (const statement of script.statements) {
      if (limits(statement, script)) return [];
      if (statement.effect.transaction === "forbidden" || statement.concurrently) continue;
      // What should be concurrent is another rule's to say, and takes no SET beside it then.
      if ("IndexStmt" in statement.node || "ReindexStmt" in statement.node) continue;
      const lock = statement.effect.locks.find(({ table, mode }) => stopsWriters(mode) && !context.isNew(table));
      if (!lock) continue;
      const { table } = lock;
      const ofSession = script.folder.format === "prisma" || saysNoTransaction(script);
      const line = `SET ${ofSession ? "" : "LOCAL "}lock_timeout = '${lockTimeout}ms';${isDrizzle(script) ? "--> statement-breakpoint" : ""}`;
      const last = script.statements.at(-1)!;
      const reset = ofSession ? [insert(script, last, last.sql.length, `${separator(script)}RESET lock_timeout`)] : [];
      return [{
        message: `This waits for its lock on ${shownName(table)} without a limit, and whoever comes later waits behind it. Set lock_timeout first.`,
        at: placeIn(script, statement), table,
        fixes: [{ title: "Set lock_timeout first", changes: [], edits: [insertBefore(script, statement, [line]), ...reset], preferred: true }],
      }];
    }
    return [];
  },
};

export default rule;

const stopsWriters = (mode: (typeof lockModes)[number]): boolean => lockModes.indexOf(mode) >= lockModes.indexOf("share");

/** SET lock_timeout, or set_config. Which Prisma runs the file is not known: SET LOCAL holds up to 7.3. */
function limits({ node, sql }: ParsedStatement, script: MigrationScript): boolean {
  const set = node["VariableSetStmt"] as { readonly name?: string; readonly kind?: string; readonly is_local?: boolean } | undefined;
  return set ? set.name === "lock_timeout" && set.kind === "VAR_SET_VALUE" && !(set.is_local && saysNoTransaction(script)) : /set_config\s*\(\s*'lock_timeout'/i.test(sql);
}
