// A migration that was only begun for hands is not asked for its way back yet.
import assert from "node:assert/strict";
import type { Migration, MigrationFolder } from "../../../server/src/model/migration";
import irreversible from "../../../server/src/rules/journal/irreversible";

const migration = (id: string, sql: string, down?: string): Migration => {
  const part = (file: string, text: string) => ({ file, start: 0, end: text.length, sql: text });
  return { id, version: id.slice(0, 4), up: part(`/w/${id}.sql`, sql), checksums: [], ...(down !== undefined && { down: part(`/w/${id}.down.sql`, down) }) };
};

describe("a migration without a way back", () => {
  for (const [sql, found] of [["-- Write what is to be done.\n", 0], ["\n  -- a\n--b -- c", 0], ["", 0], ["-- a\nselect 1;", 1], ["select 1; -- a", 1]] as const) it(`${JSON.stringify(sql)} is told ${found} times`, () => {
    const folder: MigrationFolder = { folder: "/w", format: "drizzle v0", dialect: "postgresql", migrations: [migration("0000_a", "select 1;", "select 1;"), migration("0001_b", sql)], journal: { schema: "drizzle", name: "__drizzle_migrations" }, problems: [] };
    const files = { read: () => undefined, exists: () => false, list: () => [] };
    assert.equal([...irreversible.checkFolder!(folder, { files, databases: [], options: {} })].length, found);
  });
});
