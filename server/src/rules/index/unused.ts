import { coverage } from "../../indexes/coverage";
import type { Index, Table } from "../../model/schema";
import { daysBetween, sizeText } from "../amounts";
import { describeIndex } from "../pair";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "The database hardly ever reads an index.",
  why: `Every write to a table maintains all its indexes, and an index that no query reads keeps the table's updates from being heap-only
([Heap-Only Tuples](https://www.postgresql.org/docs/current/storage-hot.html)). PostgreSQL counts an index's scans since its statistics were last reset. An index
that guards a constraint or serves a foreign key is never reported, small ones are not, and none while the statistics are young. Scans on a
standby are counted there: look at the replicas before you drop an index. Monthly jobs may need one that the last days did not.`,
  severity: "information",
  options: {
    scans: { description: "Reported below this number of scans.", type: "number", default: 50 },
    megabytes: { description: "Reported from this size on.", type: "number", default: 1 },
    days: { description: "Reported once the statistics are that old.", type: "number", default: 7 },
  },
  bad: {
    options: { days: 0 },
    sql: `create table orders (id bigint primary key, note text not null);
insert into orders select i, md5(i::text) from generate_series(1, 50000) i;
create index orders_note_idx on orders (note);
analyze orders;
`,
  },
  good: {
    options: { days: 0 },
    sql: `create table clients (id bigint primary key);
create table orders (id bigint primary key, client_id bigint not null references clients (id), number text not null unique);
insert into clients select i from generate_series(1, 50000) i;
insert into orders select i, i, md5(i::text) from generate_series(1, 50000) i;
-- serves the foreign key
create index orders_client_id_idx on orders (client_id);
analyze orders;
`,
  },
  *checkDatabaseTable(table, context) {
    const { facts, options } = context;
    if (facts.countedSince === undefined || daysBetween(facts.countedSince, facts.readAt) < (options["days"] as number)) return;
    for (const index of table.indexes) {
      if (index.name === undefined || index.unique || index.constraint !== undefined || index.valid === false || index.name === table.replicaIdentity) continue;
      const known = context.indexFacts(table.name, index.name);
      if (!known || known.building || known.scans >= (options["scans"] as number) || known.size < (options["megabytes"] as number) * 1024 * 1024) continue;
      if (servesForeignKey(index, table)) continue;
      yield {
        message: `The ${describeIndex(index)} of ${table.name.name} takes ${sizeText(known.size)} and was read ${known.scans === 0 ? "never" : `${known.scans} times`} in ${daysBetween(facts.countedSince, facts.readAt)} days: drop it if no standby and no rare job needs it.`,
        columns: index.keys.flatMap(({ column }) => (column === undefined ? [] : [column])),
        name: index.name,
        fixes: [{ title: `Remove the index ${index.name}`, changes: [{ kind: "drop-index", table: table.name, index }] }],
      };
    }
  },
};

export default rule;

/** True where a foreign key would lose its cover with the index. */
function servesForeignKey(index: Index, table: Table): boolean {
  const without = { ...table, indexes: table.indexes.filter((each) => each !== index) };
  return table.foreignKeys.some((foreignKey) => coverage(foreignKey, table, "postgresql", "database").verdict === "covered" && coverage(foreignKey, without, "postgresql", "database").verdict !== "covered");
}
