// Whether a run may go on beside what an earlier one has begun; what real servers leave is in test/migrate/unfinished.test.ts.
import assert from "node:assert/strict";
import { hashOf, type Marker } from "../../../server/src/migrate/journal/marker";
import type { Task } from "../../../server/src/migrate/run/context";
import { stepsOf } from "../../../server/src/migrate/run/steps";
import { notToGoOn } from "../../../server/src/migrate/run/unfinished";
import { loadSqlParser } from "../../../server/src/sql/load";

describe("a run beside what was begun", () => {
  it("goes on with that migration alone, in its direction and with its text", async () => {
    const parser = await loadSqlParser();
    const task = (id: string, sql = "select 1;"): Task => {
      const part = { file: `/m/${id}.sql`, start: 0, end: sql.length, sql };
      return { migration: { id, version: id, up: part, checksums: [] }, direction: "up", steps: stepsOf(part, parser), begun: false };
    };
    const marker: Marker = { migration: "b", direction: "up", hash: hashOf(task("b").steps.part), done: 1, trying: false, before: null };
    const repair = 'b was begun (up) and not finished. Run "plumbline migrate repair" first.';
    assert.equal(notToGoOn([task("b"), task("c")], { marker }), undefined);
    assert.equal(notToGoOn([task("a"), task("b")], { marker }), repair);
    assert.equal(notToGoOn([{ ...task("b"), direction: "down" }], { marker }), repair);
    assert.match(notToGoOn([task("b", "select 2;")], { marker })!, /^b was changed after it had been begun: /);
    assert.match(notToGoOn([{ ...task("a"), begun: true }], {})!, /^a was begun by another tool\. /);
    assert.equal(notToGoOn([{ ...task("a"), begun: true, untouched: true }], {}), undefined);
  });
});
