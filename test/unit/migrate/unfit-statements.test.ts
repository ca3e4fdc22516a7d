// What the runner refuses before it begins: statements that would give up its lock, or that wait for rows from psql.
import assert from "node:assert/strict";
import { fileUnits } from "../../../server/src/migrate/run/file-units";
import { stepsOf } from "../../../server/src/migrate/run/steps";
import { loadSqlParser } from "../../../server/src/sql/load";

const lock = /would give up the runner's lock too, so that another run could begin beside this one\. /;
const refused: readonly (readonly [sql: string, said: RegExp])[] = [
  ["discard all", new RegExp(`^DISCARD ALL ${lock.source}Use RESET ALL, DISCARD TEMP or DEALLOCATE ALL\\.$`)],
  ["select pg_advisory_unlock_all()", new RegExp(`^pg_advisory_unlock_all\\(\\) ${lock.source}Name the lock: pg_advisory_unlock\\(key\\)\\.$`)],
  ["DO $$ begin perform PG_ADVISORY_UNLOCK_ALL(); end $$", lock],
  ["copy a from stdin", /^COPY … FROM stdin takes rows that stand behind it, as psql has it: use INSERT\.$/],
];
const taken = ["discard temp", "discard plans", "select pg_advisory_unlock(1)", "create function f() returns void language sql as 'select pg_advisory_unlock_all()'", "copy a from '/tmp/a.csv'", "copy a to stdout"];

describe("statements that no run can carry out", () => {
  for (const [sql, said] of refused) {
    it(`${sql} is refused at its place`, async () => {
      const parser = await loadSqlParser();
      const text = `create table a (id int);\n${sql};`;
      assert.throws(() => stepsOf({ file: "/m/0001_a.sql", start: 0, end: text.length, sql: text }, parser), (error: Error & { offset: number }) => said.test(error.message) && error.offset === text.indexOf(sql));
      assert.throws(() => fileUnits(text, false, parser), { name: "PartError" });
    });
  }

  it("what is like them is taken", async () => {
    const parser = await loadSqlParser();
    const text = taken.map((sql) => `${sql};`).join("\n");
    assert.equal(stepsOf({ file: "/m/0001_a.sql", start: 0, end: text.length, sql: text }, parser).statements.length, taken.length);
  });
});
