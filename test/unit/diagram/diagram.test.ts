// Diagrams hold every table and key, overlap nowhere, and write names as text, whatever they are made of.
import * as assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { matchesOf } from "../../../client/src/diagram/page/search";
import { diagramOf } from "../../../server/src/diagram/diagram";
import { drawing, type Drawn } from "../../../server/src/diagram/drawing";
import { groupsOf } from "../../../server/src/diagram/groups";
import { placed, placing, type Box } from "../../../server/src/diagram/layout";
import { svgOf } from "../../../server/src/diagram/svg";
import type { Finding } from "../../../server/src/model/finding";
import type { SchemaModel, Table } from "../../../server/src/model/schema";
import { executed } from "../compare/executed";

const generated = async (count: number): Promise<SchemaModel> => {
  const { buildModel, toDrizzle } = (await import(pathToFileURL(path.join(__dirname, "../../bench/gen.mjs")).href)) as { buildModel(n: number): unknown; toDrizzle(model: unknown): string };
  return executed(toDrizzle(buildModel(count)));
};

const all = (nodes: readonly Drawn[]): readonly Drawn[] => nodes.flatMap((node) => [node, ...all(node.children ?? [])]);
const withClass = (nodes: readonly Drawn[], name: string): readonly Drawn[] => all(nodes).filter(({ attributes }) => String(attributes["class"] ?? "").split(" ").includes(name));
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function tableOf(name: string, columns: readonly string[], keys: Readonly<Record<string, string>> = {}): Table {
  return {
    name: { schema: "public", name }, property: name, complete: true, uniques: [], indexes: [], checks: [], relations: [], primaryKey: { columns: columns.slice(0, 1) },
    columns: columns.map((column) => ({ name: column, property: column, type: { name: "integer" }, nullable: false })),
    foreignKeys: Object.entries(keys).map(([column, to]) => ({ columns: [column], references: { table: { schema: "public", name: to }, columns: ["id"] }, onDelete: "no action", onUpdate: "no action", enforced: true })),
  };
}
const modelOf = (...tables: readonly Table[]): SchemaModel => ({ id: "schema.ts", source: "drizzle", dialect: "postgresql", tables, enums: [] });
const finding = (table: string, columns: readonly string[], message: string): Finding => ({ rule: "fk/unindexed", severity: "warning", message, related: [], fixes: [], key: "k", schema: "schema.ts", table: { schema: null, name: table }, columns });

