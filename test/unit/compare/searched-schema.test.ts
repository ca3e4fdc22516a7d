// A database of Prisma's `?schema=`, told as if that schema were public.
import assert from "node:assert/strict";
import { asSearched } from "../../../server/src/compare/searched-schema";

describe("a database whose searched schema is another than public", () => {
  const table = (schema: string, name: string) => ({
    name: { schema, name }, columns: [{ name: "id", default: { sql: `nextval('${schema}."A_id_seq"'::regclass)` } }, { name: "state", type: { name: `${schema}."State"`, enum: { schema, name: "State" } }, default: { sql: `'${schema}.x'::${schema}."State"` } }],
    foreignKeys: [{ columns: ["id"], references: { table: { schema, name: "B" } } }],
  });

  it("is told as public, and the real public is left out", () => {
    const read = { id: "test", tables: [table("sales", "A"), table("public", "A"), table("other", "C")], enums: [{ name: { schema: "sales", name: "State" } }, { name: { schema: "public", name: "State" } }] };
    const told = asSearched(read, "sales");
    assert.deepEqual(told.tables.map(({ name }) => name), [{ schema: "public", name: "A" }, { schema: "other", name: "C" }]);
    const [one] = told.tables;
    assert.deepEqual(one!.columns.map((column) => column.default?.sql), [`nextval('"A_id_seq"'::regclass)`, `'sales.x'::"State"`]);
    assert.deepEqual(one!.columns[1]!.type, { name: '"State"', enum: { schema: "public", name: "State" } });
    assert.deepEqual(one!.foreignKeys[0]!.references.table, { schema: "public", name: "B" });
    assert.deepEqual(told.enums, [{ name: { schema: "public", name: "State" } }]);
  });

  it("whatever it is called", () => {
    const odd = 'My "sales"';
    const told = asSearched({ tables: [{ name: { schema: odd, name: "A" }, columns: [{ name: "a", type: { name: '"My ""sales"""."State"[]' } }] }] }, odd);
    assert.deepEqual(told.tables[0], { name: { schema: "public", name: "A" }, columns: [{ name: "a", type: { name: '"State"[]' } }] });
  });

  it("stays as it is without one", () => {
    const read = { tables: [table("public", "A")] };
    assert.equal(asSearched(read, undefined), read);
    assert.equal(asSearched(read, "public"), read);
  });
});
