// Runs, durations, failures and rollbacks, as each format keeps them.
import * as assert from "node:assert/strict";
import { journalOf } from "../../../server/src/migrate/journal";
import { cancelledFailure, historyOf } from "../../../server/src/migrate/journal/history";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { folderOf, newDatabase, read, rows, run, states } from "./folder";

const formats = {
  drizzle: { "meta/_journal.json": '{ "entries": [{ "idx": 0, "when": 1700000000000, "tag": "0000_a" }] }', "0000_a.sql": "SELECT 1;" },
  prisma: { "migration_lock.toml": 'provider = "postgresql"\n', "20240101000000_a/migration.sql": "SELECT 1;" },
  sql: { "0001_a.up.sql": "SELECT 1;" },
};

describe("the history of runs", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  for (const [name, files] of Object.entries(formats)) {
    it(`keeps a failure, a cancelled run, a success and its rollback: ${name}`, async () => {
      const folder = read(folderOf(files));
      const { session } = await newDatabase(server, `history_${name}`);
      const journal = journalOf(folder), history = historyOf(folder);
      const [one] = folder.migrations;
      await session.run([...journal.createSql, ...history.createSql, ...history.createSql].join(";"));
      for (const failure of ["it's gone", cancelledFailure]) await session.run(history.failedSql(one!, "up", run, failure).join(";"));
      assert.deepEqual(await states(session, folder), [`${one!.id} pending`]);
      await session.run([...journal.recordSql(one!, run), ...history.doneSql(one!, "up", run)].join(";"));
      assert.deepEqual(await states(session, folder), [`${one!.id} applied`]);
      // Each row keeps the time at which it was taken back.
      const takenBack = async () => (name === "prisma" ? await rows(session, "SELECT rolled_back_at FROM _prisma_migrations WHERE finished_at IS NULL ORDER BY 1") : []);
      const before = await takenBack();
      await session.run([...journal.removedSql(one!, run), ...history.doneSql(one!, "down", run)].join(";"));
      assert.deepEqual(await takenBack(), before);
      assert.deepEqual(await states(session, folder), [`${one!.id} pending`]);
      assert.deepEqual(await rows(session, history.existsSql), [["t"]]);
      const runs = history.runs(await rows(session, history.selectSql));
      assert.deepEqual(runs.map(({ id, direction, outcome, failure }) => [id, direction, outcome, failure]), [[one!.id, "up", "failed", "it's gone"], [one!.id, "up", "cancelled", undefined], [one!.id, "up", "done", undefined], [one!.id, "down", "done", undefined]]);
      assert.ok(runs.every(({ at }) => at !== undefined) && runs.slice(0, 3).every(({ milliseconds }) => milliseconds !== undefined && milliseconds >= 11), JSON.stringify(runs));
    });
  }

  for (const name of ["prisma", "sql"] as const) it(`tells how long a failure took that was not taken back at once, whenever it is settled: ${name}`, async () => {
    const folder = read(folderOf(formats[name]));
    const { session } = await newDatabase(server, `failed_${name}`);
    const journal = journalOf(folder), history = historyOf(folder);
    const [one] = folder.migrations;
    await session.run([...journal.createSql, ...journal.startedSql(one!, run)].join(";"));
    await session.run("select pg_catalog.pg_sleep(0.02)");
    await session.run(journal.failedSql(one!, "it's gone").join(";"));
    assert.match((await states(session, folder)).join(), /half-applied/);
    const told = async () => history.runs(await rows(session, history.selectSql)).map(({ outcome, at, milliseconds, failure }) => ({ outcome, at, milliseconds, failure }));
    const [failed, ...more] = await told();
    assert.deepEqual([more, failed?.outcome, failed?.failure], [[], "failed", "it's gone"]);
    assert.ok(failed!.milliseconds! >= 20, JSON.stringify(failed));
    await session.run(["select pg_catalog.pg_sleep(0.02)", ...journal.abandonedSql(one!)].join(";"));
    assert.deepEqual(await told(), [failed]);
  });

  it("Prisma: rows that were taken back in the opposite order are told in the order of the runs", () => {
    const at = (second: number): string => `2026-01-01T00:00:0${second}Z`;
    const runs = historyOf(read(folderOf(formats.prisma))).runs([["a", "", at(1), at(2), at(8), null, "1"], ["b", "", at(3), at(4), at(6), null, "1"]]);
    assert.deepEqual(runs.map(({ id, direction }) => `${id} ${direction}`), ["a up", "b up", "b down", "a down"]);
  });
});
