import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { contextAt } from "../../../server/src/sources/prisma";

/** The context at the bar in `lines` of a model Order, among other models. */
function at(lines: string): unknown {
  const text = `model A {\n  id Int @id\n}\n\nmodel Order {\n  id Int @id\n  clientId Int\n${lines}\n}\n\nmodel B {\n  id Int @id\n}\n`;
  const offset = text.indexOf("|");
  const context = contextAt(text.replace("|", ""), offset);
  return context && [context.kind, context.model, context.fields, context.word.text, context.word.start - offset];
}

describe("the place of the cursor", () => {
  const cases: Readonly<Record<string, unknown>> = {
    "  @@index([|])": ["index", "Order", [], "", 0],
    "  @@index([|": ["index", "Order", [], "", 0],
    "  @@index([cli|])": ["index", "Order", [], "cli", -3],
    "  @@index([cli|": ["index", "Order", [], "cli", -3],
    "  @@index([id, |": ["index", "Order", ["id"], "", 0],
    "  @@index([id, |])": ["index", "Order", ["id"], "", 0],
    "  @@index([id(sort: Desc), cl|], map: \"x\")": ["index", "Order", ["id"], "cl", -2],
    "  @@index(fields: [id, |])": ["index", "Order", ["id"], "", 0],
    "  @@unique([|id])": ["unique", "Order", [], "id", 0],
    "  @@id([id, |])": ["id", "Order", ["id"], "", 0],
    "  @@index([id(sort: |)])": undefined,
    "  @@index([id]|)": undefined,
    "  @@index(|[id])": undefined,
    "  @@map(\"|\")": undefined,
    "  cl|": undefined,
    "  |": undefined,
    "  @@index([id])|": undefined,
    "  // @@index([|])": undefined,
  };
  for (const [lines, expected] of Object.entries(cases)) it(lines.trim(), () => assert.deepEqual(at(lines), expected));

  it("between models, and in no text", () => {
    assert.equal(contextAt("", 0), undefined);
    assert.equal(contextAt("model A {\n  id Int\n}\n\n", 24), undefined);
  });
});