describe("a diagram", () => {
  for (const count of [50, 174, 500]) {
    it(`of ${count} tables has every table, column and key, overlaps nowhere, and is about as wide as an editor`, async () => {
      const model = await generated(count);
      const diagram = placed(diagramOf(model, []));
      assert.deepEqual(diagram.tables.map(({ name }) => name), model.tables.map(({ name }) => name.name));
      const nodes = drawing(diagram);
      assert.equal(withClass(nodes, "table").length, count);
      assert.equal(withClass(nodes, "row").length, model.tables.reduce((sum, { columns }) => sum + columns.length, 0));
      assert.equal(withClass(nodes, "key").length, model.tables.reduce((sum, { foreignKeys }) => sum + foreignKeys.length, 0));
      const { boxes, width, height } = diagram;
      assert.deepEqual(boxes.flatMap((box, at) => boxes.slice(at + 1).filter((other) => overlap(box, other))), []);
      assert.ok(boxes.every((box) => box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height));
      assert.ok(width / height > 0.8 && width / height < 3, `${width} x ${height}`);
    });
  }

  it("is laid out in steps of a few tables, the same as at once", async () => {
    const diagram = diagramOf(await generated(174), []);
    const groups = groupsOf(diagram);
    assert.deepEqual(groups.flat().sort((a, b) => a - b), diagram.tables.map((_, at) => at));
    assert.ok(Math.max(...groups.map(({ length }) => length)) <= 24);
    const steps = placing(diagram);
    let [count, last] = [0, steps.next()];
    for (; !last.done; last = steps.next()) count++;
    assert.equal(count, groups.filter(({ length }) => length > 1).length);
    assert.deepEqual(last.value, placed(diagram));
  });

  it("puts what is referenced left of what references it, and takes cycles and tables that reference themselves", () => {
    const { boxes } = placed(diagramOf(modelOf(tableOf("orders", ["id", "client_id"], { client_id: "clients" }), tableOf("clients", ["id", "parent_id"], { parent_id: "clients" })), []));
    assert.ok(boxes[1]!.x + boxes[1]!.width < boxes[0]!.x);
    const cycle = placed(diagramOf(modelOf(tableOf("a", ["id", "b_id"], { b_id: "b" }), tableOf("b", ["id", "a_id"], { a_id: "a" })), []));
    assert.ok(!overlap(cycle.boxes[0]!, cycle.boxes[1]!));
  });

  it("shows a table that only a key names, and stands even without tables", () => {
    const { tables, keys } = diagramOf(modelOf(tableOf("orders", ["id", "user_id"], { user_id: "users" })), []);
    assert.deepEqual(tables.map(({ name, known }) => [name, known]), [["orders", true], ["users", false]]);
    assert.deepEqual(keys.map(({ from, to }) => [from, to]), [[0, 1]]);
    assert.match(svgOf(placed(diagramOf(modelOf(), []))), /<svg [^]*<\/svg>/);
  });

  it("marks the findings on their table and column, and none of another schema", () => {
    const model = modelOf(tableOf("orders", ["id", "client_id"]), tableOf("clients", ["id"]));
    const nodes = drawing(placed(diagramOf(model, [finding("orders", ["client_id"], "No index."), { ...finding("clients", [], "Elsewhere."), schema: "other.ts" }])));
    const titles = withClass(nodes, "mark").map((node) => node.children![0]!.text);
    assert.deepEqual(titles, ["fk/unindexed: No index.", "fk/unindexed: No index."]);
    assert.deepEqual(withClass(nodes, "row").filter((row) => withClass([row], "mark").length > 0).map(({ attributes }) => attributes["data-column"]), [1]);
  });

  it("writes names as text alone", () => {
    const nasty = ['<script>alert("1")</script>', "]]></style><img src=x onerror=alert(1)>", "[x](command:workbench.action.quit)", "a\u0000b\ud800c\n", "' onload='x", "表の名前"];
    const model = modelOf(...nasty.map((name) => tableOf(name, ["id", name], { [name]: nasty[0]! })));
    const svg = svgOf(placed(diagramOf(model, nasty.map((name) => finding(name, [name], name)))));
    assert.doesNotMatch(svg, /<script|<img|<\/style>\s*<(?!rect)|[\u0000\ud800]/);
    const tags = new Set([...svg.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag));
    assert.deepEqual([...tags].sort(), ["circle", "g", "path", "rect", "style", "svg", "text", "title"]);
    const attributes = new Set([...svg.matchAll(/ ([a-z-]+)="/g)].map(([, name]) => name));
    assert.deepEqual([...attributes].filter((name) => name!.startsWith("on") || /href/.test(name!)), []);
    assert.match(svg, /&#60;script&#62;/);
    assert.match(svg, /表の名前/);
    // Nothing of a name is in what a page would take as markup.
    assert.ok(all(drawing(placed(diagramOf(model, [])))).every(({ attributes: given }) => Object.values(given).every((value) => !/script|command:|onload/.test(String(value)))));
  });
});

describe("the diagram's search", () => {
  const diagram = diagramOf(modelOf(tableOf("client_orders", ["id"]), tableOf("orders", ["id", "client_id"]), tableOf("notes", ["id", "order_id"])), []);
  it("finds tables by the beginning of their name, then by a part of it, then by a column", () => {
    assert.deepEqual(matchesOf(diagram, " ORDER ").map(({ table, columns }) => [table, columns]), [[1, []], [0, []], [2, [1]]]);
    assert.deepEqual(matchesOf(diagram, ""), []);
    assert.deepEqual(matchesOf(diagram, "(.*"), []);
  });
});
