// PostgreSQL's own planner as judge of what is said of a connected database: each foreign key of a real server, read by
// the introspection, gets the verdict that the planner's plan gives it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { coverage, type Verdict } from "../../server/src/indexes/coverage";
import type { Postgres } from "../oracles/postgres";
import { createGenerated, generator } from "./latency";
import { onEachServer, settingsOf } from "./servers";

const oracle = (name: string) => readFileSync(join(__dirname, "../oracles/fixture", name), "utf8");

/** The planner knows no difference between an index that it cannot use and none. */
const asPlanner: Readonly<Record<Verdict, string>> = { covered: "COVERED", partial: "PARTIAL", unusable: "MISSING", missing: "MISSING", automatic: "-", unknown: "-" };

/** Verdicts by constraint: the planner's, and ours of the model that was read. */
async function verdicts(connection: Postgres["connection"]): Promise<{ readonly planner: ReadonlyMap<string, string>; readonly ours: ReadonlyMap<string, string> }> {
  const client = new Client(connection);
  await client.connect();
  await client.query(oracle("planner_oracle.sql"));
  const { rows } = await client.query<{ tbl: string; fk: string; verdict: string }>("select tbl, fk, verdict from fk_planner2()");
  await client.end();
  const database = await openPostgres(settingsOf(connection));
  const { model } = await database.read().finally(() => database.close());
  return {
    planner: new Map(rows.map(({ tbl, fk, verdict }) => [`${tbl.replaceAll('"', "")} ${fk}`, verdict.replace("MISSING(non-leading)", "MISSING")])),
    // A partition has its parent's keys: they are judged there.
    ours: new Map(model.tables.filter(({ partitionOf }) => partitionOf === undefined).flatMap((table) => table.foreignKeys.map((key) => [`${table.name.name} ${key.name}`, asPlanner[coverage(key, table, model.dialect, model.source).verdict]]))),
  };
}

describe("foreign keys of a connected database, with its planner as judge", function () {
  this.timeout(300_000);
  onEachServer((server) => {
    it("agrees on the 33 keys of fixture.sql, but for the two single-column indexes", async () => {
      const connection = await server().createDatabase("fixture");
      const client = new Client(connection);
      await client.connect();
      await client.query(oracle("fixture.sql"));
      await client.end();
      const { planner, ours } = await verdicts(connection);
      const judged = [...planner].filter(([key]) => key.startsWith("c"));
      assert.equal(judged.length, 33);
      assert.deepEqual([...ours.keys()].sort(), [...planner.keys()].sort());
      // A bitmap of two indexes serves it; Plumbline counts one index only.
      assert.deepEqual([...planner].filter(([key, verdict]) => ours.get(key) !== verdict), [["c31_two_single c31_two_single_a_b_fkey", "COVERED"]]);
    });

    for (const tables of [50, 174]) {
      it(`agrees on every key of ${tables} generated tables`, async () => {
        const { buildModel, toSql } = await generator();
        const generated = buildModel(tables);
        const connection = await server().createDatabase(`generated_${tables}`);
        await createGenerated(connection, toSql(generated));
        const { planner, ours } = await verdicts(connection);
        assert.equal(planner.size, generated.tables.reduce((sum, { fks }) => sum + fks.length, 0));
        assert.deepEqual([...ours].sort(), [...planner].sort());
        for (const verdict of ["COVERED", "MISSING"]) assert.ok([...planner.values()].filter((one) => one === verdict).length > tables / 10, verdict);
      });
    }
  });
});
