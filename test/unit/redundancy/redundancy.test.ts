// Which of a table's indexes are superfluous, and as what. The tables r01 and r02 of test/oracles/fixture.sql are
// the first cases; the others are the traps into which tools that compare text have fallen.
import assert from "node:assert/strict";
import { redundancies } from "../../../server/src/indexes/redundancy";
import type { DialectName, Index, IndexKey, SourceName, Table } from "../../../server/src/model/schema";

const types: Readonly<Record<string, string>> = { id: "integer", name: "text", name_long: "text", active: "boolean", data: "jsonb" };
const key = (column: string, rest: Partial<IndexKey> = {}): IndexKey => ({ column, order: "asc", ...rest });
const lower = (sql: string, complete = true): IndexKey => ({ order: "asc", expression: { sql, columns: ["name"], complete } });
const index = (name: string, keys: readonly (string | IndexKey)[], rest: Partial<Index> = {}): Index =>
  ({ name, method: "btree", unique: false, include: [], keys: keys.map((each) => (typeof each === "string" ? key(each) : each)), ...rest });
const where = (sql: string, complete = true) => ({ where: { sql, columns: [], complete } });
const table = (rest: Partial<Table>): Table => ({
  name: { schema: "public", name: "t" }, property: "t", uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true,
  columns: ["id", "a", "b", "c", "name", "name_long", "active", "data"].map((name) => ({ name, property: name, type: { name: types[name] ?? "integer" }, nullable: true })), ...rest,
});

/** `name: kind by other` of everything found. */
function found(rest: Partial<Table>, source: SourceName = "sql", dialect: DialectName = "postgresql"): string[] {
  return redundancies(table(rest), { source, dialect }).map((each) => {
    const by = each.by.kind === "index" ? each.by.index.name : each.by.kind === "unique" ? `unique(${each.by.unique.columns})` : "primary key";
    return `${"unique" in each ? `unique(${each.unique.columns})` : each.index.name}: ${each.kind} by ${by}`;
  });
}

const r01: Partial<Table> = {
  primaryKey: { columns: ["id"] },
  indexes: [
    index("r01_a", ["a"]),
    index("r01_ab", ["a", "b"]),
    index("r01_ba", ["b", "a"]),
    index("r01_ua", ["a"], { unique: true }),
    index("r01_a_part", ["a"], where("active")),
    index("r01_lower", [lower("lower(name)")]),
    index("r01_upper", [lower("upper(name)")]),
    index("r01_name", ["name"]),
    index("r01_name_pat", [key("name", { operatorClass: "text_pattern_ops" })]),
    index("r01_name_long", ["name_long"]),
    index("r01_id", ["id"]),
    index("r01_c1", ["c"]),
    index("r01_c2", ["c"]),
    index("r01_c_desc", [key("c", { order: "desc" })]),
    index("r01_c_incl", ["c"], { include: ["b"] }),
    index("r01_c_hash", ["c"], { method: "hash" }),
  ],
};

