// What several rules ask of one table, found once: a checker runs all rules on a table before it goes on to the next.
import type { Table } from "../model/schema";

/** `find`, with its last answer remembered while the same table is asked for. Unlike a weak map it costs the collector nothing. */
export function perTable<Value>(find: (table: Table) => Value): (table: Table) => Value {
  let last: Table | undefined;
  let value: Value;
  return (table) => {
    if (table !== last) {
      value = find(table);
      last = table;
    }
    return value;
  };
}
