// Random pairs of schemas on each server: what is generated leads from one to the other and back, as PostgreSQL's catalogue
// has it. many.ts runs thousands of them by hand.
import assert from "node:assert/strict";
import { loadSqlParser } from "../../../server/src/sql/load";
import { onEachServer } from "../../database/servers";
import { Pairs } from "./pair";

const count = 110;

onEachServer((server) => {
  it(`${count} random pairs: up leads to the wanted schema, down to the one before`, async () => {
    const pairs = await Pairs.open(await server().createDatabase("pairs"), await loadSqlParser());
    try {
      const kinds = new Set<string>();
      // Each server has its own, so that twice as many are seen.
      const first = server().version * 1000;
      for (let seed = first; seed < first + count; seed++) {
        const { failure, kinds: made } = await pairs.run(seed);
        assert.equal(failure, undefined, failure);
        for (const kind of made) kinds.add(kind);
      }
      // The pairs would prove little if the changes did not occur in them.
      for (const kind of ["add-table", "drop-table", "add-column", "drop-column", "alter-column-type", "alter-column-default", "add-primary-key", "drop-primary-key", "add-unique", "add-check", "add-foreign-key", "drop-foreign-key", "add-index", "drop-index", "rename-index", "add-enum", "alter-enum", "validate-constraint"])
        assert.ok(kinds.has(kind), `no ${kind} in ${count} pairs`);
    } finally {
      await pairs.close();
    }
  });
});