describe("superfluous indexes", () => {
  it("of r01", () => assert.deepEqual(found(r01), [
    "r01_a: on-unique by r01_ua",
    "r01_id: equals-primary-key by primary key",
    "r01_c1: redundant by r01_c_incl",
    "r01_c2: duplicate by r01_c1",
    "r01_c_desc: redundant by r01_c_incl",
  ]));

  it("of r02, whose names hold each other's text", () =>
    assert.deepEqual(found({ name: { schema: "public", name: "r02_users_x" }, indexes: [index("users_x", ["a"]), index("r02_b", ["a"])] }), ["r02_b: duplicate by users_x"]));

  const cases: readonly (readonly [title: string, Partial<Table>, readonly string[], SourceName?, DialectName?])[] = [
    ["the same unique constraint twice", { uniques: [{ columns: ["a"] }, { name: "again", columns: ["a"] }] }, ["unique(a): duplicate by unique(a)"]],
    ["the same unique constraint under the same name, which is made once", { uniques: [{ name: "t_a_key", columns: ["a"] }, { columns: ["a"] }] }, []],
    ["a unique constraint on the primary key", { primaryKey: { columns: ["id"] }, uniques: [{ columns: ["id"] }] }, ["unique(id): duplicate by primary key"]],
    ["a unique index beside the constraint: the constraint stays", { uniques: [{ columns: ["a"] }], indexes: [index("u", ["a"], { unique: true })] }, ["u: duplicate by unique(a)"]],
    ["a unique index that stands first, beside the constraint", { indexes: [index("u", ["a"], { unique: true })], uniques: [{ columns: ["a"] }] }, ["u: duplicate by unique(a)"]],
    ["a plain index on a unique pair", { uniques: [{ columns: ["a", "b"] }], indexes: [index("i", ["a", "b"])] }, ["i: on-unique by unique(a,b)"]],
    ["the front of a unique pair", { uniques: [{ columns: ["a", "b"] }], indexes: [index("i", ["a"])] }, ["i: redundant by unique(a,b)"]],
    ["the front of the primary key", { primaryKey: { columns: ["a", "b"] }, indexes: [index("i", ["a"])] }, ["i: redundant by primary key"]],
    ["the primary key in another order", { primaryKey: { columns: ["a", "b"] }, indexes: [index("i", ["b", "a"])] }, []],
    ["a unique front of a wider unique index", { indexes: [index("u", ["a"], { unique: true }), index("v", ["a", "b"], { unique: true })] }, []],
    ["a unique index because of a plain one", { indexes: [index("u", ["a"], { unique: true }), index("i", ["a", "b"])] }, []],
    ["a wider plain index beside a unique one", { indexes: [index("u", ["a"], { unique: true }), index("i", ["a", "b"])] }, []],
    ["unique ones that differ in how they see NULL", { uniques: [{ columns: ["a"] }, { columns: ["a"], nullsNotDistinct: true }] }, []],
    ["a plain index beside a unique one that holds NULLs equal", { uniques: [{ columns: ["a"], nullsNotDistinct: true }], indexes: [index("i", ["a"])] }, ["i: on-unique by unique(a)"]],
    ["each the front of the next: all but the widest", { indexes: [index("i", ["a"]), index("j", ["a", "b"]), index("k", ["a", "b", "c"])] }, ["i: redundant by k", "j: redundant by k"]],
    ["two that are each other's reverse: the first stays", { indexes: [index("d", [key("a", { order: "desc" })]), index("i", ["a"])] }, ["i: redundant by d"]],
    ["the exact reverse of the front", { indexes: [index("i", [key("a", { order: "desc" })]), index("j", ["a", key("b", { order: "desc" })])] }, ["i: redundant by j"]],
    ["a mixed direction", { indexes: [index("i", ["a", "b"]), index("j", ["a", key("b", { order: "desc" })])] }, []],
    ["another NULLS order", { indexes: [index("i", ["a"]), index("j", [key("a", { nulls: "first" })])] }, []],
    ["the NULLS order that is the default, written out", { indexes: [index("i", ["a"]), index("j", [key("a", { nulls: "last" })])] }, ["j: duplicate by i"]],
    ["Drizzle's desc(), which says NULLS LAST", { indexes: [index("i", ["a"]), index("j", [key("a", { order: "desc", nulls: "last", nullsImplied: true })])] }, [], "drizzle"],
    ["Drizzle's desc().nullsFirst()", { indexes: [index("i", ["a"]), index("j", [key("a", { order: "desc", nulls: "first" })])] }, ["j: redundant by i"], "drizzle"],
    ["Drizzle's desc() in MySQL", { indexes: [index("i", ["a"]), index("j", [key("a", { order: "desc" })])] }, ["j: redundant by i"], "drizzle", "mysql"],
    ["another operator class", { indexes: [index("i", ["name"]), index("j", [key("name", { operatorClass: "text_pattern_ops" }), "a"])] }, []],
    ["the default operator class, written out by introspection", { indexes: [index("i", ["name"]), index("j", [key("name", { operatorClass: "text_ops" }), key("a", { operatorClass: "int4_ops" })])] }, ["i: redundant by j"]],
    ["an operator class of the wrong type", { indexes: [index("i", ["a"]), index("j", [key("a", { operatorClass: "text_ops" })])] }, []],
    ["another collation", { indexes: [index("i", ["name"]), index("j", [key("name", { collation: "C" })])] }, []],
    ["the default collation, written out", { indexes: [index("i", ["name"]), index("j", [key("name", { collation: 'pg_catalog."default"' })])] }, ["j: duplicate by i"]],
    ["a partial index beside a full one", { indexes: [index("i", ["a"]), index("p", ["a"], where("active"))] }, []],
    ["the same predicate, spelled otherwise", { indexes: [index("p", ["a"], where('"t"."active" IS TRUE')), index("q", ["a", "b"], where("(active  is true)"))] }, ["p: redundant by q"]],
    ["predicates that differ in a string", { indexes: [index("p", ["a"], where("name = 'x'")), index("q", ["a"], where("name = 'X'"))] }, []],
    ["a predicate that cannot be read", { indexes: [index("p", ["a"], where("live(t)", false)), index("q", ["a"], where("live(t)", false))] }, []],
    ["the same expression twice", { indexes: [index("i", [lower('lower("name")')]), index("j", [lower("LOWER(name)"), "a"])] }, ["i: redundant by j"]],
    ["an expression that cannot be read", { indexes: [index("i", [lower("f(t)", false)]), index("j", [lower("f(t)", false)])] }, []],
    ["INCLUDE that the other has as a key", { indexes: [index("i", ["a"], { include: ["b"] }), index("j", ["a", "b"])] }, ["i: redundant by j"]],
    ["INCLUDE that the other lacks", { indexes: [index("i", ["a"], { include: ["c"] }), index("j", ["a", "b"])] }, []],
    ["the same INCLUDE in another order", { indexes: [index("i", ["a"], { include: ["b", "c"] }), index("j", ["a"], { include: ["c", "b"] })] }, ["j: duplicate by i"]],
    ["hash twice", { indexes: [index("i", ["a"], { method: "hash" }), index("j", ["a"], { method: "hash" })] }, ["j: duplicate by i"]],
    ["hash beside btree", { indexes: [index("i", ["a"]), index("j", ["a"], { method: "hash" })] }, []],
    ["the front of a GIN index", { indexes: [index("i", ["data"], { method: "gin" }), index("j", ["data", "a"], { method: "gin" })] }, []],
    ["GIN with two operator classes", { indexes: [index("i", ["data"], { method: "gin" }), index("j", [key("data", { operatorClass: "jsonb_path_ops" })], { method: "gin" })] }, []],
    ["HNSW with two sets of parameters", { indexes: [index("i", ["data"], { method: "hnsw", with: { m: "16" } }), index("j", ["data"], { method: "hnsw", with: { m: "32" } })] }, []],
    ["a prefix length", { indexes: [index("i", [key("name", { length: 10 })]), index("j", ["name"])] }, [], "sql", "mysql"],
    ["the index of a foreign key in MySQL, beside a longer one", { indexes: [index("i", ["a"]), index("j", ["a", "b"])] }, ["i: redundant by j"], "sql", "mysql"],
    ["an INVALID index", { indexes: [index("i", ["a"]), index("j", ["a"], { valid: false })] }, []],
    ["an exclusion constraint's own index", { indexes: [index("x", ["a"], { method: "gist", constraint: "exclusion" }), index("i", ["a"], { method: "gist" })] }, ["i: duplicate by x"]],
    ["a constraint and its index, as a database lists them", { uniques: [{ name: "u", columns: ["a"] }], indexes: [index("u", ["a"], { unique: true, constraint: "unique" }), index("i", ["a"])] }, ["i: on-unique by unique(a)"]],
    ["the clustered primary key of SQL Server", { primaryKey: { columns: ["id"] }, indexes: [index("i", ["id"])] }, [], "prisma", "sqlserver"],
    ["MongoDB", { indexes: [index("i", ["a"]), index("j", ["a"])] }, [], "prisma", "mongodb"],
    ["a join table that nobody wrote", { implicit: true, indexes: [index("i", ["a"]), index("j", ["a"])] }, [], "prisma"],
    ["nothing", {}, []],
  ];
  for (const [title, rest, expected, source, dialect] of cases) it(title, () => assert.deepEqual(found(rest, source, dialect), expected));
});
