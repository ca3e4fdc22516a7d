import { sizeText } from "../amounts";
import { describeIndex } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "An index takes far more room than its entries need.",
  why: `Pages of a btree that deletes and updates have emptied are used again only for keys of their range, so an index over a growing column (a time, a
sequence) whose old rows go keeps their pages. A fresh build gives the room back, and reads touch fewer pages
([Routine Reindexing](https://www.postgresql.org/docs/current/routine-reindex.html)). The size that a fresh build would have is estimated from the
planner's statistics: it is an estimate, so small differences are not reported.`,
  severity: "information",
  options: {
    factor: { description: "Reported from this multiple of the estimated size on.", type: "number", default: 10 },
    megabytes: { description: "Reported, whatever the multiple, from this many megabytes on that a fresh build would save.", type: "number", default: 100 },
    minimumMegabytes: { description: "Smaller indexes are never reported.", type: "number", default: 1 },
  },
  bad: {
    sql: `create table events (id bigint primary key, at integer not null);
insert into events select i, i from generate_series(1, 200000) i;
create index events_at_idx on events (at);
delete from events where at <= 195000;
vacuum analyze events;
`,
  },
  good: {
    sql: `create table events (id bigint primary key, at integer not null);
insert into events select i, i from generate_series(1, 200000) i;
create index events_at_idx on events (at);
vacuum analyze events;
`,
  },
  *checkDatabaseTable(table, context) {
    const megabyte = 1024 * 1024;
    const { factor, megabytes, minimumMegabytes } = context.options as Readonly<Record<string, number>>;
    for (const index of table.indexes) {
      const known = index.name === undefined ? undefined : context.indexFacts(table.name, index.name);
      if (!known?.bloat || known.building || known.size < minimumMegabytes! * megabyte) continue;
      const needed = Math.max(known.size - known.bloat, 1);
      if (known.size / needed < factor! && known.bloat < megabytes! * megabyte) continue;
      yield {
        message: `The ${describeIndex(index)} of ${table.name.name} takes ${sizeText(known.size)}, of which about ${sizeText(known.bloat)} are empty: rebuild it concurrently.`,
        columns: index.keys.flatMap(({ column }) => (column === undefined ? [] : [column])),
        name: known.name,
        fixes: [{ title: `Rebuild the index ${known.name} concurrently`, changes: [{ kind: "rebuild-index", table: table.name, index }] }],
      };
    }
  },
};

export default rule;
