import assert from "node:assert/strict";
import { drizzleContext } from "../../../server/src/lsp/drizzle-context";

/** The context at `|`. */
function at(text: string): string {
  const cursor = text.indexOf("|");
  const found = drizzleContext(text.slice(0, cursor), text.slice(cursor + 1));
  if (!found) return "none";
  return found.kind === "element" ? `${found.array ? "list" : "object"} of ${found.parameter}` : `column of ${found.parameter} after ${found.written.join(" ")}`;
}

const columns = 'export const a = pgTable("a", { id: integer("id"), b: text("b, c") /* ( */ },';

describe("where an index is written in a Drizzle table", () => {
  it("begins an element of the third argument", () => {
    assert.equal(at(`${columns} (t) => [|]);`), "list of t");
    assert.equal(at(`${columns} (t) => [index("x").on(t.b), |]);`), "list of t");
    assert.equal(at(`${columns} (t) => [\n  // a comment, with a comma\n  ind|\n]);`), "list of t");
    assert.equal(at(`${columns} table => ({ | }));`), "object of table");
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
