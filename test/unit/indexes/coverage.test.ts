// Verdicts that need no database to be judged; the 33 that PostgreSQL's planner judges are in test/oracles.
import assert from "node:assert/strict";
import type { DialectName, ForeignKey, Index, IndexKey, Table } from "../../../server/src/model/schema";
import { coverage } from "../../../server/src/indexes/coverage";

const text = { name: "text" };
const key = (column: string, rest: Partial<IndexKey> = {}): IndexKey => ({ column, order: "asc", ...rest });
const index = (name: string, keys: readonly (string | IndexKey)[], rest: Partial<Index> = {}): Index =>
  ({ name, method: "btree", unique: false, include: [], keys: keys.map((each) => (typeof each === "string" ? key(each) : each)), ...rest });
const foreignKey = (...columns: string[]): ForeignKey =>
  ({ columns, references: { table: { schema: "public", name: "p" }, columns: columns.map(() => "id") }, onDelete: "no action", onUpdate: "no action", enforced: true });
const table = (rest: Partial<Table>): Table => ({
  name: { schema: "public", name: "t" }, property: "t", uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true,
  columns: ["id", "a", "b", "x"].map((name) => ({ name, property: name, type: text, nullable: true })), ...rest,
});
const where = (sql: string, complete = true) => ({ where: { sql, columns: [], complete } });

