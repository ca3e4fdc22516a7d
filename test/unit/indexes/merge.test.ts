import assert from "node:assert/strict";
import { mergeIndexes } from "../../../server/src/indexes/merge";
import { indexFix } from "../../../server/src/indexes/suggestion";
import type { Change } from "../../../server/src/model/change";
import type { ForeignKey, Index, Table } from "../../../server/src/model/schema";

const index = (keys: string, rest: Partial<Index> = {}): Index => ({
  name: keys.replaceAll(" ", "_"), method: "btree", unique: false, include: [],
  keys: keys.split(" ").map((key) => ({ column: key.replace("-", ""), order: key.startsWith("-") ? "desc" : "asc" })), ...rest,
});
const foreignKey = (columns: string): ForeignKey => ({
  columns: columns.split(" "), references: { table: { schema: "public", name: "p" }, columns: columns.split(" ") }, onDelete: "no action", onUpdate: "no action", enforced: true,
});
const table = (foreignKeys: string[], indexes: Index[]): Table => ({
  name: { schema: "public", name: "t" }, property: "t", columns: [], uniques: [], foreignKeys: foreignKeys.map(foreignKey), indexes, checks: [], relations: [], complete: true,
});
/** "-x +a b": drops the index named x, adds one on (a, b). */
const shown = (changes: readonly Change[]) =>
  changes.map((change) => (change.kind === "drop-index" ? `-${change.index.name}` : change.kind === "add-index" ? `+${change.index.keys.map((key) => `${key.order === "desc" ? "-" : ""}${key.column}`).join(" ")}` : change.kind)).join(", ");
const add = (keys: string): Change => ({ kind: "add-index", table: { schema: "public", name: "t" }, index: index(keys, { name: undefined }) });

describe("one index instead of two", () => {
  const fixes: readonly (readonly [columns: string, foreignKeys: string[], indexes: Index[], expected: string])[] = [
    ["a", ["a"], [], "+a"],
    ["a b", ["a b"], [], "+a b"],
    ["a b", ["a b"], [index("a")], "-a, +a b"],
    ["a b", ["a b"], [index("b")], "-b, +b a"],
    ["a b", ["a b"], [index("-a")], "-_a, +-a b".replace("_a", "-a")],
    ["a b", ["a b"], [index("a"), index("b")], "-a, +a b"],
    ["a b c", ["a b c"], [index("a"), index("c b")], "-c_b, +c b a"],
    ["a b", ["a b"], [index("a", { unique: true })], "+a b"],
    ["a b", ["a b"], [index("a", { where: { sql: "x", columns: [], complete: true } })], "+a b"],
    ["a b", ["a b"], [index("a", { method: "hash" })], "+a b"],
    ["a b", ["a b"], [index("a", { include: ["c"] })], "+a b"],
    ["a b", ["a b"], [index("a x")], "+a b"],
    ["a", ["a", "a b"], [], "+a b"],
    ["b", ["b", "a b"], [], "+b a"],
    ["a b", ["b", "a b"], [], "+b a"],
    ["a", ["a", "b", "a b"], [], "+a b"],
    ["b", ["a", "b", "a b"], [], "+b"],
    ["a b", ["a", "b", "a b"], [], "+a b"],
    ["b", ["b", "a b"], [index("a")], "+b"],
    ["a", ["a", "a b", "a b c"], [], "+a b c"],
  ];
  for (const [columns, foreignKeys, indexes, expected] of fixes)
    it(`key ${columns} of keys ${foreignKeys.join("; ")} with ${indexes.map((each) => each.name).join("; ") || "nothing"}: ${expected}`, () => {
      assert.equal(shown(indexFix(columns.split(" "), table(foreignKeys, indexes), "postgresql").changes), expected);
    });

  const merges: readonly (readonly [added: string[], standing: Index[], expected: string])[] = [
    [["a", "a"], [], "+a"],
    [["a", "a b"], [], "+a b"],
    [["a b", "a", "b"], [], "+a b, +b"],
    [["a", "-a b"], [], "+a, +-a b"],
    [["a b"], [index("a"), index("b"), index("a c")], "-a, +a b"],
    [["a b"], [index("a", { unique: true })], "+a b"],
  ];
  for (const [added, standing, expected] of merges)
    it(`adding ${added.join("; ")} beside ${standing.map((each) => each.name).join("; ") || "nothing"}: ${expected}`, () => {
      assert.equal(shown(mergeIndexes(added.map(add), { tables: [table([], standing)] })), expected);
    });

  it("drops an index once that a fix drops already, and leaves other tables alone", () => {
    const standing = index("a");
    const drop: Change = { kind: "drop-index", table: { schema: "public", name: "t" }, index: structuredClone(standing) };
    const elsewhere: Change = { kind: "add-index", table: { schema: "other", name: "t" }, index: index("a b c", { name: undefined }) };
    assert.equal(shown(mergeIndexes([drop, add("a b"), elsewhere], { tables: [table([], [standing])] })), "-a, +a b, +a b c");
  });

  it("says in the title what it does", () => {
    assert.equal(indexFix(["a"], table(["a"], []), "postgresql").title, "Add an index on t.a");
    assert.equal(indexFix(["a", "b"], table(["a b"], [index("a")]), "postgresql").title, "Add an index on t(a, b) in place of a");
  });
});
