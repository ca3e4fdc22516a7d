// Guarantee 2 for a partition that is detached concurrently, which takes two transactions: interrupted between them, the
// next run finishes it.
import assert from "node:assert/strict";
import { Client } from "pg";
import { up } from "../../../server/src/migrate/run/runner";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { agreed, contextOf, outcomeOf, rowsOf, stopped, until } from "./laboratory";
import { writeFolder } from "./story";

describe("a partition that is detached concurrently", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("is pending when the run ends in the middle, and detached after the next one, with its rows", async () => {
    const settings = settingsOf(await server.createDatabase("detaching"));
    await rowsOf(settings, `create table "Parts" (id int) partition by range (id); create table "Part 1" partition of "Parts" for values from (0) to (10); insert into "Parts" values (1), (2)`);
    const folder = writeFolder("sql", [{ name: "detach", up: `alter table "Parts" detach partition "Part 1" concurrently;`, down: `alter table "Parts" attach partition "Part 1" for values from (0) to (10);` }]);
    const reader = new Client({ ...server.connection, database: "detaching" });
    await reader.connect();
    try {
      await reader.query(`begin; select from "Parts"`);
      const run = stopped(up(await contextOf(folder, settings), agreed));
      const pending = async (): Promise<string | null> => (await rowsOf(settings, "select count(*) from pg_inherits where inhdetachpending"))[0]![0]!;
      await until("the first of its transactions is over", async () => (await pending()) === "1");
      await server.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'detaching' and query ~ 'detach partition' and pid <> pg_backend_pid()");
      assert.equal((await run)?.kind, "lost");
      assert.equal(await pending(), "1");
      assert.deepEqual((await outcomeOf(folder, settings)).states, ["0000_detach half-applied"]);
    } finally {
      await reader.query("commit");
      await reader.end();
    }
    const told: string[] = [];
    await up(await contextOf(folder, settings), { ...agreed, onEvent: (event) => void (event.kind === "recovered" && told.push(event.message)) });
    assert.deepEqual(told, ['An interrupted run had begun to detach "Part 1"; it is finished now.']);
    assert.deepEqual((await outcomeOf(folder, settings)).states, ["0000_detach applied"]);
    assert.deepEqual(await rowsOf(settings, `select (select count(*) from pg_inherits), (select count(*) from "Parts"), (select count(*) from "Part 1")`), [["0", "0", "2"]]);
  });
});
