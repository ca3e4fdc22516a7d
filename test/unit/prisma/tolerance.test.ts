// What Prisma refuses must not cost what stands around it: half-typed lines, forms of older versions, junk.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { postgres, readText, tableOf } from "./workspace";

const before = "model First {\n  id Int @id\n  edited Edited[]\n}\n\n";
const edited = "model Edited {\n  id      Int    @id\n  name    String\n  firstId Int\n  first   First  @relation(fields: [firstId], references: [id])\n  last    Int?\n\n  @@index([name])\n  @@unique([name, last])\n}\n";
const behind = "\nenum Kind {\n  ONE\n  TWO\n}\n\nmodel Last {\n  id   Int  @id\n  kind Kind @default(ONE)\n\n  @@index([kind])\n}\n";

/** Name -> what is typed, on which line of `edited` it stands (a new one, or instead of a line). */
const halfTyped: Readonly<Record<string, readonly [line: number, text: string, how: "insert" | "replace"]>> = {
  "a name without a type": [3, "  addr", "insert"],
  "a name and a colon": [3, "  addr:", "insert"],
  "an attribute's at sign": [3, "  addr String @", "insert"],
  "an attribute's first letters": [3, "  addr String @uni", "insert"],
  "an open bracket": [3, "  addr String @default(", "insert"],
  "an open string": [3, '  addr String @default("abc', "insert"],
  "a relation without its arguments": [3, "  other First @relation(", "insert"],
  "a relation with an open list": [4, "  first   First  @relation(fields: [firstId", "replace"],
  "a relation that ends behind a comma": [4, "  first   First  @relation(fields: [firstId],", "replace"],
  "a relation that ends behind a name": [4, "  first   First  @relation(fields: [firstId], references:", "replace"],
  "two at signs": [7, "  @@", "insert"],
  "half the name of an index": [7, "  @@ind", "insert"],
  "an index with an open bracket": [7, "  @@index(", "insert"],
  "an index with an open list": [7, "  @@index([last", "insert"],
  "an index that ends behind a comma": [7, "  @@index([last, ", "insert"],
  "an index with an open key": [7, "  @@index([last(sort:", "insert"],
  "an index with an open string": [7, '  @@index([last], map: "ab', "insert"],
  "an index with an open object": [7, "  @@index([last], where: { last", "insert"],
  "an open list type": [3, "  tags String[", "insert"],
  "an open comment": [3, "  /* half a comment", "insert"],
  "a new model's keyword": [0, "model ", "insert"],
  "a new model's name": [0, "model New", "insert"],
  "a new model's opening bracket": [0, "model New {", "insert"],
  "an unknown keyword": [0, "mod New {\n  id Int\n}", "insert"],
  "a missing closing bracket": [9, "", "replace"],
  "a stray closing bracket": [3, "}", "insert"],
};

describe("a half-typed line loses nothing but itself", () => {
  for (const [name, [line, text, how]] of Object.entries(halfTyped)) {
    it(name, () => {
      const lines = edited.split("\n");
      lines.splice(line, how === "replace" ? 1 : 0, text);
      const whole = readText(postgres + before + edited + behind);
      const reading = readText(postgres + before + lines.join("\n") + behind);
      for (const table of ["First", "Last"]) assert.deepEqual(summary(tableOf(reading, table)), summary(tableOf(whole, table)));
      assert.deepEqual(reading.model.enums.map((one) => one.values), [["ONE", "TWO"]]);
      assert.ok(reading.problems.length > 0, "nothing is reported");
      if (name === "a stray closing bracket") return;
      const now = tableOf(reading, "Edited");
      const fields = ["id", "name", "firstId", "last"];
      assert.deepEqual(now.columns.map((column) => column.property).filter((field) => fields.includes(field)), fields);
      assert.deepEqual(now.primaryKey?.columns, ["id"]);
      assert.deepEqual(now.uniques.map((unique) => unique.columns), [["name", "last"]]);
      assert.deepEqual(now.indexes.filter((index) => index.keys[0]?.column === "name").length, 1);
      assert.deepEqual(now.foreignKeys.map((key) => key.columns), [["firstId"]]);
    });
  }

  it("a table whose index could not be read is marked, so that no rule argues from its absence", () => {
    const complete = (line: string): boolean => tableOf(readText(postgres + before + edited.replace("  @@index([name])", line) + behind), "Edited").complete;
    assert.deepEqual(["  @@index(", "  @@ind", "  @@index([nam])", "  @@index([name])"].map(complete), [false, false, false, true]);
  });

  it("a merge that Git could not make is told as such, and both sides are read", () => {
    const reading = readText(`${postgres}<<<<<<< HEAD\nmodel A {\n  id Int @id\n  mine Int\n=======\n  theirs Int\n>>>>>>> other\n}\n`);
    assert.deepEqual(tableOf(reading, "A").columns.map(({ name }) => name), ["id", "mine", "theirs"]);
    assert.deepEqual(reading.problems.map(({ message }) => /^A conflict marker of Git/.test(message)), [true, true, true]);
  });

  it("a half-typed field leaves the table's other findings as they are", () => {
    assert.equal(tableOf(readText(postgres + before + edited.replace("  last    Int?", "  last    Int?\n  addr") + behind), "Edited").complete, true);
  });
});

