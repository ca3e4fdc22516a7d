// schema_migrations on a real server: made, filled, taken over from older tables, and read back.
import * as assert from "node:assert/strict";
import { journalOf } from "../../../server/src/migrate/journal";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { apply, folderOf, newDatabase, read, rows, run, states, takeBack } from "./folder";

const files = {
  "0001_a.up.sql": "-- Where it begins\nCREATE TABLE a (id integer);", "0001_a.down.sql": "DROP TABLE a;",
  "0002_it's_b.up.sql": "CREATE TABLE b (id integer);", "0002_it's_b.down.sql": "DROP TABLE b;",
};

describe("the journal of plain SQL", () => {
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  it("records, takes back and applies again; no version twice", async () => {
    const folder = read(folderOf(files));
    const { session } = await newDatabase(server, "recorded");
    await apply(session, folder);
    const [first, second] = folder.migrations;
    assert.deepEqual(await rows(session, "SELECT version, name, description, applied_by, duration_ms >= 12, checksum, status FROM schema_migrations ORDER BY version"), [
      ["0001", "a", "Where it begins", "anna@laptop", "t", first!.checksums[0], "applied"], ["0002", "it's_b", "it's b", "anna@laptop", "t", second!.checksums[0], "applied"],
    ]);
    await takeBack(session, folder, second!);
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b pending"]);
    await apply(session, folder, [second!]);
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b applied"]);
    await assert.rejects(session.run(journalOf(folder).recordSql(second!, run).join(";")), { code: "23505" });
  });

  it("keeps what was begun until it is finished", async () => {
    const folder = read(folderOf(files));
    const { session } = await newDatabase(server, "begun");
    const journal = journalOf(folder);
    const [first] = folder.migrations;
    await session.run([...journal.createSql, ...journal.startedSql(first!, run), ...journal.failedSql(first!, "duplicate key")].join(";"));
    assert.deepEqual(await states(session, folder), ["0001_a half-applied", "0002_it's_b pending"]);
    await session.run([...journal.startedSql(first!, run)].join(";"));
    assert.deepEqual(await states(session, folder), ["0001_a half-applied", "0002_it's_b pending"]);
    await session.run([...journal.finishedSql(first!, run)].join(";"));
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b pending"]);
    assert.deepEqual(await rows(session, "SELECT status, description FROM schema_migrations ORDER BY applied_at"), [["rolled_back", "duplicate key"], ["applied", "Where it begins"]]);
  });

  it("looks at what other tools' words may mean, and takes none that it does not know for applied", () => {
    const { applied } = journalOf(read(folderOf(files)));
    const words = ["success", "TRUE", "reverted", "undone", "pending", "running", "exploded"];
    assert.deepEqual(words.map((word) => applied([["0001", null, null, null, null, null, null, word, null, null, null]])[0]!.state), ["applied", "applied", "rolled-back", "rolled-back", "rolled-back", "half-applied", "half-applied"]);
  });

  it("takes over a hand-made schema_version, which counts before anything is written", async () => {
    const folder = read(folderOf(files));
    const { session } = await newDatabase(server, "older");
    await session.run("CREATE TABLE schema_version (version integer PRIMARY KEY, description text, applied_at timestamp); INSERT INTO schema_version VALUES (1, 'made by hand', '2020-01-02 03:04:05')");
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b pending"]);
    const { createSql } = journalOf(folder);
    await session.run(createSql.join(";"));
    await session.run(createSql.join(";"));
    assert.deepEqual(await rows(session, "SELECT version, description, status, extract(year from applied_at) FROM schema_migrations"), [["1", "made by hand", "applied", "2020"]]);
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b pending"]);
    await apply(session, folder, folder.migrations.slice(1));
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b applied"]);
    assert.deepEqual(await rows(session, "SELECT count(*) FROM schema_version"), [["1"]]);
  });

  it("takes over Flyway's schema_version: failures, files without a version or a time, and files that are gone", async () => {
    const folder = read(folderOf({ ...files, "0003_c.up.sql": "CREATE TABLE c (id integer);" }));
    const { session } = await newDatabase(server, "flyway");
    await session.run(`CREATE TABLE schema_version (installed_rank int PRIMARY KEY, version text, description text, script text, checksum int, installed_by text, installed_on timestamp, execution_time int, success boolean);
      INSERT INTO schema_version VALUES (1, '1', 'a', 'V1__a.sql', -5, 'otto', '2020-01-02 03:04:05', 7, true), (2, '1', 'a', 'V1__a.sql', -5, 'otto', '2020-01-03 03:04:05', 7, true), (3, '2', 'b', 'V2__b.sql', 6, 'otto', null, 8, false), (4, null, 'again', 'R__again.sql', 7, 'otto', '2020-01-04 03:04:05', 9, true), (5, '7', 'gone', 'V7__gone.sql', 8, 'otto', '2020-01-05 03:04:05', 9, true)`);
    await session.run(journalOf(folder).createSql.join(";"));
    assert.deepEqual(await rows(session, "SELECT version, name, applied_by, duration_ms, applied_at, status FROM schema_migrations ORDER BY version"), [
      ["1", "V1__a.sql", "otto", "7", "2020-01-02 03:04:05+00", "applied"], ["2", "V2__b.sql", "otto", "8", "-infinity", "failed"], ["7", "V7__gone.sql", "otto", "9", "2020-01-05 03:04:05+00", "applied"],
    ]);
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b half-applied", "0003_c pending", "V7__gone.sql missing"]);
  });

  it("takes over nothing once it has rows of its own", async () => {
    const folder = read(folderOf(files));
    const { session } = await newDatabase(server, "own");
    await apply(session, folder);
    await session.run("CREATE TABLE schema_version (version integer); INSERT INTO schema_version VALUES (1)");
    await session.run(journalOf(folder).createSql.join(";"));
    assert.deepEqual(await rows(session, "SELECT version FROM schema_migrations ORDER BY 1"), [["0001"], ["0002"]]);
  });

  it("calls a row whose file is gone as that was called", () => {
    const { applied } = journalOf(read(folderOf({ "0001_a.sql": "select 1;" })));
    const ids = (version: string, name: string | null): string | undefined => applied([[version, name, null, null, null, null, null, null, null, null, null]])[0]!.id;
    assert.deepEqual([ids("0009", "gone"), ids("0009", "0009_gone.sql"), ids("0009", null)], ["0009_gone", "0009_gone.sql", "0009"]);
  });

  it("takes over the table of dbmate and Rails, which count every row", async () => {
    const folder = read(folderOf(files));
    const { session } = await newDatabase(server, "dbmate");
    await session.run("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('0001'); CREATE TABLE a ()");
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b pending"]);
    const [, second] = folder.migrations;
    await apply(session, folder, [second!]);
    assert.deepEqual(await rows(session, "SELECT version, status FROM schema_migrations ORDER BY version"), [["0001", "applied"], ["0002", "applied"]]);
    await takeBack(session, folder, second!);
    assert.deepEqual(await rows(session, "SELECT version FROM schema_migrations"), [["0001"]]);
    await apply(session, folder, [second!]);
    assert.deepEqual(await states(session, folder), ["0001_a applied", "0002_it's_b applied"]);
  });
});
