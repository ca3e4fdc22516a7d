import { lockModes } from "../../model/migration";
import { tableKey } from "../../model/table-key";
import { lockTimeout } from "../../migrate/generate/files";
import type { ParsedStatement } from "../../sql/parser";
import type { Detection, Rule } from "../rule";
import { insertBefore, isDrizzle, placeIn, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "A lock that stops writers of a standing table is waited for without a limit.",
  why: `While a statement waits for its lock behind one long query, everybody who comes later waits behind it: measured behind a reader of 8 seconds, an \`ALTER TABLE\` of a moment stalled all other
readers for 7 seconds with drizzle-orm, Prisma and node-pg-migrate. With \`lock_timeout\` it gives up instead, and is tried again
([lock_timeout](https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT)). \`plumbline migrate\` sets it and tries again by itself; the line in the file holds for whoever else runs it.

Reported once a file, at the first such statement. Not reported: statements that are run concurrently, and tables that the same migration makes.`,
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
      if (limits(statement)) return [];
      if (statement.effect.transaction === "forbidden" || statement.concurrently) continue;
      const lock = statement.effect.locks.find(({ table, mode }) => stopsWriters(mode) && !context.isNew(table) && !statement.effect.creates.some((made) => tableKey(made) === tableKey(table)));
      const further = statement.effect.further?.find(({ of, mode }) => of === "the index's table" && stopsWriters(mode));
      const index = statement.effect.index;
      const owner = further && index ? context.tableOfIndex(index) : undefined;
      if (!lock && (!further || (owner && context.isNew(owner)))) continue;
      const table = lock?.table ?? owner;
      const line = `SET LOCAL lock_timeout = '${lockTimeout}ms';${isDrizzle(script) ? "--> statement-breakpoint" : ""}`;
      return [{
        message: `This waits for its lock on ${table ? shownName(table) : "the index's table"} without a limit, and whoever comes later waits behind it. Set lock_timeout first.`,
        at: placeIn(script, statement), ...(table && { table }),
        fixes: [{ title: "Set lock_timeout first", changes: [], edits: [insertBefore(script, statement, [line])], preferred: true }],
      }];
    }
    return [];
  },
};

export default rule;

const stopsWriters = (mode: (typeof lockModes)[number]): boolean => lockModes.indexOf(mode) >= lockModes.indexOf("share");

/** SET lock_timeout, or set_config. */
function limits({ node, sql }: ParsedStatement): boolean {
  const set = node["VariableSetStmt"] as { readonly name?: string; readonly kind?: string } | undefined;
  return set ? set.name === "lock_timeout" && set.kind === "VAR_SET_VALUE" : /set_config\s*\(\s*'lock_timeout'/i.test(sql);
}
