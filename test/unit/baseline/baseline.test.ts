// The baseline file: only new findings count, fixed ones leave it, moved code changes nothing.
import assert from "node:assert/strict";
import { baselineOf, parseBaseline, serialiseBaseline, withoutBaseline } from "../../../server/src/baseline";
import type { Finding } from "../../../server/src/model/finding";

const finding = (key: string, rule = "fk/unindexed", table = "orders"): Finding => ({ rule, key, severity: "warning", message: "m", at: { file: "/a.ts", start: key.length, end: 9 }, related: [], fixes: [], schema: "s", table: { schema: "public", name: table }, columns: [] });

describe("baseline", () => {
  const today = [finding("k1"), finding("k2"), finding("k2"), finding("k3", "index/redundant", "clients")];
  const written = serialiseBaseline(baselineOf(today));

  it("is JSON with one finding a line, sorted", () => assert.equal(written, `{
  "version": 1,
  "findings": [
    {"key":"k1","rule":"fk/unindexed","table":"public.orders"},
    {"key":"k2","rule":"fk/unindexed","table":"public.orders","count":2},
    {"key":"k3","rule":"index/redundant","table":"public.clients"}
  ]
}
`));

  it("can be read again", () => assert.deepEqual(parseBaseline(written).baseline, baselineOf(today)));
  it("may be empty", () => assert.deepEqual(parseBaseline(serialiseBaseline(baselineOf([]))), { baseline: { entries: [] } }));

  it("silences what it holds, wherever it stands now", () => {
    const moved = today.map((each) => ({ ...each, at: { file: "/elsewhere.ts", start: 500, end: 501 } }));
    assert.deepEqual(withoutBaseline(moved, parseBaseline(written).baseline).findings, []);
  });

  it("lets new findings through, and one more of a known key", () => {
    const result = withoutBaseline([...today, finding("k2"), finding("k9")], baselineOf(today));
    assert.deepEqual(result.findings.map((each) => each.key), ["k2", "k9"]);
    assert.deepEqual(result.known, today);
    assert.deepEqual(result.fixed, []);
  });

  it("drops what is fixed, and counts down", () => {
    const result = withoutBaseline([finding("k2"), finding("k3", "index/redundant", "clients")], baselineOf(today));
    assert.deepEqual(result.fixed.map((each) => [each.key, each.count]), [["k1", 1], ["k2", 1]]);
    assert.deepEqual(result.remaining, baselineOf([finding("k2"), finding("k3", "index/redundant", "clients")]));
  });

  const broken: readonly [string, string, RegExp, readonly string[]][] = [
    ["no JSON", "{", /^it is no JSON: /, []],
    ["no object", "null", /"version" is undefined, expected 1/, []],
    ["another version", '{"version":2,"findings":[]}', /"version" is 2, expected 1/, []],
    ["no list", '{"version":1}', /no list "findings"/, []],
    ["an entry without a key", '{"version":1,"findings":[{"key":"k1"},{"rule":"x"}]}', /^entry 2 of its "findings" has no "key"$/, ["k1"]],
  ];
  for (const [title, text, problem, keys] of broken)
    it(`says what is wrong: ${title}`, () => {
      const reading = parseBaseline(text);
      assert.match(reading.problem!, problem);
      assert.deepEqual(reading.baseline.entries.map((each) => each.key), keys);
    });

  it("takes a byte order mark, and a key that a merge doubled", () => {
    const reading = parseBaseline('\uFEFF{"version":1,"findings":[{"key":"k"},{"key":"k","count":2}]}');
    assert.equal(reading.problem, undefined);
    assert.deepEqual(reading.baseline.entries.map((each) => [each.key, each.count]), [["k", 2]]);
  });
});
