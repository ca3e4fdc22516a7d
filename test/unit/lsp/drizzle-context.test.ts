import assert from "node:assert/strict";
import { drizzleContext } from "../../../server/src/lsp/drizzle-context";

/** The context at `|`. */
function at(text: string): string {
  const cursor = text.indexOf("|");
  const found = drizzleContext(text.slice(0, cursor), text.slice(cursor + 1));
  if (!found) return "none";
  return found.kind === "element" ? `${found.style} of ${found.parameter}${found.keys.length > 0 ? ` beside ${found.keys.join(" ")}` : ""}${found.comma ? "," : ""}` : `column of ${found.parameter} after ${found.written.join(" ")}`;
}

const columns = 'export const a = pgTable("a", { id: integer("id"), b: text("b, c") /* ( */ },';

describe("where an index is written in a Drizzle table", () => {
  it("begins an element of the third argument", () => {
    assert.equal(at(`${columns} (t) => [|]);`), "array of t");
    assert.equal(at(`${columns} (t) => [index("x").on(t.b), |]);`), "array of t");
    assert.equal(at(`${columns} (t) => [\n  // a comment, with a comma\n  ind|\n]);`), "array of t,");
    assert.equal(at(`${columns} (t) => [\n  |,\n]);`), "array of t");
    assert.equal(at(`${columns} table => ({ | }));`), "property of table");
    assert.equal(at(`${columns} (t) => ({\n  a: index("a, { c: 1").on(t.b),\n  |\n  'b': unique().on(t.id),\n}));`), "property of t beside a b,");
    assert.equal(at(`${columns} (t) => ({\n  a: index("a").on(t.b),\n  bIdx: ind|\n}));`), "value of t beside a,");
    assert.equal(at(`${columns} ({ b }) => [|]);`), "none");
    assert.equal(at(`${columns} () => [|]);`), "none");
    assert.equal(at(`${columns} (t) => { return [|]; });`), "none");
  });

  it("stands behind the parameter in a call", () => {
    assert.equal(at(`${columns} (t) => [index("x").on(t.|)]);`), "column of t after ");
    assert.equal(at(`${columns} ($t) => [index("x").on($t.id, $t.b|)]);`), "column of $t after id");
    assert.equal(at(`${columns} (t) => [index("x").on(other.|)]);`), "none");
  });

  it("is nowhere else", () => {
    for (const text of ['pgTable("a", {|', 'pgTable("a", { id: integer(|', `${columns} |`, `${columns} (t) => [index("|`, `${columns} (t) => [index("x").|`, `${columns} (t) => [index("x", |`, `${columns} (t) => [ // |`, `${columns} (t) => [|x]`]) assert.equal(at(text), "none", text);
  });
});
