// Suppression comments: what they silence, in each language, and what is said about those that silence nothing.
import assert from "node:assert/strict";
import type { Finding } from "../../../server/src/model/finding";
import { applySuppressions, insertSuppression, languageOf, parseSuppressions, suppressionMemory, type SuppressionLanguage } from "../../../server/src/suppressions";

const known = ["fk/unindexed", "fk/duplicate", "index/redundant", "index/unused"];
const ran = new Set(["fk/unindexed", "fk/duplicate", "index/redundant"]);

/** Findings stand at each `«rule»` of the text; gives the rules that are kept. */
function kept(file: string, marked: string, severity: "warning" | "off" = "warning"): string[] {
  let text = "";
  const findings: Finding[] = [];
  for (const part of marked.split(/(«[^»]+»)/)) {
    if (!part.startsWith("«")) text += part;
    else findings.push({ rule: part.slice(1, -1), severity: "warning", message: "", at: { file, start: text.length, end: text.length + 1 }, related: [], fixes: [], key: "", schema: "s", columns: [] });
  }
  return applySuppressions(findings, [file], () => parseSuppressions(text, languageOf(file)), { known, ran, severity }).kept.map((each) => (each.rule === "suppression/unused" ? `${text.slice(each.at!.start, each.at!.end)}: ${each.message}` : each.rule));
}

describe("suppression comments", () => {
  const cases: readonly [title: string, file: string, text: string, expected: readonly string[]][] = [
    ["silence the next line alone", "a.ts", "// plumbline-disable-next-line fk/unindexed\n  «fk/unindexed»a,\n  «fk/unindexed»b", ["fk/unindexed"]],
    ["silence several rules", "a.ts", "// plumbline-disable-next-line fk/unindexed, fk/duplicate -- legacy\n«fk/unindexed»«fk/duplicate»a", []],
    ["take ids that only blanks part", "a.ts", "//plumbline-disable-next-line fk/unindexed fk/duplicate\n«fk/unindexed»«fk/duplicate»a", []],
    ["leave other rules alone", "a.ts", "// plumbline-disable-next-line fk/unindexed\n«fk/unindexed»«index/redundant»a", ["index/redundant"]],
    ["can be stacked, and have comments between", "a.ts", "// plumbline-disable-next-line fk/unindexed\n// plumbline-disable-next-line fk/duplicate\n// why\n«fk/unindexed»«fk/duplicate»a", []],
    ["may stand behind code", "a.ts", "a, // plumbline-disable-next-line fk/unindexed\n«fk/unindexed»b", []],
    ["silence a group", "a.ts", "// plumbline-disable-next-line fk/*\n«fk/unindexed»«fk/duplicate»«index/redundant»a", ["index/redundant"]],
    ["silence a whole file from anywhere in it", "a.ts", "«fk/unindexed»a\nb\n// plumbline-disable-file fk/unindexed -- generated\n«fk/unindexed»c", []],
    ["work with CRLF", "a.ts", "x\r\n// plumbline-disable-next-line fk/unindexed\r\n«fk/unindexed»a\r\n«fk/unindexed»b", ["fk/unindexed"]],
    ["take // in Prisma", "a.prisma", "  // plumbline-disable-next-line fk/unindexed\n  «fk/unindexed»a", []],
    ["take /// in Prisma", "a.prisma", "  /// plumbline-disable-next-line fk/unindexed -- r\n  «fk/unindexed»a", []],
    ["take -- in SQL", "a.sql", "-- plumbline-disable-next-line fk/unindexed -- later\n«fk/unindexed»a", []],
    ["do not take // in SQL", "a.sql", "// plumbline-disable-next-line fk/unindexed\n«fk/unindexed»a", ["fk/unindexed"]],
    ["are no prose", "a.ts", "// write plumbline-disable-next-line fk/unindexed above\n«fk/unindexed»a", ["fk/unindexed"]],
    ["are no strings", "a.ts", 'const s = "// plumbline-disable-next-line fk/unindexed"\n«fk/unindexed»a', ["fk/unindexed"]],
    ["do not reach over an empty line", "a.ts", "// plumbline-disable-next-line fk/unindexed\n\n«fk/unindexed»a", ["fk/unindexed", "fk/unindexed: fk/unindexed finds nothing here: remove it from the comment"]],
    ["say what silences nothing, id by id", "a.ts", "// plumbline-disable-next-line fk/unindexed, fk/duplicate\n«fk/unindexed»a", ["fk/duplicate: fk/duplicate finds nothing here: remove it from the comment"]],
    ["offer the nearest name of an unknown rule", "a.ts", "// plumbline-disable-next-line fk/unidexed\n«fk/unindexed»a", ["fk/unindexed", "fk/unidexed: There is no rule fk/unidexed; did you mean fk/unindexed?"]],
    ["do not blame a rule that did not run", "a.ts", "// plumbline-disable-file index/unused\na", []],
    ["must name a rule", "a.ts", "// plumbline-disable-next-line -- because\na", ["plumbline-disable-next-line: This comment names no rule: write the rule's id behind it, for example fk/unindexed"]],
    ["may be the last line", "a.ts", "// plumbline-disable-next-line fk/unindexed", ["fk/unindexed: fk/unindexed finds nothing here: remove it from the comment"]],
  ];
  for (const [title, file, text, expected] of cases) it(title, () => assert.deepEqual(kept(file, text), expected));

  it("are not judged where suppression/unused is off", () => assert.deepEqual(kept("a.ts", "// plumbline-disable-file nonsense\na", "off"), []));

  it("give back the very findings where no file has one", () => {
    const findings: Finding[] = [];
    assert.equal(applySuppressions(findings, ["a.ts"], () => parseSuppressions("// plumb", "typescript"), { known, ran, severity: "warning" }).kept, findings);
  });

  it("are found after any edit of a text that was read before", () => {
    let text = "// nothing\nconst a = 1;\n";
    const memory = suppressionMemory(() => text);
    const edit = (start: number, length: number, inserted: string): void => {
      text = text.slice(0, start) + inserted + text.slice(start + length);
      memory.changed("a.ts", [{ start, text: inserted }]);
      assert.deepEqual(memory.of("a.ts"), parseSuppressions(text, "typescript"), text);
    };
    assert.deepEqual(memory.of("a.ts"), []);
    edit(0, 0, "// plumbline-disable-file f\n");
    assert.equal(memory.of("a.ts").length, 1);
    edit(3, 1, "");
    edit(3, 0, "p");
    edit(text.indexOf("f\n") + 1, 0, "k/unindexed");
    assert.deepEqual(memory.of("a.ts").map(({ id }) => id), ["fk/unindexed"]);
    edit(0, 28, "");
    edit(0, text.length, "// plumbline disable-file fk/unindexed\n");
    edit(12, 1, "-");
    assert.equal(memory.of("a.ts").length, 1);
    edit(12, 1, "");
    assert.equal(memory.of("a.ts").length, 0);
    edit(12, 0, "-");
    text = "";
    memory.changed("a.ts");
    assert.deepEqual(memory.of("a.ts"), []);
  });

  it("keep their reason", () => assert.equal(parseSuppressions("-- plumbline-disable-file fk/unindexed -- old table, goes in May", "sql")[0]!.reason, "old table, goes in May"));
});

