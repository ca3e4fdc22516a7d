// A database of Prisma's `?schema=`, told to code that names no schema as if that one were public.
import assert from "node:assert/strict";
import { compare } from "../../../server/src/compare/compare";
import { allExchanged, asSeenBy, exchanged, modelSeenBy } from "../../../server/src/compare/searched-schema";
import { postgres } from "../../../server/src/dialects/postgres";
import { changeText } from "../../../server/src/report/change-text";
import type { SchemaModel, Table } from "../../../server/src/model/schema";

describe("a database whose searched schema is another than public", () => {
  const table = (schema: string, name: string): Table => ({
    name: { schema, name }, property: name, uniques: [], indexes: [], checks: [], relations: [], complete: true,
    columns: [{ name: "id", property: "id", nullable: false, type: { name: "State", enum: { schema, name: "State" } } }],
    foreignKeys: [{ columns: ["id"], references: { table: { schema, name: "B" }, columns: ["id"] }, onDelete: "no action", onUpdate: "no action", enforced: true }],
  });
  const database = (searchedSchema: string): SchemaModel => ({
    id: "test", source: "database", dialect: "postgresql", searchedSchema,
    tables: [table(searchedSchema, "A"), table("public", "A"), table("other", "C")],
    enums: [{ name: { schema: searchedSchema, name: "State" }, values: ["a"] }, { name: { schema: "public", name: "State" }, values: ["b"] }],
  });
  const code: SchemaModel = { id: "code", source: "prisma", dialect: "postgresql", inSearchedSchema: true, tables: [table("public", "A")], enums: [{ name: { schema: "public", name: "State" }, values: ["a"] }] };

  for (const schema of ["sales", 'My "sales"']) {
    it(`${schema} is told as public, and the real public is left out`, () => {
      const told = modelSeenBy(code, database(schema));
      assert.deepEqual(told.tables.map(({ name }) => name), [{ schema: "public", name: "A" }, { schema: "other", name: "C" }]);
      const [one] = told.tables;
      assert.deepEqual([one!.columns[0]!.type.enum, one!.foreignKeys[0]!.references.table], [{ schema: "public", name: "State" }, { schema: "public", name: "B" }]);
      assert.deepEqual(told.enums, [{ name: { schema: "public", name: "State" }, values: ["a"] }]);
      assert.deepEqual(compare(code, database(schema)), []);
    });
  }

  it("a key into the real public is told and written with its name, and finds its way back", () => {
    const own = database("sales");
    const key = { ...table("public", "A").foreignKeys[0]!, columns: ["old"] };
    const [added] = compare(code, { ...own, tables: [{ ...own.tables[0]!, foreignKeys: [...own.tables[0]!.foreignKeys, key] }] });
    assert.ok(added?.kind === "add-foreign-key");
    assert.equal(changeText(added).text, "foreign key (old) → public.B (id) on delete no action on update no action");
    assert.match(postgres.sql(added)?.[0] ?? "", /REFERENCES "public"\."B" \("id"\)/);
    assert.deepEqual(allExchanged(added, "sales").foreignKey.references.table, { schema: "public", name: "B" });
  });

  it("is the same each time, so that what was found of it can be kept", () => {
    const read = { model: database("sales"), facts: undefined };
    assert.equal(asSeenBy(code, read), asSeenBy(code, read));
    assert.equal(asSeenBy(code, read).model, modelSeenBy(code, read.model));
  });

  it("stays as it is for code that names its schemas, and for one that searches public", () => {
    const model = database("sales");
    assert.equal(modelSeenBy({}, model), model);
    const { searchedSchema: _, ...plain } = model;
    assert.equal(modelSeenBy(code, plain), plain);
    assert.deepEqual(compare({ ...code, inSearchedSchema: undefined } as unknown as SchemaModel, model).map(({ kind }) => kind), ["alter-enum"]);
  });

  it("a change is written for it by its own names", () => {
    const change = { kind: "analyze-table", table: { schema: "public", name: "A" } } as const;
    assert.deepEqual(allExchanged(change, "sales"), { kind: "analyze-table", table: { schema: "sales", name: "A" } });
    assert.equal(allExchanged(change, undefined), change);
    assert.deepEqual(["sales", "public", "other"].map((schema) => exchanged({ schema, name: "A" }, "sales").schema), ["public", "sales", "other"]);
  });
});
