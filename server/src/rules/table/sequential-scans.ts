import { amount, rowsText, sizeText } from "../amounts";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "The database reads a large table mostly from end to end.",
  why: `A sequential scan reads every row of a table. For reports that is right; for a look-up it means that an index is missing, or that a query
cannot use the one that is there (a function around the column, another type, a leading wildcard). PostgreSQL counts scans for each table
([pg_stat_all_tables](https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW)).`,
  severity: "information",
  options: {
    rows: { description: "Reported for tables with at least that many rows.", type: "number", default: 100_000 },
    scans: { description: "Reported from that many sequential scans on.", type: "number", default: 50 },
  },
  bad: {
    sql: `create table orders (id bigint primary key, number text not null);
insert into orders select i, 'A' || i from generate_series(1, 100000) i;
analyze orders;
-- a busy application that looks orders up by their number
do $$ begin for i in 1..60 loop perform from orders where number = 'A' || i; end loop; end $$;
`,
  },
  good: {
    sql: `create table orders (id bigint primary key, number text not null unique);
insert into orders select i, 'A' || i from generate_series(1, 100000) i;
analyze orders;
do $$ begin for i in 1..60 loop perform from orders where number = 'A' || i; end loop; end $$;
`,
  },
  *checkDatabaseTable(table, context) {
    const known = context.tableFacts(table.name);
    const { rows, scans } = context.options as Readonly<Record<string, number>>;
    if (known?.rows === undefined || known.rows < rows! || known.sequentialScans < scans! || known.sequentialScans <= known.indexScans) return;
    yield {
      message: `${table.name.name} (about ${rowsText(known.rows)}, ${sizeText(known.size)}) was read from end to end ${amount(known.sequentialScans)} times and through an index ${amount(known.indexScans)} times: look for the filter that no index serves.`,
    };
  },
};

export default rule;