describe("inserting a suppression", () => {
  /** `|` is the finding's place. */
  const cases: readonly [title: string, language: SuppressionLanguage, before: string, ids: readonly string[], after: string][] = [
    ["goes above the line, indented like it", "typescript", "a\n    |b,\n", ["fk/unindexed"], "a\n    // plumbline-disable-next-line fk/unindexed\n    b,\n"],
    ["goes above the first line", "typescript", "|a", ["fk/unindexed"], "// plumbline-disable-next-line fk/unindexed\na"],
    ["stands at the start of a text that begins with a line break", "typescript", "|\na", ["fk/a"], "// plumbline-disable-next-line fk/a\n\na"],
    ["stands above the whole line", "prisma", "model A {\n\tb B @rel|ation\n}", ["fk/unindexed"], "model A {\n\t// plumbline-disable-next-line fk/unindexed\n\tb B @relation\n}"],
    ["keeps CRLF", "typescript", "a\r\n  |b\r\n", ["fk/a", "fk/b"], "a\r\n  // plumbline-disable-next-line fk/a, fk/b\r\n  b\r\n"],
    ["is a SQL comment in SQL", "sql", "|create index", ["fk/a"], "-- plumbline-disable-next-line fk/a\ncreate index"],
    ["joins a comment that is there", "typescript", "  // plumbline-disable-next-line fk/a -- why\n  |b", ["fk/a", "fk/b"], "  // plumbline-disable-next-line fk/a, fk/b -- why\n  b"],
    ["joins a comment on the first line", "typescript", "// plumbline-disable-next-line fk/a\n|b", ["fk/b"], "// plumbline-disable-next-line fk/a, fk/b\nb"],
    ["does not join a comment for the whole file", "typescript", "// plumbline-disable-file fk/a\n|b", ["fk/b"], "// plumbline-disable-file fk/a\n// plumbline-disable-next-line fk/b\nb"],
  ];
  for (const [title, language, before, ids, after] of cases)
    it(title, () => {
      const offset = before.indexOf("|");
      const text = before.replace("|", "");
      const edit = insertSuppression(text, language, offset, ids);
      const written = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
      assert.equal(written, after);
      const place = offset + (edit.start <= offset ? edit.text.length : 0);
      for (const id of ids) assert.ok(parseSuppressions(written, language).some((each) => each.id === id && each.from <= place && place <= each.to), id);
    });
  it("knows the language by the file", () => assert.deepEqual(["a.prisma", "b.sql", "c.mts"].map(languageOf), ["prisma", "sql", "typescript"]));
});
