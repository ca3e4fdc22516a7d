// Random tables: each fix covers its key, all fixes together cover all keys, and no index is added that another
// added one makes superfluous.
import assert from "node:assert/strict";
import { coverage } from "../../../server/src/indexes/coverage";
import { makesSuperfluous, mergeIndexes } from "../../../server/src/indexes/merge";
import { indexFix } from "../../../server/src/indexes/suggestion";
import type { Change } from "../../../server/src/model/change";
import type { ForeignKey, Index, Table } from "../../../server/src/model/schema";

const columns = ["a", "b", "c", "d"];

describe("suggested indexes of random tables", () => {
  it("cover their keys, alone and together, and none is superfluous", () => {
    let uncovered = 0;
    let replaced = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const table = randomTable(seed);
      const wanting = table.foreignKeys.filter((key) => coverage(key, table, "postgresql").verdict !== "covered");
      uncovered += wanting.length;
      const fixes = wanting.map((key) => indexFix(key.columns, table, "postgresql"));
      for (const [position, fix] of fixes.entries()) {
        const after = applied(fix.changes, table);
        assert.equal(coverage(wanting[position]!, after, "postgresql").verdict, "covered", describeTable(table));
        // What was covered stays so, whatever was replaced.
        for (const key of table.foreignKeys) if (!wanting.includes(key)) assert.equal(coverage(key, after, "postgresql").verdict, "covered", describeTable(table));
      }
      const merged = mergeIndexes(fixes.flatMap((fix) => fix.changes), { tables: [table] });
      const after = applied(merged, table);
      for (const key of table.foreignKeys) assert.equal(coverage(key, after, "postgresql").verdict, "covered", describeTable(table));
      const added = merged.filter((change) => change.kind === "add-index").map((change) => change.index);
      for (const one of added) for (const other of after.indexes) assert.ok(one === other || !makesSuperfluous(other, one) || !added.includes(other), `${describeTable(table)}: ${JSON.stringify(added)}`);
      for (const one of added) for (const other of table.indexes) assert.ok(!after.indexes.includes(other) || !makesSuperfluous(one, other), describeTable(table));
      replaced += merged.filter((change) => change.kind === "drop-index").length;
    }
    assert.ok(uncovered > 1000 && replaced > 100, `${uncovered} uncovered keys, ${replaced} indexes replaced`);
  }).timeout(30_000);
});

function applied(changes: readonly Change[], table: Table): Table {
  let indexes = table.indexes;
  for (const change of changes) {
    if (change.kind === "drop-index") indexes = indexes.filter((index) => index !== change.index);
    if (change.kind === "add-index") indexes = [...indexes, change.index];
  }
  return { ...table, indexes };
}

function randomTable(seed: number): Table {
  const random = (choices: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * choices);
  };
  random(2);
  const some = () => {
    const rest = [...columns];
    return Array.from({ length: 1 + random(3) }, () => rest.splice(random(rest.length), 1)[0]!);
  };
  const foreignKeys = Array.from({ length: 1 + random(3) }, (): ForeignKey => {
    const own = some();
    return { columns: own, references: { table: { schema: "public", name: "p" }, columns: own }, onDelete: "no action", onUpdate: "no action", enforced: true };
  });
  const indexes = Array.from({ length: random(3) }, (_, number): Index => ({
    name: `i${number}`, method: random(6) === 0 ? "hash" : "btree", unique: random(5) === 0, include: [],
    keys: some().map((column) => ({ column, order: random(4) === 0 ? "desc" : "asc" })), where: random(6) === 0 ? { sql: "d > 1", columns: ["d"], complete: true } : undefined,
  }));
  return {
    name: { schema: "public", name: "t" }, property: "t", columns: [], uniques: [], foreignKeys, checks: [], relations: [], complete: true,
    indexes: indexes.filter((index) => index.method !== "hash" || index.keys.length === 1), primaryKey: random(3) === 0 ? { columns: some() } : undefined,
  };
}

const describeTable = (table: Table) => `keys ${table.foreignKeys.map((key) => `(${key.columns})`).join(" ")}, indexes ${table.indexes.map((index) => `${index.method}(${index.keys.map((key) => `${key.column} ${key.order}`)})${index.unique ? " unique" : ""}${index.where ? " partial" : ""}`).join(" ")}, primary key ${table.primaryKey?.columns}`;
