import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dominantPattern, nameIndexes, patternedName } from "../../../server/src/indexes/naming";
import type { Change } from "../../../server/src/model/change";
import type { Index, SchemaModel, SourceName, Table } from "../../../server/src/model/schema";

const index = (name: string | undefined, ...columns: string[]): Index => ({ name, method: "btree", unique: false, include: [], keys: columns.map((column) => ({ column, order: "asc" })) });
const table = (name: string, ...indexes: Index[]): Table => ({
  name: { schema: "public", name }, property: name, columns: [], uniques: [], foreignKeys: [], indexes, checks: [], relations: [], complete: true,
});
const model = (tables: Table[], source: SourceName = "drizzle"): SchemaModel => ({ id: "s", source, dialect: "postgresql", tables, enums: [] });
const added = (name: string, ...columns: string[]): Change => ({ kind: "add-index", table: { schema: "public", name }, index: index(undefined, ...columns) });
const names = (changes: readonly Change[]) => changes.map((change) => (change.kind === "add-index" ? change.index.name : undefined));

describe("names of new indexes", () => {
  const patterns: readonly (readonly [string | undefined, ...Index[][]])[] = [
    [undefined],
    ["idx_{table}_{columns}", [index("idx_a_x", "x"), index("idx_a_x_y", "x", "y")]],
    ["{table}_{columns}_index", [index("a_x_index", "x")], [index("by_hand", "y")]],
    ["{columns}_idx", [index("x_idx", "x")], [index("x_idx2", "x"), index("y_idx", "y")], [index("z_idx", "z")]],
    [undefined, [index("mine_x_idx", "x"), index("mine_y_idx", "y")]],
    [undefined, [index("one", "x"), index("two", "y"), index("three", "z")]],
    [undefined, [index("idx_a_x", "x")], [index("b_x_idx", "x")]],
    ["{tableCamel}{columnsPascal}Idx", [index("aXIdx", "x"), index("aClientIdIdx", "client_id")]],
    ["{tablePascal}_{columns}_idx", [index("A_x_idx", "x"), index("A_client_id_idx", "client_id")]],
    ["idx_{columns}_{table}", [index("idx_x_a", "x")]],
  ];
  for (const [pattern, ...tables] of patterns)
    it(`${tables.flat().map((each) => each.name).join(", ") || "no index"}: ${pattern ?? "none dominates"}`, () => {
      assert.equal(dominantPattern(model(tables.map((indexes, position) => table("abc"[position]!, ...indexes)))), pattern);
    });

  it("counts Prisma's unnamed indexes for its default", () => {
    const tables = [table("a", index("idx_a_x", "x"), index(undefined, "y"), index(undefined, "z"))];
    assert.equal(dominantPattern(model(tables, "prisma")), "{table}_{columns}_idx");
    assert.equal(dominantPattern(model(tables, "drizzle")), "idx_{table}_{columns}");
  });

  it("uses the configured pattern, the project's, the default", () => {
    const named = model([table("a", index("idx_a_x", "x"))]);
    assert.deepEqual(names(nameIndexes([added("a", "y", "z")], named, "{table}__{column}")), ["a__y_z"]);
    assert.deepEqual(names(nameIndexes([added("a", "y", "z")], named)), ["idx_a_y_z"]);
    assert.deepEqual(names(nameIndexes([added("a", "y", "z")], model([table("a")]))), ["a_y_z_idx"]);
  });

  it("gives no name that is taken, in any case, by a table, an index, a constraint, or another addition", () => {
    const taken = model([table("a", index("A_X_idx", "x")), table("a_y_idx"), { ...table("b"), uniques: [{ columns: ["z"], name: "a_z_idx" }], otherNames: ["a_w_idx"] }]);
    assert.deepEqual(names(nameIndexes([added("a", "x"), added("a", "y"), added("a", "z"), added("a", "w"), added("a", "v"), added("a", "v")], taken, "{table}_{columns}_idx")),
      ["a_x_idx1", "a_y_idx1", "a_z_idx1", "a_w_idx1", "a_v_idx", "a_v_idx1"]);
    const elsewhere: Change = { kind: "add-index", table: { schema: "other", name: "a" }, index: index(undefined, "y") };
    assert.deepEqual(names(nameIndexes([elsewhere], taken, "{table}_{columns}_idx")), ["a_y_idx"]);
  });

  it("takes a name again for another table where names are the table's affair, as in MySQL", () => {
    const tables = [table("a", index("x_idx", "x")), table("b")];
    const changes = [added("b", "x"), added("a", "x")];
    assert.deepEqual(names(nameIndexes(changes, { ...model(tables), dialect: "mysql" }, "{columns}_idx")), ["x_idx", "x_idx1"]);
    assert.deepEqual(names(nameIndexes(changes, { ...model(tables), dialect: "sqlite" }, "{columns}_idx")), ["x_idx1", "x_idx2"]);
  });

  it("cuts a name over 63 bytes to 54 and 8 hex digits of its SHA-256", () => {
    const long = `${"t".repeat(40)}_${"c".repeat(18)}_idx`;
    assert.equal(Buffer.byteLength(long), 63);
    assert.equal(patternedName("{table}_{columns}_idx", { schema: null, name: "t".repeat(40) }, index(undefined, "c".repeat(18))), long);
    const whole = `${"t".repeat(40)}_${"c".repeat(19)}_idx`;
    const name = patternedName("{table}_{columns}_idx", { schema: null, name: "t".repeat(40) }, index(undefined, "c".repeat(19)));
    assert.equal(name, `${whole.slice(0, 54)}_${createHash("sha256").update(whole).digest("hex").slice(0, 8)}`);
    assert.equal(Buffer.byteLength(name), 63);
    const umlauts = patternedName("{table}_idx", { schema: null, name: "ü".repeat(40) }, index(undefined, "c"));
    assert.match(umlauts, /^ü{27}_[0-9a-f]{8}$/);
    const odd = patternedName("x{table}_idx", { schema: null, name: "ü".repeat(40) }, index(undefined, "c"));
    assert.match(odd, /^xü{26}_[0-9a-f]{8}$/);
  });
});
