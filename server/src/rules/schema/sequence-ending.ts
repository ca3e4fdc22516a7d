import type { SequenceFacts } from "../../model/facts";
import type { Table } from "../../model/schema";
import { amount } from "../amounts";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A sequence, or the integer column that it fills, is near its end.",
  why: `When a sequence has handed out its last value, or one that its column cannot hold, every insert fails. An \`integer\` ends at 2,147,483,647, a
\`smallint\` at 32,767. Making the column \`bigint\` rewrites the table under a lock that stops reads and writes, so it must be planned while there is time.
Rolled back transactions and \`ON CONFLICT\` use up values too, so the last value can be far beyond the number of rows.`,
  severity: "error",
  options: {
    percent: { description: "Reported from this part of the range on.", type: "number", default: 75 },
  },
  bad: {
    sql: `create table orders (id serial primary key);
select setval('orders_id_seq', 1800000000);
`,
  },
  good: {
    sql: `create table orders (id bigint generated always as identity primary key);
select setval('orders_id_seq', 1800000000);
`,
  },
  *checkDatabaseTable(table, context) {
    const percent = context.options["percent"] as number;
    for (const one of sequencesOf(table, context.facts.sequences)) {
      const { sequence, lastValue, maximum, column } = one;
      if (lastValue === undefined || lastValue < (maximum * percent) / 100) continue;
      const filled = column ? `${table.name.name}.${column.name} (${column.type})` : `a column of ${table.name.name}`;
      yield {
        message: `The sequence ${sequence.name} of ${filled} has handed out ${amount(lastValue)} of ${amount(maximum)} values, ${Math.floor((lastValue / maximum) * 100)} %: then every insert fails. Make the column bigint.`,
        columns: column ? [column.name] : [],
        name: sequence.name,
      };
    }
  },
};

export default rule;

/** Those that a column of the table owns, and those that a default of it names. */
function sequencesOf(table: Table, sequences: readonly SequenceFacts[]): readonly SequenceFacts[] {
  const named = table.columns.flatMap((column) => {
    const found = /^nextval\('(?:"?([^"'.]+)"?\.)?"?([^"']+?)"?'::regclass\)$/.exec(column.default?.sql ?? "");
    return found ? [{ schema: found[1] ?? table.name.schema, name: found[2]!, column }] : [];
  });
  return sequences.flatMap((one) => {
    if (one.column) return one.column.table.name === table.name.name && one.column.table.schema === table.name.schema ? [one] : [];
    const use = named.find(({ schema, name }) => name === one.sequence.name && schema === one.sequence.schema);
    return use ? [{ ...one, column: { table: table.name, name: use.column.name, type: use.column.type.name } }] : [];
  });
}
