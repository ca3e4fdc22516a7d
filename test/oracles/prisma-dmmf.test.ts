// Prisma's own parser as judge of ours: on every form of the language both read the same.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readText, schemaPath } from "../unit/prisma/workspace";
import { sentencesOfPrisma, sentencesOfReading } from "./prisma/dmmf";
import { objection } from "./prisma/engine";
import { syntaxCases } from "./prisma/syntax-cases";

describe("Prisma's own parser reads the same", () => {
  for (const [name, text] of Object.entries(syntaxCases)) {
    it(name, () => {
      const files = { [schemaPath]: text };
      assert.equal(objection(files), undefined);
      const reading = readText(text);
      assert.deepEqual(reading.problems.map((problem) => problem.message), []);
      assert.deepEqual(reading.model.tables.filter((table) => !table.complete).map((table) => table.name.name), []);
      const withSchemas = reading.model.tables.some((table) => table.name.schema !== "public" && table.name.schema !== null);
      const ours = sentencesOfReading(reading, withSchemas, (at) => text.slice(at.start, at.end));
      assert.deepEqual(ours, sentencesOfPrisma(files));
      assert.ok(ours.length > 1);
    });
  }
});
