import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../../server/src/nearest";

describe("nearest", () => {
  const words = ["check", "fix", "model", "fk/unindexed", "fk/type-mismatch", "warning"];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["chek", "check"], ["CHECK", "check"], ["fxi", "fix"], ["modle", "model"], ["fk/unidnexed", "fk/unindexed"], ["warn", "warning"],
    ["fk/type", "fk/type-mismatch"], ["zzz", undefined], ["", undefined], ["completely-different", undefined],
  ];
  for (const [word, expected] of cases) it(`${JSON.stringify(word)} means ${expected ?? "nothing"}`, () => assert.equal(nearest(word, words), expected));

  it("ends a message, or adds nothing", () => assert.deepEqual([didYouMean("chek", words), didYouMean("zzz", words)], ['; did you mean "check"?', ""]));
});
