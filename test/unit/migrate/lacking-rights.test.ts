// What a role needs to record a run, beyond what real servers say of it (test/migrate/faults/stops-before.test.ts): by format,
// direction and what was begun.
import assert from "node:assert/strict";
import type { JournalRights } from "../../../server/src/migrate/journal/rights";
import type { Marker } from "../../../server/src/migrate/journal/marker";
import type { Task } from "../../../server/src/migrate/run/context";
import { lackingRights } from "../../../server/src/migrate/run/lacking-rights";
import { stepsOf } from "../../../server/src/migrate/run/steps";
import type { MigrationFormat } from "../../../server/src/model/migration";
import { loadSqlParser } from "../../../server/src/sql/load";

const none: JournalRights = { user: "deploy", owner: "boss", owns: false, insert: false, update: false, delete: false, sequence: null };
const index = "create index concurrently i on t (id);", stepwise = `create table t (id int);\n${index}`;
const marker: Marker = { migration: "0001_a", direction: "up", hash: "", done: 1, trying: false, before: null };

const cases: readonly (readonly [format: MigrationFormat, task: Partial<Task>, sql: string, needs: string, begun?: Marker])[] = [
  ["drizzle v0", { direction: "up" }, "select 1;", "INSERT"], ["drizzle v0", { direction: "down" }, "select 1;", "DELETE"], ["drizzle v1", { direction: "up" }, index, "INSERT"],
  ["prisma", { direction: "up" }, "select 1;", "INSERT"], ["prisma", { direction: "down" }, "select 1;", "UPDATE"], ["prisma", { direction: "up" }, index, "INSERT, UPDATE"], ["prisma", { direction: "up", begun: true, untouched: true }, "select 1;", "INSERT, UPDATE"],
  ["sql", { direction: "up" }, "select 1;", "INSERT"], ["sql", { direction: "down" }, "select 1;", "INSERT, UPDATE"],
  ["sql", { direction: "up" }, stepwise, "boss"], ["sql", { direction: "up", begun: true, resolved: "applied" }, stepwise, "INSERT, UPDATE"], ["sql", { direction: "up", begun: true, resolved: "applied" }, stepwise, "boss", marker],
];

describe("the rights to record a run", () => {
  for (const [format, task, sql, needs, begun] of cases)
    it(`${format}: ${JSON.stringify(task)} ${sql.split("\n").at(-1)}${begun ? ", marked" : ""} needs ${needs}`, async () => {
      const folder = { folder: "/m", format, dialect: "postgresql" as const, migrations: [], journal: { schema: "public", name: "journal" }, problems: [] };
      const part = { file: "/m/0001_a.sql", start: 0, end: sql.length, sql };
      const whole: Task = { direction: "up", begun: false, ...task, migration: { id: "0001_a", version: "0001", up: part, checksums: [] }, steps: stepsOf(part, await loadSqlParser()) };
      const said = lackingRights(folder, [whole], { rights: none, ...(begun && { marker: begun }) })!;
      if (needs === "boss") assert.match(said, /^0001_a cannot be in one transaction, .* Connect as boss, or let deploy act for it: GRANT "boss" TO "deploy"\.$/);
      else assert.equal(said, `The role deploy may not record in "public"."journal" what it would run. Connect as its owner, boss, or have that grant it: GRANT SELECT, ${needs} ON "public"."journal" TO "deploy".`);
      assert.equal(lackingRights(folder, [whole], { rights: { ...none, owns: true, insert: true, update: true, delete: true }, ...(begun && { marker: begun }) }), undefined);
    });
});
