import assert from "node:assert/strict";
import { deleteCost, deleteSentence, singular } from "../../../server/src/lsp/delete-cost";
import type { ForeignKey, ReferentialAction, SchemaModel, Table } from "../../../server/src/model/schema";

type Key = readonly [column: string, to: string, onDelete: ReferentialAction, indexed?: "indexed" | "soft"];

function table(name: string, ...keys: readonly Key[]): Table {
  return {
    name: { schema: "public", name }, property: name, columns: [], uniques: [], checks: [], relations: [], complete: true,
    primaryKey: { columns: ["id"] },
    foreignKeys: keys.map(([column, to, onDelete, how]): ForeignKey => ({ columns: [column], references: { table: { schema: "public", name: to }, columns: ["id"] }, onDelete, onUpdate: "no action", enforced: how !== "soft" })),
    indexes: keys.filter((key) => key[3] === "indexed").map(([column]) => ({ name: `${name}_${column}`, method: "btree", unique: false, keys: [{ column, order: "asc" as const }], include: [] })),
  };
}

function costOf(tables: readonly Table[], more: Partial<SchemaModel> = {}): { readonly sentence: string; readonly cost: ReturnType<typeof deleteCost> } {
  const cost = deleteCost(tables[0]!, { tables, dialect: "postgresql", source: "drizzle", ...more });
  return { cost, sentence: deleteSentence(tables[0]!, cost) };
}

describe("what a delete costs", () => {
  it("names the scan and counts the cascade", () => {
    const { sentence } = costOf([
      table("clients"), table("orders", ["client_id", "clients", "restrict"]),
      table("notes", ["client_id", "clients", "cascade", "indexed"]), table("replies", ["note_id", "notes", "cascade", "indexed"]), table("likes", ["reply_id", "replies", "cascade", "indexed"]),
    ]);
    assert.equal(sentence, "Deleting a client scans orders, cascades into 3 tables and is refused while orders points at it.");
  });

  it("follows a cascade, and does not go on from a table whose rows stay", () => {
    const { cost } = costOf([
      table("a"), table("b", ["a_id", "a", "cascade"]), table("c", ["b_id", "b", "set null"]), table("d", ["c_id", "c", "cascade"]),
    ]);
    assert.deepEqual(cost.cascades.map(({ name }) => name.name), ["b"]);
    assert.deepEqual(cost.updates.map(({ name }) => name.name), ["c"]);
    assert.deepEqual(cost.scans.map(({ name }) => name.name), ["b", "c"]);
  });

  it("ends in cycles and self references", () => {
    const { cost, sentence } = costOf([table("a", ["parent_id", "a", "cascade"], ["b_id", "b", "cascade"]), table("b", ["a_id", "a", "cascade", "indexed"])]);
    assert.deepEqual(cost.cascades.map(({ name }) => name.name), ["b"]);
    assert.deepEqual(cost.scans.map(({ name }) => name.name), ["a"]);
    assert.equal(sentence, "Deleting an a scans a and cascades into b.");
  });

  it("does not count what makes no constraint, unless Prisma Client looks after it", () => {
    const tables = [table("clients"), table("orders", ["client_id", "clients", "cascade", "soft"])];
    assert.equal(costOf(tables).sentence, "Deleting a client touches no other table.");
    assert.equal(costOf(tables, { source: "prisma" }).sentence, "Deleting a client scans orders and cascades into orders.");
  });

  it("scans nothing where MySQL makes the index itself", () => {
    assert.equal(costOf([table("clients"), table("orders", ["client_id", "clients", "cascade"])], { dialect: "mysql" }).sentence, "Deleting a client cascades into orders.");
  });

  it("names one row of a table", () => {
    const names = ["clients", "categories", "boxes", "order_lines", "OrderLine", "addresses", "address", "statuses", "status", "people", "news", "buses", "houses", "movies", "keys"];
    assert.deepEqual(names.map(singular), ["client", "category", "box", "order line", "order line", "address", "address", "status", "status", "person", "news", "bus", "house", "movie", "key"]);
  });
});
