// What splinter (https://github.com/supabase/splinter, at 55db5b1f) says of fixture.sql, beside what Plumbline says of the
// same database: every difference is listed with its reason. Its verdicts are written down here; its SQL is not copied.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { defaults } from "../../server/src/config";
import { openProject } from "../../server/src/engine";
import { coverage } from "../../server/src/indexes/coverage";
import type { Finding } from "../../server/src/model/finding";
import type { SchemaModel } from "../../server/src/model/schema";
import { memoryFiles } from "../rules/cases";
import { onEachServer, settingsOf } from "./servers";

/** Lint 0001: foreign keys "without a covering index", by table and first column. */
const unindexedForSplinter = [
  "c01_none.fk", "c04_notprefix.fk", "c09_include.fk", "c10_invalid.fk", "c14_comp_perm.a", "c15_comp_subset.a", "c16_comp_gap.a", "c18_join.r",
  "c19_part.fk", "c19_part_1.fk", "c19_part_2.fk", "c21_expr.fk", "c23_defer.fk", "c27_self.parent_id", "c28_notvalid.fk", "c31_two_single.a",
];

/** Keys on which the two differ: what Plumbline says, and why it is right. */
const differences: Readonly<Record<string, string>> = {
  "c05_partial.fk": "unusable: the index holds only rows where deleted_at is null, so a delete in p still reads the whole table",
  "c14_comp_perm.a": "covered: equality on both columns uses an index on (b, a) as well as one on (a, b)",
  "c16_comp_gap.a": "covered: an index on (a, x, b) narrows by a and compares b within the index",
  "c17_comp_incl.a": "partial: b is only included, so it is no part of what is searched for",
  "c25_collate.fk": "unusable: the index is ordered by the collation \"C\" and the check compares by the column's",
};

/** Keys of partitions, which splinter lists beside their parent's: one index on the parent serves them all, so one finding, there, is enough. */
const reportedAtTheParent: Readonly<Record<string, string>> = { "c19_part_1.fk": "c19_part.fk", "c19_part_2.fk": "c19_part.fk" };

/** Lint 0009: sets of indexes whose definitions are equal as text without their names. */
const duplicatesForSplinter = [["r01_c1", "r01_c2"]];

describe("splinter's answers beside Plumbline's", function () {
  this.timeout(300_000);
  onEachServer((server) => {
    let model: SchemaModel;
    let findings: readonly Finding[];
    before(async () => {
      const connection = await server().createDatabase("splinter");
      const client = new Client(connection);
      await client.connect();
      await client.query(readFileSync(join(__dirname, "../oracles/fixture/fixture.sql"), "utf8"));
      await client.end();
      const database = await openPostgres(settingsOf(connection));
      const { reading, facts } = await database.readAll().finally(() => database.close());
      model = reading.model;
      const project = openProject(memoryFiles(new Map()), defaults);
      project.connect([{ model, facts }]);
      findings = project.report().findings;
    });

    it("differ on foreign keys as listed", () => {
      const judged = model.tables.flatMap((table) => table.foreignKeys.map((key) => ({ key: `${table.name.name}.${key.columns[0]}`, ...coverage(key, table, model.dialect, model.source) })));
      assert.ok(judged.length >= 33);
      const different = judged.filter(({ key, verdict }) => (verdict !== "covered") !== unindexedForSplinter.includes(key));
      assert.deepEqual(different.map(({ key, verdict }) => [key, verdict]), Object.entries(differences).map(([key, reason]) => [key, reason.slice(0, reason.indexOf(":"))]));
    });

    it("each key that either calls unindexed has a finding here", () => {
      const told = new Set(findings.filter(({ rule }) => rule.startsWith("fk/") || rule === "index/invalid").map(({ table, columns }) => `${table?.name}.${columns[0]}`));
      const covered = Object.keys(differences).filter((key) => differences[key]!.startsWith("covered"));
      assert.deepEqual([...unindexedForSplinter, ...Object.keys(differences)].filter((key) => !covered.includes(key) && !told.has(reportedAtTheParent[key] ?? key)), []);
      assert.deepEqual(Object.keys(reportedAtTheParent).filter((key) => told.has(key)), []);
    });

    it("duplicate indexes: all of splinter's, and one that its comparison of texts misses", () => {
      const told = findings.filter(({ rule }) => rule === "index/duplicate").map(({ message }) => [...message.matchAll(/\b(?:r\d\d_[a-z0-9_]+|users_x)\b/g)].map(([name]) => name));
      const pairs = told.map((names) => names.filter((name) => name !== "r02_users_x").sort().slice(-2));
      // Taking the name out of the definition takes it out of the table's name too (r02_users_x becomes r02_), so the texts differ.
      assert.deepEqual(pairs.sort(), [...duplicatesForSplinter, ["r02_b", "users_x"]]);
    });
  });
});
