import { strict as assert } from "node:assert";
import { edit } from "../../../server/src/sources/drizzle/edit";
import type { Case } from "./cases";
import { columnCases } from "./column-cases";
import { importCases } from "./import-cases";
import { indexCases } from "./index-cases";
import { keyCases } from "./key-cases";
import { applied, filesOf, schemaOf } from "./schema-of";

describe("editing Drizzle schemas", () => {
  for (const example of [...indexCases, ...importCases, ...keyCases, ...columnCases]) it(example.title, () => check(example));
});

function check({ before, after, changes, dialect }: Case): void {
  const texts = typeof before === "string" ? { "a.ts": before } : before;
  const schema = schemaOf(texts, dialect);
  const edits = edit(changes(schema), schema, filesOf(texts));
  if (after === undefined) return assert.equal(edits, undefined);
  assert.ok(edits, "nothing was written");
  const expected = typeof after === "string" ? { "a.ts": after } : { ...texts, ...after };
  const result = applied(texts, edits);
  for (const [path, text] of Object.entries(expected)) assert.equal(result[path], text);
}
