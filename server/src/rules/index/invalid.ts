import { leftoverAdvice, reindexLeftover } from "../../migrate/reindex-leftover";
import { describeIndex } from "../pair";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "The database holds an index that is INVALID: no query uses it.",
  why: `\`CREATE INDEX CONCURRENTLY\` that fails (a duplicate in a unique index, a deadlock, a cancelled statement) leaves an index behind that is
marked INVALID. Queries do not use it, each write still maintains it, and \`CREATE INDEX IF NOT EXISTS\` takes it for the index that is wanted
([Building Indexes Concurrently](https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY)). A failed
\`REINDEX CONCURRENTLY\` leaves one whose name ends in \`_ccnew\` (the new one, unfinished) or \`_ccold\` (the old one, replaced): drop that one. An index that is being built now is not reported.`,
  severity: "error",
  bad: {
    sql: `create table orders (id bigint primary key, number text not null);
insert into orders select i, 'A' || (i % 10) from generate_series(1, 100) i;
-- fails, because numbers repeat, and leaves the index behind
create unique index concurrently orders_number_key on orders (number);
`,
  },
  good: {
    sql: `create table orders (id bigint primary key, number text not null);
insert into orders select i, 'A' || i from generate_series(1, 100) i;
create unique index concurrently orders_number_key on orders (number);
`,
  },
  *checkDatabaseTable(table, context) {
    for (const index of table.indexes) {
      if (index.valid !== false || index.name === undefined) continue;
      if (context.indexFacts(table.name, index.name)?.building) continue;
      const leftover = reindexLeftover(index.name, table.indexes.flatMap((other) => (other === index || other.name === undefined ? [] : [other.name])));
      const rebuild = { title: `Rebuild the index ${index.name} concurrently`, changes: [{ kind: "rebuild-index" as const, table: table.name, index }] };
      const drop = { title: `Drop the index ${index.name}`, changes: [{ kind: "drop-index" as const, table: table.name, index }] };
      const detection: Detection = {
        message: leftover
          ? leftoverAdvice(`The ${describeIndex(index)} of ${table.name.name}`, leftover.original, leftover)
          : `The ${describeIndex(index)} of ${table.name.name} is INVALID in the database: no query uses it, each write maintains it. Rebuild it concurrently, or drop it.`,
        columns: index.keys.flatMap(({ column }) => (column === undefined ? [] : [column])),
        name: index.name,
        fixes: leftover ? [drop] : [rebuild, drop],
      };
      yield detection;
    }
  },
};

export default rule;