const cases: readonly (readonly [title: string, Partial<Table>, string[], verdict: string, reason: string, dialect?: DialectName])[] = [
  ["nothing", {}, ["a"], "missing", "no index starts with a"],
  ["nothing, in MySQL", {}, ["a"], "automatic", "InnoDB creates the index itself", "mysql"],
  ["its own index, in MySQL", { indexes: [index("i", ["a"])] }, ["a"], "automatic", "leading column", "mysql"],
  ["nothing, in SQLite", {}, ["a"], "missing", "no index starts with a", "sqlite"],
  ["an incomplete table", { complete: false }, ["a"], "unknown", "could not be determined: a part of the table's definition could not be read"],
  ["an incomplete table with the index", { complete: false, indexes: [index("i", ["a"])] }, ["a"], "covered", "leading column"],
  ["an incomplete table with half of it", { complete: false, indexes: [index("i", ["a"])] }, ["a", "b"], "unknown", "could not be determined: a part of the table's definition could not be read"],
  ["the primary key", { primaryKey: { columns: ["a"] } }, ["a"], "covered", "covered by the primary key"],
  ["the primary key's first column", { primaryKey: { columns: ["a", "b"] } }, ["a"], "covered", "covered by the primary key's prefix"],
  ["the primary key's second column", { primaryKey: { columns: ["a", "b"] } }, ["b"], "missing", "b is in the primary key, but not its first column"],
  ["a unique constraint", { uniques: [{ columns: ["a"] }] }, ["a"], "covered", "leading column"],
  ["columns between", { indexes: [index("i", ["a", "x", "b"])] }, ["a", "b"], "covered", "all columns are keys of the index, one of them the first"],
  ["a column before", { indexes: [index("i", ["x", "a"])] }, ["a"], "missing", "a is in i, but not its first column"],
  ["a GIN key anywhere", { indexes: [index("i", ["x", "a"], { method: "gin" })] }, ["a"], "covered", "a key of the GIN index i"],
  ["a GIN index over json", { indexes: [index("i", ["a"], { method: "gin" })], columns: [{ name: "a", property: "a", type: { name: "jsonb" }, nullable: true }] }, ["a"], "missing", "no index starts with a"],
  ["BRIN beside btree", { indexes: [index("w", ["a"], { method: "brin" }), index("i", ["a"])] }, ["a"], "covered", "leading column"],
  ["BRIN alone", { indexes: [index("w", ["a"], { method: "brin" })] }, ["a"], "covered", "weak: a BRIN index only narrows down the pages that are read"],
  ["an HNSW index", { indexes: [index("i", ["a"], { method: "hnsw" })] }, ["a"], "missing", "i is a hnsw index, which serves no equality"],
  ["the better half", { indexes: [index("one", ["a"]), index("two", ["a", "b"])] }, ["a", "b", "x"], "partial", "the index two has a and b but not x"],
  ["half, and the whole under a predicate", { indexes: [index("half", ["a"]), index("whole", ["a", "b"], where("x > 1"))] }, ["a", "b"], "partial", "the index half has a but not b"],
  ["the primary key as half", { primaryKey: { columns: ["a", "x"] } }, ["a", "b"], "partial", "the primary key has a but not b"],
  ["NOT NULL", { indexes: [index("i", ["a"], where('"a" IS NOT NULL'))] }, ["a"], "covered", "leading column"],
  ["NOT NULL, with table, in parentheses", { indexes: [index("i", ["a"], where('(("t"."a" is not  null))'))] }, ["a"], "covered", "leading column"],
  ["NOT (NULL)", { indexes: [index("i", ["a"], where("not (a is null)"))] }, ["a"], "covered", "leading column"],
  ["NOT NULL of each", { indexes: [index("i", ["a", "b"], where('("a" is not null) and (b is not null)'))] }, ["a", "b"], "covered", "leading columns"],
  ["NOT NULL of another column", { indexes: [index("i", ["a"], where('"x" is not null'))] }, ["a"], "unusable", 'the index is partial: its predicate "x" is not null is not implied by the lookup'],
  ["NOT NULL and more", { indexes: [index("i", ["a"], where('"a" is not null and "x" > 1'))] }, ["a"], "unusable", 'the index is partial: its predicate "a" is not null and "x" > 1 is not implied by the lookup'],
  ["NOT NULL or more", { indexes: [index("i", ["a"], where('"a" is not null or "x" > 1'))] }, ["a"], "unusable", 'the index is partial: its predicate "a" is not null or "x" > 1 is not implied by the lookup'],
  ["NOT NULL of a quoted name in another case", { indexes: [index("i", ["a"], where('"A" is not null'))] }, ["a"], "unusable", 'the index is partial: its predicate "A" is not null is not implied by the lookup'],
  ["NOT NULL inside a string", { indexes: [index("i", ["a"], where("x = ' and ' and a is not null"))] }, ["a"], "unusable", "the index is partial: its predicate x = ' and ' and a is not null is not implied by the lookup"],
  ["an unreadable predicate", { indexes: [index("i", ["a"], where("notDeleted(t)", false))] }, ["a"], "unknown", "could not be determined: the index's predicate could not be read"],
  ["another collation", { indexes: [index("i", [key("a", { collation: "C" })])] }, ["a"], "unusable", "the index has collation C, the column the default one"],
  ["the default collation, said", { indexes: [index("i", [key("a", { collation: 'pg_catalog."default"' })])] }, ["a"], "covered", "leading column"],
  ["another collation on another key", { indexes: [index("i", ["a", key("x", { collation: "C" })])] }, ["a"], "covered", "leading column"],
  ["INVALID", { indexes: [index("i", ["a"], { valid: false })] }, ["a"], "unusable", "the index is INVALID"],
  ["INVALID and half", { indexes: [index("i", ["a"], { valid: false })] }, ["a", "b"], "missing", "no index starts with a or b"],
  ["INCLUDE", { indexes: [index("i", ["x"], { include: ["a"] })] }, ["a"], "missing", "a is only included in i, not one of its keys"],
  ["an expression", { indexes: [index("i", [{ order: "asc", expression: { sql: 'lower("a")', columns: ["a"], complete: true } }])] }, ["a"], "missing", "i indexes an expression, not the column itself"],
  ["no columns", {}, [], "unknown", "the columns of the key could not be read"],
];

describe("coverage of a foreign key", () => {
  for (const [title, definition, columns, verdict, reason, dialect = "postgresql"] of cases)
    it(`${title}: ${verdict}`, () => {
      const found = coverage(foreignKey(...columns), table(definition), dialect);
      assert.deepEqual([found.verdict, found.reason], [verdict, reason]);
    });

  it("names the index by the name that the ORM makes up", () => {
    const unnamed = table({ uniques: [{ columns: ["a"] }] });
    assert.equal(coverage(foreignKey("a"), unnamed, "postgresql", "prisma").by, "t_a_key");
    assert.equal(coverage(foreignKey("a"), unnamed, "postgresql", "drizzle").by, "t_a_unique");
    assert.equal(coverage(foreignKey("a"), table({ primaryKey: { columns: ["a"], name: "p" } }), "postgresql").by, "primary key");
  });
});
