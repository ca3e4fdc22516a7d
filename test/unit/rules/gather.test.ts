// Gathering over a schema: groups, their order, and that an edit looks at the changed table alone.
import assert from "node:assert/strict";
import type { SchemaModel, Table } from "../../../server/src/model/schema";
import { gather } from "../../../server/src/rules/gather";

const table = (name: string, ...words: string[]): Table => ({
  name: { schema: "public", name }, property: name, uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true,
  columns: words.map((word) => ({ name: word, property: word, type: { name: "text" }, nullable: true })),
});
const schema = (tables: readonly Table[]): SchemaModel => ({ id: "s", source: "sql", dialect: "postgresql", tables, enums: [] });

describe("gathering over a schema", () => {
  function gatherer() {
    const seen: string[] = [];
    const groups = gather<string>({
      classify(one, _, add) {
        seen.push(one.name.name);
        for (const column of one.columns) add(column.name, "word");
      },
      matters: ([words]) => words!.count > 1,
      values: (one, _, key) => one.columns.map((column) => column.name).filter((name) => name === key),
    });
    const ofSchema = new Map<object, unknown>();
    return { seen, of: (model: SchemaModel, memory = ofSchema) => groups(model, { memory }).map((group) => `${group[0]!.value}: ${group.map((each) => each.table.name.name).join(" ")}`).sort() };
  }
  const [a, b, c] = [table("a", "x"), table("b", "x", "y"), table("c", "y", "z")];

  it("gives the groups that matter, in the order of the tables", () => assert.deepEqual(gatherer().of(schema([c!, a!, b!])), ["x: a b", "y: c b"]));

  it("looks at a changed table alone", () => {
    const { seen, of } = gatherer();
    of(schema([a, b, c]));
    seen.length = 0;
    assert.deepEqual(of(schema([a, table("b", "z"), c])), ["z: b c"]);
    // For what it said before, and for what it says now.
    assert.deepEqual(seen, ["b", "b"]);
  });

  it("forgets what went and sees what came back", () => {
    const { of } = gatherer();
    assert.deepEqual(of(schema([a, b, c])), ["x: a b", "y: b c"]);
    assert.deepEqual(of(schema([a])), []);
    assert.deepEqual(of(schema([b, a])), ["x: b a"]);
    assert.deepEqual(of(schema([])), []);
  });

  it("keeps schemas apart", () => {
    const { of } = gatherer();
    const [one, two] = [new Map<object, unknown>(), new Map<object, unknown>()];
    assert.deepEqual(of(schema([a]), one), []);
    assert.deepEqual(of(schema([b]), two), []);
    assert.deepEqual(of(schema([a, b]), one), ["x: a b"]);
    assert.deepEqual(of(schema([b]), two), []);
  });

  it("keeps what several gather of one schema apart", () => {
    const memory = new Map<object, unknown>();
    const [one, other] = [gatherer(), gatherer()];
    assert.deepEqual(one.of(schema([a]), memory), []);
    assert.deepEqual(other.of(schema([a, b]), memory), ["x: a b"]);
    assert.deepEqual(one.of(schema([a, b]), memory), ["x: a b"]);
  });

  it("counts a table that says the same twice", () => assert.deepEqual(gatherer().of(schema([table("d", "x", "x")])), ["x: d d"]));
});
