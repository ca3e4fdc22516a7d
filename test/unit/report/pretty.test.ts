// Code frames where text is not plain: tabs, wide characters, long lines, control characters, ranges of several lines.
import assert from "node:assert/strict";
import { createColors } from "picocolors";
import type { Finding } from "../../../server/src/model/finding";
import { placeFinding, placer } from "../../../server/src/report/placed-finding";
import { pretty } from "../../../server/src/report/pretty";

/** The frame's lines, of a finding over what stands between « and » in the text. */
function frame(marked: string, width = 80): readonly string[] {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const text = marked.replace("«", "").replace("»", "");
  const finding: Finding = { rule: "fk/unindexed", severity: "warning", message: "m", at: { file: "/f.ts", start, end }, related: [], fixes: [], key: "k", schema: "s", columns: [] };
  const placed = placeFinding(finding, placer(() => text, (file) => file.slice(1)));
  const summary = { error: 0, warning: 1, information: 0, hint: 0, baseline: 0, fixable: 0, schemas: 1, tables: 1, foreignKeys: 1 };
  return pretty({ findings: [placed], summary, version: "0", read: () => text }, { colors: createColors(false), width }).split("\n").slice(2, -2);
}

describe("code frames", () => {
  it("mark the range, with a line before and after", () => {
    assert.deepEqual(frame("one\ntwo «three» four\nfive\nsix"), ["  1 │ one", "  2 │ two three four", "    │     ^^^^^", "  3 │ five"]);
  });
  it("stand at the first and the last line", () => {
    assert.deepEqual(frame("«one»"), ["  1 │ one", "    │ ^^^"]);
    assert.deepEqual(frame("a\r\n«b»"), ["  1 │ a", "  2 │ b", "    │ ^"]);
  });
  it("align numbers of different length", () => {
    assert.deepEqual(frame(`${"x\n".repeat(8)}nine\n«ten»`), ["   9 │ nine", "  10 │ ten", "     │ ^^^"]);
  });
  it("count a tab as two columns and a wide character as two", () => {
    assert.deepEqual(frame("\t表🙂 «b»"), ["  1 │   表🙂 b", "    │        ^"]);
  });
  it("mark an empty range and the first line of a long one", () => {
    assert.deepEqual(frame("ab«»c"), ["  1 │ abc", "    │   ^"]);
    assert.deepEqual(frame("a «b c\nd» e"), ["  1 │ a b c", "    │   ^^^", "  2 │ d e"]);
  });
  it("cut long lines so that the marked part is seen", () => {
    const [line, carets] = frame(`${"a".repeat(200)}«bbb»${"c".repeat(200)}`, 60);
    assert.ok(line!.length <= 60, line);
    assert.equal(line!.slice(carets!.indexOf("^"), carets!.lastIndexOf("^") + 1), "bbb");
    assert.match(line!, /│ …a+bbbc+…$/);
  });
  it("let no control character through to the terminal", () => {
    assert.deepEqual(frame("a\u001b[31m «b»\u0007"), ["  1 │ a·[31m b·", "    │        ^"]);
  });
});
