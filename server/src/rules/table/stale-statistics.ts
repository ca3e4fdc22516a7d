import { amount, rowsText } from "../amounts";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "The planner's statistics of a table are missing or far behind its rows.",
  why: `The planner chooses indexes by the statistics that \`ANALYZE\` collects. Autovacuum runs it after a tenth of the rows has changed, but not on
partitioned parents, not on temporary tables, and not where it is turned off or cannot keep up
([The Autovacuum Daemon](https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM)). With wrong statistics a good index stays unused.`,
  severity: "information",
  options: {
    rows: { description: "Reported for tables with at least that many rows, or changed rows where the number is not known.", type: "number", default: 10_000 },
  },
  bad: {
    sql: `create table orders (id bigint primary key) with (autovacuum_enabled = false);
insert into orders select i from generate_series(1, 20000) i;
`,
  },
  good: {
    sql: `create table orders (id bigint primary key) with (autovacuum_enabled = false);
insert into orders select i from generate_series(1, 20000) i;
analyze orders;
`,
  },
  *checkDatabaseTable(table, context) {
    const known = context.tableFacts(table.name);
    if (!known) return;
    const least = context.options["rows"] as number;
    const fixes = [{ title: `Analyze ${table.name.name}`, changes: [{ kind: "analyze-table" as const, table: table.name }] }];
    if (known.lastAnalyzed === undefined) {
      const written = known.inserted + known.updated + known.deleted;
      if (Math.max(known.rows ?? 0, written) < least) return;
      yield { message: `${table.name.name} was never analysed${written > 0 ? `, and ${amount(written)} rows of it were written` : ""}: the planner guesses. Run ANALYZE.`, fixes };
    } else if (known.rows !== undefined && known.rows >= least && known.changedSinceAnalyze > known.rows / 2) {
      yield { message: `${amount(known.changedSinceAnalyze)} of about ${rowsText(known.rows)} of ${table.name.name} have changed since the last ANALYZE: the planner counts on rows that are no more. Run ANALYZE.`, fixes };
    }
  },
};

export default rule;
