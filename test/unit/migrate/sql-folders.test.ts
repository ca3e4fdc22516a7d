// Plain SQL folders as they are written: a new migration follows the names and the kind of those that are there, and reads
// back as what was written.
import assert from "node:assert/strict";
import { sql } from "../../../server/src/migrate/folders/sql";
import type { SchemaModel } from "../../../server/src/model/schema";
import { workspace } from "../drizzle/memory-files";

const empty: SchemaModel = { id: "test", source: "sql", dialect: "postgresql", tables: [], enums: [] };
const added = { name: "Add note", up: ["alter table a add note text"], down: ["alter table a drop note"], verify: ["select true"] };

describe("a migration written into a folder of plain SQL", () => {
  const cases: readonly (readonly [kind: string, there: Readonly<Record<string, string>>, written: readonly string[]])[] = [
    ["pairs", { "0001_a.up.sql": "create table a ();", "0001_a.down.sql": "drop table a;" }, ["0002_add_note.up.sql", "0002_add_note.down.sql", "0002_add_note.verify.sql"]],
    ["plain names with a way back beside", { "001-a.sql": "create table a ();", "001-a.down.sql": "drop table a;" }, ["002-add_note.sql", "002-add_note.down.sql", "002-add_note.verify.sql"]],
    ["one file with markers", { "0009_a.sql": "-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;" }, ["0010_add_note.sql"]],
    ["times for numbers", { "20240101000000_a.up.sql": "create table a ();" }, ["20260102030405_add_note.up.sql", "20260102030405_add_note.down.sql", "20260102030405_add_note.verify.sql"]],
  ];
  for (const [kind, there, names] of cases) {
    it(`as there: ${kind}`, () => {
      const texts = Object.fromEntries(Object.entries(there).map(([name, text]) => [`migrations/${name}`, text]));
      const folder = sql.read("/w/migrations", workspace(texts).files)!;
      const written = sql.write(folder, [added], workspace(texts).files, { now: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)), before: empty, after: [empty] });
      assert.deepEqual(written.map(({ file }) => file), names.map((name) => `/w/migrations/${name}`));
      const again = sql.read("/w/migrations", workspace({ ...texts, ...Object.fromEntries(written.map(({ file, text }) => [file.slice("/w/".length), text])) }).files)!;
      assert.deepEqual(again.problems, []);
      const { up, down, verify } = again.migrations.at(-1)!;
      for (const [part, said] of [[up, added.up], [down, added.down], [verify, added.verify]] as const) assert.ok(part!.sql.includes(said[0]!), part?.sql);
      assert.ok(!up.sql.includes("drop note") && !down!.sql.includes("add note"));
    });
  }
});