describe("what Prisma refuses, or refused or took in other versions, is read and reported", () => {
  const model = (lines: string): string => `${postgres}model A {\n  id Int @id\n${lines}}\n`;

  it("arguments over several lines, with comments between them", () => {
    const reading = readText(`${postgres}model B {\n  id Int @id\n  as A[]\n}\n${model("  bId Int\n  b B @relation(\n    fields: [bId], // here\n    // and here\n    references: [id], /* and here */\n    onDelete: Cascade,\n  )\n  @@index([\n    bId,\n    id(sort: Desc)\n  ],\n  map: \"both\")\n").slice(postgres.length)}`);
    const table = tableOf(reading, "A");
    assert.deepEqual(reading.problems, []);
    assert.deepEqual([table.foreignKeys[0]!.columns, table.foreignKeys[0]!.onDelete], [["bId"], "cascade"]);
    assert.deepEqual([table.indexes[0]!.name, table.indexes[0]!.keys.map((key) => [key.column, key.order])], ["both", [["bId", "asc"], ["id", "desc"]]]);
  });

  it("a predicate over several lines", () => {
    const reading = readText(model("  d DateTime?\n  @@index(\n    [id],\n    where: {\n      d: null\n    }\n  )\n  e Int\n") + "\nmodel B {\n  id Int @id\n}\n");
    assert.deepEqual(tableOf(reading, "A").indexes[0]!.where!.sql, '"d" IS NULL');
    assert.deepEqual(tableOf(reading, "A").columns.map((column) => column.name), ["id", "d", "e"]);
    tableOf(reading, "B");
  });

  it("trailing commas", () => {
    assert.deepEqual(tableOf(readText(model("  b Int\n  @@index([id, b,],)\n")), "A").indexes[0]!.keys.map((key) => key.column), ["id", "b"]);
  });

  it("a byte order mark", () => {
    const reading = readText(`\uFEFF${model("")}`);
    assert.deepEqual([reading.problems, tableOf(reading, "A").columns.length], [[], 1]);
  });

  it("legacy lists, colons and required marks", () => {
    const reading = readText(model("  l [Int]\n  a: Int\n  r String!\n"));
    assert.deepEqual(tableOf(reading, "A").columns.map((column) => [column.name, column.type.name]), [["id", "integer"], ["l", "integer[]"], ["a", "integer"], ["r", "text"]]);
    assert.deepEqual(reading.problems.map((problem) => problem.message), ["A list is written Int[]", "Prisma writes no colon between a field and its type", "A field without a question mark is required already"]);
  });

  it("a model on one line, a bracket on the next line, a bracket behind the last field", () => {
    const reading = readText(`${postgres}model A { id Int @id }\nmodel B\n{\n  id Int @id\n}\nmodel C {\n  id Int @id }\nmodel D {\n  id Int @id\n}\n`);
    assert.deepEqual(reading.model.tables.map((table) => [table.property, table.columns.map((column) => column.name)]), [["A", ["id"]], ["B", ["id"]], ["C", ["id"]], ["D", ["id"]]]);
  });

  it("an exponent, @@shardKey, an unknown type", () => {
    const text = model("  f Float @default(-1.5e3)\n  u Unknown\n  @@shardKey([id])\n");
    const reading = readText(text);
    assert.deepEqual(reading.problems.map((problem) => [problem.message, text.slice(problem.at!.start, problem.at!.end)]), [["Unknown is neither a type of Prisma nor declared", "Unknown"]]);
    assert.equal(tableOf(reading, "A").columns[1]!.default!.sql, "-1.5e3");
    assert.equal(tableOf(reading, "A").complete, false);
  });

  it("a provider from the environment", () => {
    const reading = readText('datasource db {\n  provider = env("PROVIDER")\n}\nmodel A {\n  id Int @id\n}\n');
    assert.deepEqual([reading.model.dialect, reading.problems.map((problem) => problem.kind)], ["postgresql", ["unreadable"]]);
  });

  it("no text, and no schema", () => {
    for (const text of ["datasource", "{", "}", "model A {", "@@index([a])", "model A {\n  id Int @id(", '"', "/*", "model A {\n@@\n@\n}", "enum", "type A = String", "\u0000\uD800", "model A {\n  @@index([,,a,])\n  x Int @default(,)\n}"]) {
      const reading = readText(`${text}\ndatasource x {\n}\n`);
      assert.ok(reading.problems.length > 0, text);
    }
  });
});

function summary(table: ReturnType<typeof tableOf>): unknown {
  const { columns, primaryKey, uniques, foreignKeys, indexes, complete } = table;
  return JSON.parse(JSON.stringify({ columns, primaryKey, uniques, foreignKeys, indexes, complete }, (key, value: unknown) => (key === "at" || key === "nameAt" ? undefined : value)));
}
